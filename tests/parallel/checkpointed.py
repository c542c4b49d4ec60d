# SPDX-License-Identifier: MIT
"""A checkpoint of large arrays and of a mesh on any number of ranks, without a simulation.

Rank 0 prints JSON: checksums of the files, the most memory of a rank, and what came back.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tracemalloc
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver.base.errors import InputError
from solver.cell import domain
from solver.cell.mesh_tables import EDGES, Share, tags_of_cells
from solver.input import loading
from solver.output import checkpoint, chunks
from solver.output.chunks import ROWS
from solver.run import stored
from tests.unit.test_checkpoint import record

COMM = MPI.COMM_WORLD
ROOT = Path(__file__).parents[2]
CONFIG = loading.load(ROOT / "tests" / "system" / "small.yaml", [])
COUNT, ARRAYS = 12 * ROWS - 5, 6


def made():
    """Large arrays, of which a rank never has more than its rows of one."""
    slices = chunks.whole(COMM, COUNT)
    for k in range(ARRAYS):
        own = np.sin(k + np.arange(slices.first, slices.first + slices.count, dtype=float))
        yield chunks.Column(slices, f"state_{k}/xi", "", own)


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def large(folder: Path) -> dict:
    """Arrays there and back."""
    tracemalloc.start()
    path = checkpoint.write(folder, COMM, record(), made(), 3)
    peaks = [tracemalloc.get_traced_memory()[1]]
    tracemalloc.reset_peak()
    saved, slices = checkpoint.read(path), chunks.whole(COMM, COUNT)
    same = True
    for k in range(ARRAYS):
        wanted = np.sin(k + np.arange(slices.first, slices.first + slices.count, dtype=float))
        same &= np.array_equal(saved.rows(f"state_{k}/xi", COMM), wanted)
    peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    digest = digest_of(path)
    COMM.Barrier()
    if COMM.rank == 0:
        path.unlink()
    try:
        saved.rows("state_0/xi", COMM)
        failed = False
    except InputError:
        failed = True
    return {
        "digest": digest,
        "peaks": [COMM.allreduce(peak, MPI.MAX) for peak in peaks],
        "came back": COMM.allreduce(same, MPI.LAND),
        "gone everywhere": COMM.allreduce(failed, MPI.LAND),
    }


def of_mesh(folder: Path) -> dict:
    """A mesh of Gmsh there and back."""
    first = domain.build(CONFIG, COMM)
    path = checkpoint.write(folder, COMM, record(), stored.mesh(first), 3)
    saved = checkpoint.read(path)
    share = {name: saved.everywhere(f"mesh/{name}", COMM)
             for name in ("points", "triangles", "cell_tags", "edge_tags")}  # fmt: skip
    tables, _ = domain.mesh_cell(CONFIG, COMM)
    as_made = True
    if COMM.rank == 0:
        edges = tables.tags_of_edges(tables.triangles[:, EDGES])
        wanted = (tables.points, tables.triangles, tables.cell_tags, edges)
        as_made = all(np.array_equal(a, b) for a, b in zip(share.values(), wanted, strict=True))
    rows = Share.recalled(lambda name: saved.rows(name, COMM))
    again = domain.distribute(CONFIG, COMM, rows, first.tags)
    same = all(np.array_equal(a, b) for a, b in zip(parts(first), parts(again), strict=True))
    return {
        "digest": digest_of(path),
        "as made": COMM.allreduce(as_made, MPI.LAND),
        "tagged": int((share["edge_tags"] > 0).sum()),
        "came back": COMM.allreduce(same, MPI.LAND),
        "cells": COMM.allgather(first.mesh.topology.index_map(2).size_local),
    }


def parts(cell: domain.Domain) -> list[np.ndarray]:
    """What a rank has of a mesh."""
    tags = tags_of_cells(cell.mesh, cell.facet_tags)
    return [cell.mesh.geometry.x, cell.cell_tags.values, tags]


def main() -> None:
    """Write into a folder and read again."""
    folder = Path(sys.argv[1])
    found = {"large": large(folder / "large"), "mesh": of_mesh(folder / "mesh")}
    if COMM.rank == 0:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
