# SPDX-License-Identifier: MIT
"""Distributed fields in an order that the number of ranks does not change: to rank 0 and back."""

from __future__ import annotations

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np

from dolfinx import fem, mesh

from solver.base import compat


class InputOrder:
    """Nodes and cells of a triangle mesh in the order in which the mesh was given.

    Attributes:
        points: Coordinates of all nodes, shape (nodes, 3) [m]; None except on rank 0.
        triangles: Nodes of all cells, shape (cells, 3); None except on rank 0.
    """

    def __init__(self, msh: mesh.Mesh):
        """Number the nodes and cells of a mesh. Collective."""
        geometry, topology = msh.geometry, msh.topology
        self.comm = msh.comm
        self._dofmap = compat.geometry_dofmap(msh)
        self._nodes = geometry.index_map().size_local
        self._cells = topology.index_map(2).size_local
        self._ids = ids = geometry.input_global_indices
        node_ids = self._concatenate(ids[: self._nodes])
        self._cell_ids = topology.original_cell_index
        cell_ids = self._concatenate(self._cell_ids[: self._cells])
        corners = self._concatenate(ids[self._dofmap[: self._cells]])
        points = self._concatenate(geometry.x[: self._nodes])
        self.points = self.triangles = None
        if self.comm.rank == 0:
            self._node_order, self._cell_order = np.argsort(node_ids), np.argsort(cell_ids)
            self._sorted_ids = node_ids[self._node_order]
            self.points = points[self._node_order]
            # Input numbers may have gaps (nodes that no cell uses), positions have none.
            place = np.searchsorted(self._sorted_ids, corners)
            self.triangles = place[self._cell_order].astype(np.int32)

    def values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a function, at `points` or in `triangles`; None except on rank 0. Collective.

        Those of one that is constant per triangle have a row for every triangle.
        """
        if not _constant(f):
            return self.node_values(f)
        rows = f.x.array.reshape(-1, f.function_space.dofmap.bs)
        return self.cell_array(rows[f.function_space.dofmap.list[:, 0]])

    def set_values(self, f: fem.Function, values: np.ndarray | None) -> None:
        """Set a function, ghosts included, from what `values` returned. Collective."""
        if not _constant(f):
            self.set_node_values(f, values)
            return
        rows = f.x.array.reshape(-1, f.function_space.dofmap.bs)
        rows[f.function_space.dofmap.list[:, 0]] = self.local_cell_array(values)

    def node_values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a Lagrange function at `points`; None except on rank 0. Collective."""
        gathered = self._concatenate(_by_dof(f)[self._dof_of_node(f)[: self._nodes]])
        return None if gathered is None else gathered[self._node_order]

    def cell_values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a DG0 function in `triangles`; None except on rank 0. Collective."""
        return self.cell_array(f.x.array[f.function_space.dofmap.list[:, 0]])

    def cell_array(self, values: np.ndarray) -> np.ndarray | None:
        """One row per local cell, ordered as `triangles`; None except on rank 0. Collective."""
        gathered = self._concatenate(values[: self._cells])
        return None if gathered is None else gathered[self._cell_order]

    def set_node_values(self, f: fem.Function, values: np.ndarray | None) -> None:
        """Set a P1 function, ghosts included, from values at `points`. Collective.

        Args:
            f: The function.
            values: What `node_values` returned, on any number of ranks; used on rank 0 only.
        """
        wanted = self.comm.gather(self._ids, root=0)
        parts = None
        if self.comm.rank == 0:
            parts = [values[np.searchsorted(self._sorted_ids, ids)] for ids in wanted]
        _by_dof(f)[self._dof_of_node(f)] = self.comm.scatter(parts, root=0)

    def local_cell_array(self, values: np.ndarray | None) -> np.ndarray:
        """Rows of an array in the order of `triangles` for this rank's cells, ghosts included.

        Args:
            values: What `cell_array` returned, on any number of ranks; used on rank 0 only.
        """
        wanted = self.comm.gather(self._cell_ids, root=0)
        parts = None if wanted is None else [values[ids] for ids in wanted]
        return self.comm.scatter(parts, root=0)

    def _dof_of_node(self, f: fem.Function) -> np.ndarray:
        dof_of_node = np.zeros(len(self._ids), dtype=np.int32)
        corners = f.function_space.dofmap.list[:, :3]  # those of edges follow, if there are any
        dof_of_node[self._dofmap.ravel()] = corners.ravel()
        return dof_of_node

    def _concatenate(self, values: np.ndarray) -> np.ndarray | None:
        parts = self.comm.gather(values, root=0)
        return None if parts is None else np.concatenate(parts)


def _constant(f: fem.Function) -> bool:
    """Whether a function is constant per triangle."""
    return f.function_space.dofmap.list.shape[1] == 1


def _by_dof(f: fem.Function) -> np.ndarray:
    """View of the values with one row per node: scalars of a scalar, rows of a vector function."""
    block = f.function_space.dofmap.bs
    return f.x.array.reshape(-1, block) if block > 1 else f.x.array
