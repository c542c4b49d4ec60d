# SPDX-License-Identifier: MIT
"""Weak terms of the Nernst-Planck equation.

    dc/dt - div( D grad c + D c F/(RT) grad phi ) + c_Li dxi/dt = 0

(Chen et al. 2025, eq. 2 of section 1.6). Rates of P1 fields are lumped: `dx` is the vertex
rule there.
"""

from __future__ import annotations

import numpy as np
import ufl

from solver.laws import in_metal
from solver.laws.energy import h


def rate(c, c_base, tau, v, dx):
    """Rate (c - c_base)/tau of one implicit stage."""
    return (c - c_base) / tau * v * dx


def plating(increment, tau, v, c_Li, dx):
    """Li+ consumed by the deposit's increment in a stage, c_Li increment/tau."""
    return c_Li * increment / tau * v * dx


def diffusivity(xi, D_deposit, D_layer):
    """D = h D_deposit + (1 - h) D_layer (Zhang et al. 2024)."""
    return h(xi) * D_deposit + (1 - h(xi)) * D_layer


def share(xi, n):
    """Share of D that a front before a metal without Li+ leaves: q n n + (1 - xi)(I - n n).

    Args:
        xi: Phase field, in a form or of triangles.
        n: Mean of the normal over a triangle, two components; shorter than 1 between fronts that
            meet, where the share goes over to that along them.

    Returns:
        Its xx, xy and yy components.
    """
    along = in_metal.share_along_front(xi)
    more = in_metal.share_along_normal(xi) - along
    return along + more * n[0] * n[0], more * n[0] * n[1], along + more * n[1] * n[1]


def nernst_planck(c, phi, v, D, F_RT, dx, share=None):
    """Diffusion and migration, edge-averaged (Scharfetter-Gummel; Xu and Zikatanov 1999).

    On every edge of a P1 triangle the flux is the exact one-dimensional solution for a constant
    potential gradient, D [ b(d) (c_j - c_i) + d (c_i + c_j)/2 ] with d = F/(RT) (phi_j - phi_i)
    and b(d) = d/2 coth(d/2), weighted by the edge's entry of the stiffness matrix. The result is
    an M-matrix on Delaunay meshes (c stays positive) and second-order consistent.

    Args:
        c: Concentration (function or trial function, P1).
        phi: Potential [V], P1.
        v: Test function.
        D: Diffusivity [m^2/s].
        F_RT: F/(RT) [1/V].
        dx: Measure with the one-point rule, exact because the integrand is constant per triangle.
        share: xx, xy and yy components of what D is multiplied by; None: 1.
    """
    J = ufl.Jacobian(ufl.domain.extract_unique_domain(v))
    K = ufl.inv(J)
    a, b = J[:, 0], J[:, 1]
    grad_1, grad_2 = K[0, :], K[1, :]
    grad_0 = -grad_1 - grad_2
    driven_1, driven_2 = (_times(share, gradient) for gradient in (grad_1, grad_2))
    # (edge vector x_j - x_i, stiffness weight, edge midpoint seen from the centroid)
    edges = (
        (a, -ufl.inner(grad_0, driven_1), a / 6 - b / 3),
        (b, -ufl.inner(grad_0, driven_2), b / 6 - a / 3),
        (b - a, -ufl.inner(grad_1, driven_2), (a + b) / 6),
    )
    integrand = 0
    for edge, weight, midpoint in edges:
        d = F_RT * ufl.inner(ufl.grad(phi), edge)
        c_middle = c + ufl.inner(ufl.grad(c), midpoint)
        flux = _bernoulli_mean(d) * ufl.inner(ufl.grad(c), edge) + d * c_middle
        integrand += weight * flux * ufl.inner(ufl.grad(v), edge)
    return D * integrand * dx


def diffusion(c, v, D, dx, share):
    """Diffusion alone, D S grad c . grad v; see `nernst_planck`.

    Args:
        c: Concentration.
        v: Test function.
        D: Diffusivity [m^2/s].
        dx: Measure.
        share: xx, xy and yy components of S.
    """
    return D * ufl.inner(_times(share, ufl.grad(c)), ufl.grad(v)) * dx


def _times(share, gradient):
    if share is None:
        return gradient
    xx, xy, yy = share
    return ufl.as_vector((xx * gradient[0] + xy * gradient[1], xy * gradient[0] + yy * gradient[1]))


def edge_couplings(weight: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Entries (i, j) and (j, i) that `nernst_planck` has in its matrix for every edge.

    Args:
        weight: D times the edge's entry of the stiffness matrix [m^2/s], negative.
        d: F/(RT) (phi_j - phi_i).
    """
    mean = weight * _bernoulli_mean(d)
    drift = weight * (0.5 * d)
    return mean + drift, mean - drift


def nernst_planck_galerkin(c, phi, v, D, F_RT, dx):
    """Diffusion and migration as they stand, (D grad c + D c F/(RT) grad phi) . grad v.

    For any degree; nothing keeps c positive where the potential changes by more than RT/F in a
    cell.

    Args:
        c: Concentration (function or trial function).
        phi: Potential [V].
        v: Test function.
        D: Diffusivity [m^2/s].
        F_RT: F/(RT) [1/V].
        dx: Measure.
    """
    return D * ufl.inner(ufl.grad(c) + F_RT * c * ufl.grad(phi), ufl.grad(v)) * dx


SMALL_DROP = 1e-2
"""Potential differences of an edge, times F/RT, below which b(d) is its series."""


def _bernoulli_mean(d):
    """b(d) = d/2 coth(d/2), with its series near the removable singularity at 0."""
    if isinstance(d, np.ndarray):
        large = np.flatnonzero(np.abs(d) >= SMALL_DROP)
        half, out = 0.5 * d[large], 1 + d * d / 12
        out[large] = half / np.tanh(half)
        return out
    small = ufl.lt(abs(d), SMALL_DROP)
    safe = ufl.conditional(small, 1.0, d)
    return ufl.conditional(small, 1 + d**2 / 12, safe / 2 / ufl.tanh(safe / 2))
