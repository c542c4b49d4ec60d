# SPDX-License-Identifier: MIT
"""An electrode of lithium in a single-ion conductor: Butler-Volmer, also behind a resistance.

With phi the potential of the ions against a lithium reference and the metal at 0 V, the
overpotential is -phi and the current that plates

    i = i_0 [ exp(alpha F phi/RT) - exp(-(1 - alpha) F phi/RT) ].

Across a thick front, xi = 1/(1 + exp(x/l)), that moves at V = i/(F c_Li), the current of Li+ is
i (1 - xi), and so is the conductivity sigma (1 - xi): phi is straight all the way through,

    phi(x) = phi_s + x i/sigma,    x = -l ln(xi/(1 - xi)),

so that every node knows phi_s, its value on the sharp front, as soon as it knows i: a piece of
electrolyte of resistance x/sigma stands between the two, less than none behind the front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass

import numpy as np

from solver.base.lazy import ufl
from solver.laws import kinetics

BEHIND = float(np.log(999.0))
"""Distance behind a front, in interface lengths, up to which x counts: xi is 0.999 there."""
MOST = 0.25
"""Largest part of the electrode's own resistance that a negative one may take away at phi. From 1/e
on an exponential law has no solution behind the front."""
ITERATIONS, ENOUGH = 60, 1e-14
"""Newton's steps at most, and F phi/RT per step, relative beyond 1, that ends them."""


@dataclass(frozen=True)
class Electrode:
    """A Butler-Volmer law.

    Attributes:
        i_0: Exchange current density [A/m^2].
        alpha: Charge-transfer coefficient.
        F_RT: F/RT [1/V].
    """

    i_0: float
    alpha: float
    F_RT: float

    @classmethod
    def of_resistance(cls, R_ct: float, alpha: float, F_RT: float) -> Electrode:
        """The electrode of a charge-transfer resistance R_ct = RT/(F i_0) [ohm m^2]."""
        return cls(1 / (F_RT * R_ct), alpha, F_RT)

    def mapped(self, number: Callable) -> Electrode:
        """The law with something made of each of its numbers, as for a form."""
        return Electrode(*map(number, astuple(self)))

    def current(self, phi):
        """Current density that plates at phi [A/m^2]; phi is an array or a number [V]."""
        return -self.i_0 * kinetics.butler_volmer(1.0, -phi, self.alpha, self.F_RT)

    def conductance(self, phi):
        """Its derivative by phi [S/m^2]."""
        dissolving = (1 - self.alpha) * kinetics.anodic(-phi, self.alpha, self.F_RT)
        plating = self.alpha * kinetics.cathodic(-phi, self.alpha, self.F_RT)
        return self.i_0 * self.F_RT * (dissolving + plating)

    def drive(self, current: float) -> float:
        """phi at which a current density [A/m^2] passes [V], from a bound as in `behind`."""
        share = (self.alpha if current > 0 else 1 - self.alpha) * self.F_RT
        at = float(np.copysign(np.log1p(abs(current) / self.i_0) / share, current))
        for _ in range(ITERATIONS):
            step = (current - self.current(at)) / self.conductance(at)
            at += step
            if self.F_RT * abs(step) <= ENOUGH * (1 + self.F_RT * abs(at)):
                break
        return at

    def behind(self, phi: np.ndarray, resistance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Current density where phi is that beyond a resistance, and its derivative by phi.

        Solves phi_s + resistance i(phi_s) = phi for phi_s by Newton's method, from a bound that it
        approaches from one side.

        Args:
            phi: Potential beyond the resistance [V].
            resistance: [ohm m^2]; a negative one counts up to MOST.

        Returns:
            A/m^2 and S/m^2.
        """
        resistance = self.counted(phi, resistance)
        at = self._bound(phi, resistance)
        for _ in range(ITERATIONS):
            slope = 1 + resistance * self.conductance(at)
            step = (phi - at - resistance * self.current(at)) / slope
            at = at + step
            if np.all(self.F_RT * np.abs(step) <= ENOUGH * (1 + self.F_RT * np.abs(at))):
                break
        conductance = self.conductance(at)
        return self.current(at), conductance / (1 + resistance * conductance)

    def counted(self, phi, resistance):
        """What a resistance before phi counts for [ohm m^2], of arrays or in a form."""
        largest = np.maximum if isinstance(phi, np.ndarray) else ufl.max_value
        return largest(resistance, -MOST / self.conductance(phi))

    def improved(self, phi, resistance, current):
        """A current density as a step of Newton's method for `behind` leaves it, in a form.

        Where the one given solves that already it stays what it is, and has the right derivatives.

        Args:
            phi: Potential beyond the resistance [V].
            resistance: As `counted` [ohm m^2].
            current: Current density that the step sets out from [A/m^2].
        """
        at = phi - resistance * current
        excess = current - self.current(at)
        return current - excess / (1 + resistance * self.conductance(at))

    def _bound(self, phi: np.ndarray, resistance: np.ndarray) -> np.ndarray:
        """phi, or what is left of it once the larger exponential alone takes the current."""
        share = np.where(phi > 0, self.alpha, 1 - self.alpha) * self.F_RT
        taken = np.abs(phi) / (np.maximum(resistance, 1e-300) * self.i_0)
        left = np.minimum(np.abs(phi), np.log1p(taken) / share)
        return np.where(resistance > 0, np.sign(phi) * left, phi)
