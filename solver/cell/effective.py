# SPDX-License-Identifier: MIT
"""What regions conduct between anode and counter electrode, on a plain mesh without Gmsh."""

from __future__ import annotations

import numpy as np

from solver.cell import regions
from solver.cell.band import Network
from solver.input.config import Config
from solver.laws import grain_boundary

LEAST, MOST = 120, 240
"""Rows or columns of a grid along the longer side of the cell."""
ACROSS = 4
"""Of them across the band of a boundary, if `MOST` allows."""
LARGEST = 60_000
"""Triangles of a user's mesh up to which it is solved on."""


def of_regions(config: Config) -> float | None:
    """Ionic conductivity of the uniform cell that conducts as much, with its boundaries [S/m].

    On the triangles of a user's mesh, or on a grid as fine as seconds allow.

    Returns:
        None for a mesh that is too large.
    """
    if config.geometry.msh is not None:
        points, triangles, region = regions.own_triangles(config)
        if len(triangles) > LARGEST:
            return None
    else:
        points, triangles = _grid(config)
        region = regions.region_at(config, points[triangles].mean(axis=1))
    sigma = np.array([part.sigma_ion for part in config.regions])[region]
    if config.grain_boundaries is not None:
        network = Network(regions.boundaries(config), config.grain_boundaries.width)
        density = network.means(points[triangles])
        sigma = grain_boundary.blocked(sigma, config.grain_boundaries.R_gb, density)
    return conductivity(points, triangles, sigma)


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
