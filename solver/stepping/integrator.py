# SPDX-License-Identifier: MIT
"""One-step time integration with an error estimate, on top of a scheme's implicit stages.

A stage solves (y - base)/tau = f(y): an implicit Euler step from a base, of which the methods of
solver.laws.tableau are made. The phase field is integrated in its front coordinate psi
(terms.phase_field.rate_density), so that it stays within (0, 1). The balances of lithium and charge
take increments of xi, or of h(xi), that conserve both over a step and have the rate at its end to
second order (terms.phase_field.increment).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from solver.base.errors import StageRejected
from solver.equations.model import Model
from solver.laws.tableau import METHODS
from solver.schemes.factory import Scheme
from solver.schemes.stage import Base, combined
from solver.stepping import predictor


@dataclass(frozen=True)
class Step:
    """What a step has done.

    Attributes:
        error: Estimated error of xi, and half that of c/c0 (largest node).
        inflow: Li+ that entered through the boundary [mol/m].
        passes: Passes of the scheme over all stages.
    """

    error: float
    inflow: float
    passes: int


class Integrator:
    """Advances the model's state by one step; keeps the history that guesses are made from."""

    def __init__(self, model: Model, scheme: Scheme):
        self.model, self.scheme = model, scheme
        self.tableau = METHODS[model.config.time.scheme]
        self.history: list[tuple[float, tuple[np.ndarray, ...]]] = []

    def start(self, t: float) -> None:
        """Take the present state as the one at time `t`."""
        self.history = [(t, self.model.state.arrays())]

    def step(self, dt: float) -> Step:
        """Advance by `dt`; the state and history are unchanged if the step fails.

        Raises:
            StageRejected: A stage did not converge or the result is out of bounds.
        """
        self.scheme.begin_step()
        t, state = self.history[-1]
        base = self.model.begin_step(t, dt, self._base(state))
        try:
            step = self._advance(t, base, dt)
            self._check_bounds()
        except StageRejected:
            self.undo()
            raise
        return step

    def keep(self, t: float) -> None:
        """Accept the present state as the one at time `t`."""
        # Ghosts are computed by the rank that has them; only owned values outlive a restart.
        for f in self.model.state.functions:
            f.x.scatter_forward()
        # Beyond a corner of a boundary value, what was before it is no guide.
        before = [] if self.model.turns(t) else [self.history[-1]]
        self.history = [*before, (t, self.model.state.arrays())]

    def resume(self, history: list[tuple[float, tuple[np.ndarray, ...]]]) -> None:
        """Go on from the last states of an earlier run, oldest first."""
        self.history = history
        self.undo()

    def undo(self) -> None:
        """Go back to the last accepted state."""
        self.model.state.restore(self.history[-1][1])

    def _base(self, arrays: tuple[np.ndarray, ...]) -> Base:
        return Base.of(self.model.fields, arrays)

    def _stage(self, t: float, history, base: Base, tau: float, final: bool) -> tuple[Base, float]:
        """Solve the stage that ends at `t`; returns the result and the inflow [mol/m/s]."""
        m = self.model
        m.state.restore(predictor.extrapolate(m.fields, history, t))
        m.hold(t)
        self.scheme.solve(base, tau, final)
        m.end_stage(base, tau, float(final))
        return m.base(), self.scheme.inflow

    def _advance(self, t: float, old: Base, dt: float) -> Step:
        """Solve the stages of the method one after the other."""
        tableau, history, last = self.tableau, list(self.history), len(self.tableau.A) - 1
        stages: list[Base] = []
        taken: list[dict[str, np.ndarray]] = []  # what the balances took in each stage
        inflow, passes = 0.0, 0
        for i, (node, row) in enumerate(zip(tableau.nodes, tableau.A, strict=True)):
            base = old.beyond(stages, tableau.shares(i))
            # A stage makes up for what the balances took, so that the step conserves lithium.
            for name in taken[0] if taken else ():
                ways = [earlier[name] for earlier in taken]
                base = base.but(**{name: combined(getattr(old, name), ways, tableau.ratios(i))})
            new, inflow_rate = self._stage(t + node * dt, history, base, row[i] * dt, i == last)
            inflow += tableau.A[-1][i] * dt * inflow_rate
            passes += self.scheme.passes
            if i < last:
                stages.append(new)
                taken.append(self.model.taken(base, new, self.scheme.deposit))
                history.append((t + node * dt, self.model.state.arrays()))
        return Step(self._error(t, old, stages, new, dt), inflow, passes)

    def _error(self, t: float, old: Base, stages: list[Base], new: Base, dt: float) -> float:
        if stages:
            return self._distance(old.beyond(stages, self.tableau.estimate), new)
        if len(self.history) < 2:
            return 0.5 * self._distance(old, new)
        # Half the second difference is the local error of backward Euler.
        before = self.history[-2]
        ratio = dt / (t - before[0])
        straight = self._base(before[1]).beyond([old], (1 + ratio,))
        return self._distance(straight, new) * ratio / (1 + ratio)

    def _distance(self, a: Base, b: Base) -> float:
        """Largest difference of all fields that have an error."""
        found = [equation.distance(a, b) for equation in self.model.equations.values()]
        local = max(float(np.abs(x).max(initial=0)) for x in found if x is not None)
        return self.model.comm.allreduce(local, MPI.MAX)

    def _check_bounds(self) -> None:
        s, comm = self.model.state, self.model.comm
        # Before the bounds: comparisons and maxima may let a NaN pass.
        finite = all(np.isfinite(f.x.array).all() for f in s.functions)
        if not comm.allreduce(finite, MPI.LAND):
            raise StageRejected("the fields are no longer finite")
        for equation in self.model.equations.values():
            equation.refuse()
