# SPDX-License-Identifier: MIT
"""Red-green refinement of a triangle mesh, always from its base (pure numpy, on one rank).

A triangle that is refined gets four children of its own shape (red); one that a neighbour leaves
with a node on a single edge is halved there (green). Every refinement starts from the base, so that
green halves are never refined further: the angles are those of the base, but for one row of halves
round a refined part, and what is no longer wanted is coarsened by not being refined again.
DOLFINx's own refinement, level after level, refines halves again: ten times as many obtuse angles.

Nodes are numbered in the order in which they come to be, and a node is bitwise at the mean of the
ends of its edge: meshes of the same base share their nodes exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solver.cell.mesh_tables import MeshTables

EDGES = np.array([[0, 1], [1, 2], [2, 0]])
"""Corners at the ends of a triangle's edges."""
CHILDREN = np.array([[0, 3, 5], [3, 1, 4], [5, 4, 2], [3, 4, 5]])
"""Corners of the four children; 3, 4 and 5 are the middles of the edges."""
HALVES = np.array([[[0, 3, 2], [3, 1, 2]], [[0, 1, 4], [0, 4, 2]], [[0, 1, 5], [5, 1, 2]]])
"""Corners of the two halves, by the edge that is halved."""


@dataclass(frozen=True)
class Refined:
    """A refined mesh and how it came from its base.

    Attributes:
        tables: The mesh.
        macro: Triangle of the base that every triangle lies in.
        level: How often the base was refined there; that of a green half is its parent's.
        parents: Ends of the edge that every node is the middle of, shape (nodes, 2); nodes of the
            base have themselves.
        depth: Level at which every node came to be, 0 in the base; its parents' are lower.
    """

    tables: MeshTables
    macro: np.ndarray
    level: np.ndarray
    parents: np.ndarray
    depth: np.ndarray


Wanted = Callable[[int, np.ndarray], np.ndarray]
"""Tells, for a level and the corners of its triangles, shape (n, 3, 2), which to refine."""


def refine(base: MeshTables, levels: int, wanted: Wanted) -> Refined:
    """Refine a mesh where it is wanted and as far as a conforming mesh needs it.

    Neighbours differ by one level at most.

    Args:
        base: The coarsest mesh.
        levels: Finest level; 0 leaves the base as it is.
        wanted: Which triangles to refine.
    """
    forest = _Forest(base, levels)
    for level in range(levels):
        forest.divide(level, wanted(level, forest.points[forest.generations[level].triangles]))
    while forest.close():
        pass
    return forest.leaves(base)


class _Edges:
    """The halved edges of one level, as sorted keys with the nodes in their middles."""

    def __init__(self) -> None:
        self.keys, self.middles = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)

    @staticmethod
    def key(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (np.minimum(a, b).astype(np.int64) << 32) | np.maximum(a, b)

    def middle(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Node in the middle of every edge, -1 for one that is not halved."""
        if not len(self.keys):
            return np.full(a.shape, -1, dtype=np.int32)
        key = self.key(a, b)
        place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.where(self.keys[place] == key, self.middles[place], -1)

    def add(self, keys: np.ndarray, middles: np.ndarray) -> None:
        keys, middles = np.append(self.keys, keys), np.append(self.middles, middles)
        order = np.argsort(keys)
        self.keys, self.middles = keys[order], middles[order].astype(np.int32)


class _Generation:
    """The triangles of one level, refined ones included, and its halved edges."""

    def __init__(self, triangles: np.ndarray, macro: np.ndarray) -> None:
        self.triangles, self.macro = triangles, macro
        self.refined = np.zeros(len(triangles), dtype=bool)
        self.halved = _Edges()

    def add(self, triangles: np.ndarray, macro: np.ndarray) -> None:
        self.triangles = np.vstack([self.triangles, triangles])
        self.macro = np.append(self.macro, macro)
        self.refined = np.append(self.refined, np.zeros(len(triangles), dtype=bool))

    def middles(self, triangles: np.ndarray) -> np.ndarray:
        """Nodes in the middles of the three edges of triangles of this level, or -1."""
        ends = triangles[:, EDGES]
        return self.halved.middle(ends[..., 0], ends[..., 1])


class _Forest:
    """All triangles of all levels."""

    def __init__(self, base: MeshTables, levels: int) -> None:
        self.points = base.points
        nodes = np.arange(len(base.points), dtype=np.int32)
        self.parents, self.depth = np.column_stack([nodes, nodes]), np.zeros(len(nodes), np.int8)
        triangles = base.triangles.astype(np.int32)
        macro = np.arange(len(triangles), dtype=np.int32)
        self.generations = [_Generation(triangles, macro)]
        for _ in range(levels):
            self.generations.append(_Generation(triangles[:0], macro[:0]))

    def divide(self, level: int, chosen: np.ndarray) -> None:
        """Refine triangles of a level, those that are refined already excepted."""
        here, below = self.generations[level], self.generations[level + 1]
        chosen = chosen & ~here.refined
        here.refined |= chosen
        triangles, macro = here.triangles[chosen], here.macro[chosen]
        self._halve_edges(level, triangles)
        six = np.hstack([triangles, here.middles(triangles)])
        below.add(six[:, CHILDREN].reshape(-1, 3), np.repeat(macro, 4))

    def _halve_edges(self, level: int, triangles: np.ndarray) -> None:
        halved = self.generations[level].halved
        ends = triangles[:, EDGES].reshape(-1, 2)
        ends = ends[halved.middle(ends[:, 0], ends[:, 1]) < 0]
        keys, first = np.unique(_Edges.key(*ends.T), return_index=True)
        ends = np.sort(ends[first], axis=1)
        halved.add(keys, len(self.points) + np.arange(len(keys)))
        middles = 0.5 * (self.points[ends[:, 0]] + self.points[ends[:, 1]])
        self.points = np.vstack([self.points, middles])
        self.parents = np.vstack([self.parents, ends])
        self.depth = np.append(self.depth, np.full(len(keys), level + 1, dtype=np.int8))

    def close(self) -> bool:
        """Refine what no single halving can make conforming; tells whether there was any."""
        found = False
        for level in reversed(range(len(self.generations) - 1)):
            here, below = self.generations[level], self.generations[level + 1]
            leaf = np.flatnonzero(~here.refined)
            triangles = here.triangles[leaf]
            middles = here.middles(triangles)
            halved = middles >= 0
            chosen = halved.sum(axis=1) > 1
            cell, edge = np.nonzero(halved)
            ends, middle = triangles[cell[:, None], EDGES[edge]], middles[cell, edge]
            twice = [below.halved.middle(ends[:, i], middle) >= 0 for i in range(2)]
            chosen[cell[twice[0] | twice[1]]] = True
            if chosen.any():
                found = True
                mask = np.zeros(len(here.triangles), dtype=bool)
                mask[leaf[chosen]] = True
                self.divide(level, mask)
        return found

    def leaves(self, base: MeshTables) -> Refined:
        """The conforming mesh of the triangles that are not refined."""
        triangles, macro, level = [], [], []
        for number, generation in enumerate(self.generations):
            leaf = ~generation.refined
            cells, whose = generation.triangles[leaf], generation.macro[leaf]
            middles = generation.middles(cells)
            cell, edge = np.nonzero(middles >= 0)
            whole = np.ones(len(cells), dtype=bool)
            whole[cell] = False
            six = np.hstack([cells, middles])[cell]
            halves = six[np.arange(len(six))[:, None, None], HALVES[edge]].reshape(-1, 3)
            triangles += [cells[whole], halves]
            macro += [whose[whole], np.repeat(whose[cell], 2)]
            level.append(np.full(len(cells) + len(cell), number, dtype=np.int8))
        triangles, macro = np.vstack(triangles), np.concatenate(macro)
        edges, edge_tags = self._tagged_edges(base)
        tables = replace(
            base,
            points=self.points,
            triangles=triangles,
            cell_tags=base.cell_tags[macro],
            edges=edges,
            edge_tags=edge_tags,
        )
        return Refined(tables, macro, np.concatenate(level), self.parents, self.depth)

    def _tagged_edges(self, base: MeshTables) -> tuple[np.ndarray, np.ndarray]:
        edges, tags = base.edges.astype(np.int32), base.edge_tags
        done, done_tags = [], []
        for generation in self.generations:
            middle = generation.halved.middle(edges[:, 0], edges[:, 1])
            whole = middle < 0
            done.append(edges[whole])
            done_tags.append(tags[whole])
            a, b, middle = edges[~whole, 0], edges[~whole, 1], middle[~whole]
            edges = np.vstack([np.column_stack([a, middle]), np.column_stack([middle, b])])
            tags = np.tile(tags[~whole], 2)
        edges, tags = np.sort(np.vstack([*done, edges]), axis=1), np.concatenate([*done_tags, tags])
        order = np.lexsort(edges.T[::-1])
        return edges[order], tags[order]
