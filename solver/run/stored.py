# SPDX-License-Identifier: MIT
"""Meshes and fields as columns of a checkpoint, and back; every function is collective.

Each rank has a slice of them, in the order in which the mesh was given.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Slices
from solver.cell import domain, mesh_tables
from solver.cell.domain import Domain
from solver.cell.mesh_tables import MeshTables, Share
from solver.cell.order import InputOrder
from solver.input.run_config import RunConfig
from solver.output import chunks
from solver.output.checkpoint import Checkpoint
from solver.output.chunks import Column


def order_of(cell: Domain) -> InputOrder:
    """The slices of a checkpoint."""
    return InputOrder.cut(cell.mesh, chunks.whole)


def mesh(cell: Domain) -> Iterator[Column]:
    """A mesh that is not a refinement of another."""
    order = order_of(cell)
    yield Column(order.nodes, "mesh/points", "m", order.points()[:, :2])
    edge_tags = mesh_tables.tags_of_cells(cell.mesh, cell.facet_tags)
    yield Column(order.cells, "mesh/triangles", "", order.triangles())
    for name, values in {"cell_tags": cell.cell_tags.values, "edge_tags": edge_tags}.items():
        yield Column(order.cells, f"mesh/{name}", "", order.cell_array(values))


def domain_of(config: RunConfig, comm: MPI.Comm, saved: Checkpoint | None) -> Domain:
    """Distribute the mesh of a config, or that of a checkpoint, without adaptivity.

    Raises:
        InputError: Gmsh cannot mesh the cell, or the checkpoint cannot be read.
    """
    if saved is None:
        return domain.build(config, comm)
    share = Share.recalled(lambda name: saved.rows(name, comm))
    return domain.distribute(config, comm, share, saved.record.tags)


def base(comm: MPI.Comm, tables: MeshTables) -> Iterator[Column]:
    """A mesh that every rank has, from rank 0."""
    for name, values in tables.named("base").items():
        rows = Slices.on_root(comm, len(values))
        yield Column(rows, name, "", values[: rows.count])


def aligned(slices: Slices, name: str, rows: np.ndarray) -> Column:
    """Rows of which each rank has a slice of any length."""
    to = chunks.whole(slices.comm, int(slices.starts[-1]))
    return Column(to, name, "", to.at(slices.first + np.arange(slices.count)).collect(rows))
