# SPDX-License-Identifier: MIT
"""What a linear solve returns is the caller's own."""

import numpy as np
import pytest

from tests.small_cell import build


@pytest.fixture(scope="module")
def system():
    model, integrator = build("solver.scheme=split", "mechanics.enabled=false")
    integrator.step(1e-3)
    found = integrator.scheme.updates["c"].system
    found.assemble()
    found.fix_rows()
    return found


def test_balance_leaves_the_increment_that_was_returned_alone(system):
    load = np.random.default_rng(0).normal(size=len(system.unknown.x.array))
    first = system.solve(load, absolute=0.0, relative=1e-2)
    kept = first.copy()
    balanced = system.balance()
    assert np.array_equal(first, kept) and not np.array_equal(balanced, kept)


def test_a_later_solve_leaves_an_earlier_increment_alone(system):
    load = np.random.default_rng(1).normal(size=len(system.unknown.x.array))
    first = system.solve(load, absolute=0.0, relative=1e-8)
    kept = first.copy()
    assert not np.allclose(system.solve(-load, absolute=0.0, relative=1e-8), kept)
    assert np.array_equal(first, kept)
    assert not system.solve(load, absolute=np.inf, relative=1e-8).any()
