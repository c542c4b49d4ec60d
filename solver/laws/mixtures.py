# SPDX-License-Identifier: MIT
"""Conductivity of plane mixtures: bounds, and an estimate between them.

Everything holds for diffusivities too. Bounds: O. Wiener (1912) for any arrangement; Z. Hashin and
S. Shtrikman, J. Appl. Phys. 33 (1962) 3125, for isotropic ones, in two dimensions. Estimate:
D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636; for two parts in equal shares it is sqrt(s1 s2),
which is exact for a checkerboard (J. B. Keller, J. Math. Phys. 5 (1964) 548; A. M. Dykhne, Sov.
Phys. JETP 32 (1971) 63).
"""

from __future__ import annotations

from collections.abc import Sequence

BISECTIONS = 200


def wiener(shares: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Conductivity of parts in series and side by side, between which every arrangement's lies.

    Args:
        shares: Shares of the area.
        values: Conductivities, not negative.
    """
    parallel = sum(f * s for f, s in zip(shares, values, strict=True))
    if any(f and not s for f, s in zip(shares, values, strict=True)):
        return 0.0, parallel
    return 1 / sum(f / s for f, s in zip(shares, values, strict=True) if f), parallel


def hashin_shtrikman(shares: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Bounds on the conductivity of an isotropic arrangement in two dimensions."""
    present = [s for f, s in zip(shares, values, strict=True) if f]
    return tuple(_around(shares, values, host) for host in (min(present), max(present)))


def _around(shares: Sequence[float], values: Sequence[float], host: float) -> float:
    """Conductivity where every part is a disk in a shell of the host."""
    if not host:
        return 0.0
    return 1 / sum(f / (s + host) for f, s in zip(shares, values, strict=True)) - host


def bruggeman(shares: Sequence[float], values: Sequence[float]) -> float:
    """Conductivity s in which disks of all parts disturb a field by nothing on average.

    It solves sum f_i (s_i - s)/(s_i + s) = 0.
    """
    low, high = hashin_shtrikman(shares, values)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        excess = sum(f * (s - middle) / (s + middle) for f, s in zip(shares, values, strict=True))
        low, high = (middle, high) if excess > 0 else (low, middle)
    return 0.5 * (low + high)
