# SPDX-License-Identifier: MIT
"""A mesh with its tags as plain arrays, and its distribution over any number of ranks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from dolfinx import mesh

from solver.base import compat
from solver.base.exchange import Slices
from solver.cell import partition

EDGES = np.array([[0, 1], [1, 2], [2, 0]])
"""Corners at the ends of a triangle's edges."""


@dataclass(frozen=True)
class MeshTables:
    """A whole mesh.

    Attributes:
        points: Coordinates, shape (nodes, 2) [m]; each is a corner of a triangle.
        triangles: Nodes of all cells, shape (cells, 3).
        cell_tags: Tag of every cell.
        edges: Nodes of the edges that have a tag, shape (edges, 2), sorted.
        edge_tags: Their tags.
    """

    points: np.ndarray
    triangles: np.ndarray
    cell_tags: np.ndarray
    edges: np.ndarray
    edge_tags: np.ndarray

    def named(self, part: str) -> dict[str, np.ndarray]:
        """The arrays by names in a part of a file."""
        return {f"{part}/{name}": values for name, values in vars(self).items()}

    @classmethod
    def recalled(cls, read: Callable[[str], np.ndarray], part: str) -> MeshTables:
        """What `named` gave to a file that arrays are read from."""
        return cls(**{name: read(f"{part}/{name}") for name in cls.__dataclass_fields__})

    def along_curve(self) -> MeshTables:
        """The same mesh with triangles numbered along Hilbert's curve, and nodes after them.

        A range of numbers is then a part of the cell that hangs together well.
        """
        order = partition.along_curve(self.points[self.triangles].mean(axis=1))
        triangles = self.triangles[order]
        nodes, first = np.unique(triangles, return_index=True)
        nodes = nodes[np.argsort(first)]
        number = np.empty(len(self.points), dtype=np.int32)
        number[nodes] = np.arange(len(nodes))
        edges = np.sort(number[self.edges], axis=1)
        sorting = np.lexsort(edges.T[::-1])
        return MeshTables(
            points=self.points[nodes],
            triangles=number[triangles],
            cell_tags=self.cell_tags[order],
            edges=edges[sorting],
            edge_tags=self.edge_tags[sorting],
        )

    def tags_of_edges(self, ends: np.ndarray) -> np.ndarray:
        """Tags of edges given by their nodes, shape (..., 2); 0 for those that have none."""
        return _tags(ends, self.edges, self.edge_tags)


def of_gmsh(model, unit: float) -> tuple[MeshTables, dict[str, int]]:
    """Read the triangles and tagged edges of a Gmsh model, on the rank that has it.

    Args:
        model: The model, meshed, with physical groups.
        unit: What its coordinates are multiplied with.

    Returns:
        The mesh without nodes that no triangle uses, and edges at them; and the tag of every
        physical group.
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
    tag_of_cell, tag_of_edge = (
        np.concatenate([np.full(len(nodes), tag, dtype=np.int32) for nodes, tag in found[dim]])
        for dim in (2, 1)
    )
    edges = np.concatenate([nodes for nodes, _ in found[1]])
    of_cell = np.isin(edges, used).all(axis=1)
    edges = np.sort(np.searchsorted(used, edges[of_cell]), axis=1)
    tag_of_edge = tag_of_edge[of_cell]
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


@dataclass(frozen=True)
class Share:
    """What a rank gives of a mesh that is distributed anew.

    Attributes:
        points: Coordinates of its nodes, shape (nodes, 2) [m]; they are numbered through all ranks.
        triangles: Nodes of its triangles, by number; these go on through the ranks along a curve.
        cell_tags: Their tags.
        edge_tags: Tags of their edges, 0 for none, shape (triangles, 3).
    """

    points: np.ndarray
    triangles: np.ndarray
    cell_tags: np.ndarray
    edge_tags: np.ndarray

    @classmethod
    def of_root(cls, comm: MPI.Comm, tables: MeshTables | None) -> Share:
        """As much for every rank of a mesh that rank 0 has. Collective."""
        if comm.rank == 0:
            edge_tags = tables.tags_of_edges(tables.triangles[:, EDGES])
            rows = (tables.points, tables.triangles, tables.cell_tags, edge_tags)
        else:
            none = np.empty((0, 3), dtype=np.int32)
            rows = np.empty((0, 2)), none, none[:, 0], none
        return cls(*(_dealt(comm, values) for values in rows))

    @classmethod
    def recalled(cls, read: Callable[[str], np.ndarray]) -> Share:
        """This rank's rows of a file that `named` gave them to."""
        return cls(*(read(f"mesh/{name}") for name in cls.__dataclass_fields__))


def _dealt(comm: MPI.Comm, rows: np.ndarray) -> np.ndarray:
    """Give every rank a slice of what rank 0 has."""
    count = comm.bcast(len(rows))
    equal = Slices.equal(comm, count)
    return Slices.on_root(comm, count).at(equal.first + np.arange(equal.count)).fetch(rows)


def distribute(
    comm: MPI.Comm, share: Share
) -> tuple[mesh.Mesh, mesh.MeshTags, mesh.MeshTags]:
    """Distribute a mesh, always in the same way on the same number of ranks. Collective.

    Every rank gets as many triangles.

    Args:
        comm: All ranks.
        share: What this rank gives.

    Returns:
        The mesh, its cell tags and its facet tags.
    """
    triangles, points = share.triangles.astype(np.int64), np.ascontiguousarray(share.points)
    given, nodes = Slices.of(comm, len(triangles)), Slices.of(comm, len(points))
    equal = Slices.equal(comm, int(given.starts[-1]))
    owner = equal.holder(given.first + np.arange(given.count))
    ranks_of_cells = partition.destinations(nodes, triangles, owner, comm.size)
    msh = compat.create_mesh(comm, triangles, points, ranks_of_cells)
    rows = np.column_stack([share.cell_tags, share.edge_tags, triangles])
    rows = given.at(msh.topology.original_cell_index).fetch(rows)
    cells, tags = np.arange(len(rows), dtype=np.int32), rows[:, :4].astype(np.int32)
    cell_tags = mesh.meshtags(msh, 2, cells, tags[:, 0])
    tagged = tags[:, 1:] > 0
    return msh, cell_tags, _facet_tags(msh, rows[:, 4:][:, EDGES][tagged], tags[:, 1:][tagged])


def _facet_tags(msh: mesh.Mesh, edges: np.ndarray, edge_tags: np.ndarray) -> mesh.MeshTags:
    msh.topology.create_entities(1)
    facets = msh.topology.index_map(1)
    count = facets.size_local + facets.num_ghosts
    nodes = msh.geometry.input_global_indices[_edge_nodes(msh, np.arange(count, dtype=np.int32))]
    tags = _tags(nodes, edges, edge_tags)
    tagged = np.flatnonzero(tags)
    return mesh.meshtags(msh, 1, tagged.astype(np.int32), tags[tagged])


def _tags(ends: np.ndarray, edges: np.ndarray, edge_tags: np.ndarray) -> np.ndarray:
    """Tags of edges that are looked up in others; 0 for those that are not among them."""
    if not len(edges):
        return np.zeros(ends.shape[:-1], dtype=np.int32)
    # An edge as one number.
    base = max(ends.max(initial=0), edges.max()) + 1
    wanted, known = (np.sort(x, axis=-1).astype(np.int64) @ [base, 1] for x in (ends, edges))
    known, first = np.unique(known, return_index=True)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[place] == wanted, edge_tags[first][place], 0).astype(np.int32)


def _edge_nodes(msh: mesh.Mesh, facets: np.ndarray) -> np.ndarray:
    """Local geometry nodes of facets, shape (facets, 2)."""
    msh.topology.create_connectivity(1, 2)
    msh.topology.create_connectivity(2, 1)
    return compat.edge_nodes(msh, facets)


def tags_of_cells(msh: mesh.Mesh, tags: mesh.MeshTags) -> np.ndarray:
    """Tags of the three edges of every local cell, as in `Share`, from those of facets."""
    facets = msh.topology.index_map(1)
    of_facet = np.zeros(facets.size_local + facets.num_ghosts, dtype=np.int32)
    of_facet[tags.indices] = tags.values
    msh.topology.create_connectivity(2, 1)
    opposite = msh.topology.connectivity(2, 1).array.reshape(-1, 3)
    return of_facet[opposite[:, [2, 0, 1]]]  # DOLFINx numbers facets by the corner that they miss
