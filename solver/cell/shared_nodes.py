# SPDX-License-Identifier: MIT
"""Nodes of a refined mesh that are on the border of ranks' shares."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array

from solver.base.exchange import Post, Slices
from solver.cell.base_mesh import BITS


class SharedNodes:
    """What nodes of a share have to do with the same nodes elsewhere. All methods are collective.

    The rank that has the triangle of the base that names a node owns it. Those of other ranks come
    first in a share.

    Attributes:
        number: Number of every node in the whole mesh, the same on any number of ranks.
        own: Nodes of the share that this rank owns.
        slices: Which nodes each rank owns.
    """

    def __init__(self, shares: Slices, keys: np.ndarray, triangles: np.ndarray):
        """Find them.

        Args:
            shares: Which triangles of the base each rank has.
            keys: Those of the share's nodes, see `Refined`.
            triangles: Nodes of the share's triangles.
        """
        self._shares, self._keys = shares, keys
        self._others = int(np.searchsorted(keys, shares.first << (2 * BITS)))
        self.own = slice(self._others, len(keys))
        self._post = self._to_owners(np.arange(self._others))
        self._asked = np.searchsorted(keys, self._post.send(keys[: self._others]))
        self.slices = Slices.of(shares.comm, len(keys) - self._others)
        self.number = self.spread(self.slices.first + np.arange(self.slices.count))
        on_border = np.zeros(len(keys), dtype=bool)
        on_border[: self._others] = True
        on_border[self._asked] = True
        corners = triangles.ravel()
        at = np.flatnonzero(on_border[corners])
        self._to_sums, self._cells = self._to_owners(corners[at]), at // 3
        there = np.searchsorted(keys, self._to_sums.send(keys[corners[at]]))
        inside = np.flatnonzero(~on_border[corners])
        self._inside = _matrix(corners[inside], inside // 3, (len(keys), len(triangles)))
        self._border = _matrix(there, np.arange(len(there)), (len(keys), len(there)))

    def _to_owners(self, nodes: np.ndarray) -> Post:
        return Post(self._shares.comm, self._shares.holder(self._keys[nodes] >> (2 * BITS)))

    def spread(self, held: np.ndarray) -> np.ndarray:
        """Values at all nodes of the share from those at `own` ones."""
        others = self._post.answer(held[self._asked - self._others])
        return np.concatenate([others, held])

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sums over the triangles round every node, of all shares.

        In the order of the triangles, so that they are bitwise the same on any number of ranks.

        Args:
            values: What each triangle gives to its nodes, shape (triangles,) or with columns.
        """
        border = self._border @ self._to_sums.send(values[self._cells])
        return self.spread((self._inside @ values + border)[self.own])


def _matrix(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> csr_array:
    return coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
