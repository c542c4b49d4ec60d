# SPDX-License-Identifier: MIT
"""Grains of a polycrystal as polygons that fill a rectangle: Voronoi cells of points at random.

Grains that grow at the same rate from points until they meet are the Voronoi cells of these points.
Passes of S. Lloyd (IEEE Trans. Inf. Theory 28 (1982) 129) move every point to the middle of its
grain and make grains more alike.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Grains:
    """Polygons with common corners.

    Attributes:
        corners: Coordinates, shape (corners, 2).
        loops: Corners of every grain, counter-clockwise.
        numbers: Number of every grain among those that were asked for.
        seeds: The points that the grains have grown from, shape (grains asked for, 2).
        aspect: Height over width of the mean grain.
    """

    corners: np.ndarray
    loops: tuple[np.ndarray, ...]
    numbers: np.ndarray
    seeds: np.ndarray
    aspect: float

    def at(self, points: np.ndarray) -> np.ndarray:
        """Number, among those that were asked for, of the grain that every point is in."""
        from scipy.spatial import cKDTree

        return cKDTree(self.seeds / [1, self.aspect]).query(points / [1, self.aspect])[1]

    def areas(self) -> np.ndarray:
        """Area of every grain."""
        return np.array([_moments(self.corners[loop])[0] for loop in self.loops])


def number(width: float, height: float, size: float) -> int:
    """Number of grains whose mean area is that of a disk of a diameter `size`."""
    return max(1, round(width * height / (0.25 * np.pi * size * size)))


@functools.lru_cache(maxsize=4)
def grains(
    width: float, height: float, count: int, seed: int, lloyd: int, aspect: float, shortest: float
) -> Grains:
    """Make grains.

    Args:
        width: Extent in x.
        height: Extent in y.
        count: Number of grains.
        seed: Of the points.
        lloyd: Passes of Lloyd.
        aspect: Height over width of the mean grain.
        shortest: Edges shorter than that are drawn together into a corner: triangles there would
            be as small.
    """
    random = np.random.default_rng(seed)
    box = np.array([width, height / aspect])
    points = random.uniform(0, 1, (count, 2)) * box
    for _ in range(lloyd):
        corners, loops = _cells(points, box)
        points = np.array([_moments(corners[loop])[1] for loop in loops])
    corners, loops = _cells(points, box)
    merged = _drawn_together(corners * [1, aspect], loops, (width, height), shortest)
    return Grains(*merged, points * [1, aspect], aspect)


def _cells(points: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Voronoi cells in a box: with the mirror images of all points no cell leaves it."""
    from scipy.spatial import Voronoi

    images = [points]
    for axis in range(2):
        for place in (0.0, box[axis]):
            image = points.copy()
            image[:, axis] = 2 * place - image[:, axis]
            images.append(image)
    found = Voronoi(np.vstack(images))
    loops = [np.array(found.regions[found.point_region[i]]) for i in range(len(points))]
    used, place = np.unique(np.concatenate(loops), return_inverse=True)
    corners = found.vertices[used]
    near = 1e-9 * box.max()
    for axis in range(2):
        corners[np.abs(corners[:, axis]) < near, axis] = 0.0
        corners[np.abs(corners[:, axis] - box[axis]) < near, axis] = box[axis]
    parts = np.split(place, np.cumsum([len(loop) for loop in loops])[:-1])
    return corners, [_counter_clockwise(corners, loop) for loop in parts]


def _counter_clockwise(corners: np.ndarray, loop: np.ndarray) -> np.ndarray:
    away = corners[loop] - corners[loop].mean(axis=0)
    return loop[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]


def _drawn_together(
    corners: np.ndarray, loops: list[np.ndarray], box: tuple[float, float], shortest: float
) -> tuple[np.ndarray, tuple[np.ndarray, ...], np.ndarray]:
    """Corners, loops and numbers of grains whose short edges have become corners.

    A grain that had no others is gone.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = np.vstack([np.column_stack([loop, np.roll(loop, -1)]) for loop in loops])
    short = np.linalg.norm(corners[ends[:, 0]] - corners[ends[:, 1]], axis=1) < shortest
    joined = coo_array((np.ones(short.sum()), ends[short].T), shape=(len(corners),) * 2)
    count, label = connected_components(joined, directed=False)
    merged = np.column_stack([_middles(corners[:, i], label, count, box[i]) for i in range(2)])
    kept, numbers = [], []
    for i, loop in enumerate(loops):
        new = label[loop]
        new = new[new != np.roll(new, 1)]
        if len(new) > 2:
            kept.append(new)
            numbers.append(i)
    return merged, tuple(kept), np.array(numbers)


def _middles(values: np.ndarray, label: np.ndarray, count: int, end: float) -> np.ndarray:
    """Mean coordinate of the corners of every group; on a side where one of them is on it."""
    mean = np.bincount(label, values, count) / np.bincount(label, minlength=count)
    for side in (0.0, end):
        mean[label[values == side]] = side
    return mean


def _moments(polygon: np.ndarray) -> tuple[float, np.ndarray]:
    """Area and centroid of a polygon."""
    following = np.roll(polygon, -1, axis=0)
    cross = polygon[:, 0] * following[:, 1] - following[:, 0] * polygon[:, 1]
    area = 0.5 * cross.sum()
    return area, ((polygon + following) * cross[:, None]).sum(axis=0) / (6 * area)
