# SPDX-License-Identifier: MIT
"""Plane-strain elasticity with the Vegard strain of the deposit.

    div( C(xi) eps_E ) = 0,   eps_E = sym grad u - lambda_i h(xi) delta_ij,
    C(xi) = h C_Li + (1 - h) C_electrolyte

(Chen et al. 2025, eq. 4 of section 1.6). Tensors are 3 x 3: plane strain sets eps_zz = 0, but the
elastic strain has -lambda_zz h there. `dx` is the vertex rule.
"""

from __future__ import annotations

from typing import NamedTuple

import ufl

from solver.laws.energy import dh, h


class Elasticity(NamedTuple):
    """Lame constants of the deposit and the electrolyte [Pa], and the Vegard strain (3-vector)."""

    lam_metal: object
    mu_metal: object
    lam_electrolyte: object
    mu_electrolyte: object
    vegard: object


def strain(u):
    """Total strain sym grad u as a 3 x 3 tensor with eps_zz = 0."""
    eps = ufl.sym(ufl.grad(u))
    return ufl.as_tensor(((eps[0, 0], eps[0, 1], 0), (eps[1, 0], eps[1, 1], 0), (0, 0, 0)))


def vegard_tensor(m: Elasticity):
    """Vegard strain lambda_i delta_ij of full deposit."""
    s = m.vegard
    return ufl.as_tensor(((s[0], 0, 0), (0, s[1], 0), (0, 0, s[2])))


def elastic_strain(u, xi, m: Elasticity):
    """eps_E = sym grad u - lambda_i h(xi) delta_ij."""
    return strain(u) - h(xi) * vegard_tensor(m)


def stress_of(eps, xi, m: Elasticity):
    """C(xi) : eps [Pa] of an elastic strain."""
    lam = h(xi) * m.lam_metal + (1 - h(xi)) * m.lam_electrolyte
    mu = h(xi) * m.mu_metal + (1 - h(xi)) * m.mu_electrolyte
    return lam * ufl.tr(eps) * ufl.Identity(3) + 2 * mu * eps


def stress(u, xi, m: Elasticity):
    """Stress C(xi) : eps_E [Pa]."""
    return stress_of(elastic_strain(u, xi, m), xi, m)


def elastic_energy(u, xi, m: Elasticity):
    """Energy density f_els = 1/2 eps_E : C : eps_E [J/m^3]."""
    return 0.5 * ufl.inner(elastic_strain(u, xi, m), stress(u, xi, m))


def elastic_driving_force(u, xi, m: Elasticity):
    """f_els' = 1/2 eps_E : C'(xi) : eps_E - (C eps_E) : lambda h'(xi) [J/m^3]."""
    eps = elastic_strain(u, xi, m)
    dlam, dmu = m.lam_metal - m.lam_electrolyte, m.mu_metal - m.mu_electrolyte
    softening = 0.5 * dlam * ufl.tr(eps) ** 2 + dmu * ufl.inner(eps, eps)
    return dh(xi) * (softening - ufl.inner(stress(u, xi, m), vegard_tensor(m)))


def stiffness(u, xi, w, m: Elasticity, dx):
    """Virtual work of the total strain, C(xi) sym grad u : sym grad w."""
    return ufl.inner(stress_of(strain(u), xi, m), strain(w)) * dx


def vegard_load(xi, w, m: Elasticity, dx):
    """Virtual work of the Vegard strain, -C(xi) lambda h(xi) : sym grad w."""
    return -h(xi) * ufl.inner(stress_of(vegard_tensor(m), xi, m), strain(w)) * dx


def flow_tensor(eps_v):
    """A strain by which the deposit has flowed, of components xx, yy, xy, as a deviator."""
    xx, yy, xy = eps_v[0], eps_v[1], eps_v[2]
    return ufl.as_tensor(((xx, xy, 0), (xy, yy, 0), (0, 0, -(xx + yy))))


def relief(eps_v, xi, m: Elasticity):
    """Stress that flow has taken from the deposit, h 2 mu_Li eps_v [Pa]."""
    return 2 * h(xi) * m.mu_metal * flow_tensor(eps_v)


def relieved_energy(u, xi, eps_v, m: Elasticity):
    """What flow adds to the energy density, h mu_Li (eps_v : eps_v - 2 eps_E : eps_v) [J/m^3]."""
    flowed = flow_tensor(eps_v)
    return ufl.inner(relief(eps_v, xi, m), 0.5 * flowed - elastic_strain(u, xi, m))


def pressure(p, w, mesh, ds):
    """Virtual work against a pressure p [Pa] on sides: p n . w, as their traction is -p n."""
    return p * ufl.inner(ufl.FacetNormal(mesh), w) * ds


def von_mises(sigma):
    """Von Mises stress [Pa] of a 3 x 3 stress tensor."""
    s = sigma - ufl.tr(sigma) / 3 * ufl.Identity(3)
    return ufl.sqrt(1.5 * ufl.inner(s, s))
