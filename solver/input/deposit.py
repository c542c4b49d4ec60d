# SPDX-License-Identifier: MIT
"""The section on the deposit at the start; every quantity in SI.

Sources of the defaults are abbreviated as in solver.input.sections.
"""

from __future__ import annotations

from solver.base.units import quantity, whole
from solver.input.section import Section
from solver.input.sections import Length


class Island(Section):
    """A disk of lithium in the electrolyte, without a connection to the anode."""

    x: quantity("m", ge=0, le=1)
    """Position of its centre along the anode."""
    y: quantity("m", gt=0, le=1)
    """Height of its centre above the anode."""
    radius: Length
    """Its radius."""


class Nuclei(Section):
    """Initial deposit: a thin Li film with half-disks on it [family]."""

    film: quantity("m", ge=0, le=1) = 2.5e-6
    """Thickness of the film on the anode."""
    count: whole(ge=0, le=10_000) = 7
    """Half-disks at equal spacing, before jitter; ignored where `positions` is given."""
    positions: tuple[quantity("m"), ...] | None = None
    """Explicit x of every half-disk."""
    c_inside: quantity("mol/m^3", ge=0) | None = None
    """Li+ in the deposit at the start. What xi in its core lacks to 1 is filled up from it; without
    any, nuclei of few interface lengths and a low D in the deposit drain it below 0. Null: none
    with `kinetics.interface: printed`, a tenth of the smallest c0 with `quantitative`, which reads
    c on both sides of the front [ours]."""
    radius: Length = 1.5e-6
    """Mean radius of a half-disk."""
    radius_spread: quantity("", ge=0, lt=1) = 0.3
    """Radii are uniform in radius*(1 -+ spread)."""
    islands: tuple[Island, ...] = ()
    """Disks of lithium in the electrolyte of a cell, see `electrochemistry.closure` [ours]."""
    regions: tuple[str, ...] = ()
    """Regions of a picture or a map that are full of lithium, pores for example: islands of their
    shape [ours]."""
    jitter: quantity("", ge=0, lt=0.5) = 0.3
    """Positions are shifted by a uniform -+ jitter*spacing."""
    seed: whole(ge=0) = 3
    """Seed of the random radii and shifts (numpy default_rng)."""

    @property
    def has_islands(self) -> bool:
        """Whether there is lithium without a connection to the anode."""
        return bool(self.islands or self.regions)

    @property
    def has_disks(self) -> bool:
        """Whether there are half-disks on the film."""
        return bool(self.count if self.positions is None else self.positions)

    @property
    def top(self) -> float:
        """Height that the deposit reaches at most [m]."""
        return self.film + (self.radius * (1 + self.radius_spread) if self.has_disks else 0.0)
