# SPDX-License-Identifier: MIT
"""How fine an adaptive mesh is to be; needs neither DOLFINx nor Gmsh."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log2, sqrt
from typing import TYPE_CHECKING

from solver import scaling

if TYPE_CHECKING:
    from solver.config import Config

TAIL = 4.0
"""Half width of the interface that must be resolved, in interface lengths: xi from 0.018 to 0.982.
A run remeshes when this much of the front is no longer on finest triangles."""
SLOWEST = 0.25
"""Share of the margin that the slowest part of the front gets; the fastest gets all of it."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is asked of an adaptive mesh.

    Attributes:
        levels: Refinements from the base to the finest triangles.
        size: Edge of the finest triangles [m].
        length: Interface length l [m].
        margin: Way of the fastest part of the front before it leaves the finest triangles, in l.
        tolerance: Interpolation error of c/c0 and F phi/RT aimed at away from the front.
    """

    levels: int
    size: float
    length: float
    margin: float
    tolerance: float

    def edge(self, level: int) -> float:
        """Edge of the triangles of a level [m]."""
        return self.size * 2.0 ** (self.levels - level)

    def front_nodes(self, front: float) -> float:
        """Estimated number of finest nodes along a front of this length [m]."""
        width = (2 * TAIL + 0.5 * (1 + SLOWEST) * self.margin) * self.length
        return 2 / sqrt(3) * front * width / self.size / self.size


def resolution(config: Config) -> Resolution:
    """Return what the section `adapt` asks for.

    Every refinement halves the edges; the base is as coarse as `mesh.size_max` allows. Without
    adapt.enabled there are none.
    """
    length, adapt = scaling.interface(config.phase_field).length, config.adapt
    size = length / adapt.elements
    ratio = config.mesh.size_max / size if adapt.enabled else 1.0
    levels = max(0, floor(log2(ratio * (1 + 1e-9))))
    return Resolution(levels, size, length, adapt.margin, adapt.tolerance)
