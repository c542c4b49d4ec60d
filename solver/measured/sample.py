# SPDX-License-Identifier: MIT
"""The sample that a spectrum is of, and what the resistances of its circuit are per size.

Halves of confidence intervals of independent numbers add in squares, relative ones here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import hypot, isfinite

from solver.base.units import NUMBER, to_si
from solver.laws.circuit import Fit
from solver.laws.reduction import conductivity

PLUS_MINUS = re.compile(r"\s*(?:\+-|\+/-|±)\s*")


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with half of its interval of 95 %; 0 if it is not known."""

    value: float
    half: float = 0.0

    @property
    def share(self) -> float:
        """The half relative to the value."""
        return self.half / self.value

    @classmethod
    def read(cls, text: str, unit: str) -> Measured:
        """Read a text such as `1.00 +- 0.02 mm`, `1 mm +- 20 um`, `0.785 cm^2 ± 2 %`.

        Args:
            text: The text.
            unit: The SI unit; the text must have one.

        Raises:
            ValueError: It cannot be read; the message does not repeat it.
        """
        value, *halves = PLUS_MINUS.split(text.strip())
        half = halves[0] if halves else "0 %"
        if len(halves) > 1:
            raise ValueError("must have one +-")
        if NUMBER.fullmatch(value):
            number = NUMBER.match(half) if halves else None
            written = half[number.end() :].strip() if number else ""
            if not written or written == "%":
                raise ValueError(f"has no unit; write it as '{value} {unit}' or in a like unit")
            value = f"{value} {written}"
        found = to_si(value, unit)
        if found <= 0:
            raise ValueError("must be greater than 0")
        if half.endswith("%"):
            width = found * to_si(half[:-1].strip(), "") / 100
        else:
            if NUMBER.fullmatch(half):
                half = f"{half} {value[NUMBER.match(value).end() :].strip()}"
            width = to_si(half, unit)
        if not 0 <= width < found or not isfinite(width):
            raise ValueError("must have an uncertainty of 0 or more, below the value")
        return cls(found, width)


@dataclass(frozen=True, slots=True)
class Sample:
    """Area [m^2] and thickness [m] of the electrolyte, and its interfaces with electrodes.

    Attributes:
        area: Area.
        thickness: Thickness.
        interfaces: Equal interfaces that R_ct is of, 2 in a symmetric cell; None: not known.
    """

    area: Measured
    thickness: Measured
    interfaces: int | None = None

    def conductivity(self, fit: Fit) -> Measured:
        """Conductivity of the electrolyte by R_b [S/m]."""
        R_b = Measured(fit.values["R_b"], fit.halves["R_b"])
        value = conductivity(R_b.value, self.thickness.value, self.area.value)
        return Measured(value, value * hypot(R_b.share, self.thickness.share, self.area.share))

    def per_area(self, fit: Fit, name: str) -> Measured:
        """A resistance of the circuit times the area; R_ct of one interface [ohm m^2]."""
        R = Measured(fit.values[name], fit.halves[name])
        count = (self.interfaces or 1) if name == "R_ct" else 1
        value = R.value * self.area.value / count
        return Measured(value, value * hypot(R.share, self.area.share))

    def capacitance(self, fit: Fit, name: str) -> float:
        """Effective capacitance tau/R of an arc per area, of one interface [F/m^2]."""
        R = self.per_area(fit, name).value
        return fit.taus[name] / R
