# SPDX-License-Identifier: MIT
"""What a model keeps once for all, or not at all; benchmarks.large.memory counts the bytes."""

import numpy as np
import pytest

from solver.base import memory
from solver.schemes.edgewise import EdgeField
from tests.small_cell import build, march


@pytest.fixture(scope="module")
def stepped():
    """A model that has been stepped, and the linear systems of its edges by field."""
    model, integrator = build("solver.pass_tolerance=1e-4")
    march(integrator, [0.01, 0.01])
    systems = {name: update.system for name, update in integrator.scheme.updates.items()}
    return model, {name: x for name, x in systems.items() if isinstance(x, EdgeField)}


def test_matrices_of_scalar_fields_share_columns_and_rows(stepped):
    model, systems = stepped
    inner, _ = model.edges.patterns
    shared = 0
    for system in systems.values():
        block = system._blocks[0]
        if len(block.values) == len(inner.columns):
            assert np.shares_memory(block.columns(), inner.columns)
            assert np.shares_memory(block.begins, inner.begins)
            shared += 1
    assert shared == 3


def test_entries_of_edges_go_once_they_stand_in_the_rows(stepped):
    _, systems = stepped
    assert set(systems) == {"xi", "c", "phi", "u"}
    assert [name for name, system in systems.items() if system._pair is not None] == []


def test_edges_forget_what_their_operators_are_made_of(stepped):
    model, _ = stepped
    assert model.edges.stiffness.shape[1] == len(model.edges.corners)
    assert not hasattr(model.edges, "_of_triangle")


def test_numbers_that_are_one_for_all_are_kept_once():
    alike = memory.compact(np.full(1000, 0.1))
    assert alike.base.nbytes == 8
    assert np.array_equal(alike, np.full(1000, 0.1))
    with pytest.raises(ValueError, match="read-only"):
        alike[0] = 0.0
    other = np.append(np.full(999, 0.1), 0.2)
    assert memory.compact(other) is other
