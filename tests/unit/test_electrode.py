# SPDX-License-Identifier: MIT
"""The Butler-Volmer law of an electrode in a single-ion conductor, and behind a resistance."""

from __future__ import annotations

import numpy as np
import pytest

from solver.laws.electrode import MOST, Electrode

RT_F = 8.314 * 297.15 / 96500
F_RT = 1 / RT_F


@pytest.mark.parametrize(("i_0", "millivolts"), [(338, 0.7574), (10, 24.64), (1, 118.40)])
def test_overpotential_at_1_mA_per_cm2(i_0, millivolts):
    phi = Electrode(i_0, 0.5, F_RT).drive(10.0)
    assert phi * 1e3 == pytest.approx(millivolts, rel=2e-4)
    assert phi == pytest.approx(2 * RT_F * np.arcsinh(10 / (2 * i_0)), rel=1e-13)


@pytest.mark.parametrize("alpha", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("current", [-2e4, -1.0, 0.0, 0.3, 5e3])
def test_the_drive_of_a_current_passes_it(alpha, current):
    electrode = Electrode(12.0, alpha, F_RT)
    assert electrode.current(electrode.drive(current)) == pytest.approx(current, rel=1e-11)


def test_plating_and_dissolving_have_their_own_exponents():
    electrode = Electrode(2.0, 0.3, F_RT)
    assert electrode.current(0.2) == pytest.approx(2 * np.exp(0.3 * 0.2 * F_RT), rel=1e-2)
    assert electrode.current(-0.2) == pytest.approx(-2 * np.exp(0.7 * 0.2 * F_RT), rel=1e-3)


def test_conductance_is_the_slope_and_that_of_R_ct_at_rest():
    electrode = Electrode.of_resistance(7.6e-5, 0.4, F_RT)
    assert electrode.conductance(0.0) == pytest.approx(1 / 7.6e-5, rel=1e-14)
    for phi in (-0.1, 0.02):
        slope = (electrode.current(phi + 1e-6) - electrode.current(phi - 1e-6)) / 2e-6
        assert electrode.conductance(phi) == pytest.approx(slope, rel=1e-8)


@pytest.mark.parametrize("alpha", [0.3, 0.5])
def test_behind_a_resistance_the_rest_of_phi_passes_the_same_current(alpha):
    electrode = Electrode(338.0, alpha, F_RT)
    inside = np.repeat([-0.25, -0.1, 0.0, 1e-3, 0.03, 0.25], 4)
    resistance = np.tile([0.0, 1e-7, 1e-6, 1e-5], 6)
    phi = inside + resistance * electrode.current(inside)
    current, slope = electrode.behind(phi, resistance)
    assert np.allclose(current, electrode.current(inside), rtol=1e-10, atol=1e-14)
    conductance = electrode.conductance(inside)
    assert np.allclose(slope, conductance / (1 + resistance * conductance), rtol=1e-10)


def test_behind_a_linear_law_resistances_add():
    phi, resistance = np.array([1e-9]), np.array([5e-5])
    electrode = Electrode(338.0, 0.5, F_RT)
    current, slope = electrode.behind(phi, resistance)
    assert slope == pytest.approx(1 / (5e-5 + RT_F / 338), rel=1e-12)
    assert current == pytest.approx(1e-9 * slope, rel=1e-8)


def test_a_negative_resistance_is_solved_as_far_as_it_counts():
    electrode = Electrode(338.0, 0.5, F_RT)
    for phi in (0.4, -0.4, 0.01):
        own = 1 / electrode.conductance(phi)
        current, _ = electrode.behind(np.array([phi]), np.array([-0.2 * own]))
        assert electrode.current(phi + 0.2 * own * current) == pytest.approx(current, rel=1e-10)
        deep, deeper = (electrode.behind(np.array([phi]), np.array([-x * own])) for x in (MOST, 9))
        assert deep[0] == deeper[0] and abs(deep[0]) > abs(current)
