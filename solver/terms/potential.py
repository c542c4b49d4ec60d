# SPDX-License-Identifier: MIT
"""Weak terms of the potential equation.

    -div( sigma_eff grad phi ) + z s F c_Li d(source)/dt = 0,
    sigma_eff = h sigma_deposit + (1 - h) sigma_electrolyte

With source = xi, z = +1 and s = 1 this is eq. 3 of section 1.6 of Chen et al. 2025: Li+ that ends
in the deposit takes its charge from the current. With z = -1 it is the balance of the electrons
that meet it there. `dx` is the vertex rule throughout.
"""

from __future__ import annotations

import numpy as np
import ufl

from solver.laws.energy import h

IN_METAL = 1e-4
"""Share of the electrolyte's conductivity that the metal has for ions: none would leave phi there
without an equation. Where xi is below 0.999 it is not noticed."""


def conductivity(xi, sigma_deposit, sigma_electrolyte):
    """sigma_eff = h sigma_deposit + (1 - h) sigma_electrolyte [S/m], of forms or arrays."""
    return h(xi) * sigma_deposit + (1 - h(xi)) * sigma_electrolyte


def conduction(phi, xi, v, sigma_deposit, sigma_electrolyte, dx):
    """Conduction sigma_eff grad phi . grad v."""
    sigma = conductivity(xi, sigma_deposit, sigma_electrolyte)
    return sigma * ufl.inner(ufl.grad(phi), ufl.grad(v)) * dx


def resistivity(xi, sigma_deposit, sigma_electrolyte):
    """1/sigma_eff = h/sigma_deposit + (1 - h)/sigma_electrolyte [m/S], of forms or arrays."""
    return h(xi) / sigma_deposit + (1 - h(xi)) / sigma_electrolyte


def conduction_in_series(phi, xi, v, sigma_deposit, sigma_electrolyte, dx):
    """Conduction sigma_eff grad phi . grad v with deposit and electrolyte in series, `resistivity`.

    Across a front the potential then departs from that at a sharp one by nothing that adds up, as
    1 - h is as far from 1 ahead of the front as from 0 behind it. `dx` is the one-point rule.
    """
    resisting = resistivity(xi, sigma_deposit, sigma_electrolyte)
    return ufl.inner(ufl.grad(phi), ufl.grad(v)) / resisting * dx


def share_of_ions(xi):
    """Share of an electrolyte's conductivity that is left to the ions, 1 - xi, of forms or arrays.

    In the metal as much as its matrix needs to be regular: IN_METAL.
    """
    largest = np.maximum if isinstance(xi, np.ndarray) else ufl.max_value
    return largest(1 - xi, IN_METAL)


def conduction_of_ions(slope, xi, v, sigma_ion, dx):
    """Conduction of ions alone, (1 - xi) sigma_ion grad phi . grad v; `dx` is the one-point rule.

    Args:
        slope: grad phi, or of what else drives them [V/m].
        xi: Phase field; it is cut off to [0, 1].
        v: Test function.
        sigma_ion: Conductivity of the electrolyte [S/m].
        dx: Measure.
    """
    inside = ufl.max_value(0.0, ufl.min_value(xi, 1.0))
    return sigma_ion * share_of_ions(inside) * ufl.inner(slope, ufl.grad(v)) * dx


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
