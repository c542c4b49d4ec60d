# SPDX-License-Identifier: MIT
"""Weak terms of the potential equation.

    -div( sigma_eff grad phi ) + F c_Li dxi/dt = 0,   sigma_eff = h sigma_metal + (1 - h) sigma

(Chen et al. 2025, eq. 3 of section 1.6). `dx` is the vertex rule throughout.
"""

from __future__ import annotations

import ufl

from solver.physics.energy import h


def conduction(phi, xi, v, sigma_metal, sigma_electrolyte, dx):
    """Conduction sigma_eff grad phi . grad v."""
    sigma = h(xi) * sigma_metal + (1 - h(xi)) * sigma_electrolyte
    return sigma * ufl.inner(ufl.grad(phi), ufl.grad(v)) * dx


def charge_source(increment, tau, v, F, c_Li, dx):
    """Charge consumed by the deposit's increment in a stage, F c_Li increment/tau."""
    return F * c_Li * increment / tau * v * dx
