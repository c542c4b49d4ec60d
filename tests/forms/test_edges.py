# SPDX-License-Identifier: MIT
"""Edges of a mesh by their nodes, and a polycrystal that has no boundary."""

from types import SimpleNamespace

import numpy as np
import pytest
from mpi4py import MPI

from dolfinx import mesh

from solver.base import compat
from solver.cell import network

SQUARE = mesh.create_unit_square(MPI.COMM_SELF, 3, 2)


def test_edges_have_their_ends():
    SQUARE.topology.create_connectivity(1, 2)
    SQUARE.topology.create_connectivity(2, 1)
    left = mesh.locate_entities_boundary(SQUARE, 1, lambda x: x[0] < 0.1)
    found = compat.edge_nodes(SQUARE, left)
    ends = SQUARE.geometry.x[found][:, :, :2]
    assert (ends[:, :, 0] == 0).all()
    assert np.sort(ends[:, :, 1], axis=1).tolist() == [[0.0, 0.5], [0.5, 1.0]]


@pytest.mark.parametrize("tags", [{}, {"boundaries": 7, "a|b": 8}])
def test_a_polycrystal_of_one_grain_has_no_band(tags):
    """With DOLFINx 0.9 it ended by a division by zero, as did a rank without a boundary."""
    none = mesh.meshtags(SQUARE, 1, np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32))
    cell = SimpleNamespace(mesh=SQUARE, tags=tags, facet_tags=none, comm=MPI.COMM_SELF)
    assert (network.density(cell, 0.1).x.array == 0).all()
