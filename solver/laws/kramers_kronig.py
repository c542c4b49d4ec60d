# SPDX-License-Identifier: MIT
"""Do real and imaginary part of a spectrum belong together? The linear Kramers-Kronig test.

M. Schoenleber, D. Klotz, E. Ivers-Tiffee, Electrochim. Acta 131 (2014) 20: a resistance, a coil, a
capacitor and a chain of RC elements, whose resistances may have any sign, follow every spectrum of
a linear, causal, stationary system. What they do not follow is noise, or a system that is not so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SURE = 3.0
"""Correlation of neighbouring residuals in standard deviations beyond which they are no noise."""
BEYOND = 3.0
"""How far time constants reach beyond the frequencies: processes there show at the ends."""
FAR = 0.3
"""Share of a spectrum's residual that exchanged parts leave at most."""
SMALL = 0.003
"""Residual below which a trend does not matter, relative to |Z|."""


@dataclass(frozen=True)
class Residuals:
    """What a model leaves of a spectrum.

    Attributes:
        values: (Z - model)/|Z|, shape (n,), complex.
    """

    values: np.ndarray

    @property
    def rms(self) -> float:
        """Root mean square of real and imaginary parts."""
        return float(np.sqrt(0.5 * np.mean(np.abs(self.values) ** 2)))

    @property
    def trend(self) -> float:
        """Correlation of neighbours, in its standard deviations where there is none."""
        parts = (self.values.real, self.values.imag)
        products = sum(float(np.sum(x[1:] * x[:-1])) for x in parts)
        squares = sum(float(np.sum(x * x)) for x in parts)
        return products / squares * np.sqrt(2 * len(self.values)) if squares > 0 else 0.0

    @property
    def systematic(self) -> bool:
        """Whether they are larger than matters, and no noise."""
        return self.rms > SMALL and self.trend > SURE


def residuals(f, Z) -> Residuals:
    """Fit the chain of RC elements; as many as explain the data by Bayes' criterion.

    Args:
        f: Frequencies [Hz], shape (n,) with n > 4.
        Z: Impedances [ohm], shape (n,), complex.
    """
    best = (np.inf, None)
    for count in range(1, len(f) + 1):
        left = _left(f, Z, count)
        score = criterion(left, count + 3)
        if score < best[0]:
            best = (score, left)
    return Residuals(best[1])


def exchanged(f, Z, test: Residuals) -> bool:
    """Whether what is left of a spectrum is less by far with its two parts exchanged.

    Args:
        f: Frequencies [Hz], shape (n,) with n > 4.
        Z: Impedances [ohm], shape (n,), complex.
        test: What is left of it as it is.
    """
    return residuals(f, -Z.imag - 1j * Z.real).rms < FAR * test.rms


def criterion(left: np.ndarray, parameters: int) -> float:
    """Bayes' information criterion of complex residuals, lower for the better model."""
    n = 2 * len(left)
    # Round-off is no sign of a better model.
    square = max(float(np.sum(np.abs(left) ** 2)), n * 1e-16)
    return n * float(np.log(square / n)) + parameters * float(np.log(n))


def _left(f: np.ndarray, Z: np.ndarray, count: int) -> np.ndarray:
    omega = 2 * np.pi * np.asarray(f)
    tau = np.geomspace(1 / omega.max() / BEYOND, BEYOND / omega.min(), count)
    columns = [np.ones_like(omega), 1j * omega / omega.max(), omega.min() / (1j * omega)]
    model = np.concatenate([np.stack(columns, axis=1), 1 / (1 + 1j * np.outer(omega, tau))], axis=1)
    weighted = model / np.abs(Z)[:, None]
    both = np.concatenate([weighted.real, weighted.imag])
    target = Z / np.abs(Z)
    found, *_ = np.linalg.lstsq(both, np.concatenate([target.real, target.imag]), rcond=1e-12)
    return target - weighted @ found
