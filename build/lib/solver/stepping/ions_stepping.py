# SPDX-License-Identifier: MIT
"""Steps in time: implicit Euler towards a steady state, SDIRK2 with an error estimate else.

SDIRK2 is the method of `solver.stepping.integrator`; here the concentrations are integrated, which
are functions of the unknowns, so that every species is conserved to what Newton's method leaves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from mpi4py import MPI

from solver.equations.ions_model import IonModel
from solver.input.ions_checks import ELECTRODES
from solver.schemes.ions_newton import Newton, StageFailed
from solver.stepping.integrator import GAMMA


class Step(NamedTuple):
    """What a step has done.

    Attributes:
        error: Estimated error of the concentrations, relative to the largest c0.
        change: Largest change of an unknown.
        inflow: Of every species through each electrode [mol/m].
    """

    error: float
    change: float
    inflow: dict[str, np.ndarray]


class Stepping:
    """Advances the model's state."""

    def __init__(self, model: IonModel, newton: Newton):
        self.model, self.newton = model, newton
        self._method = self._sdirk2 if model.config.time.mode == "transient" else self._euler

    def step(self, dt: float) -> Step:
        """Advance by `dt`; the state is unchanged if the step fails.

        Raises:
            StageFailed: A stage has no solution that Newton's method finds.
        """
        m = self.model
        m.old.x.array[:] = m.first.x.array[:] = m.state.x.array
        try:
            error, inflow = self._method(dt)
        except StageFailed:
            self.undo()
            raise
        change = float(np.abs(m.state.x.array - m.old.x.array).max(initial=0.0))
        return Step(error, m.domain.comm.allreduce(change, MPI.MAX), inflow)

    def undo(self) -> None:
        """Go back to the state before the last step."""
        self.model.state.x.array[:] = self.model.old.x.array

    def _solve(self, tau: float, ratio: float) -> dict[str, np.ndarray]:
        self.model.tau.value, self.model.ratio.value = tau, ratio
        self.newton.solve()
        return self.newton.inflows

    def _euler(self, dt: float) -> tuple[float, dict[str, np.ndarray]]:
        inflows = self._solve(dt, 0.0)
        return 0.0, {side: dt * inflows[side] for side in ELECTRODES}

    def _sdirk2(self, dt: float) -> tuple[float, dict[str, np.ndarray]]:
        m, tau, ratio = self.model, GAMMA * dt, (1 - GAMMA) / GAMMA
        before = self._solve(tau, 0.0)
        m.first.x.array[:] = m.state.x.array
        after = self._solve(tau, ratio)
        # The second stage with the rates of the first: gamma dt (f(y2) - f(y1)) away from y2.
        old, first, new = map(m.concentrations, (m.old, m.first, m.state))
        difference = old + (ratio + 1) * (first - old) - new
        local = float((np.abs(difference) / m.c_ref[:, None, None]).max(initial=0.0))
        error = m.domain.comm.allreduce(local, MPI.MAX)
        inflow = {s: (1 - GAMMA) * dt * before[s] + tau * after[s] for s in ELECTRODES}
        return error, inflow
