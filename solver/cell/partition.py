# SPDX-License-Identifier: MIT
"""Which rank gets which triangle: equal ranges along Hilbert's curve.

A graph partitioner cuts a little less, but what DOLFINx's gives depends on timing and on what it
did before: neither a run nor a restart could then be repeated to the last bit on several ranks.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array

from solver.base.exchange import Post, Slices

CURVE = 16
"""Bits of a coordinate of Hilbert's curve."""


def along_curve(points: np.ndarray) -> np.ndarray:
    """Return the order of points, shape (points, 2), along Hilbert's curve."""
    low = points.min(axis=0)
    steps = (points - low) / max(np.ptp(points, axis=0).max(), 1e-300) * ((1 << CURVE) - 1)
    return np.argsort(_hilbert(*steps.astype(np.int64).T), kind="stable")


def _hilbert(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Way along Hilbert's curve to points of a grid; its first half has the lower x."""
    way, most = np.zeros_like(x), (1 << CURVE) - 1
    for bit in reversed(range(CURVE)):
        right, upper = (x >> bit) & 1, (y >> bit) & 1
        way += ((3 * right) ^ upper) << (2 * bit)
        flip = (upper == 0) & (right == 1)
        x, y = np.where(flip, most - x, x), np.where(flip, most - y, y)
        x, y = np.where(upper == 0, y, x), np.where(upper == 0, x, y)
    return way


def destinations(
    nodes: Slices, triangles: np.ndarray, owner: np.ndarray, ranks: int
) -> tuple[np.ndarray, np.ndarray]:
    """Ranks that every triangle goes to: its owner, then those that own one with a common node.

    Whatever is summed over the triangles of a node is then complete on the rank of the node.
    Collective.

    Args:
        nodes: Which of the nodes each rank looks after.
        triangles: Nodes of this rank's triangles.
        owner: Rank that is to own each of them.
        ranks: Number of ranks.

    Returns:
        The ranks, one triangle after the other, and where each triangle's begin.
    """
    count = len(triangles)
    if ranks == 1:
        return np.zeros(count, dtype=np.int32), np.arange(count + 1, dtype=np.int32)
    numbers, corners = np.unique(triangles, return_inverse=True)
    cells = np.repeat(np.arange(count), 3)
    touches = _matrix(cells, corners.ravel(), (count, len(numbers)))
    owned = _matrix(np.arange(count), owner, (count, ranks))
    near = (touches @ _everywhere(nodes, numbers, (touches.T @ owned).tocsr())).tocoo()
    others = near.col != owner[near.row]
    ghosts = np.column_stack([near.row, near.col])[others]
    # The owner of a triangle stands before its ghosts, which are sorted.
    first = np.column_stack([np.arange(count), owner])
    every = np.vstack([first, ghosts[np.lexsort(ghosts.T[::-1])]])
    every = every[np.argsort(every[:, 0], kind="stable")]
    begins = np.searchsorted(every[:, 0], np.arange(count + 1))
    return every[:, 1].astype(np.int32), begins.astype(np.int32)


def _everywhere(nodes: Slices, numbers: np.ndarray, found: csr_array) -> csr_array:
    """Columns that have an entry at a node on any rank.

    Args:
        nodes: Which of the nodes each rank looks after.
        numbers: Those of the nodes that this rank asks about, ascending.
        found: Its entries there, shape (nodes, columns).
    """
    rows, columns = _entries(found)
    post = Post(nodes.comm, nodes.holder(numbers[rows]))
    at, columns = post.send(numbers[rows]) - nodes.first, post.send(columns)
    held = _matrix(at, columns, (nodes.count, found.shape[1]))
    asks = Post(nodes.comm, nodes.holder(numbers))
    asked = asks.send(numbers)
    rows, columns = _entries(held[asked - nodes.first])
    back = Post(nodes.comm, asks.senders()[rows])
    at = np.searchsorted(numbers, back.send(asked[rows]))
    return _matrix(at, back.send(columns), found.shape)


def _entries(matrix: csr_array) -> tuple[np.ndarray, np.ndarray]:
    found = matrix.tocoo()
    return found.row.astype(np.int64), found.col.astype(np.int64)  # of one type on all ranks


def _matrix(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> csr_array:
    return coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
