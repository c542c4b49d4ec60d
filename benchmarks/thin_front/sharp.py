# SPDX-License-Identifier: MIT
"""The sharp front: its steady profile and the growth rate of a small ripple.

The front moves at V = k_c c_s - k_a - Gamma K, with c_s and phi_s on it, and takes c_Li V from
either side; c obeys D (c'' + F/RT (c phi')') + V c' = 0 in its frame, phi Ohm's law on both sides.
The counter electrode stays a fixed gap ahead. A ripple exp(s t) cos(q x) moves the front, c and phi
to first order; s is where the balance of Li+ on the front holds. Lengths in um, times in s.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import solve_banded
from scipy.optimize import brentq

F_RT, ALPHA = 96500.0 / (8.314 * 297.15), 0.5
D, C_LI, PHI_M = 10.0, 76.4, -0.1
"""Diffusivity [um^2/s], c_Li/c0, potential of the anode [V]."""
GAMMA = 3.5e-3
"""L_sigma kappa_0 [um^2/s]."""
K_0 = 3 * (7e-10 / 3e6) ** 0.5 * 1e6
"""6 L_eta l [um/s]."""
CHARGE = 96500.0 * 76400.0 * 1e-12
"""F c_Li [S V s/m/um^2]."""
POINTS = 4000


@dataclass(frozen=True)
class SharpFront:
    """The steady front of one problem.

    Attributes:
        sigma: Conductivity of the electrolyte [S/m].
        sigma_metal: Conductivity of the metal [S/m].
        phi_counter: Potential of the counter electrode [V].
        metal: Thickness of the metal [um].
        gap: Distance of the counter electrode [um].
        in_metal: Of the config's section `transport`: Li+ diffuses in the metal, or does not.
    """

    sigma: float
    sigma_metal: float
    phi_counter: float
    metal: float
    gap: float = 20.0
    in_metal: str = "as_printed"

    def _fields(self, V: float) -> tuple[float, float]:
        """dphi/dz ahead of the front and in the metal [V/um]."""
        sigma, metal, drop = self.sigma, self.sigma_metal, self.phi_counter - PHI_M
        inside = (sigma * drop / self.gap - CHARGE * V) / (metal + sigma * self.metal / self.gap)
        return (drop - inside * self.metal) / self.gap, inside

    def _profile(self, V: float) -> tuple[float, float, float, float]:
        """k_c, k_a [um/s], a, c_s of c = K + (c_s - K) exp(-a z) with K = V (c_Li + c_s)/(D a)."""
        ahead, inside = self._fields(V)
        phi = PHI_M + inside * self.metal
        a = F_RT * ahead + V / D
        k, decay = V / (D * a), np.exp(-a * self.gap)
        c_s = (1 - k * C_LI * (1 - decay)) / (k * (1 - decay) + decay)
        k_c, k_a = K_0 * np.exp(-ALPHA * F_RT * phi), K_0 * np.exp((1 - ALPHA) * F_RT * phi)
        return k_c, k_a, a, c_s

    @cached_property
    def V(self) -> float:
        """Speed [um/s]."""

        def excess(V: float) -> float:
            k_c, k_a, _, c_s = self._profile(V)
            return k_c * c_s - k_a - V

        # c_s falls with V and reaches 0 below the bound.
        return brentq(excess, 1e-6, 0.1, xtol=1e-15)

    def c(self, z):
        """Li+ at a distance ahead of the front, also beyond the gap [c0]."""
        _, _, a, c_s = self._profile(self.V)
        K = self.V * (C_LI + c_s) / (D * a)
        return K + (c_s - K) * np.exp(-a * z)

    def phi(self, z):
        """Potential ahead of the front [V]."""
        ahead, inside = self._fields(self.V)
        return PHI_M + inside * self.metal + ahead * z

    def ripple(self, wavelength: float) -> Ripple:
        """The ripple of a wavelength [um]."""
        return Ripple(self, 2 * np.pi / wavelength)


class Ripple:
    """The ripple of a wavenumber.

    Attributes:
        s: Growth rate [1/s].
    """

    def __init__(self, front: SharpFront, q: float):
        self.front, self.q = front, q
        self.s = brentq(lambda s: self._solve(s)[0], -0.02, 0.1, xtol=1e-12)
        _, self.z, self.ahead, self.on_metal, self.decay = self._solve(self.s)

    def change(self, z):
        """Change of c by a ripple of 1 um at a fixed distance from the front [c0/um]."""
        _, _, a, c_s = self.front._profile(self.front.V)
        ahead = np.interp(z, self.z, self.ahead) + self._slope(np.maximum(z, 0.0))
        return np.where(z > 0, ahead, self.on_metal * np.exp(self.decay * np.minimum(z, 0.0)))

    def _slope(self, z):
        _, _, a, c_s = self.front._profile(self.front.V)
        K = self.front.V * (C_LI + c_s) / (D * a)
        return -a * (c_s - K) * np.exp(-a * z)

    def _solve(self, s: float):
        """Excess of Li+ that comes to the front of a ripple that grows at s, and its c."""
        front, q, V = self.front, self.q, self.front.V
        z = np.linspace(0, front.gap, POINTS + 1)
        h = z[1]
        k_c, k_a, _, c_s = front._profile(V)
        ahead, inside = front._fields(V)
        out, back = front.sigma * q / np.tanh(q * front.gap), q / np.tanh(q * front.metal)
        phi_metal = (-CHARGE * s - out * (inside - ahead)) / (out + front.sigma_metal * back)
        phi_ahead = phi_metal + inside - ahead
        phi_s = inside + phi_metal
        phi_slope = -phi_ahead * q * np.cosh(q * (front.gap - z)) / np.sinh(q * front.gap)
        of_phi = ALPHA * k_c * c_s + (1 - ALPHA) * k_a
        on_front = (s + GAMMA * q**2 + F_RT * of_phi * phi_s) / k_c
        slope = self._slope(z)
        drift = F_RT * ahead + V / D
        first = on_front - slope[0]
        bands = np.empty((3, POINTS - 1))
        lower, upper = D / h**2 - D * drift / (2 * h), D / h**2 + D * drift / (2 * h)
        bands[0], bands[1], bands[2] = upper, -2 * D / h**2 - D * q**2 - s, lower
        right = -D * F_RT * slope[1:-1] * phi_slope[1:-1]
        right[0] -= lower * first
        c = np.concatenate([[first], solve_banded((1, 1), bands, right), [0.0]])
        c_slope = (-3 * c[0] + 4 * c[1] - c[2]) / (2 * h)
        come = D * (c_slope + F_RT * (first * ahead + c_s * phi_slope[0])) - V * slope[0]
        if front.in_metal == "none":
            # c stays as the front has left it.
            return come - C_LI * s, z, c, on_front, s / V
        m = F_RT * inside + V / D
        decay = (-m + np.sqrt(m**2 + 4 * (q**2 + s / D))) / 2
        on_metal = on_front + F_RT * inside * c_s
        gone = D * (decay + F_RT * inside) * on_metal + D * F_RT * c_s * phi_metal * back
        return come - gone - C_LI * s, z, c, on_metal, decay


def problem(name: str, metal: float = 12.0, in_metal: str = "as_printed") -> SharpFront:
    """S: no migration, phi that of the anode everywhere. F: migration and a potential."""
    if name == "S":
        return SharpFront(1e5, 1e5, PHI_M, metal, in_metal=in_metal)
    return SharpFront(0.565, 1e3, 0.0, metal, in_metal=in_metal)
