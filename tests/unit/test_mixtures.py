"""Bounds on the conductivity of plane mixtures."""

import numpy as np
import pytest

from solver.laws import mixtures

TWO = (0.3, 0.7), (1.0, 10.0)


def test_wiener_is_series_and_parallel():
    assert mixtures.wiener(*TWO) == pytest.approx((1 / 0.37, 7.3))
    assert mixtures.wiener((0.5, 0.5), (0.0, 1.0)) == (0.0, 0.5)
    assert mixtures.wiener((0.0, 1.0), (0.0, 1.0)) == (1.0, 1.0)


def test_hashin_shtrikman_of_two_parts():
    """s_1 + f_2/(1/(s_2 - s_1) + f_1/(2 s_1)) in two dimensions, and the same for the other."""
    low = 1 + 0.7 / (1 / 9 + 0.3 / 2)
    high = 10 + 0.3 / (-1 / 9 + 0.7 / 20)
    assert mixtures.hashin_shtrikman(*TWO) == pytest.approx((low, high))
    assert mixtures.hashin_shtrikman((0.5, 0.5), (0.0, 1.0)) == pytest.approx((0.0, 1 / 3))


def test_bounds_lie_in_each_other():
    random = np.random.default_rng(0)
    for _ in range(50):
        shares = random.dirichlet(np.ones(4))
        values = 10 ** random.uniform(-4, 0, 4)
        low, high = mixtures.hashin_shtrikman(shares, values)
        least, most = mixtures.wiener(shares, values)
        assert least < low < high < most
