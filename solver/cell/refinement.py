# SPDX-License-Identifier: MIT
"""Red-green refinement of a triangle mesh, always from its base, every rank its share of it.

A triangle that is refined gets four children of its own shape (red); one that a neighbour leaves
with a node on a single edge is halved there (green). Every refinement starts from the base, so that
green halves are never refined further: the angles are those of the base, but for one row of halves
round a refined part, and what is no longer wanted is coarsened by not being refined again.
DOLFINx's own refinement, level after level, refines halves again: ten times as many obtuse angles.

A rank refines a range of the base's triangles and hears from the others which of the edges on its
border are halved. What has to be refined for a conforming mesh is the least there is, so that the
mesh is the same on any number of ranks. A node is bitwise at the mean of the ends of its edge:
meshes of the same base share their nodes exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Post, Slices
from solver.cell.base_mesh import BITS, MASK, Base
from solver.cell.mesh_tables import EDGES
from solver.cell.shared_nodes import SharedNodes

CHILDREN = np.array([[0, 3, 5], [3, 4, 5], [3, 1, 4], [5, 4, 2]])
"""Corners of the four children; 3, 4 and 5 are the middles of the edges. The second is the middle
one, so that one after the other they touch."""
HALVES = np.array([[[0, 3, 2], [3, 1, 2]], [[0, 1, 4], [0, 4, 2]], [[0, 1, 5], [5, 1, 2]]])
"""Corners of the two halves, by the edge that is halved."""
STEPS = np.array([1 << BITS, 1, (1 << BITS) - 1])
"""What leads from a key to those beside it, along the three directions of edges: i, j, across."""


@dataclass(frozen=True)
class Refined:
    """A rank's share of a refined mesh: what has become of a range of the base's triangles.

    Attributes:
        base: The base.
        shares: Which triangles of the base each rank has.
        order: Where every triangle comes in the whole mesh: the triangle of the base that it lies
            in, then the child that it is of each refinement. Both halves of one have the same.
        level: How often the base was refined there; that of a green half is its parent's.
        keys: Places of the nodes, ascending, each in the triangle of the base of lowest number that
            it touches.
        triangles: Nodes of every triangle.
        edge_tags: Tags of the three edges of every triangle, 0 for none.
    """

    base: Base
    shares: Slices
    order: np.ndarray
    level: np.ndarray
    keys: np.ndarray
    triangles: np.ndarray
    edge_tags: np.ndarray

    @property
    def macro(self) -> np.ndarray:
        """Triangle of the base that every triangle lies in."""
        return self.order >> (2 * BITS)

    @property
    def cell_tags(self) -> np.ndarray:
        """Tag of every triangle."""
        return self.base.tables.cell_tags[self.macro]

    @cached_property
    def nodes(self) -> SharedNodes:
        """The nodes on the border of the share. Collective when it is used first."""
        return SharedNodes(self.shares, self.keys, self.triangles)

    @cached_property
    def depth(self) -> np.ndarray:
        """Level at which every node came to be, 0 in the base; its parents' are lower."""
        i, j = (self.keys >> BITS) & MASK, self.keys & MASK
        lowest_bit = (i | j) & -(i | j)
        steps = np.where(lowest_bit > 0, lowest_bit, 1 << self.base.levels)
        return self.base.levels - np.minimum(np.log2(steps).astype(int), self.base.levels)

    def made(self, depth: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Nodes that came to be at a level, and the ends of the edges that they are in."""
        nodes = np.flatnonzero(self.depth == depth)
        keys, step = self.keys[nodes], 1 << (self.base.levels - depth)
        odd_i, odd_j = (keys >> BITS) & step > 0, keys & step > 0
        way = step * np.where(odd_i & odd_j, STEPS[2], np.where(odd_i, STEPS[0], STEPS[1]))
        ends = (self.base.lowest(keys + sign * way) for sign in (-1, 1))
        return nodes, *(np.searchsorted(self.keys, end) for end in ends)

    @cached_property
    def points(self) -> np.ndarray:
        """Coordinates of the nodes, shape (nodes, 2) [m]."""
        tables, nodes = self.base.tables, self.base.corner_nodes(self.keys)
        points = tables.points[nodes]  # those of index -1 are replaced
        for depth in range(1, self.depth.max(initial=0) + 1):
            at, a, b = self.made(depth)
            points[at] = 0.5 * (points[a] + points[b])
        return points

    def on_side(self, tag: int) -> np.ndarray:
        """Whether nodes are on edges of the base with a tag."""
        base, nodes = self.base, self.base.corner_nodes(self.keys)
        found = np.isin(nodes, base.tables.edges[base.tables.edge_tags == tag])
        sides = base.sides(self.keys)
        tags = np.where(sides < 0, 0, base.side_tags[self.keys >> (2 * BITS), sides])
        return found | ((nodes < 0) & (tags == tag))


Wanted = Callable[[int, np.ndarray], np.ndarray]
"""Tells, for a level and the corners of its triangles, shape (n, 3, 2), which to refine."""


def refine(base: Base, shares: Slices, levels: int, wanted: Wanted) -> Refined:
    """Refine a mesh where it is wanted and as far as a conforming mesh needs it. Collective.

    Neighbours differ by one level at most.

    Args:
        base: The coarsest mesh.
        shares: Which of its triangles each rank refines.
        levels: Finest level; 0 leaves the base as it is.
        wanted: Which triangles to refine.
    """
    forest = _Forest(base, shares, levels)
    tables, first = base.tables, shares.first
    corners = tables.points[tables.triangles[first : first + shares.count]]
    for level in range(levels):
        chosen = wanted(level, corners)
        forest.divide(level, chosen)
        ends = corners[chosen]
        six = np.concatenate([ends, 0.5 * (ends + np.roll(ends, -1, axis=1))], axis=1)
        corners = six[:, CHILDREN].reshape(-1, 3, 2)
    forest.close()
    return forest.leaves()


def recall(base: Base, shares: Slices, order: np.ndarray, level: np.ndarray) -> Refined:
    """Make a mesh again. Collective.

    Args:
        base: The coarsest mesh.
        shares: Which of its triangles each rank has.
        order: That of the mesh's triangles in this rank's share.
        level: Likewise.
    """
    forest = _Forest(base, shares, base.levels)
    for number in range(base.levels):
        below = 2 * (BITS - number)
        deeper = np.unique(order[level > number] >> below)
        forest.divide(number, np.isin(forest.generations[number].order >> below, deeper))
    forest.hear()
    return forest.leaves()


class _Generation:
    """The triangles of one level, refined ones included, and the middles of its halved edges."""

    def __init__(self, order: np.ndarray, triangles: np.ndarray):
        self.order, self.triangles = order, triangles
        self.refined = np.zeros(len(triangles), dtype=bool)
        self.halved = np.empty(0, dtype=np.int64)

    def add(self, order: np.ndarray, triangles: np.ndarray) -> None:
        self.order = np.append(self.order, order)
        self.triangles = np.vstack([self.triangles, triangles])
        self.refined = np.append(self.refined, np.zeros(len(triangles), dtype=bool))

    def halve(self, middles: np.ndarray) -> None:
        self.halved = np.union1d(self.halved, middles)

    def is_halved(self, middles: np.ndarray) -> np.ndarray:
        if not len(self.halved):
            return np.zeros(middles.shape, dtype=bool)
        place = np.searchsorted(self.halved, middles)
        return self.halved[np.minimum(place, len(self.halved) - 1)] == middles


def _middles(triangles: np.ndarray) -> np.ndarray:
    """Keys in the middles of the edges of triangles."""
    return (triangles + np.roll(triangles, -1, axis=1)) >> 1


class _Forest:
    """All triangles of all levels in this rank's share; corners and middles are keys."""

    def __init__(self, base: Base, shares: Slices, levels: int):
        self.base, self.shares = base, shares
        first = shares.first
        macro = np.arange(first, first + shares.count)
        triangles = base.corners(first, first + shares.count)
        self.generations = [_Generation(macro << (2 * BITS), triangles)]
        for _ in range(levels):
            self.generations.append(_Generation(macro[:0], triangles[:0]))
        self._news: list[np.ndarray] = []

    def divide(self, level: int, chosen: np.ndarray) -> None:
        """Refine triangles of a level, those that are refined already excepted."""
        here, below = self.generations[level], self.generations[level + 1]
        chosen = chosen & ~here.refined
        here.refined |= chosen
        triangles, order = here.triangles[chosen], here.order[chosen]
        middles = _middles(triangles)
        child = np.arange(4) << (2 * (BITS - level - 1))
        below.add(
            (order[:, None] | child).ravel(),
            np.hstack([triangles, middles])[:, CHILDREN].reshape(-1, 3),
        )
        middles = middles.ravel()
        twins = self.base.twins(middles[self.base.sides(middles) >= 0])
        twins = twins[twins >= 0]
        ours = self._owner(twins) == self.shares.comm.rank
        here.halve(np.concatenate([middles, twins[ours]]))
        self._news.append(twins[~ours])

    def _owner(self, keys: np.ndarray) -> np.ndarray:
        return self.shares.holder(keys >> (2 * BITS))

    def hear(self) -> bool:
        """Exchange what has been halved on the shares' borders; tells whether there was any."""
        news, self._news = np.concatenate([*self._news, np.empty(0, dtype=np.int64)]), []
        comm = self.shares.comm
        if not comm.allreduce(len(news) > 0, MPI.LOR):
            return False
        heard = Post(comm, self._owner(news)).send(news)
        i, j = (heard >> BITS) & MASK, heard & MASK
        for level, generation in enumerate(self.generations[:-1]):
            step = 1 << (self.base.levels - level - 1)
            mine = ((i | j) & (2 * step - 1)) == step
            generation.halve(heard[mine])
        return True

    def close(self) -> None:
        """Refine what no single halving can make conforming. Collective."""
        changed = True
        while changed:
            while self._close_here():
                pass
            changed = self.hear()

    def _close_here(self) -> bool:
        found = False
        for level in reversed(range(len(self.generations) - 1)):
            here, below = self.generations[level], self.generations[level + 1]
            leaf = np.flatnonzero(~here.refined)
            triangles = here.triangles[leaf]
            middles = _middles(triangles)
            halved = here.is_halved(middles)
            chosen = halved.sum(axis=1) > 1
            cell, edge = np.nonzero(halved)
            quarters = (triangles[cell[:, None], EDGES[edge]] + middles[cell, edge, None]) >> 1
            chosen[cell[below.is_halved(quarters).any(axis=1)]] = True
            if chosen.any():
                found = True
                mask = np.zeros(len(here.triangles), dtype=bool)
                mask[leaf[chosen]] = True
                self.divide(level, mask)
        return found

    def leaves(self) -> Refined:
        """The conforming mesh of the triangles that are not refined."""
        triangles, order, level = [], [], []
        for number, generation in enumerate(self.generations):
            leaf = ~generation.refined
            cells, whose = generation.triangles[leaf], generation.order[leaf]
            middles = _middles(cells)
            cell, edge = np.nonzero(generation.is_halved(middles))
            whole = np.ones(len(cells), dtype=bool)
            whole[cell] = False
            six = np.hstack([cells, middles])[cell]
            halves = six[np.arange(len(six))[:, None, None], HALVES[edge]].reshape(-1, 3)
            triangles += [cells[whole], halves]
            order += [whose[whole], np.repeat(whose[cell], 2)]
            level.append(np.full(len(cells) + len(cell), number, dtype=np.int8))
        order = np.concatenate(order)
        sorting = np.argsort(order, kind="stable")
        order, corners = order[sorting], np.vstack(triangles)[sorting]
        places, corner = np.unique(corners, return_inverse=True)
        keys, node = np.unique(self.base.lowest(places), return_inverse=True)
        return Refined(
            base=self.base,
            shares=self.shares,
            order=order,
            level=np.concatenate(level)[sorting],
            keys=keys,
            triangles=node.astype(np.int32)[corner].reshape(-1, 3),
            edge_tags=self.base.tags_of_edges(corners),
        )
