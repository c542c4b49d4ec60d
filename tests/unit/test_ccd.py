# SPDX-License-Identifier: MIT
"""Critical current densities: the law behind the map, and what is read off a ramp."""

from __future__ import annotations

import numpy as np
import pandas
import pytest

from benchmarks.ccd import ramp, stability
from benchmarks.ccd.ramp import CONFIGS, MA_CM2, NAMES
from benchmarks.ccd.stability import Front
from solver.input import loading

LPSC = Front(0.565, 0.758e-4)


def test_rates_of_the_map_are_those_that_runs_are_held_to():
    """The rates of tests/system/test_cell.py: 100 mA/cm2, 20 um, R_ct of Table S1."""
    q = 2 * np.pi / np.array([20e-6, 10e-6])
    assert LPSC.rate(q, 1000.0, 20e-6) == pytest.approx([4.690e-3, 4.011e-3], rel=1e-3)


def test_two_equal_layers_are_one():
    q = 2 * np.pi / np.array([100e-6, 20e-6, 5e-6])
    split = Front(0.565, 0.758e-4, (0.565, 25e-6))
    assert split.screening(q, 46e-6) == pytest.approx(LPSC.screening(q, 46e-6), rel=1e-12)
    assert split.screening(q, 10e-6) == pytest.approx(LPSC.screening(q, 10e-6), rel=1e-12)
    # A long ripple sees the resistances one after the other.
    uneven = Front(0.5, 1e-4, (0.1, 20e-6))
    assert uneven.screening(1.0, 30e-6) == pytest.approx(10e-6 + 5 * 20e-6, rel=1e-6)


def test_no_ripple_grows_by_more_than_its_kinetics_let_it():
    """ln of it is below h/(sigma R), with R = 2RT/(F i) where the current is far above i_0."""
    current, plated = 2e4, 7.3e-6
    front = Front(0.565, 1e-2)
    most = plated * current / (0.565 * 2 * stability.RT_F)
    assert plated / front.equivalent(current) == pytest.approx(most, rel=1e-3)
    assert 0.5 * most < front.gains(current, 46e-6, plated).max() < most


def test_the_marginal_ripple_neither_grows_nor_decays():
    current = stability.marginal(LPSC, 50e-6)
    V = current / stability.CHARGE
    q = 2 * np.pi / 50e-6
    assert V / LPSC.equivalent(current) == pytest.approx(stability.GAMMA * q**2, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_configs_are_ramps_that_a_flat_front_ends(name):
    """45.12 um of lithium are 9.24 mAh/cm2: 110.9 mA/cm2 for 5 min, 37.0 for 15 min."""
    config = loading.load(CONFIGS / f"{name}.yaml")
    asked = config.protocol.steps[0].ramp
    filling = 9.24 * MA_CM2 * 3600 / asked.half_cycle
    assert asked.currents[0] < filling < asked.currents[-1]
    assert config.cell_height == pytest.approx(50e-6)


def outcome(reason: str) -> ramp.Outcome:
    return ramp.Outcome("a", reason, 120.0, 20.0, "5 min", 110.9, 9.0, 49.1, 48.5, 0.14, 1.2)


def test_a_critical_current_has_its_resolution():
    assert outcome("short circuit, 9.066 mAh/cm2 into step 1 of cycle 6").critical == "100 to 120"
    assert outcome("end of the protocol").critical == "above 120"
    assert outcome("protocol.safety.U_max 2.4 reached, 1 mAh/cm2 into").critical == "above 100"


def test_the_gain_is_that_of_the_last_full_plating():
    """From 1 um above the mean front to 2 um; the half cycle after it has not come to its end."""
    rows = pandas.DataFrame(
        {
            "cell_current_A_per_m2": [0, 10, 10, 0, -10, 0, 20, 20],
            "tip_um": [5, 7, 9, 9, 4, 4, 6, 20],
            "front_mean_um": [4, 5.5, 7, 7, 3.5, 3.5, 5, 6],
        }
    )
    assert ramp.gain(rows) == pytest.approx(2.0)
    assert ramp.gain(rows.iloc[:3]) == pytest.approx(2.0)
