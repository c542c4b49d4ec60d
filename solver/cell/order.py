# SPDX-License-Identifier: MIT
"""Distributed fields in an order that the number of ranks does not change, and back.

That of the mesh as it was given, see `mesh_tables.Share`. Each rank gets a slice of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from mpi4py import MPI  # DOLFINx from PyPI needs it first

from dolfinx import fem, mesh

from solver.base import compat
from solver.base.exchange import Places, Slices


class InputOrder:
    """Nodes and cells of a triangle mesh in the order in which the mesh was given.

    All methods are collective. Those that return rows return this rank's slice of them.

    Attributes:
        nodes: Which nodes each rank gets.
        cells: Likewise of the cells.
    """

    def __init__(self, msh: mesh.Mesh, nodes: Slices, cells: Slices):
        """Take note of the nodes and cells of a mesh, and of what each rank gets of them."""
        geometry, topology = msh.geometry, msh.topology
        self.nodes, self.cells = nodes, cells
        self._geometry, self._dofmap = geometry, compat.geometry_dofmap(msh)
        self._count = geometry.index_map().size_local
        self._cell_count = topology.index_map(2).size_local
        self._ids, self._cell_ids = geometry.input_global_indices, topology.original_cell_index

    @classmethod
    def cut(cls, msh: mesh.Mesh, slices: Callable[[MPI.Comm, int], Slices]) -> InputOrder:
        """Cut nodes and cells in the same way, such as by `Slices.equal`."""
        counts = msh.geometry.index_map().size_global, msh.topology.index_map(2).size_global
        return cls(msh, *(slices(msh.comm, count) for count in counts))

    def points(self) -> np.ndarray:
        """Coordinates of the nodes, shape (nodes, 3) [m]."""
        return self._own_nodes.collect(self._geometry.x[: self._count])

    def triangles(self) -> np.ndarray:
        """Nodes of the cells, shape (cells, 3)."""
        return self.cell_array(self._ids[self._dofmap].astype(np.int32))

    def values(self, f: fem.Function) -> np.ndarray:
        """Values of a function, as `placed` returns them."""
        return self.placed(f)[1]

    def placed(self, f: fem.Function) -> tuple[Slices, np.ndarray]:
        """Which rows the values of a function are, `nodes` or `cells`, and these values.

        They are those at `points`, or in `triangles` of a function that is constant per triangle.
        """
        if not _is_constant(f):
            return self.nodes, self.node_values(f)
        rows = f.x.array.reshape(-1, f.function_space.dofmap.bs)
        return self.cells, self.cell_array(rows[f.function_space.dofmap.list[:, 0]])

    def set_values(self, f: fem.Function, values: np.ndarray) -> None:
        """Set a function, ghosts included, from what `values` returned."""
        if not _is_constant(f):
            self.set_node_values(f, values)
            return
        rows = f.x.array.reshape(-1, f.function_space.dofmap.bs)
        rows[f.function_space.dofmap.list[:, 0]] = self.local_cell_array(values)

    def node_values(self, f: fem.Function) -> np.ndarray:
        """Values of a Lagrange function at `points`."""
        return self._own_nodes.collect(_by_dof(f)[self._dof_of_node(f)[: self._count]])

    def cell_values(self, f: fem.Function) -> np.ndarray:
        """Values of a DG0 function in `triangles`."""
        return self.cell_array(f.x.array[f.function_space.dofmap.list[:, 0]])

    def cell_array(self, values: np.ndarray) -> np.ndarray:
        """One row per local cell, ordered as `triangles`."""
        return self._own_cells.collect(values[: self._cell_count])

    def set_node_values(self, f: fem.Function, values: np.ndarray) -> None:
        """Set a P1 function, ghosts included, from values at `points`.

        Args:
            f: The function.
            values: What `node_values` returned, on any number of ranks.
        """
        _by_dof(f)[self._dof_of_node(f)] = self._all_nodes.fetch(values)

    def local_cell_array(self, values: np.ndarray) -> np.ndarray:
        """Rows of an array in the order of `triangles` for this rank's cells, ghosts included.

        Args:
            values: What `cell_array` returned, on any number of ranks.
        """
        return self.cells.at(self._cell_ids).fetch(values)

    @cached_property
    def _own_nodes(self) -> Places:
        return self.nodes.at(self._ids[: self._count])

    @cached_property
    def _all_nodes(self) -> Places:
        return self.nodes.at(self._ids)

    @cached_property
    def _own_cells(self) -> Places:
        return self.cells.at(self._cell_ids[: self._cell_count])

    def _dof_of_node(self, f: fem.Function) -> np.ndarray:
        dof_of_node = np.zeros(len(self._ids), dtype=np.int32)
        corners = f.function_space.dofmap.list[:, :3]  # those of edges follow, if there are any
        dof_of_node[self._dofmap.ravel()] = corners.ravel()
        return dof_of_node


def _is_constant(f: fem.Function) -> bool:
    """Whether a function is constant per triangle."""
    return f.function_space.dofmap.list.shape[1] == 1


def _by_dof(f: fem.Function) -> np.ndarray:
    """View of the values with one row per node: scalars of a scalar, rows of a vector function."""
    block = f.function_space.dofmap.bs
    return f.x.array.reshape(-1, block) if block > 1 else f.x.array
