# SPDX-License-Identifier: MIT
"""Steps of ion transport: the method of the model with an error estimate.

Unlike in `solver.stepping.integrator`, the concentrations are integrated, which are functions of
the unknowns, so that every species is conserved to what Newton's method leaves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from mpi4py import MPI

from solver.base.errors import StageRejected
from solver.equations.ions_model import IonModel
from solver.input.ions_checks import ELECTRODES
from solver.laws.tableau import METHODS, Tableau
from solver.stepping.ions_newton import Newton

EULER = METHODS["backward_euler"]
"""The first step from a jump of c. It has no estimate: whoever asks for it keeps it small."""


class Step(NamedTuple):
    """What a step has done.

    Attributes:
        error: Estimated error of the concentrations, relative to the largest c0; 0 where the
            method has no estimate.
        change: Largest change of an unknown.
        inflow: Of every species through each electrode [mol/m].
        passes: Iterations of Newton's method.
    """

    error: float
    change: float
    inflow: dict[str, np.ndarray]
    passes: int


class IonStepping:
    """Advances the model's state."""

    def __init__(self, model: IonModel, newton: Newton):
        self.model, self.newton = model, newton

    def step(self, dt: float) -> Step:
        """Advance by `dt`; the state is unchanged if the step fails.

        Raises:
            StageRejected: A stage has no solution that Newton's method finds.
        """
        m = self.model
        before = m.state.x.array.copy()
        for stage in m.stages:
            stage.x.array[:] = before
        # No method of higher order has an order from a jump, nor an error that falls with dt.
        tableau = EULER if m.jumps else m.tableau
        try:
            inflow, passes = self._advance(tableau, dt)
        except StageRejected:
            self.undo()
            raise
        change = self._largest(m.state.x.array - before)
        return Step(self._error(tableau), change, inflow, passes)

    def undo(self) -> None:
        """Go back to the state before the last step."""
        self.model.restore()

    def keep(self) -> None:
        """Accept the present state."""
        self.model.keep()

    def _advance(self, tableau: Tableau, dt: float) -> tuple[dict[str, np.ndarray], int]:
        m, passes = self.model, 0
        inflow = {side: np.zeros(m.charge_row) for side in ELECTRODES}
        for i, row in enumerate(tableau.A):
            m.tau.value = row[i] * dt
            # Stages to come count for nothing.
            shares = (*tableau.shares(i), *(0.0,) * (len(m.shares) - i))
            for constant, share in zip(m.shares, shares, strict=False):
                constant.value = share
            self.newton.solve()
            passes += self.newton.iterations
            for side in ELECTRODES:
                inflow[side] = inflow[side] + tableau.A[-1][i] * dt * self.newton.inflows[side]
            if i + 1 < len(tableau.A):
                m.stages[i].x.array[:] = m.state.x.array
        return inflow, passes

    def _error(self, tableau: Tableau) -> float:
        m = self.model
        if not tableau.estimate:
            return 0.0
        old, new, *stages = map(m.concentrations, (m.old, m.state, *m.stages))
        ways = zip(tableau.estimate, stages, strict=True)
        difference = old + sum(share * (stage - old) for share, stage in ways) - new
        return self._largest(difference / m.c_ref[:, None, None])

    def _largest(self, values: np.ndarray) -> float:
        local = float(np.abs(values).max(initial=0.0))
        # A NaN would pass for no error, and MPI's maximum may drop it.
        local = local if np.isfinite(local) else np.inf
        return self.model.domain.comm.allreduce(local, MPI.MAX)
