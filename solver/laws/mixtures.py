# SPDX-License-Identifier: MIT
"""Bounds on the conductivity of plane mixtures.

Everything holds for diffusivities too: O. Wiener (1912) for any arrangement; Z. Hashin and
S. Shtrikman, J. Appl. Phys. 33 (1962) 3125, for isotropic ones, in two dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence


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
