# SPDX-License-Identifier: MIT
"""The edges of the triangles of a rank, and what P1 functions have on them: sparse operators.

Two P1 basis functions meet in the two triangles of an edge. A matrix of P1 functions whose columns
sum to zero is one pair of numbers per edge, and they depend on coefficients by operators that the
mesh alone decides: products with them replace a loop over triangles with quadrature.

Every triangle with a node that the rank owns is on the rank (solver.cell.partition), so that sums
at such nodes, and on their edges, are complete without a message. Those elsewhere are not.
"""

from __future__ import annotations

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np
from scipy.sparse import csr_array

from dolfinx import fem

OPPOSITE = ((1, 2), (2, 0), (0, 1))
"""Corners of the edge opposite to each corner."""


class Edges:
    """Edges and gradients of the triangles of a rank, those of other ranks' triangles included.

    Attributes:
        corners: Local nodes of every triangle, shape (triangles, 3).
        areas: Areas of the triangles [m^2].
        gradients: Gradients of the basis functions, shape (triangles, 3, 2) [1/m].
        of_triangle: Edges of every triangle, each opposite to a corner, shape (triangles, 3).
        tail: First node of every edge.
        head: Second node of every edge.
        nodes: Number of local nodes.
    """

    def __init__(self, V: fem.FunctionSpace):
        """Number the edges of the mesh of a space of scalar P1 functions."""
        index_map = V.dofmap.index_map
        self.nodes = index_map.size_local + index_map.num_ghosts
        self.corners = V.dofmap.list[:]
        x = V.tabulate_dof_coordinates()[self.corners, :2]
        sides = np.stack([x[:, j] - x[:, i] for i, j in OPPOSITE], axis=1)
        twice = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]
        self.areas = 0.5 * np.abs(twice)
        turned = np.stack([-sides[..., 1], sides[..., 0]], axis=-1)
        self.gradients = turned / twice[:, None, None]
        pairs = np.sort(self.corners[:, OPPOSITE], axis=2).astype(np.int64)
        names = pairs[..., 0] * self.nodes + pairs[..., 1]
        found, inverse = np.unique(names, return_inverse=True)
        self.of_triangle = inverse.reshape(names.shape)
        self.tail, self.head = found // self.nodes, found % self.nodes

    def products(self, first: int, second: int) -> np.ndarray:
        """Areas times d(basis i)/dx_first d(basis j)/dx_second for the two ends of every edge.

        Returns:
            One number per triangle and edge, shape (triangles, 3); i is the edge's tail.
        """
        g, tail = self.gradients, self.tail[self.of_triangle]
        out = np.empty(self.of_triangle.shape)
        for k, (i, j) in enumerate(OPPOSITE):
            forward = self.corners[:, i] == tail[:, k]
            a, b = g[:, i], g[:, j]
            out[:, k] = np.where(forward, a[:, first] * b[:, second], b[:, first] * a[:, second])
        return out * self.areas[:, None]

    def stiffness(self) -> np.ndarray:
        """Areas times grad(basis i) . grad(basis j), shape (triangles, 3)."""
        return self.products(0, 0) + self.products(1, 1)

    def gather(self, weights: np.ndarray) -> csr_array:
        """Operator from numbers per triangle to their weighted sums over the edges' triangles.

        Args:
            weights: Weight per triangle and edge, shape (triangles, 3).
        """
        triangles = np.repeat(np.arange(len(weights), dtype=np.int32), 3)
        shape = (len(self.tail), len(weights))
        where = (self.of_triangle.ravel().astype(np.int32), triangles)
        return csr_array((weights.ravel(), where), shape=shape)

    def of_corners(self, weights: np.ndarray) -> csr_array:
        """Operator from nodal values to weighted sums over the triangles' corners.

        Args:
            weights: Weight per triangle and corner, shape (triangles, 3).
        """
        begins = np.arange(0, 3 * len(weights) + 1, 3, dtype=np.int32)
        columns = self.corners.ravel().astype(np.int32)
        return csr_array((weights.ravel(), columns, begins), shape=(len(weights), self.nodes))

    def mean(self) -> csr_array:
        """Operator from nodal values to means over the triangles."""
        return self.of_corners(np.full(self.corners.shape, 1 / 3))

    def gradient(self, axis: int) -> csr_array:
        """Operator from nodal values to a component of the gradients of triangles [1/m]."""
        return self.of_corners(np.ascontiguousarray(self.gradients[..., axis]))

    def net(self, flux: np.ndarray) -> np.ndarray:
        """What every node receives of fluxes along the edges, from head to tail."""
        n = self.nodes
        return np.bincount(self.tail, flux, n) - np.bincount(self.head, flux, n)
