# SPDX-License-Identifier: MIT
"""The section of an inert skeleton in the electrolyte; sources as in solver.input.sections."""

from __future__ import annotations

from solver.base.units import quantity, whole
from solver.input.section import Section
from solver.input.sections import Length


class Skeleton(Section):
    """Inert filaments perpendicular to the anode: nothing is deposited or transported in them.

    A thin layer with pores is a row of wide and short ones.
    """

    count: whole(ge=1, le=1000) = 4
    """Number of filaments [ours]."""
    width: Length
    """Width of a filament."""
    gap: Length | None = None
    """Distance between neighbours, about the middle of the cell; null: evenly spread."""
    start: Length
    """Height of their lower ends above the anode."""
    end: Length
    """Height of their upper ends."""
    E: quantity("Pa", gt=0) = 1e9
    """Young's modulus; polyethylene [ours: far above PEO]."""
    nu: quantity("", gt=-1, lt=0.5) = 0.4
    """Poisson ratio; polyethylene [ours]."""

    def centres(self, cell_width: float) -> list[float]:
        """Positions of the filaments along the anode [m]."""
        pitch = cell_width / self.count if self.gap is None else self.width + self.gap
        middle = 0.5 * (self.count - 1)
        return [0.5 * cell_width + (i - middle) * pitch for i in range(self.count)]
