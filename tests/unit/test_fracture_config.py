# SPDX-License-Identifier: MIT
"""What a config of cracks may say, and which triangles a notch cuts."""

from types import SimpleNamespace

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.cell import crack_indicator
from solver.cell.notches import crossed, distance
from solver.fields.damage import FIELD
from solver.input import fracture, loading
from solver.input.resolution import resolution

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


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["layers.0={name: A, thickness: 8 um}"], "layers.0: fracture needs its toughness"),
        (["layers.0.G_c=2"], "give one of G_c and K_IC"),
        (["mechanics.feedback=true"], "fracture: needs mechanics.feedback: false"),
        (["mechanics.enabled=false"], "fracture: needs mechanics.enabled: true"),
        (["fracture.notches.0.length=9 um"], "fracture.notches.0: 4 um along the anode and 9 um"),
        (["fracture.notches.0.angle=180", "fracture.notches.0.length=5 um"], "-1 um along the"),
        (["fracture.way=7.5 um"], "fracture.way: 7.5 um ahead of notch 0 leads to 4 um along the"),
        (["adapt.enabled=true", "mesh.size_max=4 um", "fracture.way=1 um"], "way: must be 0 m"),
        (
            ["fracture.overpotential_from=fields", "fracture.overpotential=1 mV"],
            "fracture.overpotential_from: fields works without fracture.overpotential",
        ),
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


def test_distance_of_a_notch_is_that_of_the_nearest_of_its_points():
    points = np.array([[0.5, 2.0], [3.0, 0.0], [-3.0, -4.0]])
    assert distance(points, np.zeros(2), np.array([1.0, 0.0])) == pytest.approx([2.0, 2.0, 5.0])


def test_a_mesh_that_follows_cracks_is_as_fine_as_they_ask():
    """Base 1.6 um; 0.2 um/3 at cracks wants 5 halvings, l/2 = 0.2 um at the front 3."""
    adapted = loading.parse(TEXT, ["adapt.enabled=true", "mesh.size_max=1.6 um"])
    r = resolution(adapted)
    assert (r.levels, r.crack_levels, r.deepest) == (3, 5, 5)
    assert r.edge(r.crack_levels) == pytest.approx(0.05e-6)
    coarse = resolution(loading.parse(TEXT, ["adapt.enabled=true", "mesh.size_max=1.6 um",
                                             "fracture.length=1.2 um"]))  # fmt: skip
    assert (coarse.crack_levels, coarse.deepest) == (2, 3)


def test_clouds_are_of_the_damage_and_reach_ahead_where_it_grows():
    r = resolution(loading.parse(TEXT, ["adapt.enabled=true", "mesh.size_max=1.6 um"]))
    points = np.arange(8.0).reshape(4, 2)
    mesh = SimpleNamespace(points=points, keys=np.zeros(4, dtype=int))
    d, before = np.array([0.1, 0.3, 0.9, 1.0]), np.array([0.0, 0.25, 0.5, 1.0])
    beside, ahead = crack_indicator.damaged(mesh, d, before, r)
    assert (beside.points == points[1:]).all() and (ahead.points == points[2:3]).all()
    assert (beside.reach(0.0), ahead.reach(0.0)) == pytest.approx((0.4e-6, 0.8e-6))
    assert beside.level == ahead.level == 5
    assert not len(crack_indicator.damaged(mesh, d, None, r)[1].points)
    assert list(crack_indicator.left(d[[[0, 0, 0], [0, 0, 1]]])) == [False, True]


def test_damage_is_not_guessed_ahead():
    before, last = np.array([0.0, 0.2]), np.array([0.5, 0.2])
    assert (FIELD.extrapolation([before, last], [-1.0, 2.0]) == last).all()


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ("layers.0.K_IC=1e200", "less than or equal to 1000000000000000 Pa"),
        ("layers.0.K_IC=1e-200", "greater than or equal to 0.000001 Pa"),
        ("layers.0={name: A, thickness: 8 um, G_c: 1e-200}", "greater than or equal to"),
        ("fracture.pressure_limit=1e-300", "greater than or equal to 0.000001 Pa"),
        ("lithium.c_Li=1e-300", "greater than or equal to 0.000000000001 mol"),
    ],
)
def test_values_that_leave_all_numbers_are_refused(given, allowed):
    """Their squares and quotients are none in double precision."""
    with pytest.raises(InputError, match=allowed):
        loading.parse(TEXT, [given])
