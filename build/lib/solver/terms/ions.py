# SPDX-License-Identifier: MIT
"""Weak terms of ion transport in electrochemical potentials (Nernst-Planck; Zhang et al. 2024).

    dc_i/dt + div N_i = 0,   N_i = -D_i grad c_i - z_i D_i c_i (F/RT) grad V = -D_i c_i grad mu_i,
    mu_i = ln(c_i/c_ref) + z_i psi,   psi = F V/RT,

closed by Poisson's equation or by electroneutrality,

    -div( eps RT/F^2 grad psi ) = sum_i z_i c_i - c_im     or     sum_i z_i c_i - c_im = 0,

with c_im immobilised anions of charge number -1. The unknowns are mu_i and psi: every c_i is
positive whatever they are, and mu_i is continuous where c_im or D jumps between layers, although
with electroneutrality c_i and psi are not (Donnan equilibrium).
"""

from __future__ import annotations

import ufl


def concentration(mu, psi, z, c_ref):
    """c = c_ref exp(mu - z psi) [mol/m^3]."""
    return c_ref * ufl.exp(mu - z * psi)


def storage(c, c_base, tau, v, dx):
    """Rate (c - c_base)/tau of one implicit stage."""
    return (c - c_base) / tau * v * dx


def transport(c, mu, v, D, dx):
    """Diffusion and migration, D c grad mu . grad v."""
    return D * c * ufl.inner(ufl.grad(mu), ufl.grad(v)) * dx


def inflow(N_in, v, ds):
    """Prescribed flux N_in [mol/m^2/s] into the electrolyte."""
    return -N_in * v * ds


def charge_density(concentrations, charges, c_im):
    """sum z_i c_i - c_im, in mol/m^3 of elementary charges."""
    return sum(z * c for z, c in zip(charges, concentrations, strict=True)) - c_im


def neutrality(rho, w, dx):
    """Charge density rho = 0."""
    return rho * w * dx


def poisson(psi, rho, w, permittivity, dx):
    """Poisson's equation; permittivity = eps_0 eps_r RT/F^2 [mol/m]."""
    return permittivity * ufl.inner(ufl.grad(psi), ufl.grad(w)) * dx - rho * w * dx
