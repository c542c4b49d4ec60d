# SPDX-License-Identifier: MIT
"""Weak terms of a binary electrolyte: the salt's balance and the diffusion potential.

    (1 - xi) dc/dt - (c - c_s) dxi/dt = div( D grad c ) + (1 - t_+)/F div i,
    i = -sigma_l (grad phi - A grad ln c)

(Newman and Thomas-Alyea 2004, chapter 12, for an ideal salt; phi against a lithium reference). It
is the balance of the anions, which no electrode lets pass: div i is what the front takes from the
current and the counter electrode gives to it, and nothing else changes the salt that there is. The
metal has none, and takes the place of the electrolyte with what is in it, as it gives it back.
Rates are lumped, and D is multiplied by `transport.share`. All are of
arrays and in forms, but `slope`, which is of forms alone.
"""

from __future__ import annotations

import numpy as np
import ufl

from solver.laws.salt import SCARCEST, in_form, largest, log
from solver.terms.potential import share_of_ions


def storage(c, c_base, xi, tau):
    """Salt that a volume takes up in a stage, (1 - xi)(c - c_base)/tau [mol/m^3/s]."""
    return stored(xi) * (c - c_base) / tau


def stored(xi):
    """Share of a volume that has salt, 1 - xi; as much of it in the metal as conducts."""
    inside = ufl.max_value(0.0, ufl.min_value(xi, 1.0)) if in_form(xi) else np.clip(xi, 0.0, 1.0)
    return share_of_ions(inside)


def covered(more, increment, tau):
    """Salt that a front covers beyond the c_s on it, and that is to stay [mol/m^3/s].

    A sharp front covers electrolyte at c_s. A thick one covers some ahead of it too, where c is
    larger by c_s' L: to first order in V l/D as much too much as the integral of xi dL/dx says.

    Args:
        more: c - c_s [mol/m^3].
        increment: Of xi in a stage.
        tau: Effective step of the stage [s].
    """
    return more * increment / tau


def migration(current, t_plus, F):
    """Salt that nodes get per time with the current that they get from electrodes [mol/m/s].

    Of a current that enters the electrolyte, Li+ alone, the anions have carried 1 - t_+ away.

    Args:
        current: From the counter electrode, less what the front takes [A/m].
        t_plus: Transference number of Li+.
        F: Faraday's constant [C/mol].
    """
    return (1 - t_plus) / F * current


def driving(phi, c, c0, A):
    """phi - A ln(c/c0), whose gradient drives the current [V].

    Args:
        phi: Potential against a lithium reference [V].
        c: Concentration of the salt [mol/m^3].
        c0: Reference concentration [mol/m^3].
        A: 2 (1 - t_+) RT/F [V].
    """
    return phi - A * log(largest(c / c0, SCARCEST))


def slope(phi, c, c0, A):
    """Gradient of the P1 function with the nodal values of `driving`, by the one-point rule [V/m].

    Args:
        phi: See there.
        c: See there.
        c0: See there.
        A: See there.
    """
    J = ufl.Jacobian(ufl.domain.extract_unique_domain(c))
    along, to_corners = ufl.inv(J), ((-1 / 3, -1 / 3), (2 / 3, -1 / 3), (-1 / 3, 2 / 3))
    first, *others = (
        driving(phi_at, c_at, c0, A)
        for phi_at, c_at in (
            [_beside(f, p * J[:, 0] + q * J[:, 1]) for f in (phi, c)] for p, q in to_corners
        )
    )
    return sum((other - first) * along[i, :] for i, other in enumerate(others))


def _beside(f, way):
    return f + ufl.inner(ufl.grad(f), way)
