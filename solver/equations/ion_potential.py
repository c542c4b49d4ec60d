# SPDX-License-Identifier: MIT
"""The equation of the potential phi of the ions in a single-ion conductor, and the cell's voltage.

    div(sigma_l grad phi) = F c_Li dxi/dt,    sigma_l = (1 - xi) sigma_ion

Nothing else enters or leaves, so that this balance of charge is that of lithium too.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from solver.base.errors import SolverError
from solver.check import cell
from solver.equations.counter_electrode import CounterElectrode
from solver.equations.couplings_front import ConductionOfIons
from solver.equations.equation import Equation
from solver.equations.kinetics import SMALLEST_INERTIA, Growth
from solver.equations.model import Model
from solver.fields.potential import FIELD
from solver.input import electrochemistry
from solver.input.checks import MAX_EXPONENT
from solver.input.protocol_steps import Step
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField
from solver.schemes.stage import Stage
from solver.schemes.update import Update, largest

LONGEST = 4.0
"""Largest change of phi on the front in a Newton step, in RT/F: the tangent to an exponential, at a
current that is far from the one wanted, leads volts away from it."""
FINEST = 1e-3
"""Least change of phi that counts as one, in RT/F. Cells have millivolts, and at rest none."""
SWING = -1.0
"""Part of the step before, against it, from which on passes swing ever further."""
COLUMNS = ("cell_voltage_V", "cell_current_A_per_m2")


class IonPotentialEquation(Equation):
    """Conduction of Li+ from the counter electrode to the front.

    Attributes:
        counter: The counter electrode.
        step: What the cell is made to do; `begun` is when that began [s].
        given: The voltage that the cell is held at [V]; None if its current is given.
        current_given: Its current density otherwise [A/m^2].
        voltage: Cell voltage [V].
        current: Current density through the counter electrode [A/m^2]; positive plates at the
            anode.
    """

    field = FIELD
    balances = True

    def __init__(self, model: Model):
        super().__init__(model)
        self.counter = CounterElectrode(model)
        self.voltage, self.current = 0.0, 0.0
        self.follow(electrochemistry.steps(model.config)[0], 0.0)
        self.hold(0.0)

    def follow(self, step: Step, begun: float) -> None:
        """Take up a step that began, or begins, at a time [s]."""
        self.step, self.begun = step, begun

    def hold(self, t: float, everything: bool = False) -> None:
        """Give the cell its voltage or current at time t [s]."""
        value, of_voltage = self.step.at(t - self.begun), self.step.control == "voltage"
        self.given, self.current_given = (value, 0.0) if of_voltage else (None, value)
        self.voltage = value if of_voltage else self.voltage

    def held(self) -> np.ndarray:
        """Nodes of a reversible counter electrode."""
        return self.counter.held

    def linear_system(self) -> EdgeField:
        """Conduction at the state's xi, solved for phi."""
        m = self.model
        fields = (m.solved, m.per_layer("sigma_ion"))
        conduction = ConductionOfIons(m.edges, *map(m.of_triangles, fields))
        xi = m.state.xi.x
        return EdgeField(
            lambda: conduction(xi.array), m.edges, self.function, self.held(), preconditioners.PHI
        )

    def residual(self, y, base, tau, closing, test) -> NoReturn:
        """The kinetics have none either."""
        raise SolverError("a front in a single-ion conductor has no forms: solver.scheme split")

    def size(self) -> float:
        """RT/F [V]."""
        return 1 / self.model.numbers.F_RT

    def weight(self, tau) -> float:
        """Inverse of the current that RT/F drives through an element of the worst electrolyte."""
        return self.model.numbers.F_RT / min(x.sigma_ion for x in self.model.config.layers)

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
        self.voltage = flat.voltage
        self.function.x.array[:] = front + flat.current * flat.ohmic * above
        self.function.x.array[self.counter.held] = self.voltage

    def columns(self) -> tuple[str, ...]:
        """Voltage and current of the cell besides the extremes."""
        return (*super().columns(), *COLUMNS)

    def measured(self) -> tuple[float, ...]:
        """The numbers of `columns`. Collective."""
        return (*super().measured(), self.voltage, self.current)


EQUATION = IonPotentialEquation


class IonPotentialUpdate(Update):
    """Newton step of phi and of the cell voltage, and xi's answer to it.

    The reaction is linear in the new phi, with the slope that xi's own equation answers with; xi is
    changed by what the charge balance has counted on. The matrix J of that step has the column sums
    of its reactions alone, s for the front and r for the counter electrode, as conduction has none.
    A unit change of the voltage then changes phi by z = 1 - w with J w = s, and the current by
    s . z: one more solve with the same matrix, and no row or column of it.

    Attributes:
        inflow: Li+ that enters through the counter electrode [mol/m/s].
        deposit: Increment of xi that the balance has taken for the stage.
        unit: Change of phi that counts as one, RT/F or all there is of phi [V].
    """

    def __init__(self, equation: IonPotentialEquation):
        self.equation, self.model, self.counter = equation, equation.model, equation.counter
        self.system = equation.linear_system()
        self.sigma = min(layer.sigma_ion for layer in self.model.config.layers)
        self.unit, self.inflow, self.deposit = 0.0, 0.0, np.empty(0)
        self._last = np.empty(0)

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update phi, the voltage and, locally, xi."""
        m, phi, tau, e = self.model, self.model.state.phi.x.array, stage.tau, self.equation
        charge = m.numbers.charge * m.lumped_mass
        if pass_number == 0:
            self._begin()
        rate, per_phi = self._reaction(stage)
        self.system.assemble()
        entering, rise = self.counter.current(self.equation.voltage)
        sinks, taken = charge * per_phi, charge * rate
        self._require_front(sinks)
        self.system.add_diagonal(sinks + rise)
        change, step = self._solved(entering - taken - self.system.product(), stage), 0.0
        if self.equation.given is None:
            change, step = self._bordered(change, taken, sinks, stage)
        if e.step.control == "rest":
            self._calm(change * (sinks > 0), pass_number)
        share = self._share(change[sinks > 0])
        change, self.equation.voltage = share * change, self.equation.voltage + share * step
        phi += change
        self._refuse_runaway()
        taken += sinks * change
        answer = tau * per_phi * change
        self.deposit = tau * rate + answer
        if not stage.resting:
            m.state.xi.x.array[:] += answer
        self._pass_current(taken)
        return max(largest(m.comm, change) / self.unit, largest(m.comm, answer))

    def _begin(self) -> None:
        """Take the voltage from what is given, or from the state: nothing else outlives a step."""
        e, counter, phi = self.equation, self.counter, self.model.state.phi.x.array
        self.system.forget()
        thermal = 1 / self.model.numbers.F_RT
        self.unit = float(np.clip(largest(self.model.comm, phi), FINEST * thermal, thermal))
        if e.given is not None:
            e.voltage = phi[counter.held] = e.given
        elif counter.law is None:
            e.voltage = counter.voltage()
        else:
            e.voltage = counter.matched(self._given())

    def _given(self) -> float:
        return self.equation.current_given * self.model.domain.width

    def _reaction(self, stage: Stage) -> tuple[np.ndarray, np.ndarray]:
        """Rate of xi that the balance takes [1/s], and its rise with phi [1/s/V]."""
        m, kinetics = self.model, self.model.coefficients.kinetics
        if stage.resting:
            # No step has found the front yet.
            kinetics.begin_step(0.0, 0.0, stage.base)
            reaction = kinetics.reaction(stage.tau)
            return -reaction.value, reaction.per_phi
        reaction = kinetics.reaction(stage.tau)
        well = reaction.well * m.numbers.interface.W
        stiff = Growth(m, stage).inertia + stage.tau * (reaction.slope + well)
        deposit = m.stage_deposit(m.state.xi.x.array, stage.base, float(stage.closing))
        return deposit / stage.tau, reaction.per_phi / np.maximum(stiff, SMALLEST_INERTIA)

    def _solved(self, residual: np.ndarray, stage: Stage, absolute: float | None = None):
        """Solve for a change of phi that balances the residual's sum to round-off."""
        if absolute is None:
            absolute = stage.tolerance * 0.1 * self.sigma * self.unit
        reuse = not self.system.worn
        self.system.solve(residual, absolute, stage.reduction, reuse)
        return self.system.balance()

    def _bordered(
        self, change: np.ndarray, taken: np.ndarray, sinks: np.ndarray, stage: Stage
    ) -> tuple[np.ndarray, float]:
        """The change with that of the voltage which lets the given current pass, and the latter."""
        answer = 1 - self._solved(sinks, stage, absolute=0.0)
        total = self.counter.total
        missing = self._given() - total(taken + sinks * change)
        step = missing / total(sinks * answer)
        return change + step * answer, step

    def _share(self, change: np.ndarray) -> float:
        """Share of Newton's step that is taken, by what it changes on the front."""
        most = largest(self.model.comm, change) * self.model.numbers.F_RT
        return min(1.0, LONGEST / most) if most > 0 else 1.0

    def _calm(self, change: np.ndarray, pass_number: int) -> None:
        """Let xi take smaller steps where passes swing to and fro, by Aitken's rule.

        In the long steps in time of a rest xi goes further than the balance has counted on: without
        it the passes go ever further astray from about 2000 s on. Smaller steps of phi would leave
        the current another one than none.

        Args:
            change: Newton's change of phi on the front, 0 elsewhere [V].
            pass_number: Number of the pass in the stage.
        """
        total, last, self._last = self.counter.total, self._last, change
        if pass_number > 0 and total(last * change) < SWING * total(last * last):
            away = change - last
            kinetics = self.model.coefficients.kinetics
            kinetics.share *= -total(last * away) / total(away * away)

    def _pass_current(self, taken: np.ndarray) -> None:
        """Let the counter electrode pass what the front takes, to round-off.

        Args:
            taken: Current that the nodes take [A/m].
        """
        e, counter, n = self.equation, self.counter, self.model.numbers
        if counter.law is None:
            leaving = np.zeros_like(taken)
            at = counter.held
            leaving[at] = (self.system.product() + taken)[at]
        else:
            # Its law is no straight line, as Newton's step has had it.
            matched = counter.matched(counter.total(taken))
            if e.given is None:
                e.voltage = matched
            else:
                self.model.state.phi.x.array[:] += e.voltage - matched
            leaving = counter.current(e.voltage)[0]
        total = counter.total(leaving)
        self.inflow, e.current = total / n.F, total / self.model.domain.width

    def _require_front(self, sinks: np.ndarray) -> None:
        """Raise a SolverError if nothing answers to phi."""
        if not self.counter.total(sinks) > 0:
            raise SolverError(
                "no front passes a current: all deposit has dissolved, or the metal fills the "
                "cell, or the front has fewer nodes across the cell than it takes to find it"
            )

    def _refuse_runaway(self) -> None:
        """Raise a SolverError if phi is where the Butler-Volmer factor overflows."""
        m = self.model
        far = largest(m.comm, m.state.phi.x.array)
        if not far * m.numbers.F_RT < MAX_EXPONENT:
            raise SolverError(f"phi has run away to {far:.2g} V from lithium")
