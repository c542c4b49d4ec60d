# SPDX-License-Identifier: MIT
"""All fields and the voltage of a cell against manufactured solutions."""

import numpy as np
import pytest

from benchmarks.verification import cell_manufactured

QUICK = [("single ion", True), ("single ion", False), ("binary", True)]


@pytest.mark.parametrize(("kind", "kinetic"), QUICK)
def test_all_fields_are_second_order_in_space(kind, kinetic):
    for curve in cell_manufactured.space(kind, kinetic, sizes=(0.5, 0.25), steps=20):
        assert np.log2(curve.errors[0] / curve.errors[1]) == pytest.approx(2, abs=0.2), curve.label


@pytest.mark.parametrize(
    ("kind", "scheme", "order"),
    [("single ion", "backward_euler", 1), ("single ion", "sdirk2", 2), ("binary", "sdirk2", 2)],
)
def test_order_in_time(kind, scheme, order):
    for field, got in cell_manufactured.time(kind, scheme, (10, 20, 40)).items():
        assert got == pytest.approx(order, abs=0.15), field
