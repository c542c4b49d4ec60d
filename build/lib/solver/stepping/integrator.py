# SPDX-License-Identifier: MIT
"""One-step time integration with an error estimate, on top of a scheme's implicit stages.

A stage solves (y - base)/tau = f(y). Backward Euler is one stage. `sdirk2` is Alexander's L-stable
two-stage method of order 2 (SIAM J. Numer. Anal. 14 (1977) 1006) with gamma = 1 - 1/sqrt(2):

    y1 = y_n + gamma dt f(y1),   y2 = y_n + (1 - gamma) dt f(y1) + gamma dt f(y2) = y_(n+1).

Both stages are implicit Euler steps from a base. The phase field is integrated in its front
coordinate psi (physics.phase_field.rate_density), so that it stays within (0, 1). The balances of
lithium and charge take increments of xi, or of h(xi), that conserve both over a step and have the
rate at its end to second order (physics.phase_field.increment).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from mpi4py import MPI

from solver.equations.model import Model
from solver.schemes import predictor
from solver.schemes.factory import Scheme
from solver.schemes.split import StageRejected
from solver.schemes.updates import LINEAR_SHARE, Base
from solver.terms import phase_field

GAMMA = 1 - 0.5**0.5
BOUND = {1: 1e-7, 2: 0.05}
"""How far xi may leave [0, 1] before a step is rejected, by the degree of the elements: P2 has no
maximum principle, and overshoots where it hardly resolves the front."""
C_WEIGHT = 0.5
"""Weight of an error of c/c0 against one of xi: c is swept past fixed nodes by the front, which
its error estimate takes for an error although the front carries it along."""


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
        t, state = self.history[-1]
        method = self._sdirk2 if self.second_order else self._euler
        try:
            step = method(t, Base.of(*state[:2]), dt)
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

    def _stage(self, guess, base: Base, tau: float, final: bool = True) -> tuple[Base, float]:
        """Solve one stage from a guess; returns the result and the inflow [mol/m/s]."""
        s = self.model.state
        s.restore(guess)
        self.scheme.solve(base, tau, final)
        return Base.of(s.xi.x.array.copy(), s.c.x.array.copy()), self.scheme.inflow

    def _euler(self, t: float, old: Base, dt: float) -> Step:
        new, inflow = self._stage(predictor.extrapolate(self.history, t + dt), old, dt)
        before = self.history[-2] if len(self.history) > 1 else None
        if before is None:
            error = 0.5 * self._distance(old, new)
        else:
            # Half the second difference is the local error of backward Euler.
            ratio = dt / (t - before[0])
            straight = Base.of(*before[1][:2]).beyond(old, 1 + ratio)
            error = self._distance(straight, new) * ratio / (1 + ratio)
        return Step(error, inflow * dt, self.scheme.passes)

    def _sdirk2(self, t: float, old: Base, dt: float) -> Step:
        tau, ratio = GAMMA * dt, (1 - GAMMA) / GAMMA
        guess = predictor.extrapolate(self.history, t + tau)
        first, first_inflow = self._stage(guess, old, tau, final=False)
        passes = self.scheme.passes
        # The second stage makes up for what the balances took, so that the step conserves lithium.
        balanced = old.xi + ratio * self.scheme.deposit
        charged = old.h + ratio * phase_field.increment_of_h(first.xi, old.h, old.psi, 0.0)
        middle = [*self.history, (t + tau, self.model.state.arrays())]
        guess = predictor.extrapolate(middle, t + dt)
        second = old.beyond(first, ratio)
        new, inflow = self._stage(guess, replace(second, xi=balanced, h=charged), tau)
        # The second stage with the rates of the first: gamma dt (f(y2) - f(y1)) away from y2.
        error = self._distance(old.beyond(first, ratio + 1), new)
        inflow = (1 - GAMMA) * dt * first_inflow + tau * inflow
        return Step(error, inflow, passes + self.scheme.passes)

    def _distance(self, a: Base, b: Base) -> float:
        """Largest difference of xi, measured as that of psi on P1, and of c/c0."""
        # Where P2 leaves [0, 1], psi is cut off and its differences mean nothing.
        lumped = self.model.degree == 1
        xi = b.xi * (1 - b.xi) * (a.psi - b.psi) if lumped else a.xi - b.xi
        c = C_WEIGHT * (a.c - b.c) * self.model.inv_c0
        local = max(float(np.abs(values).max(initial=0)) for values in (xi, c))
        return self.model.domain.comm.allreduce(local, MPI.MAX)

    def _check_bounds(self) -> None:
        s, comm = self.model.state, self.model.domain.comm
        # Before the bounds: comparisons and maxima may let a NaN pass.
        finite = all(np.isfinite(f.x.array).all() for f in s.functions)
        if not comm.allreduce(finite, MPI.LAND):
            raise StageRejected("the fields are no longer finite")
        xi, c_ratio = s.xi.x.array, s.c.x.array * self.model.inv_c0
        outside = comm.allreduce(float(max(-xi.min(initial=0), xi.max(initial=1) - 1)), MPI.MAX)
        lowest = comm.allreduce(float(c_ratio.min(initial=np.inf)), MPI.MIN)
        if outside > BOUND[self.model.degree]:
            raise StageRejected(f"xi left [0, 1] by {outside:.1e}")
        # As much as the linear solvers may leave at any step is no reason for a smaller one.
        if lowest < -LINEAR_SHARE * self.model.config.solver.pass_tolerance:
            helping = "" if self.model.numbers.c_half else "kinetics.c_half, "
            raise StageRejected(
                f"c/c0 fell to {lowest:.1e}: the front takes more Li+ than comes to it; {helping}"
                "a smaller phase_field.interface_length or drive helps"
            )
