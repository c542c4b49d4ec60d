# SPDX-License-Identifier: MIT
"""The problem that all codes solve: its numbers in SI units, and its initial state in closed form.

Model 1 of Chen et al. (2025), ionic reading, isotropic, without mechanics:

    dxi/dt = -L_sigma (g'(xi) - kappa lap xi) - L_eta h'(xi) B
    B      = exp((1 - alpha) F phi/RT) - c/c0 exp(-alpha F phi/RT)
    dc/dt  = div(D grad c + D c F/(RT) grad phi) - c_Li dxi/dt
    0      = div(sigma(xi) grad phi) - F c_Li dxi/dt,   sigma = h sigma_metal + (1 - h) sigma_ion

phi is held at both electrodes, c at the upper one, and nothing flows through the other sides.
Numpy alone is needed here, so that every code can read it in its own environment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

F, R, T = 96500.0, 8.314, 297.15
F_RT = F / (R * T)
ALPHA = 0.5
C0, C_LI, D = 1000.0, 7.64e4, 1e-11
SIGMA_ION, SIGMA_METAL = 0.565, 1e3
PHI_ANODE, PHI_COUNTER = -0.10, 0.0

LENGTH = 0.44e-6
"""Interface length l [m]: the planar profile is 1/(1 + exp(x/l))."""
_FACTOR = LENGTH / (7e-10 / (2 * 15e5)) ** 0.5
W, KAPPA = 15e5 / _FACTOR, 7e-10 * _FACTOR
L_SIGMA, L_ETA = 5e-6 / _FACTOR, 0.5 / _FACTOR

FILM = 2.5e-6
"""Thickness of the film on the anode [m]."""


@dataclass(frozen=True)
class Cell:
    """A cell and how long it is looked at.

    Attributes:
        width: Along the anode [m].
        height: From the anode to the counter electrode [m].
        end: Simulated time [s].
        disks: Centre along the anode and radius of every half-disk on the film [m].
    """

    width: float
    height: float
    end: float
    disks: tuple[tuple[float, float], ...] = ()

    def xi(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Phase field at the start: the equilibrium profile of the distance to the deposit."""
        distance = y - FILM
        for centre, radius in self.disks:
            distance = np.minimum(distance, np.hypot(x - centre, y - FILM) - radius)
        return 0.5 * (1 - np.tanh(distance / (2 * LENGTH)))


CELLS = {
    "fingers": Cell(
        10e-6,
        25e-6,
        150.0,
        ((1.2569475014308732e-06, 1.7711470186857574e-06),
         (6.7104315197882995e-06, 1.5739458324579311e-06)),
    ),
    "planar": Cell(1e-6, 20e-6, 50.0),
}  # fmt: skip
"""Two fingers, and a planar front of which converged one-dimensional figures are known."""


def h(xi):
    """Interpolation h(xi) = xi^3 (6 xi^2 - 15 xi + 10)."""
    return xi**3 * (6 * xi**2 - 15 * xi + 10)


def c(xi: np.ndarray) -> np.ndarray:
    """Li+ concentration at the start [mol/m^3]: none in the deposit."""
    return C0 * (1 - h(xi))


def phi(xi: np.ndarray) -> np.ndarray:
    """Potential at the start [V]: the anode's in the deposit."""
    return PHI_COUNTER + (PHI_ANODE - PHI_COUNTER) * h(xi)


def tip(xi: np.ndarray, y: np.ndarray) -> float:
    """Largest height of xi = 1/2 on the columns of a grid [m].

    Between two nodes ln(xi/(1 - xi)) is taken as a straight line, as across a planar front.

    Args:
        xi: Values, shape (rows, columns).
        y: Heights of the rows [m], ascending.
    """
    inside = np.clip(xi, 1e-12, 1 - 1e-12)
    psi = np.log(inside / (1 - inside))
    row, column = np.nonzero((psi[:-1] > 0) & (psi[1:] <= 0))
    lower, upper = psi[row, column], psi[row + 1, column]
    return float(np.max(y[row] + lower / (lower - upper) * (y[row + 1] - y[row])))
