# SPDX-License-Identifier: MIT
"""A picture of an adaptive mesh: the whole cell by level, then two magnifications."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from solver.cell.refinement import Refined

PIXELS = 400


def draw(path: Path, mesh: Refined, level_set: np.ndarray, length: float) -> None:
    """Write the picture.

    Args:
        path: PNG file.
        mesh: The mesh.
        level_set: psi at its nodes; 0 on the front.
        length: Interface length [m].
    """
    points, triangles = mesh.points * 1e6, mesh.triangles
    middle = points[triangles].mean(axis=1)
    tip = points[np.argmax(np.where(np.abs(level_set) < 1, points[:, 1], 0))]
    figure, axes = plt.subplots(1, 3, figsize=(13.5, 5), layout="constrained")
    _levels(axes[0], middle, mesh.level, points.max(axis=0))
    for ax, half in zip(axes[1:], (60 * length * 1e6, 12 * length * 1e6), strict=True):
        _triangles(ax, points, triangles, level_set, tip, half)
    side = 120 * length * 1e6
    axes[0].add_patch(plt.Rectangle(tip - side / 2, side, side, fill=False, color="white", lw=1.2))
    axes[0].set_title("level of refinement, 0 to " + str(mesh.level.max()))
    axes[1].set_title("120 l round the highest tip")
    axes[2].set_title("24 l; red: |psi| < 2")
    for ax in axes:
        ax.set_aspect("equal")
        ax.set_xlabel("x [um]")
    axes[0].set_ylabel("y [um]")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def contour(points: np.ndarray, triangles: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
    """Lines of points on which a P1 function is 0, each of shape (n, 2)."""
    figure, ax = plt.subplots()
    lines = ax.tricontour(*points.T, triangles, values, levels=[0.0]).allsegs[0]
    plt.close(figure)
    return lines


def _levels(ax, middle: np.ndarray, level: np.ndarray, top: np.ndarray) -> None:
    pixel = np.minimum((middle / top * PIXELS).astype(int), PIXELS - 1)
    finest = np.zeros((PIXELS, PIXELS))
    np.maximum.at(finest, (pixel[:, 1], pixel[:, 0]), level)
    ax.imshow(finest, origin="lower", extent=(0, top[0], 0, top[1]), cmap="viridis")


def _triangles(ax, points, triangles, level_set, centre, half: float) -> None:
    inside = (np.abs(points - centre) < half).all(axis=1)[triangles].any(axis=1)
    shown = triangles[inside]
    ax.triplot(*points.T, shown, color="0.4", lw=0.3)
    close = (np.abs(level_set) < 2)[shown].all(axis=1)
    if close.any():
        ax.triplot(*points.T, shown[close], color="tab:red", lw=0.4)
    ax.set_xlim(centre[0] - half, centre[0] + half)
    ax.set_ylim(centre[1] - half, centre[1] + half)
