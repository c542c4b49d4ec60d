# SPDX-License-Identifier: MIT
"""How a material is recorded: every number with its source, range and uncertainty (SI units)."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log

from solver.laws.reduction import arrhenius

MARGIN = 1.5
"""Temperatures this far outside the measured range still count as in it [K]: 297.15 K, the
temperature of Table S1 of Chen et al., is used for what was measured at 298.15 K."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number.

    Attributes:
        value: The number in SI units.
        unit: Its unit.
        source: Where it is from; begins with "assumed" where no measurement is behind it.
        uncertainty: Standard uncertainty, or half the range given with it; None if unknown.
    """

    value: float
    unit: str
    source: str
    uncertainty: float | None = None


@dataclass(frozen=True, slots=True)
class Conductivity:
    """Ionic conductivity sigma(T), with sigma T = A exp(-E_a/(k_B T)) or known at one temperature.

    Attributes:
        ln_A: ln of A in S K/m.
        slope: d ln(sigma T)/d(1000/T) [1000 K]; None where only one temperature is known.
        temperatures: Lowest and highest temperature measured [K].
        source: Where it is from.
        scatter: Relative standard deviation of the measurements; None if unknown.
    """

    ln_A: float
    slope: float | None
    temperatures: tuple[float, float]
    source: str
    scatter: float | None = None

    @classmethod
    def fitted(cls, T: tuple, sigma: tuple, source: str) -> Conductivity:
        """Fit measured pairs of temperature [K] and conductivity [S/m]."""
        fit = arrhenius(T, sigma)
        return cls(fit.intercept, fit.slope, (min(T), max(T)), source, fit.scatter)

    @classmethod
    def through(
        cls, T: float, sigma: float, slope: float, temperatures: tuple[float, float], source: str
    ) -> Conductivity:
        """Take a printed slope [1000 K] through the one printed value sigma [S/m] at T [K]."""
        return cls(log(sigma * T) - 1e3 * slope / T, slope, temperatures, source)

    @classmethod
    def at_one(cls, T: float, sigma: float, source: str) -> Conductivity:
        """Take a value sigma [S/m] that is known at one temperature T [K] only."""
        return cls(log(sigma * T), None, (T, T), source)

    def at(self, T: float) -> float:
        """Conductivity at temperature T [K], in S/m.

        Raises:
            ValueError: T is outside the measured range; the message begins with what is measured.
        """
        low, high = self.temperatures
        if not low - MARGIN <= T <= high + MARGIN:
            where = f"at {low:g} K" if low == high else f"from {low:g} to {high:g} K"
            raise ValueError(f"measured {where}, not at {T:g} K")
        if self.slope is None:
            return exp(self.ln_A) / low
        return exp(self.ln_A + 1e3 * self.slope / T) / T


@dataclass(frozen=True, slots=True)
class Material:
    """An electrolyte or a component of one.

    Attributes:
        name: What configs call it.
        description: One line on what it is.
        sigma_ion: Ionic conductivity; None if it is not known.
        values: Other properties by the name of the key that takes them in a config's layer.
        others: Figures worth having that no config takes, by name.
    """

    name: str
    description: str
    sigma_ion: Conductivity | None = None
    values: dict[str, Value] = field(default_factory=dict)
    others: dict[str, Value] = field(default_factory=dict)
