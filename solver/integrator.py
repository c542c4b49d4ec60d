# SPDX-License-Identifier: MIT
"""One-step time integration with an error estimate, on top of a scheme's implicit stages.

A stage solves (y - base)/tau = f(y). Backward Euler is one stage. `sdirk2` is Alexander's L-stable
two-stage method of order 2 (SIAM J. Numer. Anal. 14 (1977) 1006) with gamma = 1 - 1/sqrt(2):

    y1 = y_n + gamma dt f(y1),   y2 = y_n + (1 - gamma) dt f(y1) + gamma dt f(y2) = y_(n+1).

Both stages are implicit Euler steps from a base, so that the bounds of xi and the sign of c hold
while the base stays within them, i.e. for steps that follow the front.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from solver.model import Model
from solver.schemes import predictor
from solver.schemes.split import SplitScheme, StageRejected

GAMMA = 1 - 0.5**0.5
BOUND = 1e-7
"""How far xi may leave [0, 1] before a step is rejected."""


@dataclass(frozen=True)
class Step:
    """What a step has done.

    Attributes:
        error: Estimated error of xi and c/c0 (largest node).
        inflow: Li+ that entered through the boundary [mol/m].
        passes: Passes of the scheme over all stages.
    """

    error: float
    inflow: float
    passes: int


class Integrator:
    """Advances the model's state by one step; keeps the history that guesses are made from."""

    def __init__(self, model: Model, scheme: SplitScheme):
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
        t, old = self.history[-1]
        try:
            step = self._sdirk2(t, old, dt) if self.second_order else self._euler(t, old, dt)
            self._check_bounds()
        except StageRejected:
            self.model.state.restore(old)
            raise
        return step

    def keep(self, t: float) -> None:
        """Accept the present state as the one at time `t`."""
        self.history = [self.history[-1], (t, self.model.state.arrays())]

    def undo(self) -> None:
        """Go back to the last accepted state."""
        self.model.state.restore(self.history[-1][1])

    def _stage(self, guess, xi_base, c_base, tau: float) -> float:
        """Solve one stage from a guess; returns the inflow per time [mol/m/s]."""
        self.model.state.restore(guess)
        self.scheme.solve(xi_base, c_base, tau)
        return self.model.inflow(xi_base, c_base, tau)

    def _euler(self, t: float, old, dt: float) -> Step:
        guess = predictor.extrapolate(self.history, t + dt)
        inflow = self._stage(guess, old[0], old[1], dt)
        new = self.model.state.arrays()
        error = np.inf
        if len(self.history) > 1:
            # Half the second difference is the local error of backward Euler.
            t_before, before = self.history[-2]
            ratio = dt / (t - t_before)
            weight = 1 / (1 + 1 / ratio)
            error = max(
                self._largest(i, weight * (new[i] - old[i] - ratio * (old[i] - before[i])))
                for i in (0, 1)
            )
        else:
            error = max(self._largest(i, 0.5 * (new[i] - old[i])) for i in (0, 1))
        return Step(error, inflow * dt, self.scheme.passes)

    def _sdirk2(self, t: float, old, dt: float) -> Step:
        tau, ratio = GAMMA * dt, (1 - GAMMA) / GAMMA
        guess = predictor.extrapolate(self.history, t + tau)
        inflow = ratio * self._stage(guess, old[0], old[1], tau)
        first, passes = self.model.state.arrays(), self.scheme.passes
        base = [old[i] + ratio * (first[i] - old[i]) for i in (0, 1)]
        middle = [*self.history, (t + tau, first)]
        guess = predictor.extrapolate(middle, t + dt)
        inflow += self._stage(guess, *base, tau)
        new = self.model.state.arrays()
        # gamma dt (f(y2) - f(y1)), which vanishes with dt^2.
        error = max(
            self._largest(i, (new[i] - base[i]) - (first[i] - old[i])) for i in (0, 1)
        )
        return Step(error, inflow * tau, passes + self.scheme.passes)

    def _largest(self, field: int, change: np.ndarray) -> float:
        scaled = change * self.model.inv_c0 if field == 1 else change
        return self.model.domain.comm.allreduce(float(np.abs(scaled).max(initial=0)), MPI.MAX)

    def _check_bounds(self) -> None:
        s, comm = self.model.state, self.model.domain.comm
        xi, c = s.xi.x.array, s.c.x.array
        outside = comm.allreduce(float(max(-xi.min(initial=0), xi.max(initial=1) - 1)), MPI.MAX)
        c_min = comm.allreduce(float(c.min(initial=np.inf)), MPI.MIN)
        if outside > BOUND:
            raise StageRejected(f"xi left [0, 1] by {outside:.1e}")
        if c_min <= 0:
            raise StageRejected(f"c fell to {c_min:.1e} mol/m^3")
