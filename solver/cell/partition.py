# SPDX-License-Identifier: MIT
"""Which rank gets which triangle: recursive bisection of the cell by coordinates.

A graph partitioner cuts a little less, but what DOLFINx's gives depends on timing and on what it
did before: neither a run nor a restart could then be repeated to the last bit on several ranks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array


def owners(points: np.ndarray, triangles: np.ndarray, ranks: int) -> np.ndarray:
    """Owner of every triangle, in shares that differ by one triangle at most per bisection.

    Args:
        points: Coordinates, shape (nodes, 2).
        triangles: Nodes of every triangle, shape (cells, 3).
        ranks: Number of shares.
    """
    middle = points[triangles].mean(axis=1)
    owner = np.zeros(len(triangles), dtype=np.int32)
    shares = [(np.arange(len(triangles)), 0, ranks)]
    while shares:
        cells, first, count = shares.pop()
        if count == 1 or len(cells) == 0:
            owner[cells] = first
            continue
        axis = np.ptp(middle[cells], axis=0).argmax()
        cells = cells[np.argsort(middle[cells, axis], kind="stable")]
        lower = count // 2
        cut = len(cells) * lower // count
        shares += [(cells[:cut], first, lower), (cells[cut:], first + lower, count - lower)]
    return owner


def destinations(
    triangles: np.ndarray,
    owner: np.ndarray,
    ranks: int,
    whole: Callable[[csr_array], csr_array] = lambda owned: owned,
) -> tuple[np.ndarray, np.ndarray]:
    """Ranks that every triangle goes to: its owner, then those that own one with a common node.

    Whatever is summed over the triangles of a node is then complete on the rank of the node.

    Args:
        triangles: Nodes of every triangle.
        owner: Rank that owns it.
        ranks: Number of ranks.
        whole: Adds to the ranks that own triangles at a node, as the entries of its row, those that
            own others of its triangles, which are not among these.

    Returns:
        The ranks, one triangle after the other, and where each triangle's begin.
    """
    count = len(triangles)
    cells, ones = np.arange(count), np.ones(3 * count)
    shape = count, triangles.max(initial=-1) + 1
    corners = csr_array((ones, triangles.ravel(), np.arange(0, 3 * count + 1, 3)), shape=shape)
    owned = csr_array((ones[:count], owner, np.arange(count + 1)), shape=(count, ranks))
    near = (corners @ whole((corners.T @ owned).tocsr())).tocoo()
    others = near.col != owner[near.row]
    ghosts = np.column_stack([near.row, near.col])[others]
    # The owner of a triangle stands before its ghosts, which are sorted.
    every = np.vstack([np.column_stack([cells, owner]), ghosts[np.lexsort(ghosts.T[::-1])]])
    every = every[np.argsort(every[:, 0], kind="stable")]
    begins = np.searchsorted(every[:, 0], np.arange(count + 1))
    return every[:, 1].astype(np.int32), begins.astype(np.int32)
