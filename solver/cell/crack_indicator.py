# SPDX-License-Identifier: MIT
"""Where a mesh has to be fine for cracks: round what is broken, and ahead of what runs.

A new mesh leaves damage as it is wherever triangles are divided: it is straight in each. Where they
become coarser its values at the nodes that stay are kept, and there is next to none: a cloud
reaches beyond what AT1 leaves of it beside a crack.
"""

from __future__ import annotations

import numpy as np

from solver.cell import notches
from solver.cell.base_mesh import BITS
from solver.cell.indicator import Cloud
from solver.cell.refinement import Refined
from solver.input.fracture_section import Notch
from solver.input.resolution import TOUCH, Resolution

DAMAGED, LEFT = 0.2, 0.25
"""Damage from which on triangles are to be fine, and from which on coarse ones want a new mesh."""
GROWN = 0.1
"""Rise of the damage between two states at a place where a crack runs."""
BESIDE = 2.0
"""How far from damaged places the mesh is fine, in l_d; where a crack runs, `notches.AHEAD`."""


def damaged(
    mesh: Refined, d: np.ndarray, before: np.ndarray | None, resolution: Resolution
) -> list[Cloud]:
    """Clouds of the damage as it is, and of where it grows.

    Args:
        mesh: The mesh that d is given on.
        d: Damage at the nodes.
        before: The same at an earlier time, if it is known.
        resolution: What is asked of the mesh.
    """
    some = d > DAMAGED
    running = some & (d - before > GROWN) if before is not None else np.zeros_like(some)
    home = mesh.keys >> (2 * BITS)
    return [
        _cloud(mesh.points[which], home[which], reach, resolution)
        for which, reach in ((some, BESIDE), (running, notches.AHEAD))
    ]


def notched(mesh: Refined, given: tuple[Notch, ...], resolution: Resolution) -> list[Cloud]:
    """Clouds of notches."""
    corners = mesh.points[mesh.triangles]
    cut = np.zeros(len(corners), dtype=bool)
    for notch in given:
        cut |= notches.reached(corners, np.array([notch.x, notch.y]), np.array(notch.end))
    return [_cloud(corners[cut].mean(axis=1), mesh.macro[cut], notches.ROUND, resolution)]


def left(d: np.ndarray) -> np.ndarray:
    """Which coarse triangles want a new mesh, of the damage at their corners, shape (n, 3)."""
    return (d > LEFT).any(axis=1)


def _cloud(points: np.ndarray, home: np.ndarray, reach: float, r: Resolution) -> Cloud:
    return Cloud(points, r.crack_levels, lambda edge: reach * r.crack_length + TOUCH * edge, home)
