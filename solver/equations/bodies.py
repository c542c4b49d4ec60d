# SPDX-License-Identifier: MIT
"""The pieces of lithium in a cell, each at a potential of its own."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.cell import connected
from solver.equations.model import Model
from solver.laws.front import psi


class Bodies:
    """The metal that hangs together with the anode, at 0 V, and islands. Methods are collective.

    Attributes:
        islands: Number of islands.
        of_node: Body of every node, ghosts included: that of the nearest piece of front, 0 for the
            anode's, islands from 1 on.
        potentials: Of the bodies [V].
    """

    def __init__(self, model: Model):
        self.model, edges = model, model.edges
        x = model.V.tabulate_dof_coordinates()[:, :2]
        anode = model.domain.dofs(model.V, "anode")
        self._graph = connected.Graph(edges.tail, edges.head, x, anode)
        self._marks = fem.Function(model.V)
        self._owned = model.V.dofmap.index_map.size_local
        self.islands, self.potentials = 0, np.zeros(1)
        self.of_node = np.zeros(len(x), dtype=np.int64)

    def find(self) -> None:
        """Find them in the state, with the potentials that it has for them."""
        self.islands, self.of_node = self.present()
        self.take_potentials()

    def take_potentials(self) -> None:
        """Take the potentials that the state has."""
        self.potentials = self.mean(self.model.state.phi_s.x.array)

    def present(self) -> tuple[int, np.ndarray]:
        """Number of islands in the state, and the body of every node."""
        xi = self.model.state.xi.x.array
        number, islands = connected.bodies(self._graph, xi > 0.5, self._marks)
        if not islands:
            return 0, np.zeros(len(xi), dtype=np.int64)
        return islands, connected.nearest_body(self._graph, number, psi(xi), self.model.comm)

    def only(self, level: np.ndarray, islands: bool) -> np.ndarray:
        """A level that is positive in metal, made negative in islands or else in other metal."""
        other = (self.present()[1] == 0) == islands
        return np.where(other, -np.abs(level), level)

    def isolated(self) -> tuple[int, float]:
        """Number of islands in the state, and the area of their deposit [m^2]."""
        islands, of_node = self.present()
        if not islands:
            return 0, 0.0
        deposit = self.model.lumped_mass * self.model.state.xi.x.array * (of_node > 0)
        local = float(deposit[: self._owned].sum())
        return islands, self.model.comm.allreduce(local, MPI.SUM)

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Means of a nodal value over the metal of the islands; 0 for the anode's."""
        weight = self.model.lumped_mass * (self.model.state.xi.x.array > 0.5)
        found = self.totals(weight * values)
        found[0] = 0.0
        found[1:] /= self.totals(weight)[1:]
        return found

    def totals(self, nodal: np.ndarray) -> np.ndarray:
        """Sums of a nodal value over the nodes of every body."""
        owned, count = slice(self._owned), self.islands + 1
        local = np.bincount(self.of_node[owned], nodal[owned], count)
        return self.model.comm.allreduce(local, MPI.SUM)

    def nodal(self) -> np.ndarray:
        """Potential of the body of every node [V]."""
        return self.potentials[self.of_node]
