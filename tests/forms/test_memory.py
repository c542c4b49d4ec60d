# SPDX-License-Identifier: MIT
"""What a model keeps once for all, or not at all; benchmarks.large.memory counts the bytes."""

import numpy as np
import pytest

from solver.base import memory
from solver.schemes.edgewise import EdgeField
from tests.small_cell import build, march

STEPS = [0.01, 0.01]


@pytest.fixture(scope="module")
def stepped():
    """A model that has been stepped, and the linear systems of its edges by field."""
    model, integrator = build("solver.pass_tolerance=1e-4")
    march(integrator, STEPS)
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
    assert "_order" not in vars(model.edges)


def test_numbers_that_are_one_for_all_are_kept_once():
    alike = memory.compact(np.full(1000, 0.1))
    assert alike.base.nbytes == 8
    assert np.array_equal(alike, np.full(1000, 0.1))
    with pytest.raises(ValueError, match="read-only"):
        alike[0] = 0.0
    other = np.append(np.full(999, 0.1), 0.2)
    assert memory.compact(other) is other


@pytest.fixture
def spared(monkeypatch):
    """An integrator on a mesh of too many nodes, on which memory is short."""
    monkeypatch.setattr(memory, "MANY", 1)
    return build("solver.pass_tolerance=1e-4")[1]


def test_no_preconditioner_outlives_a_turn_where_memory_is_short(spared, monkeypatch):
    alive = []

    def look(field, solve):
        def looked(*arguments):
            updates = spared.scheme.updates
            others = [x for name, x in updates.items() if name not in (field, "xi")]
            alive.append(sum(x.system.matrix.handle > 0 or x.system.pace > 0 for x in others))
            return solve(*arguments)

        return looked

    for field, update in spared.scheme.updates.items():
        monkeypatch.setattr(update, "solve", look(field, update.solve))
    march(spared, STEPS)
    assert len(alive) > 10
    assert sum(alive) == 0
    for update in spared.scheme.updates.values():
        assert "xi" not in getattr(update, "made_for", {})
    assert not any(kept.arrays for kept in spared.scheme.memory().values())


def test_a_spared_run_goes_on_to_the_bit(spared):
    march(spared, STEPS[:1])
    kept, states = spared.scheme.memory(), list(spared.history)
    other = build("solver.pass_tolerance=1e-4")[1]
    other.scheme.recall(kept)
    other.resume([(t, tuple(x.copy() for x in values)) for t, values in states])
    for integrator in (spared, other):
        march(integrator, STEPS[1:])
    for a, b in zip(spared.history[-1][1], other.history[-1][1], strict=True):
        assert np.array_equal(a, b)


def test_a_spared_run_finds_the_same(spared, stepped):
    march(spared, STEPS)
    model, _ = stepped
    for f, g in zip(spared.model.state.functions, model.state.functions, strict=True):
        size = np.abs(g.x.array).max()
        assert np.abs(f.x.array - g.x.array).max() < 1e-4 * size
