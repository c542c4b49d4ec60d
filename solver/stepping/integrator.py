# SPDX-License-Identifier: MIT
"""One-step time integration with an error estimate, on top of a scheme's implicit stages.

A stage solves (y - base)/tau = f(y). Backward Euler is one stage. `sdirk2` is Alexander's L-stable
two-stage method of order 2 (SIAM J. Numer. Anal. 14 (1977) 1006) with gamma = 1 - 1/sqrt(2):

    y1 = y_n + gamma dt f(y1),   y2 = y_n + (1 - gamma) dt f(y1) + gamma dt f(y2) = y_(n+1).

Both stages are implicit Euler steps from a base. The phase field is integrated in its front
coordinate psi (terms.phase_field.rate_density), so that it stays within (0, 1). The balances of
lithium and charge take increments of xi, or of h(xi), that conserve both over a step and have the
rate at its end to second order (terms.phase_field.increment).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from solver.equations.model import Model
from solver.schemes.factory import Scheme
from solver.schemes.stage import Base, StageRejected
from solver.stepping import predictor

GAMMA = 1 - 0.5**0.5


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
        self.second_order = model.config.time.scheme == "sdirk2"
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
        t, old = self.history[-1]
        method = self._sdirk2 if self.second_order else self._euler
        try:
            step = method(t, self._base(old), dt)
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
        self.history = [self.history[-1], (t, self.model.state.arrays())]

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
        return m.base(), self.scheme.inflow

    def _euler(self, t: float, old: Base, dt: float) -> Step:
        new, inflow = self._stage(t + dt, self.history, old, dt, final=True)
        before = self.history[-2] if len(self.history) > 1 else None
        if before is None:
            error = 0.5 * self._distance(old, new)
        else:
            # Half the second difference is the local error of backward Euler.
            ratio = dt / (t - before[0])
            straight = self._base(before[1]).beyond(old, 1 + ratio)
            error = self._distance(straight, new) * ratio / (1 + ratio)
        return Step(error, inflow * dt, self.scheme.passes)

    def _sdirk2(self, t: float, old: Base, dt: float) -> Step:
        tau, ratio = GAMMA * dt, (1 - GAMMA) / GAMMA
        first, first_inflow = self._stage(t + tau, self.history, old, tau, final=False)
        passes = self.scheme.passes
        # The second stage makes up for what the balances took, so that the step conserves lithium.
        carried = self.model.carried(old, first, self.scheme.deposit, ratio)
        middle = [*self.history, (t + tau, self.model.state.arrays())]
        second = old.beyond(first, ratio).but(**carried)
        new, inflow = self._stage(t + dt, middle, second, tau, final=True)
        # The second stage with the rates of the first: gamma dt (f(y2) - f(y1)) away from y2.
        error = self._distance(old.beyond(first, ratio + 1), new)
        inflow = (1 - GAMMA) * dt * first_inflow + tau * inflow
        return Step(error, inflow, passes + self.scheme.passes)

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
