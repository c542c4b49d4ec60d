# SPDX-License-Identifier: MIT
"""What a field series shows of a model: its mesh and its fields, as files have them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from mpi4py import MPI

from solver.base import compat
from solver.base.exchange import Slices
from solver.cell.geometry import UM
from solver.cell.order import InputOrder
from solver.equations.ions_model import IonModel
from solver.equations.model import Model
from solver.fields.potential import FIELD as POTENTIAL
from solver.output import light
from solver.output.chunks import Column, whole


class Shown(Protocol):
    """A model as a field series sees it; all methods are collective.

    Attributes:
        comm: Communicator of its mesh.
        attributes: What is written at every snapshot, in order, but for the layers.
    """

    comm: MPI.Comm
    attributes: tuple[light.Attribute, ...]

    def mesh(self) -> list[Column]:
        """The nodes (x, y, z) [um], the nodes of every triangle, and its layer."""

    def fields(self) -> list[Column]:
        """Values of the attributes in the present state, in single precision."""


class Nodal:
    """A dendrite: fields with one value per node, and numbers per triangle such as the stress.

    What is not solved for, such as u without mechanics, is left out.
    """

    def __init__(self, model: Model):
        self.model, self.comm = model, model.comm
        self._order = InputOrder.cut(model.mesh, whole)
        self._solved = [e for e in model.equations.values() if e.solved]
        found = []
        for e in self._solved:
            size = 1 if e.field.components == 1 else 3
            found.append(light.Attribute(e.field.name, e.field.unit, components=size))
            found += [light.Attribute(x.name, x.unit, "Cell") for x in e.cell_fields]
        self.attributes = tuple(found)

    def mesh(self) -> list[Column]:
        """The mesh as it is."""
        order = self._order
        layer = order.cell_values(self.model.layer_number).astype(np.float32)
        return [
            Column(order.nodes, "points", light.LENGTH_UNIT, order.points() / UM),
            Column(order.cells, "triangles", "1", order.triangles()),
            Column(order.cells, light.LAYER, "1", layer),
        ]

    def fields(self) -> list[Column]:
        """Values of the unknowns and the numbers per triangle."""
        found, order = [], self._order
        for e in self._solved:
            values = _three_columns(order.node_values(e.function))
            found.append(Column(order.nodes, e.field.name, e.field.unit, values))
            for info, function in zip(e.cell_fields, e.cell_values(), strict=True):
                values = order.cell_values(function).astype(np.float32)
                found.append(Column(order.cells, info.name, info.unit, values))
        return found


class Corners:
    """Ions: fields that may jump between layers, so every triangle has corners of its own."""

    def __init__(self, model: IonModel):
        self.model, self.comm = model, model.domain.comm
        self._order = InputOrder.cut(model.domain.mesh, whole)
        self._cells = self._order.cells
        self._corners = Slices(self.comm, 3 * self._cells.starts)
        names = [light.Attribute(f"c_{s.name}", "mol/m^3") for s in model.config.species]
        self.attributes = (*names, light.Attribute(POTENTIAL.name, POTENTIAL.unit))

    def mesh(self) -> list[Column]:
        """The mesh, cut into its triangles."""
        msh, corners = self.model.domain.mesh, self._corners
        layer = self._order.cell_values(self.model.layer_number).astype(np.float32)
        points = self._order.cell_array(msh.geometry.x[compat.geometry_dofmap(msh)])
        triangles = corners.first + np.arange(corners.count, dtype=np.int32).reshape(-1, 3)
        return [
            Column(corners, "points", light.LENGTH_UNIT, points.reshape(-1, 3) / UM),
            Column(self._cells, "triangles", "1", triangles),
            Column(self._cells, light.LAYER, "1", layer),
        ]

    def fields(self) -> list[Column]:
        """Concentrations and potential at the corners."""
        m = self.model
        arrays = (*m.concentrations(m.old), m.potential())
        found = []
        for attribute, values in zip(self.attributes, arrays, strict=True):
            own = self._order.cell_array(values[:, :3].astype(np.float32)).ravel()
            found.append(Column(self._corners, attribute.name, attribute.unit, own))
        return found


def _three_columns(values: np.ndarray) -> np.ndarray:
    """Single precision; vectors padded to three components, as ParaView wants them."""
    if values.ndim == 2:
        values = np.pad(values, ((0, 0), (0, 3 - values.shape[1])))
    return values.astype(np.float32)
