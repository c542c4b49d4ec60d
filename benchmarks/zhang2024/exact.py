# SPDX-License-Identifier: MIT
"""Exact solutions of ion transport across one layer, for comparison.

Steady, closed and electroneutral, cations pass and anions rest: with y from the electrode where
cations leave, c_- = A exp(psi) and

    J y/D_+ = 2 [c_-(y) - c_-(0)] + c_im ln(c_-(y)/c_-(0)),   mean of c_- = c_f.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, exp, log, tanh

import numpy as np
from scipy.optimize import brentq


@dataclass(frozen=True)
class Mixed:
    """A layer with mobile and immobilised anions under a flux J [mol/m^2/s] of cations.

    Attributes:
        L: Thickness [m].
        D: Diffusivity of the cation [m^2/s].
        c_f: Mean concentration of mobile anions [mol/m^3].
        c_im: Immobilised anions [mol/m^3].
        J: Flux, less than 4 D c_f/L if c_im = 0.
    """

    L: float
    D: float
    c_f: float
    c_im: float
    J: float

    def ends(self) -> tuple[float, float]:
        """Concentration of mobile anions at y = 0 and at y = L [mol/m^3]."""

        def high(low: float) -> float:
            def excess(log_ratio: float) -> float:
                rise = 2 * low * (exp(log_ratio) - 1) + self.c_im * log_ratio
                return rise - self.J * self.L / self.D

            return low * exp(brentq(excess, 0.0, 700.0, xtol=1e-14))

        def excess(log_low: float) -> float:
            low = exp(log_low)
            top = high(low)
            area = top * (top + self.c_im) - low * (low + self.c_im)
            return self.D / self.J * area - self.c_f * self.L

        low = exp(brentq(excess, log(self.c_f) - 30, log(self.c_f), xtol=1e-14))
        return low, high(low)

    def profile(self, count: int = 400) -> tuple[np.ndarray, np.ndarray]:
        """Heights [m] and concentrations of mobile anions [mol/m^3], equally spaced in ln c."""
        low, high = self.ends()
        c = np.geomspace(low, high, count)
        y = self.D / self.J * (2 * (c - low) + self.c_im * np.log(c / low))
        return y, c

    def voltage(self, RT_F: float) -> float:
        """Potential at y = L less that at y = 0 [V]."""
        low, high = self.ends()
        return RT_F * log(high / low)


def flux_of_single_ion(D: float, c_im: float, U: float, L: float, RT_F: float) -> float:
    """Flux of cations alone, D c_im U F/(R T L) [mol/m^2/s]."""
    return D * c_im * U / (RT_F * L)


def gouy_chapman(y: np.ndarray, psi_wall: float, debye: float) -> np.ndarray:
    """Potential in units of RT/F at a distance y [m] from a wall at psi_wall, 1:1 electrolyte.

    psi = 4 artanh( tanh(psi_wall/4) exp(-y/debye) ) (Gouy 1910, Chapman 1913).
    """
    start = tanh(psi_wall / 4)
    return np.array([4 * atanh(start * exp(-distance / debye)) for distance in y])
