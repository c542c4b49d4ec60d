"""One remesh of a wavy front on any number of ranks, without a simulation: what each rank had.

Rank 0 prints JSON: digests of both meshes, the lithium before and after, the sizes of the ranks.
"""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace

import numpy as np
from mpi4py import MPI

from solver.base import exchange
from solver.base.exchange import Slices
from solver.cell import indicator
from solver.cell.balance import rebalanced
from solver.cell.base_mesh import Base
from solver.cell.indicator import areas
from solver.cell.mesh_tables import EDGES, MeshTables
from solver.cell.refinement import Refined, refine
from solver.cell.transfer import Transfer
from solver.fields.known import FIELDS
from solver.fields.record import transferred
from solver.input.resolution import Resolution
from solver.laws.front import psi
from tests.unit.test_refinement import COUNT, COUNTER, refined
from tests.unit.test_transfer import C_LI, CONFIG, exact

COMM = MPI.COMM_WORLD
FINE = Resolution(levels=3, size=1 / COUNT / 32, length=0.02, ahead=4, margin=3, tolerance=2e-3)
seen: dict[str, int] = {}


def base() -> Base:
    """The unit square in 2176 triangles."""
    fine = refined(2)
    edges = np.sort(fine.triangles[:, EDGES][fine.edge_tags > 0], axis=1)
    edges, first = np.unique(edges, axis=0, return_index=True)
    tags = fine.edge_tags[fine.edge_tags > 0][first]
    tables = MeshTables(fine.points, fine.triangles, fine.cell_tags, edges, tags)
    return Base(tables.along_curve(), FINE.levels)


def watch() -> None:
    """Note the most rows that a rank gets in any exchange, and points that it looks for."""
    sent, tree = exchange._all_to_all, indicator._tree

    def exchanged(comm, rows, *counts):
        found = sent(comm, rows, *counts)
        note("rows", max(len(rows), len(found)))
        return found

    def looked_for(points):
        note("points", len(points))
        return tree(points)

    exchange._all_to_all, indicator._tree = exchanged, looked_for


def note(what: str, size: int) -> None:
    seen[what] = max(seen.get(what, 0), size)


def followed(mesh: Refined, level: int, rise: float) -> Refined:
    """The mesh that fields on another one want."""
    xi, c, *_ = exact(mesh.points, rise)
    clouds = indicator.front(mesh, psi(xi), psi(exact(mesh.points, rise - 0.01)[0]), FINE)
    clouds += indicator.bends(mesh, [c], FINE)
    return refine(mesh.base, mesh.shares, level, indicator.wanted(clouds, FINE, mesh))


def digest(mesh: Refined) -> str:
    """Of the sorted triangles of all ranks, by the coordinates of their corners."""
    x, y = mesh.points.T
    corners = np.sort((x + 1j * y)[mesh.triangles], axis=1)
    rows = COMM.gather(np.column_stack([corners, mesh.cell_tags, mesh.edge_tags.sum(axis=1)]))
    if rows is None:
        return ""
    rows = np.vstack(rows)
    return hashlib.sha256(rows[np.lexsort(rows.T)].tobytes()).hexdigest()


def lithium(mesh: Refined, values: dict[str, np.ndarray]) -> float:
    held = (values["c"] + C_LI * values["xi"])[mesh.triangles].mean(axis=1)
    return COMM.allreduce(float(areas(mesh.points, mesh.triangles) @ held))


def main() -> None:
    """Make a mesh, follow the front on it, carry the fields over, share it out anew."""
    found = base()
    mesh = refine(found, Slices.equal(COMM, len(found.tables.triangles)), 0, None)
    for level in range(1, FINE.levels + 2):
        mesh = rebalanced(followed(mesh, min(level, FINE.levels), 0.0))
    watch()
    new = followed(mesh, FINE.levels, 0.02)
    old = dict(zip(("xi", "c", "phi", "u"), exact(mesh.points, 0.02), strict=True))
    fields = [field for field in FIELDS if field.name in old]
    carried = transferred(fields, Transfer(mesh, new, {"counter": COUNTER}), old, CONFIG)
    for which in (mesh, new):
        note("triangles", len(which.triangles))
        note("nodes", len(which.keys))
    again = rebalanced(new)
    figures = SimpleNamespace(
        digests=[digest(x) for x in (mesh, new, again)],
        lithium=[lithium(mesh, old), lithium(new, carried)],
        numbers=[int(x.nodes.slices.starts[-1]) for x in (mesh, new, again)],
        largest={name: COMM.allreduce(size, MPI.MAX) for name, size in sorted(seen.items())},
    )
    if COMM.rank == 0:
        print(json.dumps(vars(figures)))


if __name__ == "__main__":
    main()
