# SPDX-License-Identifier: MIT
"""Weak terms of the potential equation.

    -div( sigma_eff grad phi ) + z s F c_Li d(source)/dt = 0,
    sigma_eff = h sigma_deposit + (1 - h) sigma_electrolyte

With source = xi, z = +1 and s = 1 this is eq. 3 of section 1.6 of Chen et al. 2025: Li+ that ends
in the deposit takes its charge from the current. With z = -1 it is the balance of the electrons
that meet it there. `dx` is the vertex rule throughout.
"""

from __future__ import annotations

import ufl

from solver.laws.energy import h


def conduction(phi, xi, v, sigma_deposit, sigma_electrolyte, dx):
    """Conduction sigma_eff grad phi . grad v."""
    sigma = h(xi) * sigma_deposit + (1 - h(xi)) * sigma_electrolyte
    return sigma * ufl.inner(ufl.grad(phi), ufl.grad(v)) * dx


def conduction_in_series(phi, xi, v, sigma_deposit, sigma_electrolyte, dx):
    """Conduction sigma_eff grad phi . grad v with 1/sigma_eff = h/sigma_d + (1 - h)/sigma_e.

    As deposit and electrolyte in series: across a front the potential then departs from that at a
    sharp one by nothing that adds up. `dx` is the one-point rule: one resistivity for every
    triangle.
    """
    resistivity = h(xi) / sigma_deposit + (1 - h(xi)) / sigma_electrolyte
    return ufl.inner(ufl.grad(phi), ufl.grad(v)) / resistivity * dx


def charge_source(increment, tau, v, charge, dx):
    """Charge that the current loses to the deposit's increment in a stage.

    Args:
        increment: Of the source, xi or h(xi).
        tau: Effective step of the stage [s].
        v: Test function.
        charge: z s F c_Li [C/m^3].
        dx: Measure.
    """
    return charge * increment / tau * v * dx
