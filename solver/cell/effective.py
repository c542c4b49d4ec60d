# SPDX-License-Identifier: MIT
"""What a mesh with a conductivity per triangle conducts between anode and counter electrode."""

from __future__ import annotations

import numpy as np


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
