# SPDX-License-Identifier: MIT
"""All four equations, coupled, against a manufactured solution."""

import numpy as np
import pytest

from benchmarks.verification import manufactured
from benchmarks.verification.solution import FIELDS, march


def test_all_fields_coupled_are_second_order_in_space():
    coarse, fine = (march(h, 0.5, 20).errors() for h in (0.5, 0.25))
    for field in FIELDS:
        assert np.log2(coarse[field] / fine[field]) == pytest.approx(2, abs=0.15), field


@pytest.mark.parametrize(("scheme", "order"), [("backward_euler", 1), ("sdirk2", 2)])
def test_order_in_time(scheme, order):
    orders = manufactured.time(scheme, (20, 40, 80))
    for field in FIELDS:
        assert orders[field] == pytest.approx(order, abs=0.1), field
