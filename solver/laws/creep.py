# SPDX-License-Identifier: MIT
"""Lithium that flows: Norton's creep, and the yield stress as its limit at any rate.

With s the deviator of the stress in lithium and sigma = sqrt(3/2 s:s),

    d eps_v/dt = (3/2) (s/sigma) f(sigma),    f = A exp(-Q/RT) (sigma/S)^(1/m)

(additive small strain; Anand, Narayan, J. Electrochem. Soc. 166 (2019) A1092, without hardening).
Backward Euler returns a trial deviator along itself, so that one number is left to be found,

    sigma + 3 mu tau f(sigma) = sigma_trial.

A strain is given by its components xx, yy, xy in the plane; zz makes the trace of a deviator 0, so
that no flow changes the volume.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

ITERATIONS, ENOUGH = 30, 1e-8
"""Newton's steps at most for ln(sigma/S), and the step that ends them: what is left after it is of
the order of its square. From where they begin they take at most six for any m from 0.05 to 1."""
NONE = 1e-300
"""What stands for no stress in a logarithm."""


class Law(Protocol):
    """How fast lithium flows."""

    def returned(self, trial: np.ndarray, k: float) -> tuple[np.ndarray, np.ndarray]:
        """Equivalent stress after a step of backward Euler.

        Args:
            trial: Equivalent stress without flow in the step [Pa].
            k: Fall of the stress per strain of flow, times the step; 3 mu tau in shear [Pa s].

        Returns:
            The stress [Pa] and its rise with the trial's.
        """


@dataclass(frozen=True)
class Norton:
    """A power law.

    Attributes:
        rate: A exp(-Q/RT), the rate of strain at S [1/s].
        S: Stress of that rate [Pa].
        n: 1/m.
    """

    rate: float
    S: float
    n: float

    @classmethod
    def of(cls, A: float, Q: float, m: float, S: float, RT: float) -> Norton:
        """The law at a temperature.

        Args:
            A: [1/s].
            Q: Activation energy [J/mol].
            m: Sensitivity of the stress to the rate.
            S: [Pa].
            RT: [J/mol].
        """
        return cls(A * float(np.exp(-Q / RT)), S, 1 / m)

    def stress(self, rate: float) -> float:
        """Equivalent stress of steady flow at a rate of strain [1/s], in Pa."""
        return self.S * (rate / self.rate) ** (1 / self.n)

    def returned(self, trial: np.ndarray, k: float) -> tuple[np.ndarray, np.ndarray]:
        """See `Law`.

        With x = ln(sigma/S) the logarithm of both sides is convex in x. Newton's method begins
        where either term alone makes up the trial, beyond the solution, and cannot leave that side.
        """
        wanted = np.log(np.maximum(trial / self.S, NONE))
        if k == 0:
            return trial, np.ones_like(trial)
        weight = np.log(k * self.rate / self.S)
        x = np.minimum(wanted, (wanted - weight) / self.n)
        for _ in range(ITERATIONS):
            # Either term over the trial: neither is beyond 1 on that side.
            elastic, flown = np.exp(x - wanted), np.exp(weight - wanted + self.n * x)
            both = elastic + flown
            step = -np.log(both) * both / (elastic + self.n * flown)
            x = x + step
            if np.all(np.abs(step) <= ENOUGH * np.maximum(1.0, np.abs(x))):
                break
        elastic = np.exp(x - wanted)
        slope = elastic / (elastic + self.n * (1 - elastic))
        return self.S * np.exp(x), slope


@dataclass(frozen=True)
class Plastic:
    """A yield stress at any rate.

    Attributes:
        yield_stress: [Pa].
    """

    yield_stress: float

    def stress(self, rate: float) -> float:
        """Equivalent stress of steady flow [Pa]."""
        return self.yield_stress

    def returned(self, trial: np.ndarray, k: float) -> tuple[np.ndarray, np.ndarray]:
        """See `Law`."""
        return np.minimum(trial, self.yield_stress), (trial <= self.yield_stress).astype(float)


class Strain(NamedTuple):
    """Components of a deviator of the strain, arrays over points; zz is -(xx + yy)."""

    xx: np.ndarray
    yy: np.ndarray
    xy: np.ndarray

    @property
    def squared(self) -> np.ndarray:
        """The sum of the squares of all nine components."""
        return self.inner(self)

    def inner(self, other: Strain) -> np.ndarray:
        """The sum of the products of all nine components."""
        zz = (self.xx + self.yy) * (other.xx + other.yy)
        return self.xx * other.xx + self.yy * other.yy + zz + 2 * self.xy * other.xy

    @property
    def strained(self) -> np.ndarray:
        """Equivalent strain, that of a bar of constant volume along itself."""
        return np.sqrt(2 / 3 * self.squared)

    @property
    def equivalent(self) -> np.ndarray:
        """Equivalent stress of an elastic one, over 2 mu."""
        return np.sqrt(1.5 * self.squared)

    def at(self, points: np.ndarray) -> Strain:
        """That of some points."""
        return Strain(*(x[points] for x in self))

    def less(self, other: Strain, share: np.ndarray | float = 1.0) -> Strain:
        """A share of the difference to another one."""
        return Strain(*(share * (a - b) for a, b in zip(self, other, strict=True)))


def deviator(xx, yy, xy, zz=0.0) -> Strain:
    """Deviator of a strain."""
    mean = (xx + yy + zz) / 3
    return Strain(xx - mean, yy - mean, xy)


class Returned(NamedTuple):
    """What a step of backward Euler makes of a strain of lithium.

    Attributes:
        elastic: What of its deviator is elastic.
        along: Direction of the flow, of unit length, 0 where there is no stress.
        kept: Share of the trial strain that stays elastic.
        slope: Rise of its size with the trial's.
    """

    elastic: Strain
    along: Strain
    kept: np.ndarray
    slope: np.ndarray


def returned(law: Law, trial: Strain, mu: float, tau: float) -> Returned:
    """Let lithium flow for a time.

    Args:
        law: How fast.
        trial: Deviator of the elastic strain without flow.
        mu: Shear modulus [Pa].
        tau: Time [s].
    """
    size = trial.equivalent
    stress, slope = law.returned(2 * mu * size, 3 * mu * tau)
    some = np.maximum(size, NONE)
    kept = np.where(size > 0, stress / (2 * mu * some), 1.0)
    length = np.sqrt(1.5) / some
    along = Strain(*(length * x for x in trial))
    return Returned(Strain(*(kept * x for x in trial)), along, kept, slope)
