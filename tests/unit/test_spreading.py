# SPDX-License-Identifier: MIT
"""What stands for |q| on a border: how far it is from it between two wave numbers."""

import numpy as np
import pytest

from solver.laws import spreading


@pytest.mark.parametrize("many", [4.0, 32.0, 1000.0])
def test_the_answer_leaves_the_same_share_in_the_middle_and_at_the_ends(many):
    """(R - 2)/(R + 2) with R = r + 1/r, r = sqrt(many)."""
    least = 0.3
    alike, unlike = spreading.answer(least, many * least)
    q = least * many ** np.linspace(0, 1, 2001)
    left = 1 - q / (alike + unlike * q**2)
    R = np.sqrt(many) + 1 / np.sqrt(many)
    assert left[[0, -1]] == pytest.approx((R - 2) / (R + 2))
    assert left[1000] == pytest.approx(-(R - 2) / (R + 2))
    assert np.abs(left).max() == pytest.approx((R - 2) / (R + 2))


def test_one_wave_number_is_answered_exactly():
    """Also where the mesh has none as long as it: half of it each, q_m = q."""
    alike, unlike = spreading.answer(2.0, np.array([2.0, 0.5]))
    assert alike == pytest.approx([1.0, 1.0]) and unlike == pytest.approx([0.25, 0.25])
