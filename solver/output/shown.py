# SPDX-License-Identifier: MIT
"""What a field series shows of a model: its mesh and its fields, as files have them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.base import compat
from solver.cell.geometry import UM
from solver.equations.ions_model import IonModel
from solver.equations.model import Model
from solver.fields.potential import FIELD as POTENTIAL
from solver.output import light
from solver.output.chunks import Column
from solver.output.slices import Numbering, Placed


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


class Own:
    """What of a mesh is this rank's own, and where it stands in the order the mesh was given in.

    Attributes:
        corners: Numbers of the nodes of this rank's cells, shape (cells, 3).
        nodes: How many nodes are its own; they come first.
        cells: How many cells are.
        numbers: Of its nodes in the order of the mesh as given, ghosts included.
        numbered: The places of its cells among all.
    """

    def __init__(self, msh: mesh.Mesh):
        """Look at a mesh. Collective."""
        self._dofmap = compat.geometry_dofmap(msh)
        self.nodes = msh.geometry.index_map().size_local
        self.cells = msh.topology.index_map(2).size_local
        self.corners = self._dofmap[: self.cells]
        self.numbers = msh.geometry.input_global_indices
        cells = msh.topology.original_cell_index[: self.cells]
        self.numbered = Numbering(msh.comm, cells)
        self.places = self.numbered.places(cells)

    def dofs(self, V: fem.FunctionSpace) -> np.ndarray:
        """Numbers of the values at this rank's nodes."""
        found = np.zeros(len(self.numbers), dtype=np.int32)
        # Those of edges follow the corners', if there are any.
        found[self._dofmap.ravel()] = V.dofmap.list[:, :3].ravel()
        return found[: self.nodes]

    def of_cells(self, f: fem.Function) -> np.ndarray:
        """Values of a DG0 function in this rank's cells."""
        return f.x.array[f.function_space.dofmap.list[: self.cells, 0]]


class Nodal:
    """A dendrite: fields with one value per node, and numbers per triangle such as the stress.

    What is not solved for, such as u without mechanics, is left out.
    """

    def __init__(self, model: Model):
        self.model, self.comm = model, model.comm
        self._own = own = Own(model.mesh)
        self._numbering = Numbering(self.comm, own.numbers[: own.nodes])
        places = self._numbering.places(own.numbers[: own.nodes])
        self._nodes = Placed(self.comm, places, self._numbering.count)
        self._cells = Placed(self.comm, own.places, own.numbered.count)
        self._solved = [e for e in model.equations.values() if e.solved]
        found = []
        for e in self._solved:
            size = 1 if e.field.components == 1 else 3
            found.append(light.Attribute(e.field.name, e.field.unit, components=size))
            found += [light.Attribute(x.name, x.unit, "Cell") for x in e.cell_fields]
        self.attributes = tuple(found)

    def mesh(self) -> list[Column]:
        """The mesh as it is."""
        own, layer = self._own, self._own.of_cells(self.model.layer_number)
        points = self.model.mesh.geometry.x[: own.nodes] / UM
        places = self._numbering.places(own.numbers[own.corners.ravel()])
        return [
            self._nodes.column("points", light.LENGTH_UNIT, points),
            self._cells.column("triangles", "1", places.reshape(-1, 3).astype(np.int32)),
            self._cells.column(light.LAYER, "1", layer.astype(np.float32)),
        ]

    def fields(self) -> list[Column]:
        """Values of the unknowns and the numbers per triangle."""
        found = []
        for e in self._solved:
            values = _three_columns(_by_dof(e.function)[self._own.dofs(e.function.function_space)])
            found.append(self._nodes.column(e.field.name, e.field.unit, values))
            for info, function in zip(e.cell_fields, e.cell_values(), strict=True):
                values = self._own.of_cells(function).astype(np.float32)
                found.append(self._cells.column(info.name, info.unit, values))
        return found


class Corners:
    """Ions: fields that may jump between layers, so every triangle has corners of its own."""

    def __init__(self, model: IonModel):
        self.model, self.comm = model, model.domain.comm
        self._own = own = Own(model.domain.mesh)
        count = own.numbered.count
        self._places = 3 * own.places[:, None] + np.arange(3)
        self._nodes = Placed(self.comm, self._places.ravel(), 3 * count)
        self._cells = Placed(self.comm, own.places, count)
        names = [light.Attribute(f"c_{s.name}", "mol/m^3") for s in model.config.species]
        self.attributes = (*names, light.Attribute(POTENTIAL.name, POTENTIAL.unit))

    def mesh(self) -> list[Column]:
        """The mesh, cut into its triangles."""
        layer = self._own.of_cells(self.model.layer_number)
        points = self.model.domain.mesh.geometry.x[self._own.corners.ravel()] / UM
        return [
            self._nodes.column("points", light.LENGTH_UNIT, points),
            self._cells.column("triangles", "1", self._places.astype(np.int32)),
            self._cells.column(light.LAYER, "1", layer.astype(np.float32)),
        ]

    def fields(self) -> list[Column]:
        """Concentrations and potential at the corners."""
        m = self.model
        arrays = (*m.concentrations(m.old), m.potential())
        found = []
        for attribute, values in zip(self.attributes, arrays, strict=True):
            own = values[: self._own.cells, :3].ravel().astype(np.float32)
            found.append(self._nodes.column(attribute.name, attribute.unit, own))
        return found


def _by_dof(f: fem.Function) -> np.ndarray:
    """View of the values with one row per node: scalars of a scalar, rows of a vector function."""
    block = f.function_space.dofmap.bs
    return f.x.array.reshape(-1, block) if block > 1 else f.x.array


def _three_columns(values: np.ndarray) -> np.ndarray:
    """Single precision; vectors padded to three components, as ParaView wants them."""
    if values.ndim == 2:
        values = np.pad(values, ((0, 0), (0, 3 - values.shape[1])))
    return values.astype(np.float32)
