# SPDX-License-Identifier: MIT
"""The cell of a config whose electrolyte is made of regions; needs neither DOLFINx nor Gmsh."""

from __future__ import annotations

import numpy as np

from meshes import polycrystal
from meshes.discrete import DiscreteCell, areas, between
from meshes.layered import LayeredCell
from meshes.pixels import PixelCell
from meshes.polycrystal import Grains
from meshes.voronoi import VoronoiCell
from solver.cell.geometry import UM
from solver.input import geometry_files
from solver.input.config import Config

SHORT = 0.3
"""Edges of grains shorter than this many of the triangles' are drawn together."""


def cell(config: Config, sheet: LayeredCell) -> DiscreteCell | VoronoiCell | PixelCell:
    """Return the regions of a config as a geometry.

    Args:
        config: The config.
        sheet: One layer as large as the cell, with the element sizes; not used where the triangles
            exist already.
    """
    given = config.geometry
    if given.msh is not None:
        return _own(config)
    if given.voronoi is None:
        return PixelCell(sheet, geometry_files.labelled(config))
    grains = _grains(config, SHORT * sheet.size_min)
    return VoronoiCell(sheet, grains, _regions_of_grains(config, grains))


def shares(config: Config) -> dict[str, float]:
    """Share of the cell's area that every region has."""
    names = [region.name for region in config.regions]
    which, area = _grain_areas(config)
    sums = np.bincount([names.index(name) for name in which], area, minlength=len(names))
    return {name: float(x) for name, x in zip(names, sums / sums.sum(), strict=True)}


def grain_counts(config: Config) -> dict[str, int]:
    """Number of grains of every region; the pixels of a segmented picture count as one."""
    which, _ = _grain_areas(config)
    return {region.name: which.count(region.name) for region in config.regions}


def _grain_areas(config: Config) -> tuple[list[str], np.ndarray]:
    """Region and area of every grain, in any unit."""
    given = config.geometry
    if given.msh is not None:
        its = _own(config)
        return list(its.regions), np.bincount(its.grain, areas(its.points, its.triangles))
    if given.voronoi is None:
        picture = geometry_files.labelled(config)
        count = np.bincount(picture.label.ravel(), minlength=len(picture.regions))
        return list(picture.regions), count
    grains = _grains(config, 0.0)
    return list(_regions_of_grains(config, grains)), grains.areas()


def boundary_density(config: Config) -> float:
    """Length of the boundaries between grains, or layers, per area of the cell [1/m]."""
    area = config.width * config.cell_height
    ends = boundaries(config)
    length = float(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum())
    # Of pixels there are steps along rows and columns, of a boundary in any direction.
    pixels = config.geometry is not None and config.geometry.kind in ("image", "ebsd")
    return length / area * (0.25 * np.pi if pixels else 1.0)


def boundaries(config: Config) -> np.ndarray:
    """Ends of the straight pieces of boundaries between grains or layers, shape (n, 2, 2) [m]."""
    given = config.geometry
    if given is None:
        heights = np.cumsum([layer.thickness for layer in config.layers])[:-1]
        return np.array([[[0, y], [config.width, y]] for y in heights]).reshape(-1, 2, 2)
    if given.msh is not None:
        its = _own(config)
        return its.points[its.boundaries] * UM
    if given.voronoi is None:
        picture = geometry_files.labelled(config)
        return _steps(picture.label) * (picture.pixel * UM)
    grains = _grains(config, 0.0)
    every = np.vstack([np.column_stack([x, np.roll(x, -1)]) for x in grains.loops])
    edges, count = np.unique(np.sort(every, axis=1), axis=0, return_counts=True)
    return grains.corners[edges[count == 2]] * UM


def _steps(label: np.ndarray) -> np.ndarray:
    """Edges between pixels of different labels, in pixels."""
    row, column = np.nonzero(np.diff(label, axis=0))
    level = np.stack([np.column_stack([column + i, row + 1]) for i in range(2)], axis=1)
    row, column = np.nonzero(np.diff(label, axis=1))
    upright = np.stack([np.column_stack([column + 1, row + i]) for i in range(2)], axis=1)
    return np.vstack([level, upright])


def region_at(config: Config, points: np.ndarray) -> np.ndarray:
    """Number of the region that every point is in; of a user's mesh that of the nearest triangle.

    Args:
        config: The config.
        points: Coordinates, shape (n, 2) [m].
    """
    from scipy.spatial import cKDTree

    given, names = config.geometry, [region.name for region in config.regions]
    if given.msh is not None:
        nodes, triangles, region = own_triangles(config)
        return region[cKDTree(nodes[triangles].mean(axis=1)).query(points)[1]]
    if given.voronoi is None:
        its = geometry_files.labelled(config)
        last = np.array(its.label.shape[::-1]) - 1
        at = np.minimum((points / (its.pixel * UM)).astype(int), last)
        of_grain = np.array([names.index(name) for name in its.regions])
        return of_grain[its.label[at[:, 1], at[:, 0]]]
    grains = _grains(config, 0.0)
    of_grain = np.array([names.index(name) for name in _regions_of_grains(config, grains)])
    return of_grain[grains.at(points / UM)]


def own_triangles(config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes [m], triangles and the number of the region of every triangle of a user's mesh."""
    its, names = _own(config), [region.name for region in config.regions]
    of_grain = np.array([names.index(name) for name in its.regions])
    return its.points * UM, its.triangles, of_grain[its.grain]


def _own(config: Config) -> DiscreteCell:
    section = config.geometry.msh
    mesh = geometry_files.mesh(section)
    edges = between(mesh.triangles, mesh.surface)
    if section.boundaries:
        edges = np.vstack([mesh.curves[name] for name in section.boundaries])
    regions = tuple(section.regions.get(name, name) for name in mesh.surfaces)
    return DiscreteCell(mesh.points, mesh.triangles, mesh.surface, regions, edges)


def _count(config: Config) -> int:
    size = config.geometry.voronoi.grain_size / UM
    return polycrystal.number(config.width / UM, config.cell_height / UM, size)


def _grains(config: Config, shortest: float) -> Grains:
    v, width, height = config.geometry.voronoi, config.width / UM, config.cell_height / UM
    return polycrystal.grains(
        width, height, _count(config), v.seed, v.lloyd, v.aspect, v.spread, shortest
    )


def _regions_of_grains(config: Config, grains: Grains) -> tuple[str, ...]:
    """Regions of the grains of a polycrystal, in shares of their number, mixed at random."""
    names, v = [region.name for region in config.regions], config.geometry.voronoi
    wanted = np.array([v.shares.get(n, 0.0) for n in names] if v.shares else [1.0] * len(names))
    count = _count(config)
    ends = np.round(np.cumsum(wanted / wanted.sum()) * count).astype(int)
    numbers = np.searchsorted(ends, np.arange(count), side="right")
    # Not the random numbers of the points: their number depends on Lloyd's passes in no way.
    order = np.random.default_rng([v.seed, 1]).permutation(count)
    return tuple(names[i] for i in numbers[order][grains.numbers])
