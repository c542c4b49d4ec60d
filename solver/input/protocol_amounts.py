# SPDX-License-Identifier: MIT
"""Currents and charges as people who cycle cells write them: per area, for a cell, as a rate."""

from __future__ import annotations

import re
from typing import NamedTuple

from solver.base.units import NUMBER, to_si

RATE = re.compile(rf"(?:({NUMBER.pattern})\s*C|C\s*/\s*({NUMBER.pattern}))")
DIMENSIONS = {
    "voltage": "V",
    "current": "A/m^2",
    "capacity": "C/m^2",
    "current of a cell": "A",
    "capacity of a cell": "A*s",
}
"""SI units of what may stand after `at` or `until`, by what it is."""


class Sample(NamedTuple):
    """What currents of a cell and rates refer to.

    Attributes:
        area_cm2: Area of the electrode [cm^2]; None: not known.
        capacity: That a rate of 1 C passes in an hour, per area [C/m^2]; None: not known.
    """

    area_cm2: float | None = None
    capacity: float | None = None

    def per_area(self, value: float, unit: str) -> float:
        """A current or charge of a cell per area, in SI.

        Raises:
            ValueError: The area is not known.
        """
        if self.area_cm2 is None:
            raise ValueError(f"is in {unit}, which needs protocol.area_cm2, the electrode's area")
        # Rounded as all quantities are, so that 0.2 mA on 1 cm^2 is 0.2 mA/cm^2 to the last bit.
        si = "C/m^2" if unit.endswith("h") else "A/m^2"
        return to_si(f"{value / self.area_cm2!r} {unit}/cm^2", si)

    def current(self, value: float) -> float:
        """The current density of a current in mA [A/m^2].

        Raises:
            ValueError: The area is not known.
        """
        return self.per_area(value, "mA")

    def rate(self, value: float) -> float:
        """The current of a rate of `value` C per area [A/m^2].

        Raises:
            ValueError: The capacity is not known.
        """
        if self.capacity is None:
            raise ValueError(
                "is a rate, which needs protocol.capacity, what 1 C passes in an hour, or for a "
                "file with capacity_mAh protocol.area_cm2"
            )
        return _rounded(value * self.capacity / 3600)

    def read(self, text: str) -> tuple[str, float]:
        """Return what an amount is and its value in SI: a voltage, a current or a capacity.

        Currents and capacities are per area.

        Raises:
            ValueError: The text is something else, or needs what is not known of the sample.
        """
        try:
            rate = RATE.fullmatch(text)
            if rate is not None:
                return "current", self.rate(_rate(*rate.group(1, 4)))
            kind, value = _measured(text)
            if kind == "current of a cell":
                return "current", self.current(_rounded(value * 1e3))
            if kind == "capacity of a cell":
                return "capacity", self.per_area(_rounded(value / 3.6), "mAh")
        except ValueError as error:
            raise ValueError(f"has '{text}', which {error}") from None
        return kind, value


def _rate(number: str | None, divisor: str | None) -> float:
    if number is not None:
        return float(number)
    if float(divisor) == 0:
        raise ValueError("must be finite")
    return 1 / float(divisor)


def _measured(text: str) -> tuple[str, float]:
    """What an amount with a unit is, of `DIMENSIONS`, and its value in SI."""
    for kind, unit in DIMENSIONS.items():
        try:
            if NUMBER.fullmatch(text) is None:
                return kind, to_si(text, unit)
        except ValueError as error:
            if "wrong unit" not in str(error):
                raise
    raise ValueError(
        "must be a voltage, a current or a capacity, such as 0.2 V, 1 mA/cm2, 0.5 mAh/cm2"
    )


def _rounded(value: float) -> float:
    return float(f"{value:.15g}")
