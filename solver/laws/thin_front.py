# SPDX-License-Identifier: MIT
"""Kinetics of a front that does not know how thick it is, of arrays and in forms.

The sharp front moves at V = k_c c_s - k_a, with c_s on the front and the potential phi_m of the
metal. Across a thick one, xi = 1/(1 + exp(x/l)), the current of Li+ falls like 1 - xi, and with
deposit and electrolyte in series the field does nearly so, its excess being none. Then c and phi
obey, as functions of L = -l ln xi, the sharp problem's own equations to first order in l: L is the
distance from the sharp front ahead of it and 0 in the metal. Their solution,

    c = c_s beta + (c_Li V/D) L g,    beta = exp(-z),  g = (1 - beta)/z,  z = F (phi - phi_m)/RT,

gives at every node the c_s of its piece of front, and with it

    V = (k_c c - k_a beta) / (beta + k_c (c_Li/D) L g),

where `radial` stands for L if the front is curved. What divides the reaction must divide curvature
too; the mean over the front is the factor chi.
"""

from __future__ import annotations

import numpy as np

from solver.base.lazy import ufl

MEAN_DISTANCE = 5 / 6
"""Mean of L/l over a front with the weight 6 xi (1 - xi)."""
FURTHER_BACK = 329 / 90
"""47/60 by 3/14, the integrals of (1 - h)/(1 - xi) and of (1 - h)(1 - 2 xi) over xi."""
SMALLEST = 1e-300
"""Share of metal below which L grows no further."""
SMALL = 1e-3
"""|z| and |K L| below which functions of them are their series: the next term is below 1e-12."""
DEEPEST = -0.7
"""Least K L: in a notch there is no centre that the current could come to."""
SPREADING = 1 / 3
"""Share of the curvature that counts. All of it is right for a ripple of wavelength lambda only
where L is far below lambda/2 pi; over the whole front a third leaves the least error of growth
rates, 2 % at l = 0.22 um from 5 to 20 um, by the exact linear stability of the thick front."""


def distance(xi, length):
    """L = -l ln xi [m]."""
    if isinstance(xi, np.ndarray):
        return -length * np.log(np.maximum(xi, SMALLEST))
    return -length * ufl.ln(ufl.max_value(xi, SMALLEST))


def radial(L, K):
    """What L counts for ahead of a front of curvature K: ln(1 + K L)/K [m].

    The current to a tip spreads out, and c rises with the logarithm of the distance from its
    centre.

    Args:
        L: Distance from the sharp front [m].
        K: What counts of the curvature, see SPREADING; positive for a tip [1/m].
    """
    KL = K * L
    if isinstance(KL, np.ndarray):
        KL = np.maximum(KL, DEEPEST)
        small = np.abs(KL) < SMALL
        return L * np.where(small, _flat(KL), np.log1p(KL) / np.where(small, 1.0, KL))
    KL = ufl.max_value(KL, DEEPEST)
    small = ufl.lt(abs(KL), SMALL)
    return L * ufl.conditional(small, _flat(KL), ufl.ln(1 + KL) / ufl.conditional(small, 1.0, KL))


def radial_slope(L: np.ndarray, K: np.ndarray) -> np.ndarray:
    """Derivative of `radial` by L."""
    KL = K * L
    slope = 1 / (1 + np.maximum(KL, DEEPEST))
    return np.where(KL > DEEPEST, slope, np.log1p(DEEPEST) / DEEPEST)


def _flat(KL):
    return 1 - KL / 2 + KL**2 / 3 - KL**3 / 4


def boltzmann(z):
    """beta = exp(-z) and g = (1 - beta)/z."""
    if isinstance(z, np.ndarray):
        beta, small = np.exp(-z), np.abs(z) < SMALL
        return beta, np.where(small, _series(z), (1 - beta) / np.where(small, 1.0, z))
    beta, small = ufl.exp(-z), ufl.lt(abs(z), SMALL)
    return beta, ufl.conditional(small, _series(z), (1 - beta) / ufl.conditional(small, 1.0, z))


def _series(z):
    return 1 - z / 2 + z**2 / 6 - z**3 / 24


def resistance(beta, g, L, k_c, c_Li_D):
    """Denominator beta + k_c (c_Li/D) L g of the speed.

    Args:
        beta: See the module.
        g: See the module.
        L: Distance from the sharp front [m].
        k_c: dV/dc_s [m^4/mol/s].
        c_Li_D: c_Li/D [mol s/m^5].
    """
    return beta + k_c * c_Li_D * L * g


def capillary_factor(k_c, c_Li_D, length: float, mean: float = MEAN_DISTANCE):
    """chi = 1/(1 + k_c (c_Li/D) <L>), which multiplies L_sigma in all its terms.

    Args:
        k_c: dV/dc_s [m^4/mol/s].
        c_Li_D: c_Li/D [mol s/m^5].
        length: Interface length l [m].
        mean: <L>/l.
    """
    return 1 / (1 + k_c * c_Li_D * mean * length)


def charged(xi):
    """Share of a node's lithium whose charge has been taken from the current of Li+.

    A front that takes the current J of an i = i_m + J (1 - w) leaves phi ahead of it too low by
    J/sigma times the integral of w - h w, if w = xi by 47/60 l J/sigma. This w takes the charge a
    little further back, which leaves no such jump, and as much of it as xi on the whole, so that a
    front that becomes longer takes no charge for that. It is odd about xi = 1/2.
    """
    return xi - FURTHER_BACK * xi * (1 - xi) * (1 - 2 * xi)


def charged_slope(xi):
    """Derivative of `charged`."""
    return 1 - FURTHER_BACK * (1 - 6 * xi * (1 - xi))


def width(theta: np.ndarray, delta: float, omega: int) -> np.ndarray:
    """Width l(theta)/l of the printed front, and with it gamma/gamma_0 and dV/dB over 6 L_eta l.

    The gradient energy widens fronts whose normal has a large kappa. More of such a front reacts:
    at a small drive it moves at V = 6 L_eta l(theta) |B|, and by curvature as much faster.

    Args:
        theta: Angles of the normal to the x axis.
        delta: Strength of the anisotropy.
        omega: Its mode.
    """
    return np.sqrt(1 + delta * np.cos(omega * theta))


def stiffness(theta: np.ndarray, delta: float, omega: int) -> np.ndarray:
    """Surface stiffness (gamma + gamma'')/gamma_0 of fronts with normals at the angles theta.

    gamma = gamma_0 sqrt(1 + delta cos(omega theta)) is the surface energy of a gradient energy with
    kappa = kappa_0 (1 + delta cos(omega theta)). Curvature is multiplied by the stiffness: that
    energy itself weighs the parts of the profile otherwise once something else keeps the
    profile.

    Args:
        theta: Angles to the x axis.
        delta: Strength of the anisotropy.
        omega: Its mode.
    """
    cos, sin = np.cos(omega * theta), np.sin(omega * theta)
    gamma = width(theta, delta, omega)
    bend = -(omega**2) * delta * (cos / (2 * gamma) + delta * sin**2 / (4 * gamma**3))
    return gamma + bend


def faster(wide: np.ndarray, chi: np.ndarray) -> np.ndarray:
    """What multiplies chi in all terms beside the reaction for the width of a front.

    By that width the printed front is faster; but its k_c also divides it more. The tail of a front
    knows its speed V and divides all of it: with V_0 that of the sharp one's reaction and E what
    such a term adds, both of chi = 1/(1 + a),

        V = (wide V_0 + wide a V)/(1 + wide a) + E chi faster.

    V = wide (V_0 + E) if `faster` is this.

    Args:
        wide: Width l(theta)/l, see `width`.
        chi: `capillary_factor` of an isotropic front.
    """
    return wide / (chi + wide * (1 - chi))


def capillarity(theta: np.ndarray, delta: float, omega: int, chi: np.ndarray) -> np.ndarray:
    """What multiplies chi L_sigma in all its terms, of fronts with normals at the angles theta.

    Args:
        theta: Angles of the normal to the x axis.
        delta: Strength of the anisotropy.
        omega: Its mode.
        chi: `capillary_factor` of an isotropic front.
    """
    return stiffness(theta, delta, omega) * faster(width(theta, delta, omega), chi)
