# SPDX-License-Identifier: MIT
"""Which triangles a straight notch cuts, and how far points are from it (pure numpy)."""

from __future__ import annotations

import numpy as np

ROUND = 3.0
"""How far from notches the first mesh that follows cracks is fine, in l_d."""


def crossed(corners: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Tell which triangles a line from `start` to `end` cuts.

    A triangle beyond either end by more than half of its extent along the line is not.

    Args:
        corners: Corners of the triangles, shape (n, 3, 2) [m].
        start: Where the line begins [m].
        end: Where it ends [m].
    """
    along = (end - start) / (length := np.linalg.norm(end - start))
    relative = corners - start
    way, aside = relative @ along, relative @ np.array([-along[1], along[0]])
    middle = way.mean(axis=1)
    # A line along edges cuts the row of triangles on one side of it.
    least = 1e-9 * np.abs(aside).max(axis=1)
    cut = (aside.min(axis=1) < -least) & (aside.max(axis=1) >= -least)
    return cut & (middle >= 0) & (middle <= length)


def distance(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distance of points, shape (n, 2), from a line from `start` to `end` [m]."""
    along = end - start
    share = np.clip((points - start) @ along / (along @ along), 0.0, 1.0)
    return np.linalg.norm(points - start - share[:, None] * along, axis=1)
