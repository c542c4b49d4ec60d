# SPDX-License-Identifier: MIT
r"""Elasticity of an electrolyte that cracks, and the equation of its damage d.

The energy, to be least in u and in d (0 whole, 1 broken), d never falling:

    int h psi_Li(eps_E) + (1 - h) [ g(d) psi+(eps_E) + psi-(eps_E) - (1 - g(d)) div(p u)_E ] dx
      + int G_c/c_w ( w(d)/l_d + l_d |grad d|^2 ) dx,

    psi+ = K/2 <tr eps>+^2 + mu |dev eps|^2,   psi- = K/2 <tr eps>-^2,   K = lam + 2 mu/3,
    g = (1 - d)^2 + k,   w = d, c_w = 8/3 (AT1) or w = d^2, c_w = 2 (AT2).

The split is that of Amor, Marigo, Maurini (J. Mech. Phys. Solids 57 (2009) 1209): a crack under
compression closes. The deposit does not break, and where it is no crack is left. A crack is full
of something that presses on its faces with p: where all is broken the stress is -p. That work, p
times the area between the faces, is part of the energy and so drives d as well (formulations:
Costa, Hu, Dolbow, arXiv 2305.07029). div(p u)_E = p tr eps_E + u . grad p: a p that differs from
place to place acts on the faces alone; p tr eps_E by itself would push what is broken, which
nothing holds, to where p is less.

Tensors are 3 x 3 as in solver.terms.mechanics. `dx` has to be of `DEGREE`.
Strain and d are taken as they are in turn: with one held, the energy is quadratic in d, and in u
for given signs of tr eps, `opens`.
"""

from __future__ import annotations

from typing import NamedTuple

import ufl

from solver.laws.energy import h
from solver.laws.fracture import normalisation
from solver.terms.mechanics import Elasticity, elastic_strain

DEGREE = 2
"""Of the quadrature: exact for what is quadratic in d."""


class Fracture(NamedTuple):
    """What the electrolyte withstands, and what presses in its cracks.

    Attributes:
        model: AT1 or AT2.
        G_c: Energy of a crack per area [J/m^2].
        length: l_d [m].
        residual: k, what is left of the stiffness of a crack.
        pressure: p [Pa], a number or a function.
    """

    model: str
    G_c: object
    length: object
    residual: object
    pressure: object


def degradation(d, f: Fracture):
    """g(d), the share of the stiffness that is left."""
    return (1 - d) ** 2 + f.residual


def opens(u, xi, m: Elasticity):
    """1 where the volume is larger than at rest, else 0."""
    return ufl.conditional(ufl.gt(ufl.tr(elastic_strain(u, xi, m)), 0), 1.0, 0.0)


def electrolyte_stress(eps, d, opened, m: Elasticity, f: Fracture):
    """g (K opened tr eps I + 2 mu dev eps) + K (1 - opened) tr eps I [Pa]."""
    g, trace = degradation(d, f), ufl.tr(eps)
    bulk = m.lam_electrolyte + 2 / 3 * m.mu_electrolyte
    mean = (g * opened + (1 - opened)) * bulk * trace
    return mean * ufl.Identity(3) + 2 * g * m.mu_electrolyte * ufl.dev(eps)


def stress_of(eps, xi, d, opened, m: Elasticity, f: Fracture):
    """Stress of deposit and damaged electrolyte [Pa], without what presses in cracks."""
    deposit = m.lam_metal * ufl.tr(eps) * ufl.Identity(3) + 2 * m.mu_metal * eps
    return h(xi) * deposit + (1 - h(xi)) * electrolyte_stress(eps, d, opened, m, f)


def elastic_energy(u, xi, d, m: Elasticity, f: Fracture):
    """Energy density of the elastic strain [J/m^3]; what couplings_cracks sums up is this."""
    eps = elastic_strain(u, xi, m)
    return 0.5 * ufl.inner(stress_of(eps, xi, d, opens(u, xi, m), m, f), eps)


def surface_energy(d, f: Fracture):
    """Energy density of cracks [J/m^3]; its integral is G_c times their length."""
    w = d if f.model == "AT1" else d**2
    density = w / f.length + f.length * ufl.inner(ufl.grad(d), ufl.grad(d))
    return f.G_c / normalisation(f.model) * density


def filling(xi, d, f: Fracture):
    """Share of the pressure in cracks in that of a place [Pa]."""
    return (1 - h(xi)) * (1 - degradation(d, f)) * f.pressure


def pressed(u, xi, m: Elasticity, f: Fracture):
    """p tr eps_E + u . grad p [J/m^3]; where all is broken, work of the pressure on the faces."""
    return f.pressure * ufl.tr(elastic_strain(u, xi, m)) + ufl.inner(ufl.grad(f.pressure), u)


def pressure_energy(u, xi, d, m: Elasticity, f: Fracture):
    """Work of the pressure on faces, per volume [J/m^3]; what couplings_cracks sums up is this."""
    return (1 - h(xi)) * (1 - degradation(d, f)) * pressed(u, xi, m, f)
