# SPDX-License-Identifier: MIT
"""Elastic constants of a composite from those of its two components."""

from __future__ import annotations

from typing import NamedTuple


class Moduli(NamedTuple):
    """Bulk and shear modulus [Pa]."""

    bulk: float
    shear: float

    @classmethod
    def of(cls, E: float, nu: float) -> Moduli:
        """From Young's modulus [Pa] and Poisson's ratio."""
        return cls(E / (3 * (1 - 2 * nu)), E / (2 * (1 + nu)))

    @property
    def E(self) -> float:
        """Young's modulus [Pa]."""
        return 9 * self.bulk * self.shear / (3 * self.bulk + self.shear)

    @property
    def nu(self) -> float:
        """Poisson's ratio."""
        return (3 * self.bulk - 2 * self.shear) / (2 * (3 * self.bulk + self.shear))


def voigt(a: Moduli, b: Moduli, fraction: float) -> Moduli:
    """Upper bound: equal strain; `fraction` is the volume fraction of `a`."""
    return Moduli(*(fraction * x + (1 - fraction) * y for x, y in zip(a, b, strict=True)))


def reuss(a: Moduli, b: Moduli, fraction: float) -> Moduli:
    """Lower bound: equal stress; `fraction` is the volume fraction of `a`."""
    return Moduli(*(1 / (fraction / x + (1 - fraction) / y) for x, y in zip(a, b, strict=True)))


def hill(a: Moduli, b: Moduli, fraction: float) -> Moduli:
    """Mean of the two bounds (Hill, Proc. Phys. Soc. A 65 (1952) 349)."""
    bounds = zip(voigt(a, b, fraction), reuss(a, b, fraction), strict=True)
    return Moduli(*(0.5 * (upper + lower) for upper, lower in bounds))
