# SPDX-License-Identifier: MIT
"""The coarsest mesh of an adaptive run, known to every rank, and how its triangles hang together.

They are numbered along Hilbert's curve, and a rank gets a range of numbers.

A place in a triangle of the base is one number, its key: the triangle's number, then its
coordinates i and j on a grid of 2^levels steps along two sides. The key of the middle of two places
of a triangle is the mean of theirs, and keys are the same on any number of ranks. A place on a side
has a key in every triangle that it touches; that of the triangle of lowest number names a node.
"""

from __future__ import annotations

import numpy as np

from solver.base.errors import InputError
from solver.cell.mesh_tables import EDGES, MeshTables

BITS = 20
"""Bits of a coordinate; those of i stand above those of j."""
MASK = (1 << BITS) - 1
LARGEST = 1 << (62 - 2 * BITS)
"""Number of triangles from which on the sum of two keys would not fit into 64 bits."""


class Base:
    """The coarsest mesh.

    Attributes:
        tables: Its points, triangles and tags.
        levels: How often its triangles may be refined.
        middles: Centres of its triangles, shape (triangles, 2) [m].
        radius: How far a triangle reaches at most from its centre [m].
        side_tags: Tags of the sides of its triangles, 0 for none, shape (triangles, 3).
    """

    def __init__(self, tables: MeshTables, levels: int):
        """Find out which triangles touch.

        Raises:
            InputError: It has more triangles than keys can tell.
        """
        if len(tables.triangles) > LARGEST:
            raise InputError(
                f"mesh.size_max: the mesh that adapt refines would have {len(tables.triangles)} "
                f"triangles; at most {LARGEST} are allowed."
            )
        self.tables, self.levels, self._steps = tables, levels, 1 << levels
        corners = tables.points[tables.triangles]
        self.middles = corners.mean(axis=1)
        self.radius = np.hypot(*(corners - self.middles[:, None]).T).max()
        ends = tables.triangles[:, EDGES]
        self.side_tags = tables.tags_of_edges(ends)
        self._across, self._turned = _neighbours(ends.reshape(-1, 2), len(tables.points))
        used, first = np.unique(tables.triangles, return_index=True)
        self._first = np.zeros(len(tables.points), dtype=np.int64)
        self._first[used] = self._corner_keys(np.arange(len(tables.triangles))).ravel()[first]

    def corners(self, first: int, last: int) -> np.ndarray:
        """Keys of the corners of a range of triangles, shape (triangles, 3)."""
        return self._corner_keys(np.arange(first, last))

    def _corner_keys(self, triangles: np.ndarray) -> np.ndarray:
        places = np.array([0, self._steps << BITS, self._steps])
        return (triangles[:, None] << (2 * BITS)) + places

    def sides(self, keys: np.ndarray) -> np.ndarray:
        """Side that a place is on, -1 for none; of a corner it is one of its two."""
        i, j = (keys >> BITS) & MASK, keys & MASK
        return np.where(j == 0, 0, np.where(i == 0, 2, np.where(i + j == self._steps, 1, -1)))

    def twins(self, keys: np.ndarray) -> np.ndarray:
        """Keys of the same places in the triangle across the side; -1 where there is none.

        Args:
            keys: Places that are no corners.
        """
        side = self.sides(keys)
        here = 3 * (keys >> (2 * BITS)) + side
        there = np.where(side < 0, -1, self._across[here])
        place = self._along(keys, side)
        place = np.where(self._turned[here], self._steps - place, place)
        triangle, side = np.divmod(there, 3)
        i = np.choose(side, [place, self._steps - place, 0])
        j = np.choose(side, [0, place, self._steps - place])
        return np.where(there < 0, -1, (triangle << (2 * BITS)) | (i << BITS) | j)

    def _along(self, keys: np.ndarray, side: np.ndarray) -> np.ndarray:
        """Steps from the beginning of the side to places on it."""
        i, j = (keys >> BITS) & MASK, keys & MASK
        return np.where(side == 0, i, np.where(side == 1, j, self._steps - j))

    def corner_nodes(self, keys: np.ndarray) -> np.ndarray:
        """Node of the base that a place is, -1 if it is none."""
        i, j = (keys >> BITS) & MASK, keys & MASK
        corner = np.where(i == self._steps, 1, np.where(j == self._steps, 2, 0))
        inner = (i + j > 0) & (i < self._steps) & (j < self._steps)
        nodes = self.tables.triangles[keys >> (2 * BITS), corner]
        return np.where(inner, -1, nodes)

    def lowest(self, keys: np.ndarray) -> np.ndarray:
        """Keys of the same places in the triangle of lowest number that they touch."""
        found, at = keys.copy(), np.flatnonzero(self.sides(keys) >= 0)
        border = keys[at]
        nodes, twins = self.corner_nodes(border), self.twins(border)
        inner = np.where((twins >= 0) & (twins < border), twins, border)
        found[at] = np.where(nodes >= 0, self._first[nodes], inner)
        return found

    def tags_of_edges(self, corners: np.ndarray) -> np.ndarray:
        """Tags of the three edges of triangles of a refinement, 0 for none.

        Args:
            corners: Keys of the corners of the triangles, shape (triangles, 3).
        """
        tags = np.zeros(corners.shape, dtype=np.int32)
        macro = corners[:, 0] >> (2 * BITS)
        at = np.flatnonzero(self.side_tags.any(axis=1)[macro])
        i, j = (corners[at] >> BITS) & MASK, corners[at] & MASK
        on = np.stack([j == 0, i + j == self._steps, i == 0], axis=-1)
        along = on & np.roll(on, -1, axis=1)  # triangles, edges, sides
        tags[at] = (along * self.side_tags[macro[at]][:, None, :]).max(axis=2)
        return tags


def _neighbours(ends: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """For every side of every triangle the one it lies on, or -1, and if that runs backwards."""
    low, high = np.sort(ends.astype(np.int64), axis=1).T
    name = low * nodes + high
    order = np.argsort(name, kind="stable")
    same = np.flatnonzero(name[order[1:]] == name[order[:-1]])
    a, b = order[same], order[same + 1]
    across = np.full(len(ends), -1, dtype=np.int64)
    across[a], across[b] = b, a
    return across, ends[:, 0] != ends[across, 0]
