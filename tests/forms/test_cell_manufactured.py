# SPDX-License-Identifier: MIT
"""xi, the ions' potential and the voltage of a cell against a manufactured solution."""

import numpy as np
import pytest

from benchmarks.verification import cell_manufactured


@pytest.mark.parametrize("kinetic", [True, False], ids=["kinetic", "reversible"])
def test_all_fields_are_second_order_in_space(kinetic):
    for curve in cell_manufactured.space(kinetic, sizes=(0.5, 0.25), steps=20):
        assert np.log2(curve.errors[0] / curve.errors[1]) == pytest.approx(2, abs=0.2), curve.label


@pytest.mark.parametrize(("scheme", "order"), [("backward_euler", 1), ("sdirk2", 2)])
def test_order_in_time(scheme, order):
    for field, got in cell_manufactured.time(scheme, (10, 20, 40)).items():
        assert got == pytest.approx(order, abs=0.15), field
