# SPDX-License-Identifier: MIT
"""Where a mesh has to be how fine: round the front, where it goes, and where c and phi bend.

Every rank looks at its share of the mesh and tells the others what is near theirs. The front's
place is read from psi = ln(xi/(1 - xi)), which is -x/l across it: it falls by 1 per interface
length l ahead of the front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Post
from solver.cell.base_mesh import BITS
from solver.cell.mesh_tables import EDGES
from solver.cell.refinement import Refined, Wanted
from solver.input.resolution import SLOWEST, TOUCH, Resolution

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

BEAD = 2.0
"""Radius of the points that mark the way ahead of the front, in interface lengths."""
BEADS = 4.0
"""Points along a boundary per width of its band."""
INSIDE = 0.55
"""The centre of a triangle is in another of at least its size if it is nearer to the other's centre
than this many of its edges; that of a neighbour is 0.577 away."""


Sums = Callable[[np.ndarray], np.ndarray]
"""What triangles give to their nodes, summed up at each node; see `SharedNodes.sums`."""


@dataclass(frozen=True)
class Cloud:
    """Points round which triangles are to be refined up to a level.

    Attributes:
        points: Coordinates, shape (n, 2) [m].
        level: Level of the triangles there.
        reach: For triangles of some edge the distance of their centres up to which it holds [m].
        home: Triangle of the base that each point is in or comes from.
        away: How far points may be from it [m].
    """

    points: np.ndarray
    level: int
    reach: Callable[[float], float]
    home: np.ndarray
    away: float = 0.0


def wanted(clouds: list[Cloud], resolution: Resolution, mesh: Refined) -> Wanted:
    """Triangles that are coarser than a cloud wants and within its reach. Collective.

    Args:
        clouds: What this rank has found; all ranks have the same clouds with points of their own.
        resolution: What is asked of the mesh.
        mesh: The mesh that they were found on.
    """
    found = _near(clouds, resolution.edge(0), mesh)
    trees = [(c, _tree(points)) for c, points in zip(clouds, found, strict=True) if len(points)]

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


def _near(clouds: list[Cloud], longest: float, mesh: Refined) -> list[np.ndarray]:
    """Points of this rank's clouds, and those of others that may reach its triangles."""
    comm, radius = mesh.shares.comm, mesh.base.radius
    if comm.size == 1:
        return [cloud.points for cloud in clouds]
    rows, ranks = [np.empty((0, 3))], [np.empty(0, dtype=int)]
    rank_of = mesh.shares.holder(np.arange(len(mesh.base.middles)))
    others = np.flatnonzero(rank_of != comm.rank)
    tree = _tree(mesh.base.middles[others])
    # Distance of every triangle of the base from those of others, as a first guess.
    gap = np.zeros(len(rank_of))
    homes = np.unique(np.concatenate([cloud.home for cloud in clouds]))
    gap[homes] = tree.query(mesh.base.middles[homes])[0]
    for number, cloud in enumerate(clouds):
        reach = cloud.reach(longest) + radius
        points = cloud.points[gap[cloud.home] <= reach + cloud.away + radius]
        around = tree.query_ball_point(points, reach)
        found = np.repeat(np.arange(len(points)), [len(places) for places in around])
        places = np.array([place for places in around for place in places], dtype=int)
        pairs = np.unique(found * comm.size + rank_of[others[places]])
        at = pairs // comm.size
        rows.append(np.column_stack([points[at], np.full(len(at), float(number))]))
        ranks.append(pairs % comm.size)
    heard = Post(comm, np.concatenate(ranks)).send(np.vstack(rows))
    return [
        np.vstack([cloud.points, heard[heard[:, 2] == number, :2]])
        for number, cloud in enumerate(clouds)
    ]


def _tree(points: np.ndarray) -> cKDTree:
    # Not above: runs whose mesh is not adapted would wait for scipy too.
    from scipy.spatial import cKDTree

    return cKDTree(points)


def front(
    mesh: Refined, psi: np.ndarray, before: np.ndarray | None, resolution: Resolution
) -> list[Cloud]:
    """Clouds of the front as it is and as far as the mesh is to serve it. Collective.

    Args:
        mesh: The mesh that psi is given on.
        psi: Front coordinate at the nodes.
        before: The same an earlier time ago, from which the speed of every part of the front
            follows; None if it is not known: all parts then count as the fastest.
        resolution: What is asked of the mesh.
    """
    r = resolution
    now = r.needs(psi)
    at, direction, advance, pairs = crossings(
        mesh.points, mesh.triangles, psi, before, mesh.nodes.sums
    )
    share = np.ones(len(at)) if before is None else _shares(advance, mesh.shares.comm)
    most = r.ahead - BEAD + r.margin
    ways = np.sign(share) * (r.ahead - BEAD + np.abs(share) * r.margin) * r.length
    beads = np.linspace(0, 1, int(np.ceil(most / BEAD)) + 1)
    ahead = np.vstack([at + bead * ways[:, None] * direction for bead in beads])
    home = mesh.keys >> (2 * BITS)
    return [
        Cloud(mesh.points[now], r.levels, lambda edge: r.size + TOUCH * edge, home[now]),
        Cloud(
            ahead,
            r.levels,
            lambda edge: BEAD * r.length + TOUCH * edge,
            np.tile(home[pairs[:, 0]], len(beads)),
            away=most * r.length,
        ),
    ]


def _shares(advance: np.ndarray, comm: MPI.Comm) -> np.ndarray:
    """Share of the margin by the way that each part of the front has come, with its sign."""
    fastest = comm.allreduce(np.abs(advance).max(initial=1e-30), MPI.MAX)
    share = np.maximum(np.abs(advance) / fastest, SLOWEST)
    return np.where(advance < 0, -share, share)


def crossings(
    points: np.ndarray,
    triangles: np.ndarray,
    psi: np.ndarray,
    before: np.ndarray | None,
    sums: Sums,
):
    """Points of the front on edges, its directions there, how far it has come [m], the edges' ends.

    Args:
        points: Coordinates of the nodes.
        triangles: Their nodes.
        psi: Front coordinate at the nodes.
        before: The same earlier, if it is known.
        sums: Sums over the triangles round every node.
    """
    metal = (psi > 0)[triangles]
    crossed = metal.any(axis=1) & ~metal.all(axis=1)
    gradient = nodal(areas(points, triangles), gradients(points, triangles, psi), sums)
    slope = np.maximum(np.hypot(*gradient.T), 1e-30)
    pairs = np.unique(np.sort(triangles[crossed][:, EDGES].reshape(-1, 2), axis=1), axis=0)
    pairs = pairs[(psi[pairs[:, 0]] > 0) != (psi[pairs[:, 1]] > 0)]
    a, b = pairs.T
    weight = psi[a] / (psi[a] - psi[b])

    def on_edge(values: np.ndarray) -> np.ndarray:
        w = weight[:, None] if values.ndim == 2 else weight
        return (1 - w) * values[a] + w * values[b]

    direction = on_edge(-gradient / slope[:, None])
    direction /= np.maximum(np.hypot(*direction.T), 1e-30)[:, None]
    advance = np.zeros(len(a)) if before is None else on_edge((psi - before) / slope)
    return on_edge(points), direction, advance, pairs


def bends(mesh: Refined, fields: list[np.ndarray], resolution: Resolution) -> list[Cloud]:
    """Clouds of the triangles that P1 elements need for fields. Collective.

    The error of interpolation on a triangle of edge h is about h/4 times the jump between its
    gradient and the one averaged over its neighbours (recovery after Zienkiewicz and Zhu 1987);
    averages are taken layer by layer, because gradients jump between layers. Halving h quarters it.

    Args:
        mesh: The mesh that the fields are given on.
        fields: Nodal values, in a unit that their errors are compared with the tolerance in.
        resolution: What is asked of the mesh.
    """
    error = _errors(mesh, fields)
    r, middle, macro = resolution, mesh.points[mesh.triangles].mean(axis=1), mesh.macro
    more = np.ceil(0.5 * np.log2(np.maximum(error, 1e-30) / r.tolerance))
    level = np.clip(mesh.level + more, 0, r.levels).astype(int)
    clouds = []
    for own in range(r.deepest + 1):
        for wish in range(1, r.levels + 1):
            cells = np.flatnonzero((mesh.level == own) & (level == wish))
            reach = partial(_inside, r.edge(own))
            clouds.append(Cloud(middle[cells], wish, reach, macro[cells]))
    return clouds


def bands(mesh: Refined, tags: Sequence[int], width: float, level: int) -> list[Cloud]:
    """The cloud along the boundaries of grains, the same on every mesh of a base.

    Args:
        mesh: The mesh.
        tags: Of the edges that are boundaries.
        width: Width of the band [m].
        level: Level of the triangles in it; none are asked for at 0.
    """
    if not level:
        return []
    base, shares = mesh.base, mesh.shares
    own = np.arange(shares.first, shares.first + shares.count)
    at, side = np.nonzero(np.isin(base.side_tags[own], tags))
    ends = base.tables.triangles[own[at, None], EDGES[side]]
    a, b = base.tables.points[ends].transpose(1, 0, 2)
    count = np.ceil(BEADS * np.hypot(*(b - a).T) / width).astype(int)
    which = np.repeat(np.arange(len(at)), count)
    share = (np.arange(count.sum()) - (np.cumsum(count) - count)[which] + 0.5) / count[which]
    points = a[which] + share[:, None] * (b - a)[which]
    return [Cloud(points, level, lambda edge: 0.5 * width + TOUCH * edge, own[at][which])]


def _inside(own: float, edge: float) -> float:
    return INSIDE * max(edge, own)


def _errors(mesh: Refined, fields: list[np.ndarray]) -> np.ndarray:
    """Largest error of the fields on every triangle."""
    area, jump = areas(mesh.points, mesh.triangles), np.zeros(len(mesh.triangles))
    found = [gradients(mesh.points, mesh.triangles, values) for values in fields]
    gradient = np.hstack([*found, np.empty((len(area), 0))])
    for tag in np.unique(mesh.base.tables.cell_tags):
        layer = mesh.cell_tags == tag
        recovered = nodal(layer * area, gradient, mesh.nodes.sums)[mesh.triangles[layer]]
        step = np.square(recovered - gradient[layer, None])
        jump[layer] = np.sqrt((step[..., 0::2] + step[..., 1::2]).max(axis=(1, 2), initial=0.0))
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


def nodal(weight: np.ndarray, values: np.ndarray, sums: Sums) -> np.ndarray:
    """Weighted averages over the triangles round each node; 0 where there is no weight.

    Args:
        weight: Of every triangle.
        values: Of every triangle, shape (triangles, columns).
        sums: Sums over the triangles round every node.
    """
    found = sums(np.column_stack([weight, weight[:, None] * values]))
    return found[:, 1:] / np.maximum(found[:, :1], 1e-300)


def _sides(points: np.ndarray, triangles: np.ndarray):
    corner = points[triangles[:, 0]]
    return (points[triangles[:, 1]] - corner).T, (points[triangles[:, 2]] - corner).T
