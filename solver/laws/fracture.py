# SPDX-License-Identifier: MIT
"""Griffith's fracture in plane strain, and what a damage field of a finite length makes of it.

The energy of a crack of half-length a under the pressure p on its faces, in an infinite plate
(Sneddon, Proc. R. Soc. A 187 (1946) 229), with E' = E/(1 - nu^2):

    w(x) = 4 p sqrt(a^2 - x^2)/E',   area 2 pi a^2 p/E',   G = pi a p^2/E',   p_c: G = G_c.

One that varies along a crack opens its end as hard as a uniform one does which is its mean with the
weight of that place (Bueckner, Z. Angew. Math. Mech. 50 (1970) 529): sqrt((a + x)/(a - x))/(pi a)
for the end x = a of a whole crack, 2/(pi sqrt(a^2 - x^2)) for half of one, from its middle on.

A damage field spends G_c (1 + h/(c_w l_d)) on a crack in a mesh of triangles of size h, since a row
of them is broken through (Bourdin, Francfort, Marigo, J. Elasticity 91 (2008) 5). A bar pulled
without a notch breaks where the damage field first leaves what it is at rest: AT1 at
sigma^2 = 3 E' G_c/(8 l_d), AT2 at the top of its curve (Pham et al., Int. J. Damage Mech. 20 (2011)
618; Tanne et al., J. Mech. Phys. Solids 110 (2018) 80).
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt

import numpy as np

from solver.laws.elasticity import lame

MODELS = ("AT1", "AT2")
"""Ambrosio and Tortorelli's two: with w(d) = d, which is elastic up to a threshold, or d^2."""
POINTS = 32
"""Of Gauss along a crack [ours]: to all digits for a pressure that is a low power of its place."""


def normalisation(model: str) -> float:
    """c_w = 4 int_0^1 sqrt(w) dd, which makes the energy of a crack G_c times its length."""
    return {"AT1": 8 / 3, "AT2": 2.0}[model]


def support(model: str, length: float) -> float:
    """Distance from a crack beyond which it leaves no damage, 5 l_d for AT2's exponential [m]."""
    return {"AT1": 2.0, "AT2": 5.0}[model] * length


def plane_strain(E: float, nu: float) -> float:
    """E' = E/(1 - nu^2) [Pa]."""
    return E / (1 - nu**2)


def toughness(K_IC: float, E: float, nu: float) -> float:
    """G_c = K_IC^2/E' [J/m^2] from the fracture toughness [Pa m^0.5]."""
    return K_IC**2 / plane_strain(E, nu)


def on_mesh(model: str, h: float, length: float) -> float:
    """Toughness that a damage field of this length shows on triangles of size h, over G_c."""
    return 1 + h / (normalisation(model) * length)


def strength(model: str, G_c: float, E: float, nu: float, length: float) -> float:
    """Stress at which a bar without a notch breaks [Pa]."""
    stiff = plane_strain(E, nu) * G_c / length
    return {"AT1": sqrt(3 / 8 * stiff), "AT2": 3 / 16 * sqrt(3 * stiff)}[model]


def critical_pressure(G_c: float, E: float, nu: float, half_length: float) -> float:
    """Pressure on its faces at which a crack of this half-length runs [Pa].

    A notch of this length that begins at a wall on which it can slide is half such a crack.
    """
    return sqrt(plane_strain(E, nu) * G_c / (pi * half_length))


def critical_length(G_c: float, E: float, nu: float, pressure: float) -> float:
    """Half-length of a crack that runs at this pressure [m]."""
    return plane_strain(E, nu) * G_c / (pi * pressure**2)


def as_uniform(pressure: Callable[[np.ndarray], np.ndarray], whole: bool) -> float:
    """Uniform pressure with the stress intensity of one that varies along a crack [Pa].

    At the end that is farther from its mouth. The angle that x = a cos(theta) of a whole crack or
    x = a sin(theta) of half of one makes of its place leaves no singular weight.

    Args:
        pressure: Of places (n,), 0 at the mouth and 1 at the end, in Pa (n,).
        whole: Whether the mouth is held shut as the end is, and does not slide open along a wall.
    """
    x, w = np.polynomial.legendre.leggauss(POINTS)
    half = 0.25 * pi * (x + 1)  # half of theta, or theta
    place, weight = (np.cos(half) ** 2, 2 * np.cos(half) ** 2) if whole else (np.sin(half), 1.0)
    return float(np.sum(0.5 * w * weight * pressure(place)))


def opening(pressure: float, E: float, nu: float, half_length: float, x: float = 0.0) -> float:
    """Distance of the faces of a crack at x from its middle [m]."""
    return 4 * pressure / plane_strain(E, nu) * sqrt(half_length**2 - x**2)


def bridging(residual: float, E: float, nu: float, half_length: float, h: float) -> float:
    """Stiffness that is left between the faces of a crack over its own: k (lam + 2 mu) 4 a/(E' h).

    In its middle, of a row of triangles of size h. A crack opens 1 + this times less wide.
    """
    lam, mu = lame(E, nu)
    return residual * (lam + 2 * mu) * opening(1.0, E, nu, half_length) / h


def opening_area(pressure: float, E: float, nu: float, half_length: float) -> float:
    """Area between the faces of a crack [m^2]."""
    return 2 * pi * half_length**2 * pressure / plane_strain(E, nu)


def lithium_pressure(overpotential, F: float, c_Li: float, limit: float):
    """Pressure at which lithium in a closed crack stops plating, F |eta|/Omega_Li [Pa].

    Omega_Li = 1/c_Li. With the pressure's share of the equilibrium potential, Omega_Li p/F.

    Args:
        overpotential: eta, a number or an array [V].
        F: Faraday's constant [C/mol].
        c_Li: Lithium in the metal [mol/m^3].
        limit: What flow of lithium out of the crack leaves of it at most [Pa].
    """
    return np.minimum(F * c_Li * np.abs(overpotential), limit)
