# SPDX-License-Identifier: MIT
"""Pointwise energy functions of the phase field (Chen et al. 2025, section 1.6)."""

from __future__ import annotations


def h(xi):
    """Interpolation h(xi) = xi^3 (6 xi^2 - 15 xi + 10); h(0) = 0, h(1) = 1."""
    return xi**3 * (6 * xi**2 - 15 * xi + 10)


def dh(xi):
    """h'(xi) = 30 xi^2 (1 - xi)^2."""
    return 30 * xi**2 * (1 - xi) ** 2


def ddh(xi):
    """h''(xi) = 60 xi (1 - xi) (1 - 2 xi)."""
    return 60 * xi * (1 - xi) * (1 - 2 * xi)


def dg(xi, W):
    """g'(xi) of the double well g = W xi^2 (1 - xi)^2 [J/m^3]."""
    return 2 * W * xi * (1 - xi) * (1 - 2 * xi)


def ddg(xi, W):
    """g''(xi) [J/m^3]."""
    return 2 * W * (1 - 6 * xi + 6 * xi**2)
