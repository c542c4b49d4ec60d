# SPDX-License-Identifier: MIT
"""Grains of a polycrystal as polygons that fill a rectangle: Voronoi or Laguerre cells of points.

Grains that grow at the same rate from points until they meet are the Voronoi cells of these points.
Passes of S. Lloyd (IEEE Trans. Inf. Theory 28 (1982) 129) move every point to the middle of its
grain and make grains more alike. Where sizes are asked for, cells are Laguerre's, whose weights
give every grain its area (`meshes.laguerre`).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from meshes import laguerre
from meshes.laguerre import moments


@dataclass(frozen=True, eq=False)
class Grains:
    """Polygons with common corners.

    Attributes:
        corners: Coordinates, shape (corners, 2).
        loops: Corners of every grain, counter-clockwise.
        numbers: Number of every grain among those that were asked for.
        seeds: The points that the grains have grown from, shape (grains asked for, 2).
        weights: Their weights, in squares of widths, shape (grains asked for,).
        aspect: Height over width of the mean grain.
    """

    corners: np.ndarray
    loops: tuple[np.ndarray, ...]
    numbers: np.ndarray
    seeds: np.ndarray
    weights: np.ndarray
    aspect: float

    def at(self, points: np.ndarray) -> np.ndarray:
        """Number, among those that were asked for, of the grain that every point is in."""
        from scipy.spatial import cKDTree

        # |x - p|^2 - w is, but for a number, the square of a distance in three dimensions.
        above = np.sqrt(self.weights.max() - self.weights)
        tree = cKDTree(np.column_stack([self.seeds / [1, self.aspect], above]))
        return tree.query(np.column_stack([points / [1, self.aspect], np.zeros(len(points))]))[1]

    def areas(self) -> np.ndarray:
        """Area of every grain."""
        return moments(self.corners, self.loops)[0]


def number(width: float, height: float, size: float) -> int:
    """Number of grains whose mean area is that of a disk of a diameter `size`."""
    return max(1, round(width * height / (0.25 * np.pi * size * size)))


@functools.lru_cache(maxsize=4)
def grains(
    width: float,
    height: float,
    count: int,
    seed: int,
    lloyd: int,
    aspect: float,
    spread: float | None,
    shortest: float,
) -> Grains:
    """Make grains.

    Args:
        width: Extent in x.
        height: Extent in y.
        count: Number of grains.
        seed: Of the points.
        lloyd: Passes of Lloyd.
        aspect: Height over width of the mean grain.
        spread: Standard deviation of the logarithm of the grains' diameters; None: as it comes.
        shortest: Edges shorter than that are drawn together into a corner: triangles there would
            be as small.
    """
    random = np.random.default_rng(seed)
    box = np.array([width, height / aspect])
    points = random.uniform(0, 1, (count, 2)) * box
    wanted = None if spread is None else _areas(count, spread, box.prod(), seed)
    for last in [False] * lloyd + [True]:
        weights = np.zeros(count) if wanted is None else laguerre.weights(points, box, wanted)
        corners, loops = laguerre.cells(points, weights, box)
        if not last:
            points = moments(corners, loops)[1]
    merged = _drawn_together(corners * [1, aspect], loops, (width, height), shortest)
    return Grains(*merged, points * [1, aspect], weights, aspect)


def _areas(count: int, spread: float, total: float, seed: int) -> np.ndarray:
    """Areas of grains with lognormal diameters: evenly spaced quantiles, in any order."""
    from scipy.special import ndtri

    # An area goes as the square of a diameter. Quantiles have the spread at any number of grains.
    areas = np.exp(2 * spread * ndtri((np.arange(count) + 0.5) / count))
    # Not the random numbers of the points, which would change with their number.
    return np.random.default_rng([seed, 2]).permutation(areas) * total / areas.sum()


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
