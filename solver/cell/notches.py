# SPDX-License-Identifier: MIT
"""Which triangles a straight notch cuts, and how far points are from it (pure numpy)."""

from __future__ import annotations

import numpy as np

ROUND = 3.0
"""How far on both sides of a notch the mesh is fine, in l_d: AT1 leaves damage up to 2."""
AHEAD = 4.0
"""How far from places where a crack runs the mesh that follows it is fine, in l_d."""


def crossed(corners: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Tell which triangles a line from `start` to `end` cuts.

    A triangle beyond either end by more than half of its extent along the line is not.

    Args:
        corners: Corners of the triangles, shape (n, 3, 2) [m].
        start: Where the line begins [m].
        end: Where it ends [m].
    """
    way, cut, length = _beside(corners, start, end)
    middle = way.mean(axis=1)
    return cut & (middle >= 0) & (middle <= length)


def reached(corners: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Tell which triangles may have a part of a line in them, however large they are.

    As `crossed`, which leaves out those that a line ends in soon, such as all of the base of an
    adaptive mesh that is coarser than the line is long.
    """
    way, cut, length = _beside(corners, start, end)
    return cut & (way.max(axis=1) >= 0) & (way.min(axis=1) <= length)


def _beside(
    corners: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Places of corners along a line [m], which triangles it would cut if endless, its length."""
    along = (end - start) / (length := float(np.linalg.norm(end - start)))
    relative = corners - start
    way, aside = relative @ along, relative @ np.array([-along[1], along[0]])
    # A line along edges cuts the row of triangles on one side of it.
    least = 1e-9 * np.abs(aside).max(axis=1)
    cut = (aside.min(axis=1) < -least) & (aside.max(axis=1) >= -least)
    return way, cut, length


def distance(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distance of points, shape (n, 2), from a line from `start` to `end` [m]."""
    along = end - start
    share = np.clip((points - start) @ along / (along @ along), 0.0, 1.0)
    return np.linalg.norm(points - start - share[:, None] * along, axis=1)


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Least distance between two lines, 0 where they cross or touch [m].

    Args:
        one: Ends of a line, shape (2, 2) [m].
        other: Those of the other one.
    """
    if all(_on_both_sides(*pair) for pair in ((one, other), (other, one))):
        return 0.0
    return float(min(distance(one, *other).min(), distance(other, *one).min()))


def _on_both_sides(line: np.ndarray, points: np.ndarray) -> bool:
    """Whether two points lie on different sides of an endless line."""
    along, relative = line[1] - line[0], points - line[0]
    left, right = along[0] * relative[:, 1] - along[1] * relative[:, 0]
    return left * right < 0
