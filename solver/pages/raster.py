# SPDX-License-Identifier: MIT
"""From a mesh of triangles to pixels, for many pictures of one mesh."""

from __future__ import annotations

import numpy as np

EDGE = 1e-9
"""A pixel on the edge of a triangle belongs to it, whatever round-off says (barycentric)."""


class Raster:
    """A grid of pixels over a rectangle, each in a triangle of a mesh.

    Attributes:
        shape: Rows from the top, columns.
        inside: Whether a pixel lies in any triangle, shape `shape`.
    """

    def __init__(self, points: np.ndarray, triangles: np.ndarray, pixels: int):
        """Find the triangle of every pixel's centre.

        Args:
            points: Nodes, shape (nodes, 2).
            triangles: Nodes of each triangle, shape (cells, 3).
            pixels: Of the longer side; the pixels are square but for rounding.
        """
        low, high = points.min(axis=0), points.max(axis=0)
        size = high - low
        columns, rows = np.maximum(1, np.round(pixels * size / size.max())).astype(int)
        self.shape = int(rows), int(columns)
        self._cells = len(triangles)
        # Corners in units of pixels, whose centres have whole numbers; rows go down.
        x = (points[:, 0] - low[0]) / size[0] * columns - 0.5
        y = (high[1] - points[:, 1]) / size[1] * rows - 0.5
        corners = np.stack([x, y], axis=1)[triangles]
        cell, column, row = _candidates(corners, self.shape)
        weights = _barycentric(corners[cell], column, row)
        hit = weights.min(axis=1) >= -EDGE
        # Of triangles that share a pixel, on their edge, the last one has it.
        found = np.full(self.shape, -1)
        found[row[hit], column[hit]] = np.flatnonzero(hit)
        self.inside = found >= 0
        chosen = found[self.inside]
        self._cell = cell[chosen]
        self._corners = list(zip(triangles[self._cell].T, weights[chosen].T, strict=True))

    def of(self, values: np.ndarray) -> np.ndarray:
        """Values at the pixels, shape `shape`, nan outside: of nodes straight within a triangle.

        Args:
            values: Of nodes or of triangles; a mesh has as many of both never, but for one whose
                triangles have corners of their own, which has three times as many nodes.
        """
        image = np.full(self.shape, np.nan)
        if len(values) == self._cells:
            image[self.inside] = values[self._cell]
        else:
            image[self.inside] = sum(values[node] * weight for node, weight in self._corners)
        return image


def _candidates(
    corners: np.ndarray, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every pixel in the box around every triangle: number of the triangle, column, row."""
    last = np.array([shape[1], shape[0]]) - 1
    first = np.clip(np.ceil(corners.min(axis=1) - EDGE).astype(int), 0, last + 1)
    until = np.clip(np.floor(corners.max(axis=1) + EDGE).astype(int), -1, last)
    wide, high = np.maximum(until - first + 1, 0).T
    count = wide * high
    cell = np.repeat(np.arange(len(corners)), count)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return cell, first[cell, 0] + place % wide[cell], first[cell, 1] + place // wide[cell]


def _barycentric(corners: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Barycentric coordinates of a point (x, y) in each triangle, shape (points, 3)."""
    (ax, ay), (bx, by), (cx, cy) = corners.transpose(1, 2, 0)
    twice = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / twice
    c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / twice
    return np.stack([1 - b - c, b, c], axis=1)
