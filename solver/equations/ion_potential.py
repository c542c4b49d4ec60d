# SPDX-License-Identifier: MIT
"""The equation of the potential phi of the ions in a single-ion conductor, and the cell's voltage.

    div(sigma_l grad phi) = F c_Li dxi/dt,    sigma_l = (1 - xi) sigma_ion

Nothing else enters or leaves, so that this balance of charge is that of lithium too.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import ufl

from dolfinx import fem

from solver.check import cell
from solver.equations.cell_voltage import CellVoltage
from solver.equations.counter_electrode import CounterElectrode
from solver.equations.couplings_front import ConductionOfIons
from solver.equations.equation import Equation
from solver.equations.ion_update import IonPotentialUpdate
from solver.equations.model import Model
from solver.fields.potential import FIELD
from solver.input import electrochemistry
from solver.input.protocol_steps import Step
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField
from solver.schemes.stage import Base
from solver.terms import potential

COLUMNS = ("cell_voltage_V", "cell_current_A_per_m2")


class IonPotentialEquation(Equation):
    """Conduction of Li+ from the counter electrode to the front.

    Attributes:
        counter: The counter electrode.
        step: What the cell is made to do; `begun` is when that began [s].
        given: The voltage that the cell is held at [V]; None if its current is given.
        current_given: Its current density otherwise [A/m^2].
        voltage: Cell voltage [V].
        current: Current density through the counter electrode [A/m^2], of ions and electrons;
            positive plates at the anode.
        passed: Current of ions that the nodes get from the counter electrode less what the front
            takes from them; its sum is 0 to round-off [A/m].
        leak: That of the electrons [A/m^2].
        anode_current: Current density of both into the anode and the metal on it [A/m^2].
    """

    field = FIELD
    balances = True
    electrode: ClassVar[type[CounterElectrode]] = CounterElectrode
    """Kind of the counter electrode."""

    def __init__(self, model: Model):
        super().__init__(model)
        self.counter = self.electrode(model)
        self.voltage, self.current, self.leak, self.anode_current = 0.0, 0.0, 0.0, 0.0
        self.passed = np.empty(0)
        self._volts, self._moving = model.constant(0.0), model.constant(1.0)
        self._sigma = model.per_layer("sigma_ion")
        self.follow(electrochemistry.steps(model.config)[0], 0.0)
        self.hold(0.0)

    def follow(self, step: Step, begun: float) -> None:
        """Take up a step that began, or begins, at a time [s]."""
        self.step, self.begun = step, begun

    def hold(self, t: float, everything: bool = False) -> None:
        """Give the cell its voltage or current at time t [s]."""
        value, of_voltage = self.step.at(t - self.begun), self.step.control == "voltage"
        self.given, self.current_given = (value, 0.0) if of_voltage else (None, value)
        if of_voltage:
            self.take(value)

    def take(self, voltage: float) -> None:
        """Take a cell voltage [V]: a reversible counter electrode has it."""
        self.voltage = voltage
        self.function.x.array[self.counter.held] = voltage + self.counter.shift

    def held(self) -> np.ndarray:
        """Nodes of a reversible counter electrode."""
        return self.counter.held

    def linear_system(self) -> EdgeField:
        """Conduction at the state's xi, solved for phi."""
        m = self.model
        fields = (m.solved, self._sigma)
        conduction = ConductionOfIons(m.edges, *map(m.of_triangles, fields))
        xi = m.state.xi.x
        return EdgeField(
            lambda: conduction(xi.array), m.edges, self.function, self.held(), preconditioners.PHI
        )

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [A/m]. At rest the front takes what its law says, though it does not move."""
        m, charge = self.model, self.model.constant(self.model.numbers.charge)
        increment = self._moving * m.stage_deposit(y["xi"], base, closing)
        form = self.conduction(y, test)
        form += potential.charge_source(increment, tau, test, charge, m.dx)
        form += (1 - self._moving) * charge * m.coefficients.kinetics.residual(y, -test)
        if self.counter.law is not None:
            form += self.counter.leaving(y, self._volts, test)
        return form

    def conduction(self, y: dict[str, Any], v) -> ufl.Form:
        """Current that leaves the nodes through the electrolyte, of unknowns y [A/m]."""
        xi, slope = y["xi"], ufl.grad(y["phi"])
        return potential.conduction_of_ions(slope, xi, v, self._sigma, self.model.dx_one)

    def refresh(self, resting: bool) -> None:
        """Bring the voltage and the kinetics of the forms to what they are."""
        kinetics = self.model.coefficients.kinetics
        self._volts.value, self._moving.value = self.voltage, float(not resting)
        if resting:
            # No step has found the front yet.
            kinetics.begin_step(0.0, 0.0, self.model.base())
        kinetics.refresh()

    @property
    def number(self) -> CellVoltage | None:
        """The voltage, unless it is given."""
        return CellVoltage(self) if self.given is None else None

    def inflow(self, increment: np.ndarray, base: Base, tau: float) -> float:
        """Li+ that enters through the counter electrode in a stage [mol/m/s]."""
        counter, n, width = self.counter, self.model.numbers, self.model.domain.width
        if counter.law is None:
            at, state = counter.held, {x.name: self.model.state[x.name] for x in self.model.fields}
            entering = np.zeros_like(self.function.x.array)
            rows = self.model.nodal(fem.form(self.conduction(state, self.model.v)))
            # The metal is not there: at rest nothing is taken.
            taken = n.charge * self.model.lumped_mass * increment / tau
            entering[at] = (rows + taken)[at]
        else:
            entering = counter.current(self.voltage)[0]
        self.current = self.anode_current = counter.total(entering) / width
        return self.current * width / n.F

    def size(self) -> float:
        """RT/F [V]."""
        return 1 / self.model.numbers.F_RT

    def weight(self, tau) -> float:
        """Inverse of the current that RT/F drives through an element of the worst electrolyte."""
        return self.model.numbers.F_RT / min(x.sigma_ion for x in self.model.config.parts)

    def update(self) -> IonPotentialUpdate:
        """Its share of a pass."""
        return IonPotentialUpdate(self)

    def initialise(self, x: np.ndarray) -> None:
        """Set what a flat front needs for its current, from which Newton's method sets out."""
        film, height = self.model.config.nuclei.film, self.model.config.cell_height
        above = np.clip((x[:, 1] - film) / (height - film), 0.0, 1.0)
        self._set_out(film, above)

    def jump(self, film: float) -> None:
        """Set out anew in the step that has just begun, for a deposit of a mean thickness [m].

        From a state of another current Newton's method may not find the new one. All of phi is what
        a flat front has: tips would be far from it in the potential of an electrolyte before that.
        """
        self._set_out(film, 0.0)

    def _set_out(self, film: float, above: np.ndarray | float) -> None:
        """Set phi to a flat front's, or to what it is at some part of the way through the gap."""
        flat = cell.at(self.model.config, self.step.control, self.step.value, film)
        front = self.model.coefficients.kinetics.electrode.drive(flat.current)
        self.function.x.array[:] = front + flat.current * flat.ohmic * above
        self.take(flat.voltage)

    def columns(self) -> tuple[str, ...]:
        """Voltage and current of the cell besides the extremes."""
        return (*super().columns(), *COLUMNS)

    def measured(self) -> tuple[float, ...]:
        """The numbers of `columns`. Collective."""
        return (*super().measured(), self.voltage, self.current)


EQUATION = IonPotentialEquation
