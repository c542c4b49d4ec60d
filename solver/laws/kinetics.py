# SPDX-License-Identifier: MIT
"""Butler-Volmer kinetics of the deposition (Chen et al. 2025, section 1.6)."""

from __future__ import annotations

import numpy as np

from solver.base.lazy import ufl


def _exp(x):
    return np.exp(x) if isinstance(x, np.ndarray | float) else ufl.exp(x)


def anodic(eta, alpha, F_RT):
    """Dissolution factor exp((1 - alpha) F eta/RT)."""
    return _exp((1 - alpha) * F_RT * eta)


def cathodic(eta, alpha, F_RT):
    """Deposition factor exp(-alpha F eta/RT); multiplies c/c0."""
    return _exp(-alpha * F_RT * eta)


def butler_volmer(c_ratio, eta, alpha, F_RT):
    """B = exp((1 - alpha) F eta/RT) - (c/c0) exp(-alpha F eta/RT); B < 0 deposits lithium."""
    return anodic(eta, alpha, F_RT) - c_ratio * cathodic(eta, alpha, F_RT)
