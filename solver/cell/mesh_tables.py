# SPDX-License-Identifier: MIT
"""A mesh with its tags as plain arrays on rank 0, and its distribution over any number of ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from dolfinx import mesh

from solver.base import compat
from solver.cell import partition


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


def of_gmsh(model, unit: float) -> tuple[MeshTables, dict[str, int]]:
    """Read the triangles and tagged edges of a Gmsh model, on the rank that has it.

    Args:
        model: The model, meshed, with physical groups.
        unit: What its coordinates are multiplied with.

    Returns:
        The mesh without nodes that no triangle uses, and the tag of every physical group.
    """
    names, coordinates, _ = model.mesh.getNodes()
    found = {
        dim: [
            (nodes.reshape(-1, dim + 1), tag)
            for _, tag in model.getPhysicalGroups(dim)
            for entity in model.getEntitiesForPhysicalGroup(dim, tag)
            for nodes in model.mesh.getElements(dim, entity)[2]
        ]
        for dim in (1, 2)
    }
    corners = np.concatenate([nodes for nodes, _ in found[2]])
    used = np.unique(corners)
    order = np.argsort(names)
    points = coordinates.reshape(-1, 3)[order[np.searchsorted(names, used, sorter=order)], :2]
    edges = np.concatenate([nodes for nodes, _ in found[1]])
    edges = np.sort(np.searchsorted(used, edges), axis=1)
    tag_of_cell, tag_of_edge = (
        np.concatenate([np.full(len(nodes), tag, dtype=np.int32) for nodes, tag in found[dim]])
        for dim in (2, 1)
    )
    sorting = np.lexsort(edges.T[::-1])
    tables = MeshTables(
        points=points * unit,
        triangles=np.searchsorted(used, corners).astype(np.int32),
        cell_tags=tag_of_cell,
        edges=edges[sorting].astype(np.int32),
        edge_tags=tag_of_edge[sorting],
    )
    tags = {model.getPhysicalName(dim, tag): tag for dim, tag in model.getPhysicalGroups()}
    return tables, tags


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
