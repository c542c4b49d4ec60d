# SPDX-License-Identifier: MIT
"""What regions conduct between lithium and counter electrode, on a plain mesh without Gmsh."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from solver.cell import boundaries, regions
from solver.cell.band import Network
from solver.input.config import Config
from solver.input.geometry_sections import ACROSS

LEAST, MOST = 120, 240
"""Rows or columns of a grid along the longer side of the cell. `ACROSS` of them are across the band
of a boundary; one that `MOST` cannot resolve so is taken wider."""
LARGEST = 60_000
"""Triangles of a user's mesh up to which it is solved on; a larger one is looked at on a grid."""
METAL = 1e6
"""Conductivity of the film, in the largest of the regions'."""
INSULATING = 1e-12
"""Least conductivity, in the largest: none at all would leave nodes without an equation."""
SHAPE = ("width", "height", "geometry", "regions", "grain_boundaries")
"""What the answers depend on besides the film."""


def of_regions(config: Config, key: str = "sigma_ion") -> float:
    """Value of a property of the uniform electrolyte that conducts as much, boundaries included.

    Between the film of the start and the counter electrode; half-disks and islands are left out.

    Args:
        config: A config of regions.
        key: The property: a conductivity, or the diffusivity [SI].
    """
    return _answer(_Question.about(config, key))


@dataclass(frozen=True)
class _Question:
    """A property of a config, or its mesh, equal to others whose answer is the same."""

    key: str
    film: float
    said: str
    changed: float
    config: Config = field(compare=False, repr=False)

    @classmethod
    def about(cls, config: Config, key: str = "") -> _Question:
        source = config.geometry.file
        changed = Path(source.file).stat().st_mtime if source is not None else 0.0
        said = config.model_dump_json(include=set(SHAPE))
        return cls(key, config.nuclei.film if key else 0.0, said, changed, config)


@dataclass(frozen=True)
class _Plain:
    """A plain mesh: nodes [m], triangles, number of their region, density of bands [1/m]."""

    points: np.ndarray
    triangles: np.ndarray
    region: np.ndarray
    density: np.ndarray


@functools.lru_cache(maxsize=64)
def _answer(question: _Question) -> float:
    config, key = question.config, question.key
    parts, band = config.regions, config.grain_boundaries
    bands = band is not None and key in boundaries.KEYS
    if not bands and len({getattr(part, key) for part in parts}) == 1:
        return getattr(parts[0], key)
    mesh = _plain(_Question.about(config))
    values = np.array([getattr(part, key) for part in parts])[mesh.region]
    if bands:
        sigma = np.array([part.sigma_ion for part in parts])[mesh.region]
        values = boundaries.KEYS[key](band, values, sigma, mesh.density)
    largest = float(values.max())
    if not largest:
        return 0.0
    values = np.maximum(values, INSULATING * largest)
    heights = mesh.points[mesh.triangles][:, :, 1]
    low, high = heights.min(axis=1), heights.max(axis=1)
    # Of a triangle that the film ends in, film and electrolyte are one above the other.
    share = np.clip((question.film - low) / (high - low), 0.0, 1.0)
    values = 1 / (share / (METAL * largest) + (1 - share) / values)
    whole = conductivity(mesh.points, mesh.triangles, values)
    return float(whole) * (1 - question.film / config.cell_height)


@functools.lru_cache(maxsize=4)
def _plain(question: _Question) -> _Plain:
    config = question.config
    points, triangles, region = _divided(config)
    density = np.zeros(len(triangles))
    if (band := config.grain_boundaries) is not None:
        width = max(band.width, ACROSS * max(config.width, config.cell_height) / MOST)
        density = Network(regions.boundaries(config), width).means(points[triangles])
    return _Plain(points, triangles, region, density)


def _divided(config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes [m], triangles and their regions: a user's own, or a grid as fine as seconds allow."""
    if config.geometry.msh is not None:
        found = regions.own_triangles(config)
        if len(found[1]) <= LARGEST:
            return found
    points, triangles = _grid(config)
    return points, triangles, regions.region_at(config, points[triangles].mean(axis=1))


def _grid(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Nodes [m] and triangles of a grid of squares cut in two."""
    width, height = config.width, config.cell_height
    count, longer = LEAST, max(width, height)
    if config.grain_boundaries is not None:
        count = min(max(LEAST, round(ACROSS * longer / config.grain_boundaries.width)), MOST)
    nx, ny = (max(1, round(count * side / longer)) for side in (width, height))
    x, y = np.meshgrid(np.linspace(0, width, nx + 1), np.linspace(0, height, ny + 1))
    low = (np.arange(ny)[:, None] * (nx + 1) + np.arange(nx)).ravel()
    right, opposite, up = low + 1, low + nx + 2, low + nx + 1
    # Diagonals of both directions, in turns: one alone would make directions unlike.
    turn = np.add.outer(np.arange(ny), np.arange(nx)).ravel() % 2 == 1
    first = np.column_stack([low, right, np.where(turn, up, opposite)])
    second = np.column_stack([np.where(turn, right, low), opposite, up])
    return np.column_stack([x.ravel(), y.ravel()]), np.vstack([first, second])


def conductivity(points: np.ndarray, triangles: np.ndarray, sigma: np.ndarray) -> float:
    """Conductivity of the uniform rectangle that conducts as much from below to above.

    By P1 elements, which find it too large by what they leave unresolved.

    Args:
        points: Coordinates, shape (nodes, 2); the lower left corner is at 0.
        triangles: Their nodes, shape (triangles, 3).
        sigma: Conductivity of every triangle.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import spsolve

    corners = points[triangles]
    opposite = np.roll(corners, -2, axis=1) - np.roll(corners, -1, axis=1)
    a, b = opposite[:, 0], opposite[:, 1]
    area = 0.5 * np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    entries = np.einsum("nix,njx->nij", opposite, opposite) * (sigma / (4 * area))[:, None, None]
    rows, columns = np.repeat(triangles, 3, axis=1), np.tile(triangles, 3)
    shape = (len(points),) * 2
    matrix = coo_array((entries.ravel(), (rows.ravel(), columns.ravel())), shape=shape).tocsr()
    (width, height), y = points.max(axis=0), points[:, 1]
    near = 1e-9 * height
    above, free = y > height - near, (y > near) & (y < height - near)
    psi = above.astype(float)
    psi[free] = spsolve(matrix[free][:, free].tocsc(), -(matrix @ psi)[free])
    return float(psi @ (matrix @ psi)) * height / width
