# SPDX-License-Identifier: MIT
"""The equation of the potential phi in a binary electrolyte, and the cell's voltage.

    div( sigma_l grad phi - sigma_l A grad ln c ) = F c_Li dxi/dt,    A = 2 (1 - t_+) RT/F

and at the counter electrode a current that follows c.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
import ufl

from solver.base.errors import SolverError
from solver.equations.counter_electrode import CounterElectrode
from solver.equations.ion_potential import IonPotentialEquation
from solver.equations.ion_update import IonPotentialUpdate
from solver.equations.model import Model
from solver.laws import spreading
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
    """A sheet of lithium whose exchange current density follows c.

    What a reversible one passes is up to the electrolyte, for which solver.laws.spreading stands.

    Attributes:
        along: Edges along it, if it is reversible, else none.
        levelling: What they conduct in place of the electrolyte that the electrode touches [S/m].
        spread: What its nodes answer for it [S/m]; 0 elsewhere.
    """

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

    def __init__(self, model: Model):
        super().__init__(model)
        edges, x = model.edges, model.V.tabulate_dof_coordinates()[:, :2]
        held = np.zeros(edges.nodes, dtype=bool)
        held[self.held] = True
        self.along = np.flatnonzero(held[edges.tail] & held[edges.head])
        ends = edges.tail[self.along], edges.head[self.along]
        length = np.hypot(*(x[ends[1]] - x[ends[0]]).T)
        # The longest ripple between walls that mirror it, and the shortest that P1 has on an edge.
        alike, unlike = spreading.answer(pi / model.domain.width, 2 / length)
        # It steers the passes, not what they end at: of regions a mean will do.
        beside = model.config.layers[-1:] or model.config.parts
        sigma = float(np.mean([part.sigma_ion for part in beside]))
        self.levelling = sigma * unlike / length
        halves = 0.5 * sigma * alike * length
        self.spread = sum(np.bincount(end, halves, edges.nodes) for end in ends)

    def answers(self, voltage: float) -> tuple[np.ndarray, np.ndarray]:
        """How much less enters the nodes for a rise of c, and for one of phi.

        With phi - A ln c as it is, also in the electrolyte that a reversible electrode touches.

        Args:
            voltage: Cell voltage [V].

        Returns:
            A m^2/mol and S/m.
        """
        m, law = self.model, self.model.coefficients.kinetics.salt
        c = np.maximum(m.state.c.x.array, SCARCEST * law.c0)
        current, rise = self.current(voltage)
        rise += self.spread
        # What enters is exchange times the law: more of it by c, but less by the higher phi.
        return (law.A * rise - (1 - law.law.alpha) * current) / c, rise

    def levelled(self) -> np.ndarray:
        """How much more flows along `along` for a difference of c [A m^2/mol]."""
        m, law = self.model, self.model.coefficients.kinetics.salt
        c, edges = np.maximum(m.state.c.x.array, SCARCEST * law.c0), m.edges
        mean = 0.5 * (c[edges.tail[self.along]] + c[edges.head[self.along]])
        return law.A * self.levelling / mean


class BinaryPotentialEquation(IonPotentialEquation):
    """Conduction of Li+ and anions from the counter electrode to the front."""

    electrode = CounterElectrodeInSalt

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

    def _refuse_runaway(self) -> None:
        try:
            super()._refuse_runaway()
        except SolverError as error:
            refuse_scarcity(self.model)
            raise error
