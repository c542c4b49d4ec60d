# SPDX-License-Identifier: MIT
"""The front coordinate psi, in which a moving front is a straight line in space and time."""

from __future__ import annotations

import numpy as np

from solver.base.lazy import ufl

PURE = 1e-14
"""xi within this of 0 or 1 is pure electrolyte or metal; its psi is held there."""


def psi(xi):
    """Front coordinate psi = ln(xi/(1 - xi)): -x/l across a planar front at x = 0."""
    if isinstance(xi, np.ndarray):
        inside = np.clip(xi, PURE, 1 - PURE)
        return np.log(inside / (1 - inside))
    inside = ufl.max_value(PURE, ufl.min_value(xi, 1 - PURE))
    return ufl.ln(inside / (1 - inside))


def from_psi(psi: np.ndarray) -> np.ndarray:
    """Phase field 1/(1 + exp(-psi))."""
    return 1 / (1 + np.exp(-psi))
