# SPDX-License-Identifier: MIT
"""What a config of cracks may say, and which triangles a notch cuts."""

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.cell.notches import crossed
from solver.fields.damage import FIELD
from solver.input import fracture, loading

TEXT = """\
title: A notch
width: 8 um
layers: [{name: A, thickness: 8 um, K_IC: 0.23 MPa*m^0.5}]
phase_field: {interface_length: 0.4 um}
mechanics: {feedback: false}
fracture: {length: 0.2 um, notches: [{x: 4 um, length: 1 um}]}
"""


def test_toughness_is_that_of_K_IC_or_as_given():
    layer = loading.parse(TEXT).layers[0]
    assert fracture.toughness(layer) == pytest.approx(2.066, rel=1e-3)
    given = loading.parse(TEXT, ["layers.0={name: A, thickness: 8 um, G_c: 5}"]).layers[0]
    assert fracture.toughness(given) == 5
    both = loading.parse(TEXT, ["layers.0={name: A, thickness: 8 um, material: LPSC, G_c: 5}"])
    assert both.layers[0].K_IC == 0.23e6 and fracture.toughness(both.layers[0]) == 5


def test_pressure_has_a_limit():
    config = loading.parse(TEXT, ["fracture.pressure_limit=50 MPa"])
    assert fracture.pressure(config, -1e-3) == pytest.approx(96500 * 7.64e4 * 1e-3)
    assert fracture.pressure(config, 1e-1) == 50e6


PRESSED = ["mechanics.sides.counter=pressure", "mechanics.stack_pressure=5 MPa"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["layers.0={name: A, thickness: 8 um}"], "layers.0: fracture needs its toughness"),
        (["layers.0.G_c=2"], "give one of G_c and K_IC"),
        (["mechanics.feedback=true"], "fracture: needs mechanics.feedback: false"),
        (["mechanics.enabled=false"], "fracture: needs mechanics.enabled: true"),
        (["lithium.flow=norton"], "fracture: needs lithium.flow: none"),
        (PRESSED, "fracture: works without mechanics.stack_pressure"),
        (["fracture.notches.0.length=9 um"], "fracture.notches.0: 4 um along the anode and 9 um"),
        (["fracture.notches.0.angle=180", "fracture.notches.0.length=5 um"], "-1 um along the"),
        (["fracture.model=AT3"], "fracture.model: 'AT3' must be 'AT1' or 'AT2'"),
        (["fracture.overpotential_course=[[1 s, 0], [1 s, 1]]"], "must be later than"),
        (
            ["fracture.overpotential=1 mV", "fracture.overpotential_course=[[0, 0], [1, 0]]"],
            "give one of overpotential and overpotential_course",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(changes, words):
    with pytest.raises(InputError, match="(?s)" + words.replace(".", r"\.")) as error:
        loading.parse(TEXT, changes)
    assert len(str(error.value).splitlines()) == 1


def squares(n: int) -> np.ndarray:
    """Corners of the triangles of n x n unit squares, two in each."""
    x, y = (v.ravel() for v in np.meshgrid(np.arange(n), np.arange(n)))
    at = np.column_stack([x, y])[:, None].astype(float)
    halves = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]])
    return np.vstack([at + half for half in halves])


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ((0.0, 1.5), (4.0, 1.5), 8),  # both halves of four squares
        ((0.0, 1.5), (2.0, 1.5), 4),
        ((2.0, 1.5), (0.0, 1.5), 4),
        ((0.0, 2.0), (4.0, 2.0), 8),  # along edges: those of one side
        ((0.5, 0.0), (0.5, 4.0), 8),
    ],
)
def test_a_notch_cuts_a_connected_row_of_triangles(start, end, count):
    cut = crossed(squares(4), np.array(start), np.array(end))
    assert cut.sum() == count


def test_a_notch_is_as_long_as_it_says_in_any_direction():
    corners = squares(40)
    for angle in (0.3, 1.1, 2.4, 4.0):
        along = np.array([np.cos(angle), np.sin(angle)])
        middle = corners[crossed(corners, np.array([20.0, 20.0]), 20.0 + 10 * along)].mean(axis=1)
        way = (middle - 20.0) @ along
        assert 0 <= way.min() < 1 and 9 < way.max() <= 10
        assert np.abs((middle - 20.0) @ np.array([-along[1], along[0]])).max() < 1


def test_damage_is_not_guessed_ahead():
    before, last = np.array([0.0, 0.2]), np.array([0.5, 0.2])
    assert (FIELD.extrapolation([before, last], [-1.0, 2.0]) == last).all()
