# SPDX-License-Identifier: MIT
"""A pass of the ions' potential phi in a cell, with the voltage and the potentials of islands."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.base.errors import SolverError
from solver.equations.kinetics import SMALLEST_INERTIA, Growth
from solver.equations.leak import Leak
from solver.equations.model import Model
from solver.input.checks import MAX_EXPONENT
from solver.schemes.stage import Stage
from solver.schemes.update import Update, largest

LONGEST = 4.0
"""Largest change of phi on the front in a Newton step, in RT/F: the tangent to an exponential, at a
current that is far from the one wanted, leads volts away from it."""
FINEST = 1e-3
"""Least change of phi that counts as one, in RT/F. Cells have millivolts, and at rest none."""
SWING = -1.0
"""Part of the step before, against it, from which on passes swing ever further."""


def unit(model: Model) -> float:
    """Change of phi that counts as one, RT/F or all there is of phi [V]. Collective."""
    thermal = 1 / model.numbers.F_RT
    return float(np.clip(largest(model.comm, model.state.phi.x.array), FINEST * thermal, thermal))


def stiffness(model: Model, stage: Stage, reaction: Any) -> np.ndarray:
    """What divides a change of the reaction to that of xi's rate which it causes in a stage."""
    well = reaction.well * model.numbers.interface.W
    stiff = Growth(model, stage).inertia + stage.tau * (reaction.slope + well)
    return np.maximum(stiff, SMALLEST_INERTIA)


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

    def __init__(self, equation: Any):
        self.equation, self.model, self.counter = equation, equation.model, equation.counter
        self.system = equation.linear_system()
        self.sigma = min(layer.sigma_ion for layer in self.model.config.parts)
        self.unit, self.inflow, self.deposit = 0.0, 0.0, np.empty(0)
        self.bodies = self.model.coefficients.kinetics.bodies
        self.leak = Leak(self.model, self.bodies)
        self._last = np.empty(0)

    def destroy(self) -> None:
        """Free the linear systems."""
        super().destroy()
        self.leak.destroy()
        self.model.coefficients.kinetics.destroy()

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update phi, the voltage and, locally, xi."""
        m, phi, tau, e = self.model, self.model.state.phi.x.array, stage.tau, self.equation
        charge = m.numbers.charge * m.lumped_mass
        if pass_number == 0:
            self._begin()
        before, was = self._potentials(), phi.copy()
        self.leak.find()
        rate, per_phi = self._reaction(stage)
        self.system.assemble()
        entering, rise = self.counter.current(self.equation.voltage)
        sinks, taken = charge * per_phi, charge * rate
        self._require_front(sinks)
        self.system.add_diagonal(sinks + rise)
        change = self._solved(entering - taken - self._conducted(), stage)
        change, steps = self._bordered(change, taken, sinks, stage)
        drive = change - steps[:-1][self.bodies.of_node]
        if e.step.control == "rest":
            self._calm(drive * (sinks > 0), pass_number)
        share = self._share(drive[sinks > 0])
        change, drive, steps = share * change, share * drive, share * steps
        electrons = self._take_potentials(steps)
        phi += change
        self._refuse_runaway()
        taken += sinks * drive
        answer = tau * per_phi * drive
        self.deposit = tau * rate + answer
        if not stage.resting:
            m.state.xi.x.array[:] += answer
        self._pass_current(taken, electrons)
        moved = max(largest(m.comm, phi - was), float(np.abs(self._potentials() - before).max()))
        return max(moved / self.unit, largest(m.comm, answer))

    def _begin(self) -> None:
        """Take the voltage from what is given, or from the state: nothing else outlives a step.

        The islands' potentials too, those that the state has.
        """
        self.bodies.take_potentials()
        self.leak.begin()
        e, counter = self.equation, self.counter
        self.system.forget()
        self.unit = unit(self.model)
        if e.given is not None:
            e.take(e.given)
        elif counter.law is None:
            e.voltage = counter.voltage()
        else:
            e.voltage = counter.matched(self._given())

    def _conducted(self) -> np.ndarray:
        """Current that leaves the nodes through the electrolyte [A/m]."""
        return self.system.product()

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
        deposit = m.stage_deposit(m.state.xi.x.array, stage.base, float(stage.closing))
        return deposit / stage.tau, reaction.per_phi / stiffness(m, stage, reaction)

    def _solved(self, residual: np.ndarray, stage: Stage, absolute: float | None = None):
        """Solve for a change of phi that balances the residual's sum to round-off."""
        if absolute is None:
            absolute = stage.tolerance * 0.1 * self.sigma * self.unit
        reuse = not self.system.worn
        self.system.solve(residual, absolute, stage.reduction, reuse)
        return self.system.balance()

    def _bordered(
        self, change: np.ndarray, taken: np.ndarray, sinks: np.ndarray, stage: Stage
    ) -> tuple[np.ndarray, np.ndarray]:
        """The change with those of potentials that let the right currents pass, and the latter.

        What an island takes from the ions it gives to the electrons; the cell passes its current.

        Returns:
            Changes of phi, and of the bodies' potentials and the voltage [V].
        """
        of_node, islands = self.bodies.of_node, self.bodies.islands
        steps, totals = np.zeros(islands + 2), self.bodies.totals
        free = list(range(1, islands + 1)) + [islands + 1] * (self.equation.given is None)
        if not free:
            return change, steps
        electrons, ions = self.leak.conductances, totals(taken + sinks * change)
        missing = electrons @ self._potentials()
        missing[:-1] -= ions
        missing[-1] = self._given() - missing[-1] - ions.sum()
        answers, slopes = [], []
        for body in free:
            own = (of_node == body).astype(float)
            of_voltage = body == islands + 1
            answer = self._solved(sinks if of_voltage else sinks * own, stage, absolute=0.0)
            answer = 1 - answer if of_voltage else answer
            slope = np.append(totals(sinks * (answer - own)), 0.0)
            slope[-1] = slope.sum()
            slope[:-1] -= electrons[:-1, body]
            slope[-1] += electrons[-1, body]
            answers.append(answer)
            slopes.append(slope)
        steps[free] = np.linalg.solve(np.array(slopes).T[free], missing[free])
        return change + sum(steps[b] * x for b, x in zip(free, answers, strict=True)), steps

    def _potentials(self) -> np.ndarray:
        """Of the bodies and, the last, of the counter electrode [V]."""
        return np.append(self.bodies.potentials, self.equation.voltage)

    def _take_potentials(self, steps: np.ndarray) -> np.ndarray:
        """Change the potentials [V]; returns the electrons' currents out of all metal [A/m]."""
        potentials = self._potentials() + steps
        self.bodies.potentials, self.equation.voltage = potentials[:-1], float(potentials[-1])
        self.model.state.phi_s.x.array[:] = self.leak.potential(potentials)
        return self.leak.conductances @ potentials

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

    def _pass_current(self, taken: np.ndarray, electrons: np.ndarray) -> None:
        """Let the counter electrode pass what the front takes, to round-off.

        Args:
            taken: Current that the nodes take [A/m].
            electrons: Currents of electrons out of the bodies and the counter electrode [A/m].
        """
        e, counter, n = self.equation, self.counter, self.model.numbers
        if counter.law is None:
            leaving = np.zeros_like(taken)
            at = counter.held
            leaving[at] = (self._conducted() + taken)[at]
        else:
            # Its law is no straight line, as Newton's step has had it.
            matched = counter.matched(counter.total(taken))
            if e.given is None:
                e.voltage = matched
            else:
                self.model.state.phi.x.array[:] += e.voltage - matched
            leaving = counter.current(e.voltage)[0]
        total, e.passed = counter.total(leaving), leaving - taken
        width = self.model.domain.width
        self.inflow, e.leak = total / n.F, float(electrons[-1]) / width
        e.current = total / width + e.leak
        e.anode_current = float(self.bodies.totals(taken)[0] - electrons[0]) / width

    def _require_front(self, sinks: np.ndarray) -> None:
        """Raise a SolverError if nothing answers to phi."""
        if not self.counter.total(sinks) > 0:
            raise SolverError(
                "no front passes a current: all deposit has dissolved, or the metal fills the cell"
            )

    def _refuse_runaway(self) -> None:
        """Raise a SolverError if phi is where the Butler-Volmer factor overflows."""
        m = self.model
        far = largest(m.comm, m.state.phi.x.array)
        if not far * m.numbers.F_RT < MAX_EXPONENT:
            raise SolverError(f"phi has run away to {far:.2g} V from lithium")
