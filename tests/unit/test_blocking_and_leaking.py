"""Boundaries that block ions and conduct electrons along them, both at once, in closed form.

Of straight boundaries across or along the current every path is the same, and what a band adds is
an integral over its density g: R_gb in series, and in parallel what a film carries.
"""

import numpy as np
import pytest

from solver.cell import effective
from solver.input import loading
from tests.written_mesh import grid, halves, write

SIZE, WIDTH = 20.0, 4.0
R_GB, THICKNESS, GRAIN, LEAK, FILM = 1e-4, 5e-9, 0.5, 1e-6, 1e-2
TEXT = """\
title: Two halves of one kind
geometry: {msh: {file: a.msh, unit: 1 um}}
regions:
  - {name: lower, sigma_ion: 0.5, sigma_el: 1e-6}
  - {name: upper, sigma_ion: 0.5, sigma_el: 1e-6}
electrochemistry: {closure: single_ion, control: current, current: 10}
nuclei: {film: 2 um, count: 0}
"""
BAND = {"width": "4 um", "R_gb": "1 ohm*cm**2", "thickness": "5 nm", "sigma_el": "1e-2"}


@pytest.fixture(params=["across", "along"])
def config(tmp_path, request):
    """A cell, 20 um high above 2 um of film, whose boundary lies across or along the current."""
    points, triangles = grid(40, 40, SIZE, SIZE)
    surface = halves(points, triangles)
    if request.param == "along":
        points = np.column_stack([points[:, 1], points[:, 0]])
        triangles = triangles[:, ::-1]
    write(tmp_path / "a.msh", points, triangles, surface)

    def parsed(**band):
        given = "{" + ", ".join(f"{key}: {value}" for key, value in band.items()) + "}"
        return loading.parse(TEXT, [f"grain_boundaries={given}"], name=str(tmp_path / "a.yaml"))

    return request.param, parsed


def mean_in_band(value):
    """Mean over the band of a function of its density g [1/m]."""
    share = (np.arange(4000) + 0.5) / 4000 - 0.5
    return value((1 + np.cos(2 * np.pi * share)) / (WIDTH * 1e-6)).mean()


def expected(way, low, high):
    """Conductivity of a cell whose electrolyte is 18 um high, from its value in grain and band."""
    if way == "across":
        return 18 / ((18 - WIDTH) / low + WIDTH * mean_in_band(lambda g: 1 / high(g)))
    return ((SIZE - WIDTH) * low + WIDTH * mean_in_band(high)) / SIZE


def test_ions_meet_the_resistance_whatever_electrons_do(config):
    way, parsed = config
    wanted = expected(way, GRAIN, lambda g: GRAIN / (1 + GRAIN * R_GB * g))
    if way == "across":
        assert wanted == pytest.approx(18e-6 / (18e-6 / GRAIN + R_GB), rel=1e-9)
    found = effective.of_regions(parsed(**BAND))
    assert found == pytest.approx(wanted, rel=0.01)
    without = effective.of_regions(parsed(**{**BAND, "sigma_el": "null"}))
    assert found == pytest.approx(without, rel=1e-12)


def test_electrons_follow_the_film_whatever_ions_do(config):
    way, parsed = config
    wanted = expected(way, LEAK, lambda g: LEAK + (FILM - LEAK) * THICKNESS * g)
    if way == "along":
        assert wanted == pytest.approx(LEAK + (FILM - LEAK) * THICKNESS / (SIZE * 1e-6), rel=1e-9)
    found = effective.of_regions(parsed(**BAND), "sigma_el")
    assert found == pytest.approx(wanted, rel=0.01)
    without = effective.of_regions(parsed(**{**BAND, "R_gb": "0"}), "sigma_el")
    assert found == pytest.approx(without, rel=1e-12)
