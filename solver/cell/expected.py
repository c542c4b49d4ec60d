# SPDX-License-Identifier: MIT
"""How many nodes a mesh that follows the front has: counted from the geometry, no mesh is made.

A level of the refinement covers what is nearer to the front than a distance of its own, and has
four times the nodes per area of the level before it. The areas are those of strips along the
deposit's signed distance, whose gradient is 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt

import numpy as np

from solver.cell import initial, regions
from solver.cell.notches import ROUND
from solver.cell.notches import distance as distance_to_line
from solver.input.config import Config
from solver.input.resolution import (
    BEHIND,
    SLOWEST,
    TOUCH,
    Resolution,
    band_level,
    resolution,
)

Line = tuple[tuple[float, float], tuple[float, float]]
"""Both ends of a straight line [m]."""
SAMPLES = 150
"""Boxes along each side of the cell that the distance is sampled in."""
RING = TOUCH + 1 / sqrt(3)
"""Distance to which triangles are refined beyond what must be, in their edges: the indicator asks
for centres, and these are so far from the corners."""


def along_the_front(config: Config, cracks: Sequence[Line] = ()) -> float:
    """Nodes that the first mesh of a config has more than its base, those of notches included.

    Args:
        config: The config.
        cracks: Ends of straight ones that have grown [m].
    """
    r, nodes = resolution(config), 0.0
    distance, box = _distances(config)
    notches, edge = _distances_to_notches(config, cracks)
    ahead = (r.ahead + r.margin) * r.length
    for level in range(r.deepest):
        reach = RING * r.edge(level)
        covered = np.zeros_like(distance)
        if level < r.levels:
            covered = _within(distance, -BEHIND * r.length - reach, ahead + reach, box)
        if level < r.crack_levels:
            beside = ROUND * r.crack_length + reach
            covered = np.maximum(covered, _within(notches, -beside, beside, edge))
        more = _density(r.edge(level + 1)) - _density(r.edge(level))
        nodes += covered.mean() * config.width * config.cell_height * more
    return nodes


def along_boundaries(config: Config) -> float:
    """Nodes that a mesh has more than its base in the bands of grain boundaries."""
    level = band_level(config)
    if not level:
        return 0.0
    r, area = resolution(config), config.width * config.cell_height
    length, nodes = regions.boundary_density(config), 0.0
    for coarser in range(level):
        reach = config.grain_boundaries.width + 2 * RING * r.edge(coarser)
        more = _density(r.edge(coarser + 1)) - _density(r.edge(coarser))
        # Bands overlap at junctions, as places at random would.
        nodes += (1 - exp(-reach * length)) * area * more
    return nodes


def of_fingers(config: Config, way: float, wavelength: float) -> float:
    """Nodes that fingers add which have grown a way [m], a wavelength [m] apart.

    They are of all lengths up to the longest one. What their flanks must have resolved beside them
    is bounded by the electrolyte between two fingers.
    """
    r = resolution(config)
    fingers = max(1.0, config.width / max(wavelength, r.length))
    # 2 n flanks of (1 + 1/n)/2 of the way on average.
    flanks = (fingers + 1) * way
    free, room = _flank(r), config.width / (2 * fingers)
    return flanks / sqrt(free**-2 + room**-2) * _density(r.size)


def _flank(r: Resolution) -> float:
    """Width of the finest triangles along a slow front, and of the rings as if they were [m]."""
    width = (BEHIND + r.ahead + SLOWEST * r.margin) * r.length
    rings = sum(
        2 * RING * r.edge(level) * (_density(r.edge(level + 1)) - _density(r.edge(level)))
        for level in range(r.levels)
    )
    return width + rings / _density(r.size)


def _density(edge: float) -> float:
    """Nodes per area of equilateral triangles [1/m^2]."""
    return 2 / sqrt(3) / edge / edge


def _distances(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Distance to the deposit in the middles of boxes, and extent of a box in its direction [m]."""
    X, Y, dx, dy = _boxes(config)
    distance = initial.distance_in(config, X, Y)
    if not np.isfinite(distance).any():  # no deposit
        return distance, np.ones_like(distance)
    along_x, along_y = np.gradient(distance, dx, dy)
    return distance, np.maximum(np.hypot(along_x * dx, along_y * dy), 1e-3 * min(dx, dy))


def _distances_to_notches(config: Config, cracks: Sequence[Line]) -> tuple[np.ndarray, float]:
    """Distance to the nearest notch or crack in the middles of boxes, and extent of a box [m]."""
    X, Y, dx, dy = _boxes(config)
    points, nearest = np.column_stack([X.ravel(), Y.ravel()]), np.full(X.size, np.inf)
    given = config.fracture.notches if config.fracture is not None else ()
    for start, end in (*(((notch.x, notch.y), notch.end) for notch in given), *cracks):
        nearest = np.minimum(nearest, distance_to_line(points, np.array(start), np.array(end)))
    return nearest.reshape(X.shape), max(dx, dy)


def _boxes(config: Config) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Middles of the boxes and their extents [m]."""
    (x, dx), (y, dy) = _middles(config.width), _middles(config.cell_height)
    return *np.meshgrid(x, y, indexing="ij"), dx, dy


def _middles(length: float) -> tuple[np.ndarray, float]:
    step = length / SAMPLES
    return (np.arange(SAMPLES) + 0.5) * step, step


def _within(
    distance: np.ndarray, low: float, high: float, box: np.ndarray | float
) -> np.ndarray:
    """Share of every box whose distance is between two values."""
    below = [np.clip((end - distance) / box + 0.5, 0.0, 1.0) for end in (low, high)]
    return below[1] - below[0]
