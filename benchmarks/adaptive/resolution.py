# SPDX-License-Identifier: MIT
"""Nodes that the printed interface needs along a fingered front in the 50 um cell.

    docker/run python3 -m benchmarks.adaptive.resolution RUN_FOLDER [figure.png]

The front is that of the last snapshot of a finished quickstart; its interface is made as thin as
printed, 15.3 nm, and the mesh that `adapt` makes for it is measured. Nothing is run.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
from mpi4py import MPI
from scipy.spatial import cKDTree

from benchmarks.adaptive.figure import contour, draw
from solver.base.exchange import Slices
from solver.cell import domain, indicator
from solver.cell.base_mesh import Base
from solver.cell.indicator import areas
from solver.cell.mesh_tables import EDGES, MeshTables
from solver.cell.refinement import Refined, refine
from solver.input import loading
from solver.input.resolution import Resolution, resolution
from solver.output import snapshots
from solver.terms.phase_field import psi

CONFIG = """\
title: The printed interface in the 50 um cell
layers:
  - {name: LPSC, thickness: 50 um}
mesh: {size_max: 1 um}
adapt: {enabled: true, elements: 4.4}
"""
WANTED_ELEMENTS, WANTED_SAVING = 3.0, 30.0


class Front:
    """A curve as points so dense that the nearest one gives the distance to it."""

    def __init__(self, shot: snapshots.Snapshot, spacing: float):
        points, level = shot.points * 1e-6, psi(shot.fields["xi"].astype(float))
        lines = contour(points, shot.triangles, level)
        self.points = np.vstack([_dense(line, spacing) for line in lines])
        sums = partial(_sums, shot.triangles)
        crossings, direction, *_ = indicator.crossings(points, shot.triangles, level, None, sums)
        self.normals = direction[cKDTree(crossings).query(self.points)[1]]
        self.tree = cKDTree(self.points)

    def distance(self, points: np.ndarray) -> np.ndarray:
        """Signed distance, negative in the metal."""
        away, nearest = self.tree.query(points)
        side = ((points - self.points[nearest]) * self.normals[nearest]).sum(axis=1)
        return np.where(side < 0, -away, away)


def _sums(triangles: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sums over the triangles round every node."""
    columns = [np.bincount(triangles.ravel(), np.repeat(x, 3)) for x in values.T]
    return np.column_stack(columns)


def _dense(line: np.ndarray, spacing: float) -> np.ndarray:
    way = np.append(0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
    at = np.linspace(0, way[-1], int(way[-1] / spacing) + 2)
    return np.column_stack([np.interp(at, way, x) for x in line.T])


def mesh_for(front: Front, base: MeshTables, r: Resolution) -> Refined:
    """Refine level by level, as a run does for its initial deposit."""
    found = Base(base, r.levels)
    mesh = refine(found, Slices.equal(MPI.COMM_SELF, len(base.triangles)), 0, lambda *_: None)
    for level in range(1, r.levels + 2):
        level_set = -front.distance(mesh.points) / r.length
        clouds = indicator.front(mesh, level_set, None, r)
        wanted = indicator.wanted(clouds, r, mesh)
        mesh = refine(found, mesh.shares, min(level, r.levels), wanted)
    return mesh


def longest_edges(mesh: Refined, cells: np.ndarray) -> np.ndarray:
    """Longest edge of triangles [m]."""
    ends = mesh.points[mesh.triangles[cells][:, EDGES]]
    return np.hypot(*(ends[:, :, 1] - ends[:, :, 0]).transpose(2, 0, 1)).max(axis=1)


def main(folder: Path, picture: Path | None) -> int:
    """Print the figures; returns the exit code."""
    config = loading.parse(CONFIG)
    r, shot = resolution(config), snapshots.load(folder)
    base, _ = domain.mesh_cell(config, MPI.COMM_WORLD)
    front = Front(shot, spacing=r.size / 2)
    start = time.process_time()
    mesh = mesh_for(front, base, r)
    seconds = time.process_time() - start
    level_set = -front.distance(mesh.points) / r.length
    close = (np.abs(level_set) < 2)[mesh.triangles].any(axis=1)
    edge = longest_edges(mesh, close)
    away = mesh.level == 0
    area = areas(mesh.points, mesh.triangles)
    uniform = 2 / 3**0.5 * area.sum() / r.size / r.size
    along = front_length(mesh, level_set)
    print(f"front of {along * 1e6:.0f} um, l = {r.length * 1e9:.1f} nm, {r.levels} levels: "
          f"{len(mesh.points):,} nodes, made in {seconds:.0f} s of processor time")  # fmt: skip
    print(f"l/h by longest edge along the front: {r.length / edge.max():.2f} at least, "
          f"{r.length / edge.mean():.2f} on average")  # fmt: skip
    print(f"{area[away].sum() / area.sum():.0%} of the cell on triangles of the base, "
          f"{r.edge(0) * 1e9:.0f} nm")  # fmt: skip
    print(f"uniform mesh of the same h: {uniform:,.0f} nodes, "
          f"{uniform / len(mesh.points):.0f} times as many")  # fmt: skip
    if picture:
        draw(picture, mesh, level_set, r.length)
    fine = r.length / edge.max() >= WANTED_ELEMENTS
    return 0 if fine and uniform > WANTED_SAVING * len(mesh.points) else 1


def front_length(mesh: Refined, level_set: np.ndarray) -> float:
    """Length of the line level_set = 0 [m].

    In a triangle the length of a level line grows linearly from the lowest corner to the middle
    one, where it is 2 area slope/(high - low), and falls linearly to the highest.
    """
    metal = (level_set > 0)[mesh.triangles]
    cut = mesh.triangles[metal.any(axis=1) & ~metal.all(axis=1)]
    slope = np.hypot(*indicator.gradients(mesh.points, cut, level_set).T)
    low, middle, high = np.sort(level_set[cut], axis=1).T
    share = np.where(middle > 0, -low / (middle - low), high / (high - middle))
    return float((2 * areas(mesh.points, cut) * slope / (high - low) * share).sum())


if __name__ == "__main__":
    words = [Path(word) for word in sys.argv[1:]]
    sys.exit(main(words[0], words[1] if len(words) > 1 else None))
