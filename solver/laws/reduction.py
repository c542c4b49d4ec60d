# SPDX-License-Identifier: MIT
"""From measured numbers to material properties: pure functions in SI units, scalars or arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

K_B = 8.617333262e-5
"""Boltzmann constant [eV/K] (CODATA 2018, exact)."""
F = 96485.33212
"""Faraday constant [C/mol] (CODATA 2018, exact)."""
R = 8.314462618
"""Gas constant [J/mol/K] (CODATA 2018, exact)."""


@dataclass(frozen=True, slots=True)
class ArrheniusFit:
    """Straight line of ln(sigma T) over 1000/T.

    Attributes:
        slope: Its slope [1000 K].
        intercept: ln(sigma T) at 1/T = 0, sigma T in S K/m.
        slope_error: Standard error of the slope [1000 K].
        scatter: Standard deviation of ln(sigma) about the line.
        freedom: Points less the two numbers that are fitted.
        confidence: Confidence of the interval of the slope.
    """

    slope: float
    intercept: float
    slope_error: float
    scatter: float
    freedom: int
    confidence: float

    @property
    def E_a(self) -> float:
        """Activation energy of sigma T = A exp(-E_a/(k_B T)) [eV]."""
        return -1e3 * K_B * self.slope

    @property
    def slope_half(self) -> float:
        """Half of the confidence interval of the slope [1000 K], by Student's t."""
        # Here, and not scipy.stats: every start of the program fits, and would wait for scipy.
        from scipy.special import stdtrit

        return float(stdtrit(self.freedom, 0.5 * (1 + self.confidence))) * self.slope_error

    @property
    def E_a_half(self) -> float:
        """Half of the confidence interval of the activation energy [eV]."""
        return 1e3 * K_B * self.slope_half

    def sigma(self, T):
        """Conductivity of the line at temperature T [K], in S/m."""
        return np.exp(self.intercept + 1e3 * self.slope / T) / T


def conductivity(R_b, L, A):
    """Conductivity sigma = L/(R_b A) of a sheet [S/m].

    Args:
        R_b: Bulk resistance from the impedance spectrum [ohm].
        L: Thickness [m].
        A: Area [m^2].
    """
    return L / (R_b * A)


def arrhenius(T, sigma, confidence: float = 0.95) -> ArrheniusFit:
    """Fit ln(sigma T) = intercept + slope (1000/T) by least squares.

    Args:
        T: Temperatures, shape (n,) with n > 2 and at least two different ones [K].
        sigma: Conductivities, shape (n,) [S/m].
        confidence: Of the interval of the slope (Student's t with n - 2 degrees of freedom).

    Raises:
        ValueError: A line with an interval does not follow from the points.
    """
    T, sigma = np.asarray(T, dtype=float), np.asarray(sigma, dtype=float)
    if len(T) < 3 or np.ptp(T) == 0 or min(T.min(), sigma.min()) <= 0:
        raise ValueError("needs at least three points, positive and not all of one temperature")
    x, y = 1e3 / T, np.log(sigma * T)
    variance, covariance = np.cov(x, y, bias=True)[0]
    slope = covariance / variance
    intercept = y.mean() - slope * x.mean()
    freedom = len(x) - 2
    scatter = np.sqrt(np.sum((y - intercept - slope * x) ** 2) / freedom)
    error = scatter / np.sqrt(len(x) * variance)
    return ArrheniusFit(
        float(slope), float(intercept), float(error), float(scatter), freedom, confidence
    )


@dataclass(frozen=True, slots=True)
class Bend:
    """How far points of ln(sigma T) over 1000/T are from a straight line.

    Attributes:
        chance: Probability of a bend at least as large where the law is straight and the scatter
            is that about the parabola (Student's t, two-sided).
        E_a_cold: Activation energy of the parabola at the lowest temperature [eV].
        E_a_hot: The same at the highest [eV].
    """

    chance: float
    E_a_cold: float
    E_a_hot: float


def bend(T, sigma) -> Bend | None:
    """Fit a parabola to ln(sigma T) over 1000/T; None for fewer than four temperatures.

    Args:
        T: Temperatures, shape (n,) [K].
        sigma: Conductivities, shape (n,) [S/m].
    """
    from scipy.special import stdtr  # as in `ArrheniusFit.slope_half`

    x, y = 1e3 / np.asarray(T, dtype=float), np.log(np.asarray(sigma) * T)
    if len(np.unique(x)) < 4:
        return None
    z = x - x.mean()
    columns = np.stack([np.ones_like(z), z, z * z], axis=1)
    found, *_ = np.linalg.lstsq(columns, y, rcond=None)
    freedom = len(z) - 3
    variance = np.sum((y - columns @ found) ** 2) / freedom
    # Round-off of an exact line has no bend.
    variance = max(variance, (1e-12 * np.abs(y).max()) ** 2)
    error = np.sqrt(variance * np.linalg.inv(columns.T @ columns)[2, 2])
    chance = 2 * float(stdtr(freedom, -abs(found[2] / error)))
    cold, hot = (float(-1e3 * K_B * (found[1] + 2 * found[2] * at)) for at in (z.max(), z.min()))
    return Bend(chance, cold, hot)


def transference(I_0, I_ss, R_0, R_ss, dV):
    """Transference number of Li+ by Bruce and Vincent, J. Electroanal. Chem. 225 (1987) 1.

    t_Li = I_ss (dV - I_0 R_0) / (I_0 (dV - I_ss R_ss)), as in Zhang et al. 2024, eq. S3.

    Args:
        I_0: Initial current [A].
        I_ss: Steady current [A].
        R_0: Resistance of the interfaces before [ohm].
        R_ss: Resistance of the interfaces after [ohm].
        dV: Voltage of the polarisation [V].
    """
    return I_ss * (dV - I_0 * R_0) / (I_0 * (dV - I_ss * R_ss))


def diffusivity(sigma, t, z, c, T, F=F, R=R):
    """Nernst-Einstein diffusivity D = t sigma R T/(z^2 F^2 c) of one ion [m^2/s].

    Args:
        sigma: Conductivity of all ions together [S/m].
        t: Share of this ion in it, its transference number.
        z: Charge number of this ion; of either sign.
        c: Its concentration [mol/m^3].
        T: Temperature [K].
        F: Faraday constant [C/mol].
        R: Gas constant [J/mol/K].
    """
    return t * sigma * R * T / (z * F * z * F * c)


def pouch_cell(areal_capacity, voltage, areal_mass, thickness):
    """Energy of a cell per mass [J/kg] and per volume [J/m^3].

    Args:
        areal_capacity: Charge per area [C/m^2].
        voltage: Average voltage [V].
        areal_mass: Mass of all layers per area [kg/m^2].
        thickness: Of all layers [m].
    """
    energy = areal_capacity * voltage
    return energy / areal_mass, energy / thickness
