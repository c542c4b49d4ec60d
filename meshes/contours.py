# SPDX-License-Identifier: MIT
"""Triangles that end at the contours of a labelled picture.

The nodes next to a contour move onto it, and every triangle then belongs to the region that its
middle is in: edges follow the contour instead of stepping along it.
"""

from __future__ import annotations

import numpy as np

from meshes.discrete import areas

BLUR = 1.0
"""Width of the average over pixels that takes their steps from the contours, in pixels."""
FARTHEST = 0.5
"""Way of a node onto a contour, at most, in its shortest edge."""
LEAST = 0.3
"""Share of its area that a triangle keeps at least."""
STEPS = 8
"""Steps of Newton's method onto a contour."""
ON = 0.05
"""A node this near to a contour, in pixels, is on it."""


class Contours:
    """The contours between the regions of a picture.

    Args:
        label: Number of the region of every pixel, shape (rows, columns), the lowest row first.
        pixel: Edge of a pixel.
    """

    def __init__(self, label: np.ndarray, pixel: float):
        self.pixel = pixel
        self.present = np.unique(label)
        self._depths = [_depth(label == number) for number in self.present]

    def depths(self, at: np.ndarray) -> np.ndarray:
        """How deep points are inside every region present, negative outside.

        Args:
            at: Coordinates, shape (n, 2).

        Returns:
            Distances, shape (regions present, n).
        """
        from scipy.ndimage import map_coordinates

        places = (at / self.pixel - 0.5).T[::-1]
        found = [map_coordinates(x, places, order=1, mode="nearest") for x in self._depths]
        return self.pixel * np.array(found)

    def regions(self, at: np.ndarray) -> np.ndarray:
        """Number of the region that every point is in, shape (n,)."""
        return self.present[self.depths(at).argmax(axis=0)]

    def fitted(self, points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
        """Return nodes of which those next to one contour have moved onto it.

        Nodes on a side of the rectangle stay on it, and where three regions meet nothing moves.

        Args:
            points: Coordinates, shape (nodes, 2).
            triangles: Their nodes, counter-clockwise, shape (triangles, 3).
        """
        if len(self.present) == 1:
            return points
        limit = FARTHEST * _shortest_edges(points, triangles)
        depth = self.depths(points)
        order = np.argsort(-depth, axis=0)
        ranked = np.take_along_axis(depth, order, axis=0)
        chosen = ranked[0] - ranked[1] < 3 * limit
        if len(ranked) > 2:
            chosen &= ranked[0] - ranked[2] > 4 * limit
        nodes = np.flatnonzero(chosen)
        at = self._onto(points, nodes, order[:2, nodes])
        way = np.linalg.norm(at - points[nodes], axis=1)
        left = np.abs(self._excess(at, order[:2, nodes]))
        reached = (way <= limit[nodes]) & (left < ON * self.pixel)
        moved = points.copy()
        moved[nodes[reached]] = at[reached]
        return _without_slivers(points, moved, triangles)

    def _excess(self, at: np.ndarray, pair: np.ndarray) -> np.ndarray:
        """Distance to the contour between two regions of every point, positive in the first."""
        first, second = np.take_along_axis(self.depths(at), pair, axis=0)
        return 0.5 * (first - second)

    def _onto(self, points: np.ndarray, nodes: np.ndarray, pair: np.ndarray) -> np.ndarray:
        at, half = points[nodes].copy(), 0.5 * self.pixel * np.eye(2)
        for _ in range(STEPS):
            excess = self._excess(at, pair)
            rises = [self._excess(at + x, pair) - self._excess(at - x, pair) for x in half]
            # Across a side it is 0, where the picture goes on as it ends: nodes stay on the side.
            slope = np.column_stack(rises) / self.pixel
            at -= (excess / np.maximum((slope**2).sum(axis=1), 0.05))[:, None] * slope
        return at


def _depth(inside: np.ndarray) -> np.ndarray:
    """Distance of the pixels of a region to its edge, negative outside, in pixels."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    if inside.all():
        return np.full(inside.shape, float(max(inside.shape)))
    signed = np.where(
        inside, distance_transform_edt(inside) - 0.5, 0.5 - distance_transform_edt(~inside)
    )
    return gaussian_filter(signed, BLUR, mode="nearest")


def _shortest_edges(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Shortest edge at every node."""
    corners = points[triangles]
    length = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).min(axis=1)
    shortest = np.full(len(points), np.inf)
    np.minimum.at(shortest, triangles.ravel(), np.repeat(length, 3))
    return shortest


def _without_slivers(before: np.ndarray, after: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Nodes of which the farthest of every triangle that has become too small is back."""
    least = LEAST * areas(before, triangles)
    while (bad := areas(after, triangles) < least).any():
        corners = triangles[bad]
        way = np.linalg.norm(after - before, axis=1)[corners]
        back = corners[np.arange(len(corners)), way.argmax(axis=1)]
        after[back] = before[back]
    return after
