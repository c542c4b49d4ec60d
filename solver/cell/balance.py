# SPDX-License-Identifier: MIT
"""Which rank refines which triangles of the base: ranges along its curve, with equal work."""

from __future__ import annotations

import numpy as np

from solver.base.exchange import Post, Slices
from solver.cell.base_mesh import BITS, Base
from solver.cell.refinement import Refined, recall


def shared_out(base: Base, shares: Slices, order: np.ndarray, level: np.ndarray) -> Refined:
    """Make a mesh again, in such shares that all ranks have as many of its triangles. Collective.

    They depend on the mesh and on the number of ranks alone, so that a restart has the same.

    Args:
        base: The coarsest mesh.
        shares: Which of its triangles each rank has.
        order: That of the mesh's triangles in this rank's share, see `Refined`.
        level: Likewise.
    """
    balanced = _balanced(shares, order)
    post = Post(shares.comm, balanced.holder(order >> (2 * BITS)))
    return recall(base, balanced, post.send(order), post.send(level))


def rebalanced(mesh: Refined) -> Refined:
    """Return a mesh in such shares; itself where it is in them. Collective."""
    if np.array_equal(_balanced(mesh.shares, mesh.order).starts, mesh.shares.starts):
        return mesh
    return shared_out(mesh.base, mesh.shares, mesh.order, mesh.level)


def _balanced(shares: Slices, order: np.ndarray) -> Slices:
    """Cut between two triangles of the base, near where a rank has its share of the mesh's."""
    own = np.bincount((order >> (2 * BITS)) - shares.first, minlength=shares.count)
    counts = np.concatenate(shares.comm.allgather(own))
    middles = np.cumsum(counts) - 0.5 * counts
    cuts = counts.sum() * np.arange(shares.comm.size) / shares.comm.size
    return Slices(shares.comm, np.append(np.searchsorted(middles, cuts), shares.starts[-1]))
