# SPDX-License-Identifier: MIT
"""Where a mesh has to be how fine: round the front, where it goes, and where c and phi bend.

Pure numpy, on one rank. The front's place is read from psi = ln(xi/(1 - xi)), which is -x/l across
it: it falls by 1 per interface length l ahead of the front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.cell.refinement import EDGES, Refined, Wanted
from solver.input.resolution import SLOWEST, Resolution

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

    from solver.cell.mesh_tables import MeshTables

TOUCH = 0.6
"""A triangle touches a point that is nearer to its centre than this many edges."""
BEAD = 2.0
"""Radius of the points that mark the way ahead of the front, in interface lengths."""
INSIDE = 0.55
"""The centre of a triangle is in another of at least its size if it is nearer to the other's centre
than this many of its edges; that of a neighbour is 0.577 away."""


@dataclass(frozen=True)
class Cloud:
    """Points round which triangles are to be refined up to a level.

    Attributes:
        points: Coordinates, shape (n, 2) [m].
        level: Level of the triangles there.
        reach: For triangles of some edge the distance of their centres up to which it holds [m].
    """

    points: np.ndarray
    level: int
    reach: Callable[[float], float]


def wanted(clouds: list[Cloud], resolution: Resolution) -> Wanted:
    """Triangles that are coarser than a cloud wants and within its reach."""
    trees = [(cloud, _tree(cloud.points)) for cloud in clouds if len(cloud.points)]

    def chosen(level: int, corners: np.ndarray) -> np.ndarray:
        middle = corners.mean(axis=1)
        found = np.zeros(len(middle), dtype=bool)
        for cloud, tree in trees:
            if cloud.level > level:
                reach = cloud.reach(resolution.edge(level))
                rest = np.flatnonzero(~found)
                distance, _ = tree.query(middle[rest], distance_upper_bound=reach)
                found[rest] = np.isfinite(distance)
        return found

    return chosen


def _tree(points: np.ndarray) -> cKDTree:
    # Not above: runs whose mesh is not adapted would wait for scipy too.
    from scipy.spatial import cKDTree

    return cKDTree(points)


def front(
    tables: MeshTables, psi: np.ndarray, before: np.ndarray | None, resolution: Resolution
) -> list[Cloud]:
    """Clouds of the front as it is and as far as the mesh is to serve it.

    Args:
        tables: The mesh that psi is given on.
        psi: Front coordinate at the nodes.
        before: The same an earlier time ago, from which the speed of every part of the front
            follows; None if it is not known: all parts then count as the fastest.
        resolution: What is asked of the mesh.
    """
    r = resolution
    now = tables.points[r.needs(psi)]
    at, direction, advance = crossings(tables, psi, before)
    share = np.ones(len(at)) if before is None else _shares(advance)
    most = r.ahead - BEAD + r.margin
    ways = np.sign(share) * (r.ahead - BEAD + np.abs(share) * r.margin) * r.length
    beads = np.linspace(0, 1, int(np.ceil(most / BEAD)) + 1)
    ahead = np.vstack([at + bead * ways[:, None] * direction for bead in beads])
    return [
        Cloud(now, r.levels, lambda edge: r.size + TOUCH * edge),
        Cloud(ahead, r.levels, lambda edge: BEAD * r.length + TOUCH * edge),
    ]


def _shares(advance: np.ndarray) -> np.ndarray:
    """Share of the margin by the way that each part of the front has come, with its sign."""
    fastest = np.abs(advance).max(initial=1e-30)
    share = np.maximum(np.abs(advance) / fastest, SLOWEST)
    return np.where(advance < 0, -share, share)


def crossings(tables: MeshTables, psi: np.ndarray, before: np.ndarray | None):
    """Points of the front on edges, its direction of growth there, and how far it has come [m]."""
    metal = (psi > 0)[tables.triangles]
    crossed = metal.any(axis=1) & ~metal.all(axis=1)
    touched = np.isin(tables.triangles, tables.triangles[crossed]).any(axis=1)
    cells = tables.triangles[touched]
    gradient = nodal(cells, areas(tables.points, cells), gradients(tables.points, cells, psi),
                     len(psi))  # fmt: skip
    slope = np.maximum(np.hypot(*gradient.T), 1e-30)
    pairs = np.unique(np.sort(tables.triangles[crossed][:, EDGES].reshape(-1, 2), axis=1), axis=0)
    a, b = pairs[(psi[pairs[:, 0]] > 0) != (psi[pairs[:, 1]] > 0)].T
    weight = psi[a] / (psi[a] - psi[b])

    def on_edge(values: np.ndarray) -> np.ndarray:
        w = weight[:, None] if values.ndim == 2 else weight
        return (1 - w) * values[a] + w * values[b]

    direction = on_edge(-gradient / slope[:, None])
    direction /= np.maximum(np.hypot(*direction.T), 1e-30)[:, None]
    advance = np.zeros(len(a)) if before is None else on_edge((psi - before) / slope)
    return on_edge(tables.points), direction, advance


def bends(mesh: Refined, fields: list[np.ndarray], resolution: Resolution) -> list[Cloud]:
    """Clouds of the triangles that P1 elements need for fields.

    The error of interpolation on a triangle of edge h is about h/4 times the jump between its
    gradient and the one averaged over its neighbours (recovery after Zienkiewicz and Zhu 1987);
    averages are taken layer by layer, because gradients jump between layers. Halving h quarters it.

    Args:
        mesh: The mesh that the fields are given on.
        fields: Nodal values, in a unit that their errors are compared with the tolerance in.
        resolution: What is asked of the mesh.
    """
    tables = mesh.tables
    error = np.zeros(len(tables.triangles))
    for values in fields:
        error = np.maximum(error, _errors(tables, values))
    r, middle = resolution, tables.points[tables.triangles].mean(axis=1)
    more = np.ceil(0.5 * np.log2(np.maximum(error, 1e-30) / r.tolerance))
    level = np.clip(mesh.level + more, 0, r.levels).astype(int)
    return [
        Cloud(
            middle[(mesh.level == own) & (level == wish)],
            wish,
            lambda edge, own=own: INSIDE * max(edge, r.edge(own)),
        )
        for own in range(r.levels + 1)
        for wish in range(1, r.levels + 1)
    ]


def _errors(tables: MeshTables, values: np.ndarray) -> np.ndarray:
    area = areas(tables.points, tables.triangles)
    gradient = gradients(tables.points, tables.triangles, values)
    jump = np.zeros(len(area))
    for tag in np.unique(tables.cell_tags):
        layer = tables.cell_tags == tag
        cells = tables.triangles[layer]
        recovered = nodal(cells, area[layer], gradient[layer], len(values))[cells]
        jump[layer] = np.hypot(*(recovered - gradient[layer, None]).transpose(2, 0, 1)).max(axis=1)
    edge = np.sqrt(4 / 3**0.5 * area)  # of the equilateral triangle of this area
    return 0.25 * edge * jump


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Areas of triangles."""
    (ux, uy), (vx, vy) = _sides(points, triangles)
    return 0.5 * np.abs(ux * vy - uy * vx)


def gradients(points: np.ndarray, triangles: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Gradients of a P1 function, shape (triangles, 2)."""
    (ux, uy), (vx, vy) = _sides(points, triangles)
    du = values[triangles[:, 1]] - values[triangles[:, 0]]
    dv = values[triangles[:, 2]] - values[triangles[:, 0]]
    twice = ux * vy - uy * vx
    return np.column_stack([(du * vy - dv * uy) / twice, (dv * ux - du * vx) / twice])


def nodal(cells: np.ndarray, area: np.ndarray, values: np.ndarray, nodes: int) -> np.ndarray:
    """Averages over the cells round each node, weighted by area; 0 at nodes without cells."""
    weight = _sums(cells, area, nodes)
    sums = np.column_stack([_sums(cells, area * column, nodes) for column in values.T])
    return sums / np.maximum(weight, 1e-300)[:, None]


def _sums(cells: np.ndarray, values: np.ndarray, nodes: int) -> np.ndarray:
    return np.bincount(cells.ravel(), np.repeat(values, 3), nodes)


def _sides(points: np.ndarray, triangles: np.ndarray):
    corner = points[triangles[:, 0]]
    return (points[triangles[:, 1]] - corner).T, (points[triangles[:, 2]] - corner).T
