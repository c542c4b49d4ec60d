# SPDX-License-Identifier: MIT
"""How fine an adaptive mesh is to be; needs neither DOLFINx nor Gmsh."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log2

from solver import scaling
from solver.config import Config


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
