# SPDX-License-Identifier: MIT
"""What a model keeps in memory, by its nodes."""

import tracemalloc

import numpy as np
import pytest

from solver.base import memory
from tests.small_cell import build, march

ONE_LAYER = "layers=[{name: A, thickness: 10 um}]"
SIZES = 0.4, 0.2
"""Of the triangles of two meshes [um]: what does not depend on the nodes is in both."""
MOST = 1400
"""Bytes per node."""


def taken(size):
    """Nodes of a model that has been stepped, and bytes of what Python has made for it."""
    memory.give_back()
    tracemalloc.start()
    sizes = [f"mesh.size_min={size} um", f"mesh.size_max={size} um"]
    model, integrator = build(ONE_LAYER, "solver.pass_tolerance=1e-4", *sizes)
    march(integrator, [0.01, 0.01])
    found = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    integrator.scheme.destroy()
    return model.domain.nodes, found


def test_python_keeps_so_much_per_node():
    taken(1.0)  # what is loaded once
    (few, less), (many, more) = map(taken, SIZES)
    assert (more - less) / (many - few) < MOST


def test_numbers_that_are_one_for_all_are_kept_once():
    alike = memory.compact(np.full(1000, 0.1))
    assert alike.base.nbytes == 8
    assert np.array_equal(alike, np.full(1000, 0.1))
    with pytest.raises(ValueError, match="read-only"):
        alike[0] = 0.0
    other = np.append(np.full(999, 0.1), 0.2)
    assert memory.compact(other) is other
