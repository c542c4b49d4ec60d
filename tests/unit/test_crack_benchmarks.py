# SPDX-License-Identifier: MIT
"""Benchmarks of notches: the bisection, and how the critical current goes with the length."""

from math import log

import pytest

from benchmarks.cracks import current, notch


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
        low, high = (current.critical_current(name, a) for a in lengths)
        assert log(high / low) / log(2) == pytest.approx(-1.5, abs=0.01)
    shortest = [current.critical_current("notch_plating", a) for a in (2.0, 2.2)]
    assert -0.62 < log(shortest[1] / shortest[0]) / log(1.1) < -0.5
