# SPDX-License-Identifier: MIT
"""The equation of the potential phi in a binary electrolyte, and the cell's voltage.

    div( sigma_l grad phi - sigma_l A grad ln c ) = F c_Li dxi/dt,    A = 2 (1 - t_+) RT/F
"""

from __future__ import annotations

import numpy as np

from solver.equations.counter_electrode import CounterElectrode
from solver.equations.ion_potential import IonPotentialEquation, IonPotentialUpdate
from solver.equations.model import Model
from solver.terms import salt


class CounterElectrodeInSalt(CounterElectrode):
    """A sheet of lithium whose exchange current density follows c."""

    def current(self, voltage: float) -> tuple[np.ndarray, np.ndarray]:
        """Currents into the nodes by the law [A/m], and their rise with the voltage [S/m]."""
        current, rise = super().current(voltage)
        m = self.model
        exchange = m.coefficients.kinetics.salt.exchange(m.state.c.x.array)
        return exchange * current, exchange * rise


class BinaryPotentialEquation(IonPotentialEquation):
    """Conduction of Li+ and anions from the counter electrode to the front."""

    electrode = CounterElectrodeInSalt

    def update(self) -> BinaryPotentialUpdate:
        """Its share of a pass."""
        return BinaryPotentialUpdate(self)

    def driving(self) -> np.ndarray:
        """What drives the current, at the nodes [V]."""
        law = self.model.coefficients.kinetics.salt
        values = self.model.state.values
        return salt.driving(values["phi"], values["c"], law.c0, law.A)


EQUATION = BinaryPotentialEquation


class BinaryPotentialUpdate(IonPotentialUpdate):
    """The single-ion conductor's step with the diffusion potential of the c that there is."""

    def _conducted(self) -> np.ndarray:
        return self.system.product(self.equation.driving())
