# SPDX-License-Identifier: MIT
"""Distributed fields brought to rank 0 in an order that the number of ranks does not change."""

from __future__ import annotations

import numpy as np

from dolfinx import fem, mesh

from solver import compat


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
        ids = geometry.input_global_indices
        node_ids = self._concatenate(ids[: self._nodes])
        cell_ids = self._concatenate(topology.original_cell_index[: self._cells])
        corners = self._concatenate(ids[self._dofmap[: self._cells]])
        points = self._concatenate(geometry.x[: self._nodes])
        self.points = self.triangles = None
        if self.comm.rank == 0:
            self._node_order, self._cell_order = np.argsort(node_ids), np.argsort(cell_ids)
            self.points = points[self._node_order]
            # Input numbers may have gaps (nodes that no cell uses), positions have none.
            place = np.searchsorted(node_ids[self._node_order], corners)
            self.triangles = place[self._cell_order].astype(np.int32)

    def node_values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a Lagrange function at `points`; None except on rank 0. Collective."""
        V = f.function_space
        dof_of_node = np.zeros(self._dofmap.max(initial=-1) + 1, dtype=np.int32)
        corners = V.dofmap.list[:, :3]  # those of edges follow, if there are any
        dof_of_node[self._dofmap.ravel()] = corners.ravel()
        values = f.x.array.reshape(-1, V.dofmap.bs) if V.dofmap.bs > 1 else f.x.array
        gathered = self._concatenate(values[dof_of_node[: self._nodes]])
        return None if gathered is None else gathered[self._node_order]

    def cell_values(self, f: fem.Function) -> np.ndarray | None:
        """Values of a DG0 function in `triangles`; None except on rank 0. Collective."""
        dofs = f.function_space.dofmap.list[: self._cells, 0]
        gathered = self._concatenate(f.x.array[dofs])
        return None if gathered is None else gathered[self._cell_order]

    def _concatenate(self, values: np.ndarray) -> np.ndarray | None:
        parts = self.comm.gather(values, root=0)
        return None if parts is None else np.concatenate(parts)
