# SPDX-License-Identifier: MIT
"""Constants of isotropic elasticity."""

from __future__ import annotations


def lame(E: float, nu: float) -> tuple[float, float]:
    """Return Lame's lambda and mu [Pa] from Young's modulus [Pa] and Poisson's ratio."""
    return E * nu / ((1 + nu) * (1 - 2 * nu)), E / (2 * (1 + nu))
