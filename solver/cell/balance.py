# SPDX-License-Identifier: MIT
"""Which rank refines which triangles of the base: ranges along its curve, with equal work."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Post, Slices
from solver.cell.base_mesh import BITS, Base
from solver.cell.refinement import Refined, recall


def shared_out(base: Base, comm: MPI.Comm, order: np.ndarray, level: np.ndarray) -> Refined:
    """Make a mesh again, in such shares that all ranks have as many of its triangles. Collective.

    They depend on the mesh and on the number of ranks alone, so that a restart has the same.

    Args:
        base: The coarsest mesh.
        comm: All ranks.
        order: That of this rank's slice of the mesh's triangles, see `Refined`.
        level: Likewise.
    """
    balanced = _balanced(base, comm, order)
    post = Post(comm, balanced.holder(order >> (2 * BITS)))
    return recall(base, balanced, post.send(order), post.send(level))


def rebalanced(mesh: Refined) -> Refined:
    """Return a mesh in such shares; itself where it is in them. Collective."""
    comm = mesh.shares.comm
    if np.array_equal(_balanced(mesh.base, comm, mesh.order).starts, mesh.shares.starts):
        return mesh
    return shared_out(mesh.base, comm, mesh.order, mesh.level)


def _balanced(base: Base, comm: MPI.Comm, order: np.ndarray) -> Slices:
    """Cut between two triangles of the base, near where a rank has its share of the mesh's."""
    counts = np.bincount(order >> (2 * BITS), minlength=len(base.tables.triangles))
    comm.Allreduce(MPI.IN_PLACE, counts)
    middles = np.cumsum(counts) - 0.5 * counts
    cuts = counts.sum() * np.arange(comm.size) / comm.size
    return Slices(comm, np.append(np.searchsorted(middles, cuts), len(counts)))
