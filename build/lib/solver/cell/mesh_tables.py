# SPDX-License-Identifier: MIT
"""A mesh with its tags as plain arrays on rank 0, and its distribution over any number of ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from dolfinx import mesh

from solver.base import compat
from solver.cell import partition
from solver.cell.order import InputOrder


@dataclass(frozen=True)
class MeshTables:
    """The mesh in input order; the arrays are None except on rank 0.

    Attributes:
        points: Coordinates, shape (nodes, 2) [m].
        triangles: Nodes of all cells, shape (cells, 3).
        cell_tags: Tag of every cell.
        edges: Nodes of the edges that have a tag, shape (edges, 2), sorted.
        edge_tags: Their tags.
    """

    points: np.ndarray | None
    triangles: np.ndarray | None
    cell_tags: np.ndarray | None
    edges: np.ndarray | None
    edge_tags: np.ndarray | None


def gather(
    order: InputOrder, msh: mesh.Mesh, cell_tags: mesh.MeshTags, facet_tags: mesh.MeshTags
) -> MeshTables:
    """Bring a mesh to rank 0. Collective."""
    cells = msh.topology.index_map(2).size_local
    tag_of_cell = np.zeros(cells, dtype=np.int32)
    mine = cell_tags.indices < cells
    tag_of_cell[cell_tags.indices[mine]] = cell_tags.values[mine]
    mine = facet_tags.indices < msh.topology.index_map(1).size_local
    nodes = _edge_nodes(msh, facet_tags.indices[mine])
    edges, edge_tags = order.edge_array(nodes, facet_tags.values[mine])
    points = None if order.points is None else order.points[:, :2]
    return MeshTables(points, order.triangles, order.cell_array(tag_of_cell), edges, edge_tags)


def distribute(
    comm: MPI.Comm, tables: MeshTables | None
) -> tuple[mesh.Mesh, mesh.MeshTags, mesh.MeshTags]:
    """Distribute a mesh, always in the same way on the same number of ranks. Collective.

    Args:
        comm: All ranks.
        tables: The mesh; used on rank 0 only.

    Returns:
        The mesh, its cell tags and its facet tags.
    """
    ranks_of_cells = np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int32)
    if comm.rank == 0:
        triangles, points = tables.triangles.astype(np.int64), tables.points
        owner = partition.owners(points, triangles, comm.size)
        ranks_of_cells = partition.destinations(triangles, owner)
    else:
        triangles, points = np.empty((0, 3), dtype=np.int64), np.empty((0, 2))
    msh = compat.create_mesh(comm, triangles, np.ascontiguousarray(points), ranks_of_cells)
    found = (tables.cell_tags, tables.edges, tables.edge_tags) if comm.rank == 0 else None
    tag_of_cell, edges, edge_tags = comm.bcast(found, root=0)
    cells = np.arange(len(msh.topology.original_cell_index), dtype=np.int32)
    cell_tags = mesh.meshtags(msh, 2, cells, tag_of_cell[msh.topology.original_cell_index])
    return msh, cell_tags, _facet_tags(msh, edges, edge_tags)


def _facet_tags(msh: mesh.Mesh, edges: np.ndarray, edge_tags: np.ndarray) -> mesh.MeshTags:
    msh.topology.create_entities(1)
    facets = msh.topology.index_map(1)
    count = facets.size_local + facets.num_ghosts
    nodes = msh.geometry.input_global_indices[_edge_nodes(msh, np.arange(count, dtype=np.int32))]
    # An edge as one number, in the order in which the edges are sorted.
    base = max(nodes.max(initial=0), edges.max(initial=0)) + 1
    wanted = np.sort(nodes, axis=1) @ np.array([base, 1])
    known = edges.astype(np.int64) @ np.array([base, 1])
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    tagged = np.flatnonzero(known[place] == wanted)
    return mesh.meshtags(msh, 1, tagged.astype(np.int32), edge_tags[place[tagged]])


def _edge_nodes(msh: mesh.Mesh, facets: np.ndarray) -> np.ndarray:
    """Local geometry nodes of facets, shape (facets, 2)."""
    msh.topology.create_connectivity(1, 2)
    msh.topology.create_connectivity(2, 1)
    return mesh.entities_to_geometry(msh, 1, facets).reshape(-1, 2)
