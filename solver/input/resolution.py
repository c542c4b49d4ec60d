# SPDX-License-Identifier: MIT
"""How fine an adaptive mesh is to be; needs neither DOLFINx nor Gmsh."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor, log, log2
from typing import TYPE_CHECKING

from solver.input.stack import CellConfig
from solver.laws import scaling

if TYPE_CHECKING:
    import numpy as np

BEHIND = 3.0
"""How far behind its middle the interface must be resolved, in interface lengths: up to xi 0.95."""
SINK = 0.1
"""Ahead of it, up to where the lithium in the tail of xi, c_Li xi, is this share of c0: what plates
there draws on c, and coarser triangles would make c jump at every remesh."""
TOUCH = 0.6
"""A triangle touches a point that is nearer to its centre than this many edges."""
SLOWEST = 0.25
"""Share of the margin that the slowest part of the front gets; the fastest gets all of it."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is asked of an adaptive mesh.

    Attributes:
        levels: Refinements from the base to the finest triangles of the front.
        size: Edge of these [m].
        length: Interface length l [m].
        ahead: How far ahead of its middle the interface must be resolved, in l.
        margin: Way of the fastest part of the front before it leaves the finest triangles, in l.
        tolerance: Interpolation error of c/c0 and F phi/RT aimed at away from the front.
        crack_levels: Refinements to the triangles of cracks; 0 where nothing cracks.
        crack_length: Damage length l_d [m].
    """

    levels: int
    size: float
    length: float
    ahead: float
    margin: float
    tolerance: float
    crack_levels: int = 0
    crack_length: float = 0.0

    @property
    def deepest(self) -> int:
        """Refinements to the finest triangles of all."""
        return max(self.levels, self.crack_levels)

    def needs(self, psi: np.ndarray) -> np.ndarray:
        """Where psi = ln(xi/(1 - xi)) is that of the interface which must be resolved."""
        return (psi > -self.ahead) & (psi < BEHIND)

    def edge(self, level: int) -> float:
        """Edge of the triangles of a level [m]."""
        return self.size * 2.0 ** (self.levels - level)


def resolution(config: CellConfig) -> Resolution:
    """Return what the section `adapt` asks for.

    Every refinement halves the edges; the base is as coarse as `mesh.size_max` allows. Without
    adapt.enabled there are none.
    """
    length, adapt = scaling.interface(config.phase_field).length, config.adapt
    size = length / adapt.elements
    ratio = config.mesh.size_max / size if adapt.enabled else 1.0
    levels = max(0, floor(log2(ratio * (1 + 1e-9))))
    ahead = log(config.lithium.c_Li / (SINK * min(layer.c0 for layer in config.parts)))
    found = Resolution(levels, size, length, max(ahead, BEHIND), adapt.margin, adapt.tolerance)
    cracks = config.fracture
    if not levels or cracks is None:
        return found
    finer = log2(found.edge(0) * cracks.elements / cracks.length)
    return replace(found, crack_levels=max(0, ceil(finer - 1e-9)), crack_length=cracks.length)


def band_level(config: CellConfig) -> int:
    """Level of the triangles that the bands of grain boundaries need; 0 for none or the base.

    0 too where the finest triangles are too large for that: the band is then a network below the
    mesh, along which films conduct as they should and across which boundaries resist too little.
    """
    band, r = config.grain_boundaries, resolution(config)
    if band is None or not band.R_gb or not band.elements:
        return 0
    level = max(0, ceil(log2(r.edge(0) * band.elements / band.width * (1 - 1e-9))))
    return level if level <= r.levels else 0
