# SPDX-License-Identifier: MIT
"""Benchmarks of notches: the bisection, and how the critical current goes with the length."""

from math import log, pi, sqrt

import pytest

import solver
from benchmarks.cracks import current, notch
from solver.input import fracture


def test_rest_is_bisected_within_half_a_percent():
    asked = []

    def rests(eta: float) -> bool:
        asked.append(eta)
        return eta < 0.02137

    assert notch.bisected(rests, 0.02) == pytest.approx(0.02137, abs=0.0025 * 0.02)
    assert asked[:2] == [0.02, pytest.approx(0.0232)]  # rest below and a crack above are seen


@pytest.mark.parametrize("end", [0.019, 0.024])
def test_rest_that_ends_elsewhere_is_not_found(end):
    with pytest.raises(ValueError, match="does not end between 0.02 V and 0.0232 V"):
        notch.bisected(lambda eta: eta < end, 0.02)


def test_long_notches_have_the_exponent_of_the_ohmic_drop():
    """p_c ~ a^(-1/2) over i a/sigma; of short ones at small overpotentials over i R_ct."""
    lengths = 1e4, 2e4
    for name in current.CELLS.values():
        low, high = (current.critical(name, a).ours for a in lengths)
        assert log(high / low) / log(2) == pytest.approx(-1.5, abs=0.01)
    shortest = [current.critical("notch_plating", a).ours for a in (2.0, 2.2)]
    assert -0.62 < log(shortest[1] / shortest[0]) / log(1.1) < -0.5


@pytest.mark.parametrize("name", current.CELLS.values())
def test_the_drop_alone_is_the_limit_of_long_notches(name):
    """p_c of half a notch whose mouth is held, over F c_Li a/sigma.

    Ours, from below, is 4/3 of it: a pressure that rises in a line has 3/4 of the end's K.
    """
    config = solver.load(current.CONFIGS / f"{name}.yaml")
    layer, a = config.layers[0], 16e-6
    p_c = fracture.toughness(layer) * layer.E / ((1 - layer.nu**2) * pi * a / 2)
    wanted = sqrt(p_c) * layer.sigma_ion / (config.constants.F * config.lithium.c_Li * a)
    found = [current.critical(name, x) for x in (16.0, 1024.0, 1e5)]
    assert found[0].detour == pytest.approx(wanted, rel=1e-3)
    ratios = [x.ours / x.detour for x in found]
    assert ratios == sorted(ratios) and 0.999 < 3 / 4 * ratios[-1] < 1
