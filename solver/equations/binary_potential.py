# SPDX-License-Identifier: MIT
"""The equation of the potential phi in a binary electrolyte, and the cell's voltage.

    div( sigma_l grad phi - sigma_l A grad ln c ) = F c_Li dxi/dt,    A = 2 (1 - t_+) RT/F

and at the counter electrode a current that follows c.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import ufl

from solver.base.errors import SolverError
from solver.equations.counter_electrode import CounterElectrode
from solver.equations.ion_potential import IonPotentialEquation
from solver.equations.ion_update import IonPotentialUpdate
from solver.equations.model import Model
from solver.laws.salt import SCARCEST
from solver.terms import potential, salt

SCARCE = 0.01
"""c/c0 below which an iteration that finds no end has met that of the salt."""
USED_UP = (
    "the current takes more salt from an electrode than diffusion brings to it; `check` shows the "
    "limiting current and Sand's time"
)


def refuse_scarcity(model: Model) -> None:
    """Raise a SolverError if there is hardly any salt somewhere. Collective."""
    lowest = model.extremes(model.state.c)[0] / model.config.parts[0].c0
    if lowest < SCARCE:
        raise SolverError(f"c/c0 fell to {lowest:.1e}: {USED_UP}")


class CounterElectrodeInSalt(CounterElectrode):
    """A sheet of lithium whose exchange current density follows c."""

    def current(self, voltage: float) -> tuple[np.ndarray, np.ndarray]:
        """Currents into the nodes by the law [A/m], and their rise with the voltage [S/m]."""
        current, rise = super().current(voltage)
        m = self.model
        exchange = m.coefficients.kinetics.salt.exchange(m.state.c.x.array)
        return exchange * current, exchange * rise

    def leaving(self, y: dict[str, Any], voltage, v) -> ufl.Form:
        """What `current` lets into the nodes, as a residual of the unknowns y has it."""
        exchange = self.model.coefficients.kinetics.salt.mapped(self.model.constant).exchange
        return super().leaving(y, voltage, exchange(y["c"]) * v)

    def answers(self, voltage: float, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How much less enters the nodes for a rise of c, and for one of phi.

        With phi - A ln c as it is, also in the electrolyte that a reversible electrode touches.

        Args:
            voltage: Cell voltage [V].
            own: Conductance of every node through the electrolyte [S/m].

        Returns:
            A m^2/mol and S/m.
        """
        m, law = self.model, self.model.coefficients.kinetics.salt
        c = np.maximum(m.state.c.x.array, SCARCEST * law.c0)
        current, rise = self.current(voltage)
        rise[self.held] = own[self.held]
        # What enters is exchange times the law: more of it by c, but less by the higher phi.
        return (law.A * rise - (1 - law.law.alpha) * current) / c, rise


class BinaryPotentialEquation(IonPotentialEquation):
    """Conduction of Li+ and anions from the counter electrode to the front.

    Attributes:
        own: Conductance of every node through the electrolyte [S/m].
    """

    electrode = CounterElectrodeInSalt
    own: np.ndarray

    def update(self) -> BinaryPotentialUpdate:
        """Its share of a pass."""
        return BinaryPotentialUpdate(self)

    def conduction(self, y: dict[str, Any], v) -> ufl.Form:
        """Current that leaves the nodes through the electrolyte, of unknowns y [A/m]."""
        m, law = self.model, self.model.coefficients.kinetics.salt.mapped(self.model.constant)
        slope = salt.slope(y["phi"], y["c"], law.c0, law.A)
        return potential.conduction_of_ions(slope, y["xi"], v, self._sigma, m.dx_one)

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

    def _pass_current(self, taken: np.ndarray, electrons: np.ndarray) -> None:
        super()._pass_current(taken, electrons)
        self.equation.own = self.system.diagonal()

    def _refuse_runaway(self) -> None:
        try:
            super()._refuse_runaway()
        except SolverError as error:
            refuse_scarcity(self.model)
            raise error
