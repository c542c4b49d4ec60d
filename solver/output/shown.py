# SPDX-License-Identifier: MIT
"""What a field series shows of a model: its mesh and its fields, brought to rank 0."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from mpi4py import MPI

from solver.cell.order import InputOrder
from solver.equations.ions_model import IonModel
from solver.equations.model import Model
from solver.fields.potential import FIELD as POTENTIAL
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
    """A dendrite: fields with one value per node, and numbers per triangle such as the stress.

    What is not solved for, such as u without mechanics, is left out.
    """

    def __init__(self, model: Model):
        self.model, self.comm = model, model.comm
        self._order = InputOrder(model.mesh)
        self._solved = [e for e in model.equations.values() if e.solved]
        found = []
        for e in self._solved:
            size = 1 if e.field.components == 1 else 3
            found.append(light.Attribute(e.field.name, e.field.unit, components=size))
            found += [light.Attribute(x.name, x.unit, "Cell") for x in e.cell_fields]
        self.attributes = tuple(found)

    def mesh(self) -> Mesh:
        """The mesh as it is."""
        layer = self._order.cell_values(self.model.layer_number)
        return self._order.points, self._order.triangles, layer

    def fields(self) -> dict[str, np.ndarray | None]:
        """Values of the unknowns and the numbers per triangle."""
        fields = {}
        for e in self._solved:
            fields[e.field.name] = self._order.node_values(e.function)
            for info, values in zip(e.cell_fields, e.cell_values(), strict=True):
                fields[info.name] = self._order.cell_values(values)
        return fields


class Corners:
    """Ions: fields that may jump between layers, so every triangle has corners of its own."""

    def __init__(self, model: IonModel):
        self.model, self.comm = model, model.domain.comm
        self._order = InputOrder(model.domain.mesh)
        names = [light.Attribute(f"c_{s.name}", "mol/m^3") for s in model.config.species]
        self.attributes = (*names, light.Attribute(POTENTIAL.name, POTENTIAL.unit))

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
        values = (*m.concentrations(m.old), m.potential())
        found = {}
        for attribute, at_nodes in zip(self.attributes, values, strict=True):
            gathered = self._order.cell_array(at_nodes[:, :3])
            found[attribute.name] = None if gathered is None else gathered.ravel()
        return found
