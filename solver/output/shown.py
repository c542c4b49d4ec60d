# SPDX-License-Identifier: MIT
"""What a field series shows of a model: its mesh and its fields, brought to rank 0."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from mpi4py import MPI

from solver.cell.order import InputOrder
from solver.equations.fields import INFO
from solver.equations.ions_model import IonModel
from solver.equations.model import Model
from solver.equations.stress import VonMises
from solver.output import light

Mesh = tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None]
"""Nodes, shape (nodes, 3) [m], the nodes and the layer of every triangle; None except on rank 0."""


class Shown(Protocol):
    """A model as a field series sees it; all methods are collective.

    Attributes:
        comm: Communicator of its mesh.
        attributes: What is written at every snapshot, in order.
    """

    comm: MPI.Comm
    attributes: tuple[light.Attribute, ...]

    def mesh(self) -> Mesh:
        """The mesh."""

    def fields(self) -> dict[str, np.ndarray | None]:
        """Values of the attributes in the present state; None except on rank 0."""


class Nodal:
    """A dendrite: fields with one value per node, and the stress of every triangle.

    Without mechanics there is neither `u` nor `von_mises`.
    """

    def __init__(self, model: Model):
        self.model, self.comm = model, model.domain.comm
        self._order = InputOrder(model.domain.mesh)
        self._von_mises = VonMises(model) if model.config.mechanics.enabled else None
        s = model.state
        self._functions = [s.xi, s.c, s.phi] + [s.u] * model.config.mechanics.enabled
        found = [
            light.Attribute(f.name, INFO[f.name].unit, components=3 if f is s.u else 1)
            for f in self._functions
        ]
        if self._von_mises is not None:
            found.append(light.Attribute("von_mises", INFO["von_mises"].unit, "Cell"))
        self.attributes = tuple(found)

    def mesh(self) -> Mesh:
        """The mesh as it is."""
        layer = self._order.cell_values(self.model.layer_number)
        return self._order.points, self._order.triangles, layer

    def fields(self) -> dict[str, np.ndarray | None]:
        """Values of the unknowns and the stress."""
        fields = {f.name: self._order.node_values(f) for f in self._functions}
        if self._von_mises is not None:
            fields["von_mises"] = self._order.cell_values(self._von_mises.update())
        return fields


class Corners:
    """Ions: fields that may jump between layers, so every triangle has corners of its own."""

    def __init__(self, model: IonModel):
        self.model, self.comm = model, model.domain.comm
        self._order = InputOrder(model.domain.mesh)
        names = [light.Attribute(f"c_{s.name}", "mol/m^3") for s in model.config.species]
        self.attributes = (*names, light.Attribute("phi", "V"))

    def mesh(self) -> Mesh:
        """The mesh, cut into its triangles."""
        layer = self._order.cell_values(self.model.layer_number)
        if self._order.points is None:
            return None, None, None
        points = self._order.points[self._order.triangles].reshape(-1, 3)
        return points, np.arange(len(points), dtype=np.int32).reshape(-1, 3), layer

    def fields(self) -> dict[str, np.ndarray | None]:
        """Concentrations and potential at the corners."""
        m = self.model
        values = (*m.concentrations(m.state), m.potential())
        found = {}
        for attribute, at_nodes in zip(self.attributes, values, strict=True):
            gathered = self._order.cell_array(at_nodes[:, :3])
            found[attribute.name] = None if gathered is None else gathered.ravel()
        return found
