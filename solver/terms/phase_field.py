# SPDX-License-Identifier: MIT
"""Weak terms of the Allen-Cahn equation.

    dxi/dt + L_sigma [ g'(xi) - div(d f_grad/d grad xi) + f_els' ] + L_eta h'(xi) B = 0

(Chen et al. 2025, eq. 1 of section 1.6). Reaction-like terms are lumped: `dx` is the vertex rule.
"""

from __future__ import annotations

import numpy as np
import ufl

from solver.laws.energy import dg, dh
from solver.laws.front import PURE, psi

SCARCEST = 1e-3
"""Share of c_half below which c hinders growth no further, so that c = 0 divides nothing."""


def rate_density(xi, psi_base):
    """Change of xi from a base, xi (1 - xi) (psi - psi_base).

    dxi/dt = xi (1 - xi) dpsi/dt exactly; the time method is applied to psi, because a moving
    front is a straight line in psi and an exponential in xi. Backward Euler in xi overestimates
    the growth exp(z) ahead of the front by 1/(1 - z); in psi a steady front is exact at any step.
    """
    return xi * (1 - xi) * (psi(xi) - psi_base)


def increment(xi, xi_base, psi_base, closing):
    """Deposit that the balances of lithium and charge take for a stage, over tau.

    In the stage that ends a step, the difference that conserves lithium over the step. In a stage
    within a step, the increment that the phase field's own equation has. Its xi - xi_base would
    differ from that by O(tau^2), and so would, with the opposite sign, the rate at the end of the
    step: c and phi, which follow that rate without memory, would be of first order.

    Args:
        xi: Phase field.
        xi_base: Base of the balances.
        psi_base: Base of the phase field's own equation.
        closing: 1 in the stage that ends a step, 0 within a step.
    """
    return closing * (xi - xi_base) + (1 - closing) * rate_density(xi, psi_base)


def increment_of(value, slope, xi, base, psi_base, closing):
    """Increment of a function of xi in a stage; as `increment`, by the chain rule within a step.

    Args:
        value: The function.
        slope: Its derivative.
        xi: Phase field.
        base: Base of the function.
        psi_base: Base of the phase field's own equation.
        closing: 1 in the stage that ends a step, 0 within a step.
    """
    return closing * (value(xi) - base) + (1 - closing) * slope(xi) * rate_density(xi, psi_base)


def rate(xi, psi_base, tau, v, dx, hindrance=1.0):
    """Rate of the phase field in one implicit stage, xi (1 - xi) (psi - psi_base)/tau, hindered."""
    return hindrance * rate_density(xi, psi_base) / tau * v * dx


def hindrance(growth, c, c_half):
    """Factor 1 + c_half/c on the rate's side of the equation where deposit grows, 1 elsewhere.

    With it the deposit grows c/(c + c_half) times as fast, and a thousand times more slowly without
    Li+. The well and the gradient energy know nothing of c, and would fill a notch from a c of 0.

    Args:
        growth: Anything with the sign of dxi/dt.
        c: Li+ concentration [mol/m^3].
        c_half: Where growth is halved [mol/m^3]; positive.
    """
    least = SCARCEST * c_half
    if isinstance(c, np.ndarray):
        return np.where(growth > 0, 1 + c_half / np.maximum(c, least), 1.0)
    return ufl.conditional(ufl.gt(growth, 0.0), 1 + c_half / ufl.max_value(c, least), 1.0)


def plain_rate(xi, xi_base, tau, v, dx):
    """Rate (xi - xi_base)/tau, for elements that are not lumped.

    Between the nodes ln(xi/(1 - xi)) is another function than what its nodal values interpolate,
    and far from the front, where xi is small beside its own interpolation error, it need not exist.
    """
    return (xi - xi_base) / tau * v * dx


def well(xi, v, L_sigma, W, dx):
    """Double well L_sigma g'(xi)."""
    return L_sigma * dg(xi, W) * v * dx


def gradient(xi, direction, v, L_sigma, kappa_0, delta, omega, dx):
    """Gradient energy L_sigma (d f_grad/d grad xi) . grad v.

    With f_grad = kappa(theta)/2 |grad xi|^2 and theta the angle of grad xi to the x axis,

        d f_grad/d grad xi = kappa grad xi + kappa'(theta)/2 (-xi_y, xi_x),

    which is a matrix acting on grad xi: kappa I plus an antisymmetric part. The matrix is taken at
    the gradient of `direction`, so that the term is linear in `xi` for a lagged direction and the
    full nonlinear term for ``direction = xi``. On a mesh of nearly equilateral triangles the
    stiffness keeps non-positive off-diagonals for delta*omega < 1, hence a maximum principle.

    Args:
        xi: Phase field (function or trial function).
        direction: Phase field whose gradient gives theta.
        v: Test function.
        L_sigma: Interface mobility [m^3/J/s].
        kappa_0: Gradient energy coefficient [J/m].
        delta: Anisotropy strength.
        omega: Anisotropy mode.
        dx: Measure; the integrand is constant on P1 triangles.
    """
    gx, gy = ufl.grad(direction)[0], ufl.grad(direction)[1]
    # theta is undefined where the gradient vanishes; any value does there, the flux is zero too.
    flat = ufl.lt(gx**2 + gy**2, SMALL_GRADIENT**2)
    theta = ufl.atan2(ufl.conditional(flat, 0.0, gy), ufl.conditional(flat, 1.0, gx))
    kappa = kappa_0 * (1 + delta * ufl.cos(omega * theta))
    half_dkappa = -0.5 * kappa_0 * delta * omega * ufl.sin(omega * theta)
    grad = ufl.grad(xi)
    flux = kappa * grad + half_dkappa * ufl.as_vector((-grad[1], grad[0]))
    return L_sigma * ufl.inner(flux, ufl.grad(v)) * dx


def sharpening(xi, n, v, M, length, dx):
    """Flux -M xi (1 - xi) (n . grad psi - 1/l) n against grad v, n the front's normal.

    It vanishes for the profile 1/(1 + exp(d/l)) of a front of any shape, d the distance from it,
    conserves the integral of xi and brings other profiles back to this one. psi is interpolated
    linearly, so that a planar front has none on any mesh, however coarse. The normal is given: with
    that of psi itself, grad psi/|grad psi|, a tail that is too flat would sharpen into ripples. And
    the flux is along it alone: with all of grad psi it would hold back a front that turns by the
    angle that the given normal lags behind, not by its square.

    Args:
        xi: Phase field, P1.
        n: Normal into the metal, of length 1 at the nodes, P1.
        v: Test function.
        M: Mobility of the flux [m^2/s].
        length: Interface length l [m].
        dx: Measure with the one-point rule: the integrand is constant per triangle.
    """
    weight, slope = _profile(xi, v)
    return M * weight * (ufl.inner(slope, n) - 1 / length) * ufl.inner(n, ufl.grad(v)) * dx


STEEPEST = 100.0
"""Largest factor by which a slope of `sharpening` counts with the smallest share of a triangle."""


def _profile(xi, v):
    """Geometric mean of xi (1 - xi) over the corners of a triangle, and grad psi."""
    corners = [ufl.max_value(PURE, ufl.min_value(x, 1 - PURE)) for x in _at_corners(xi, v)]
    p, q, r = (x * (1 - x) for x in corners)
    a, b, c = (ufl.ln(x / (1 - x)) for x in corners)
    K = ufl.inv(ufl.Jacobian(ufl.domain.extract_unique_domain(v)))
    return (p * q * r) ** (1 / 3), (b - a) * K[0, :] + (c - a) * K[1, :]


def _at_corners(xi, v):
    """Values of a P1 function at the corners of a triangle, in a form."""
    J = ufl.Jacobian(ufl.domain.extract_unique_domain(v))
    a, b = J[:, 0], J[:, 1]
    return [xi + ufl.inner(ufl.grad(xi), way / 3) for way in (-a - b, 2 * a - b, 2 * b - a)]


SMALL_GRADIENT = 1e-3
"""Gradients below this [1/m] have no direction: xi would change by 5e-8 over 50 um."""


class Anisotropy:
    """f_grad = kappa(theta)/2 |grad xi|^2 at given gradients: what `gradient` and its slope need.

    Args:
        gx: x components of grad xi [1/m].
        gy: y components.
        kappa_0: Gradient energy coefficient [J/m].
        delta: Anisotropy strength.
        omega: Anisotropy mode, positive.
    """

    def __init__(self, gx: np.ndarray, gy: np.ndarray, kappa_0: float, delta: float, omega: int):
        self._gx, self._gy, self._omega = gx, gy, omega
        self._isotropic, self._amplitude = kappa_0, kappa_0 * delta
        squared = gx * gx + gy * gy
        self._sloping = np.flatnonzero(squared >= SMALL_GRADIENT**2)
        gx, gy = gx[self._sloping], gy[self._sloping]
        self._squared = squared[self._sloping]
        length = np.sqrt(self._squared)
        self._cos, self._sin = _power(gx / length, gy / length, omega)

    def flux(self) -> tuple[np.ndarray, np.ndarray]:
        """Components of d f_grad/d grad xi [J/m^2]."""
        gx, gy, some = self._gx, self._gy, self._sloping
        # Where theta is undefined it is 0.
        kappa = np.full_like(gx, self._isotropic + self._amplitude)
        kappa[some] = self._isotropic + self._amplitude * self._cos
        turn = np.zeros_like(gx)
        turn[some] = -0.5 * self._amplitude * self._omega * self._sin
        return kappa * gx - turn * gy, kappa * gy + turn * gx

    def hessian(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Its derivatives: xx, xy and yy components [J/m].

        With the unit vectors n along grad xi and t across it,

            kappa I + kappa'/2 (n t + t n) + kappa''/2 t t.
        """
        some, a, omega = self._sloping, self._amplitude, self._omega
        gx, gy, squared = self._gx[some], self._gy[some], self._squared
        half_first = -0.5 * a * omega * self._sin / squared
        half_second = -0.5 * a * omega**2 * self._cos / squared
        kappa = self._isotropic + a * self._cos
        xx, xy, yy = (np.full_like(self._gx, x * (self._isotropic + a)) for x in (1.0, 0.0, 1.0))
        xx[some] = kappa - 2 * half_first * gx * gy + half_second * gy * gy
        xy[some] = half_first * (gx * gx - gy * gy) - half_second * gx * gy
        yy[some] = kappa + 2 * half_first * gx * gy + half_second * gx * gx
        return xx, xy, yy


def _power(c, s, n: int) -> tuple[np.ndarray, np.ndarray]:
    """(c + i s)^n: far cheaper than an angle and its cosine."""
    if n == 1:
        return c, s
    if n % 2:
        a, b = _power(c, s, n - 1)
        return a * c - b * s, a * s + b * c
    a, b = _power(c, s, n // 2)
    return a * a - b * b, 2 * a * b


def elastic_driving(f_els_prime, v, L_sigma, dx):
    """Elastic driving force L_sigma f_els'."""
    return L_sigma * f_els_prime * v * dx


def reaction(xi, B, v, L_eta, dx):
    """Butler-Volmer source L_eta h'(xi) B."""
    return L_eta * dh(xi) * B * v * dx


def travel(xi, V, v, length, dx):
    """Source -xi (1 - xi) V/l of a front that moves at V [m/s]."""
    return -xi * (1 - xi) * V / length * v * dx
