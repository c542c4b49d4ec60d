# SPDX-License-Identifier: MIT
"""Triangles that end at the contours of a labelled picture.

The nodes next to a contour move onto it, and every triangle then belongs to the region that its
middle is in: edges follow the contour instead of stepping along it.
"""

from __future__ import annotations

import numpy as np

from meshes.discrete import areas

FARTHEST = 0.7
"""Way of a node onto a contour, at most, in its shortest edge."""
LEAST = 0.3
"""Share of its area that a triangle keeps at least."""
STEPS = 8
"""Steps of Newton's method onto a contour."""
ON = 0.05
"""A node this near to a contour, in pixels, is on it."""
APART = 4.0
"""Labels nearer to each other than that times the smoothing have different colours."""


class Contours:
    """The contours between the labels of a picture.

    Labels that are apart share a colour, as on a map: distances are known for some colours instead
    of for hundreds of grains.

    Args:
        label: Label of every pixel, shape (rows, columns), the lowest row first.
        pixel: Edge of a pixel.
        smoothing: Width of the average over pixels that takes their steps from the contours, in
            pixels.
    """

    def __init__(self, label: np.ndarray, pixel: float, smoothing: float):
        self.pixel = pixel
        present, which = np.unique(label, return_inverse=True)
        which = which.reshape(label.shape)
        colour = _colours(which, len(present), APART * smoothing)[which]
        depths, nearest = zip(
            *(depth(colour == number, smoothing) for number in range(colour.max() + 1)),
            strict=True,
        )
        self._depths = depths
        # Of every colour the label that is nearest to a pixel.
        self._nearest = np.array([label[tuple(place)] for place in nearest])

    def depths(self, at: np.ndarray) -> np.ndarray:
        """How deep points are inside every colour, negative outside.

        Args:
            at: Coordinates, shape (n, 2).

        Returns:
            Distances, shape (colours, n).
        """
        from scipy.ndimage import map_coordinates

        places = (at / self.pixel - 0.5).T[::-1]
        found = [map_coordinates(x, places, order=1, mode="nearest") for x in self._depths]
        return self.pixel * np.array(found)

    def labels(self, at: np.ndarray) -> np.ndarray:
        """Label of the grain that every point is in, shape (n,)."""
        colour = self.depths(at).argmax(axis=0)
        limit = np.array(self._nearest.shape[:0:-1]) - 1
        column, row = np.clip((at / self.pixel).astype(int), 0, limit).T
        return self._nearest[colour, row, column]

    def fitted(self, points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
        """Return nodes of which those next to a contour have moved onto it.

        It is that between the two colours in which a node is deepest. Nodes on a side of the
        rectangle stay on it.

        Args:
            points: Coordinates, shape (nodes, 2).
            triangles: Their nodes, counter-clockwise, shape (triangles, 3).
        """
        if len(self._depths) == 1:
            return points
        limit = FARTHEST * _shortest_edges(points, triangles)
        depth = self.depths(points)
        order = np.argsort(-depth, axis=0)
        ranked = np.take_along_axis(depth, order, axis=0)
        nodes = np.flatnonzero(ranked[0] - ranked[1] < 3 * limit)
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


def _colours(which: np.ndarray, count: int, reach: float) -> np.ndarray:
    """Colour of every label: none is that of a label within reach, in pixels."""
    steps = range(0, int(np.ceil(reach)) + 1, max(1, int(reach) // 4))
    near = [_beside(which, down, right * side) for down in steps for right in steps
            for side in (1, -1) if down or right]  # fmt: skip
    pairs = np.unique(np.concatenate(near), axis=0)
    others: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs:
        others[a].append(b)
        others[b].append(a)
    colour = np.full(count, -1)
    # Those with the most neighbours first need the fewest colours.
    for label in sorted(range(count), key=lambda i: -len(others[i])):
        taken = set(colour[others[label]])
        colour[label] = next(i for i in range(count) if i not in taken)
    return colour


def _beside(which: np.ndarray, down: int, right: int) -> np.ndarray:
    """Pairs of different labels of pixels that are so far from each other, each once."""
    rows, columns = which.shape
    if down >= rows or abs(right) >= columns:
        return np.empty((0, 2), dtype=int)
    one = which[: rows - down, max(0, -right) : columns - max(0, right)]
    other = which[down:, max(0, right) : columns - max(0, -right)]
    different = one != other
    both = np.sort(np.column_stack([one[different], other[different]]), axis=1)
    return np.unique(both, axis=0)


def depth(inside: np.ndarray, smoothing: float) -> tuple[np.ndarray, np.ndarray]:
    """Distance of the pixels of a colour to its edge, negative outside, and the nearest of them.

    Args:
        inside: Whether a pixel has the colour, shape (rows, columns).
        smoothing: Width of the average over pixels that takes their steps from the edge, in pixels.

    Returns:
        Distances in pixels, shape (rows, columns), and rows and columns of pixels, shape
        (2, rows, columns).
    """
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    if inside.all():
        return np.full(inside.shape, float(max(inside.shape))), np.indices(inside.shape)
    outside, nearest = distance_transform_edt(~inside, return_indices=True)
    signed = np.where(inside, distance_transform_edt(inside) - 0.5, 0.5 - outside)
    return gaussian_filter(signed, smoothing, mode="nearest"), nearest


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
