# SPDX-License-Identifier: MIT
"""What PETSc calls back is not kept by it: MPICH has 2048 communicators, a mesh takes a score."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from dolfinx import fem

from solver.base.profile import Profile
from solver.schemes.bounded import BoundedField, Quadratic
from solver.schemes.monolithic import MonolithicScheme
from tests.small_cell import build
from tests.system.running import SMALL, called, set_all


def monolithic(cell):
    scheme = MonolithicScheme(cell, Profile())
    scheme.settle()
    return scheme


def bounded(cell):
    d, edges = fem.Function(cell.V), cell.edges
    even = np.ones(edges.nodes)
    field = BoundedField(lambda: Quadratic(np.zeros(len(edges.tail)), even, even / 2), edges, d)
    field.solve(d.x.array.copy())
    assert d.x.array == pytest.approx(0.5)
    return field


@pytest.mark.parametrize("made", [monolithic, bounded])
def test_a_solver_that_nobody_holds_is_gone(made):
    thing = made(build()[0])
    left = weakref.ref(thing)
    del thing
    gc.collect()
    assert left() is None


def test_a_run_in_a_process_with_meshes_leaves_all_to_be_looked_for(tmp_path):
    frozen = gc.get_freeze_count()
    given = set_all("time.end=0.1 s", "output.snapshots=1")
    assert called("run", SMALL, "-o", tmp_path / "run", *given).returncode == 0
    assert gc.get_freeze_count() == frozen
