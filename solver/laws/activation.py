# SPDX-License-Identifier: MIT
"""Properties that follow the temperature by an activation energy, from the one they are known at.

sigma T, D, i_0  ~  exp(-E_a/(k_B T)),    R_ct = RT/(F i_0)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp


@dataclass(frozen=True)
class Activation:
    """From one temperature to another.

    Attributes:
        E_a: Activation energy [eV].
        known: Temperature at which the value is known [K].
        T: Temperature at which it is wanted [K].
        k_B: Boltzmann constant [eV/K].
    """

    E_a: float
    known: float
    T: float
    k_B: float

    @property
    def rate(self) -> float:
        """What D and the exchange current density i_0 rise by."""
        return exp(-self.E_a / self.k_B * (1 / self.T - 1 / self.known))

    @property
    def conductivity(self) -> float:
        """What a conductivity rises by: sigma T has the activation energy, as D has."""
        return self.rate * self.known / self.T

    @property
    def resistance(self) -> float:
        """What a charge-transfer resistance rises by, from the activation energy of its i_0."""
        return self.T / (self.known * self.rate)
