# SPDX-License-Identifier: MIT
"""Distributed fields in an order that the number of ranks does not change, and back.

That of the mesh as it was given, see `mesh_tables.Share`. Each rank gets a slice of it, or rank 0
gets all.
"""

from __future__ import annotations

from functools import cached_property

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np

from dolfinx import fem, mesh

from solver.base import compat
from solver.base.exchange import Places, Slices


class InputOrder:
    """Nodes and cells of a triangle mesh in the order in which the mesh was given.

    All methods are collective, and so is the first use of `points` or `triangles`. "None elsewhere"
    holds where rank 0 gets all.
    """

    def __init__(self, msh: mesh.Mesh, nodes: Slices | None = None, cells: Slices | None = None):
        """Take note of the nodes and cells of a mesh.

        Args:
            msh: The mesh.
            nodes: Which nodes each rank gets; None: rank 0 gets all.
            cells: Likewise of the cells.
        """
        geometry, topology = msh.geometry, msh.topology
        self.comm = msh.comm
        self._geometry, self._dofmap = geometry, compat.geometry_dofmap(msh)
        self._count = geometry.index_map().size_local
        self._cell_count = topology.index_map(2).size_local
        self._ids, self._cell_ids = geometry.input_global_indices, topology.original_cell_index
        self._nodes = nodes or Slices.on_root(self.comm, geometry.index_map().size_global)
        self._cells = cells or Slices.on_root(self.comm, topology.index_map(2).size_global)
        elsewhere = self.comm.rank > 0
        self._no_nodes, self._no_cells = elsewhere and not nodes, elsewhere and not cells

    @property
    def points(self) -> np.ndarray | None:
        """Coordinates of the nodes, shape (nodes, 3) [m]; None elsewhere."""
        return self._mesh[0]

    @property
    def triangles(self) -> np.ndarray | None:
        """Nodes of the cells, shape (cells, 3); None elsewhere."""
        return self._mesh[1]

    @cached_property
    def _mesh(self) -> tuple[np.ndarray | None, np.ndarray | None]:
        points = self._of_nodes(self._geometry.x[: self._count])
        return points, self.cell_array(self._ids[self._dofmap].astype(np.int32))

    def values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a function, at `points` or in `triangles`; None elsewhere.

        Those of one that is constant per triangle have a row for every triangle.
        """
        if not _constant(f):
            return self.node_values(f)
        rows = f.x.array.reshape(-1, f.function_space.dofmap.bs)
        return self.cell_array(rows[f.function_space.dofmap.list[:, 0]])

    def set_values(self, f: fem.Function, values: np.ndarray | None) -> None:
        """Set a function, ghosts included, from what `values` returned."""
        if not _constant(f):
            self.set_node_values(f, values)
            return
        rows = f.x.array.reshape(-1, f.function_space.dofmap.bs)
        rows[f.function_space.dofmap.list[:, 0]] = self.local_cell_array(values, rows.shape[1])

    def node_values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a Lagrange function at `points`; None elsewhere."""
        return self._of_nodes(_by_dof(f)[self._dof_of_node(f)[: self._count]])

    def cell_values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a DG0 function in `triangles`; None elsewhere."""
        return self.cell_array(f.x.array[f.function_space.dofmap.list[:, 0]])

    def cell_array(self, values: np.ndarray) -> np.ndarray | None:
        """One row per local cell, ordered as `triangles`; None elsewhere."""
        held = self._own_cells.collect(values[: self._cell_count])
        return None if self._no_cells else held

    def set_node_values(self, f: fem.Function, values: np.ndarray | None) -> None:
        """Set a P1 function, ghosts included, from values at `points`.

        Args:
            f: The function.
            values: What `node_values` returned, on any number of ranks.
        """
        by_dof = _by_dof(f)
        held = by_dof[:0] if values is None else values
        by_dof[self._dof_of_node(f)] = self._all_nodes.fetch(held)

    def local_cell_array(self, values: np.ndarray | None, columns: int) -> np.ndarray:
        """Rows of an array in the order of `triangles` for this rank's cells, ghosts included.

        Args:
            values: What `cell_array` returned, on any number of ranks.
            columns: Length of a row.
        """
        held = np.empty((0, columns)) if values is None else values
        return self._cells.at(self._cell_ids).fetch(held)

    @cached_property
    def _own_nodes(self) -> Places:
        return self._nodes.at(self._ids[: self._count])

    @cached_property
    def _all_nodes(self) -> Places:
        return self._nodes.at(self._ids)

    @cached_property
    def _own_cells(self) -> Places:
        return self._cells.at(self._cell_ids[: self._cell_count])

    def _of_nodes(self, rows: np.ndarray) -> np.ndarray | None:
        held = self._own_nodes.collect(rows)
        return None if self._no_nodes else held

    def _dof_of_node(self, f: fem.Function) -> np.ndarray:
        dof_of_node = np.zeros(len(self._ids), dtype=np.int32)
        corners = f.function_space.dofmap.list[:, :3]  # those of edges follow, if there are any
        dof_of_node[self._dofmap.ravel()] = corners.ravel()
        return dof_of_node


def _constant(f: fem.Function) -> bool:
    """Whether a function is constant per triangle."""
    return f.function_space.dofmap.list.shape[1] == 1


def _by_dof(f: fem.Function) -> np.ndarray:
    """View of the values with one row per node: scalars of a scalar, rows of a vector function."""
    block = f.function_space.dofmap.bs
    return f.x.array.reshape(-1, block) if block > 1 else f.x.array
