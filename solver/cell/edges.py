# SPDX-License-Identifier: MIT
"""The edges of the triangles of a rank, and what P1 functions have on them: sparse operators.

Two P1 basis functions meet in the two triangles of an edge. A matrix of P1 functions whose columns
sum to zero is one pair of numbers per edge, and they depend on coefficients by operators that the
mesh alone decides: products with them replace a loop over triangles with quadrature.

Every triangle with a node that the rank owns is on the rank (solver.cell.partition), so that sums
at such nodes, and on their edges, are complete without a message. Those elsewhere are not.
"""

from __future__ import annotations

from functools import cached_property

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np
from scipy.sparse import csc_array, csr_array

from dolfinx import fem

from solver.base import memory
from solver.cell.pattern import Pattern

OPPOSITE = ((1, 2), (2, 0), (0, 1))
"""Corners of the edge opposite to each corner."""


class Edges:
    """Edges and gradients of the triangles of a rank, those of other ranks' triangles included.

    Attributes:
        corners: Local nodes of every triangle, shape (triangles, 3).
        areas: Areas of the triangles [m^2].
        tail: First node of every edge.
        head: Second node of every edge.
        nodes: Number of local nodes.
        sparing: Whether memory is short: the largest operators are not kept.
    """

    def __init__(self, V: fem.FunctionSpace):
        """Number the edges of the mesh of a space of scalar P1 functions."""
        self._index_map = V.dofmap.index_map
        self.nodes = self._index_map.size_local + self._index_map.num_ghosts
        self.sparing = memory.is_short(self._index_map.size_global, V.mesh.comm.size)
        self.corners = V.dofmap.list[:]
        x = V.tabulate_dof_coordinates()[self.corners, :2]
        sides = np.stack([x[:, j] - x[:, i] for i, j in OPPOSITE], axis=1)
        twice = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]
        self.areas = 0.5 * np.abs(twice)
        # Of the basis functions, shape (triangles, 3) each: a side turned, over twice the area.
        self._gradients = -sides[..., 1] / twice[:, None], sides[..., 0] / twice[:, None]
        names, of_triangle = self._named()
        self._order = self._by_edge(of_triangle)
        begins = np.concatenate([[0], np.cumsum(np.bincount(of_triangle, minlength=len(names)))])
        self._begins_of_edges = begins.astype(np.int32)
        ends = names // self.nodes, names % self.nodes
        self.tail, self.head = (x.astype(np.int32) for x in ends)

    def _named(self) -> tuple[np.ndarray, np.ndarray]:
        """A number made of both ends for every edge, and which edges the triangles' three are."""
        pairs = np.sort(self.corners[:, OPPOSITE], axis=2).astype(np.int64)
        names, inverse = np.unique(pairs[..., 0] * self.nodes + pairs[..., 1], return_inverse=True)
        return names, inverse.astype(np.int32).ravel()

    @staticmethod
    def _by_edge(of_triangle: np.ndarray) -> np.ndarray:
        """Where the triangles' edges, three of each, stand, by edge."""
        return np.argsort(of_triangle, kind="stable").astype(np.int32)

    @cached_property
    def _order(self) -> np.ndarray:
        """The same once more, if the operators have let go of it."""
        return self._by_edge(self._named()[1])

    def areas_of(self, solved: np.ndarray) -> np.ndarray:
        """Areas of the triangles where `solved` is 1, 0 where it is 0 [m^2]; to be read alone."""
        return self.areas if (solved == 1.0).all() else self.areas * solved

    def _of_corners(self, weights: np.ndarray) -> csr_array:
        """Operator from nodal values to sums over the triangles' corners, each times its weight."""
        shape = (len(self.corners), self.nodes)
        return csr_array((weights.ravel(), self.corners.ravel(), self._begins), shape=shape)

    @cached_property
    def _begins(self) -> np.ndarray:
        """Where the corners of every triangle begin."""
        return np.arange(0, self.corners.size + 1, 3, dtype=np.int32)

    @cached_property
    def mean(self) -> csr_array:
        """Operator from nodal values to means over the triangles."""
        return self._of_corners(np.full(self.corners.shape, 1 / 3))

    @cached_property
    def gradient(self) -> tuple[csr_array, csr_array]:
        """Operators from nodal values to the x and y components of gradients of triangles [1/m]."""
        return self._of_corners(self._gradients[0]), self._of_corners(self._gradients[1])

    def strain(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Components xx, yy and xy of the strain of every triangle for nodal values of u."""
        (along_x, along_y), (ux, uy) = self.gradient, u.reshape(-1, 2).T.copy()
        return along_x @ ux, along_y @ uy, 0.5 * (along_y @ ux + along_x @ uy)

    # Transposed once: SciPy looks through the places of a matrix whenever it makes another of them.

    @cached_property
    def to_nodes(self) -> csc_array:
        """`mean` transposed: from integrals over triangles to the shares of their corners."""
        return self.mean.T

    @cached_property
    def against_gradient(self) -> tuple[csc_array, csc_array]:
        """`gradient` transposed: from x and y components of triangles to sums at their corners."""
        along_x, along_y = self.gradient
        return along_x.T, along_y.T

    @property
    def product(self) -> tuple[tuple[csr_array, csr_array], tuple[csr_array, csr_array]]:
        """Operators from numbers per triangle to sums over the triangles of every edge.

        `product[a][b]` weights a triangle by its area times d(basis i)/dx_a d(basis j)/dx_b, where
        i is the edge's tail and j its head.
        """
        return self._operators[0]

    @property
    def stiffness(self) -> csr_array:
        """The same with the weight area times grad(basis i) . grad(basis j)."""
        return self._operators[1]

    @cached_property
    def _operators(self) -> tuple[tuple[tuple[csr_array, csr_array], ...], csr_array]:
        """`product` and `stiffness`."""
        places = self._order // 3, self._begins_of_edges
        shape = (len(self.tail), len(self.corners))

        def gather(weights: np.ndarray) -> csr_array:
            return csr_array((weights.ravel()[self._order], *places), shape=shape)

        x, y = (self._products(a) for a in (0, 1))
        found = tuple(tuple(gather(weights) for weights in pair) for pair in (x, y))
        stiffness = gather(x[0] + y[1])
        if not self.sparing:
            del self._order
        return found, stiffness

    def _products(self, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Weights of `product[first]`, shape (triangles, 3)."""
        found = np.empty(self.corners.shape), np.empty(self.corners.shape)
        for k, (i, j) in enumerate(OPPOSITE):
            forward = self.corners[:, i] < self.corners[:, j]  # the tail is the lower
            of_tail, of_head = np.where(forward, i, j), np.where(forward, j, i)
            every = np.arange(len(forward))
            a = self.areas * self._gradients[first][every, of_tail]
            for second in (0, 1):
                found[second][:, k] = a * self._gradients[second][every, of_head]
        return found

    def rest(self) -> None:
        """Let go of the largest operators, where memory is short, until they are asked for."""
        if self.sparing:
            for name in ("_operators", "mean", "to_nodes"):
                self.__dict__.pop(name, None)

    @cached_property
    def patterns(self) -> tuple[Pattern, Pattern]:
        """Places in matrices of fields on this mesh: columns of the rank's own, and others'."""
        inner, outer = (
            Pattern(self.tail, self.head, self._index_map, inner=own) for own in (True, False)
        )
        return inner, outer

    def at_corners(self, values: np.ndarray) -> np.ndarray:
        """Sums at the nodes of values of the triangles' corners, shape (triangles, 3)."""
        return np.bincount(self.corners.ravel(), values.ravel(), self.nodes)

    def of_ends(self, values: np.ndarray) -> np.ndarray:
        """Sums at the edges of values of the triangles' edges, each that opposite to a corner.

        Args:
            values: Shape (triangles, 3).
        """
        return np.add.reduceat(values.ravel()[self._order], self._begins_of_edges[:-1])

    def net(self, flux: np.ndarray) -> np.ndarray:
        """What every node receives of fluxes along the edges, from head to tail."""
        n = self.nodes
        return np.bincount(self.tail, flux, n) - np.bincount(self.head, flux, n)
