# SPDX-License-Identifier: MIT
"""One field's share of a pass of the split scheme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from solver.schemes.linear import LinearField
from solver.schemes.stage import Stage


@dataclass(frozen=True)
class Memory:
    """What an update carries from step to step.

    A preconditioner may be too dear to be made in every step; then a restart has to make again the
    one that was in use.

    Attributes:
        guess_error: See DisplacementUpdate.
        fresh_iterations: See LinearField.
        worn: See LinearField.
        xi: Phase field that the preconditioner was made for, ghosts included.
    """

    guess_error: float
    fresh_iterations: int
    worn: bool
    xi: np.ndarray


class Update:
    """Owns a field's linear system and brings the field closer to the solution of a stage.

    Attributes:
        system: The linear system.
    """

    system: LinearField

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update the field, all others held; returns the largest change, in the passes' unit.

        Raises:
            SolverError: The linear solver fails, or the field has run away.
        """
        raise NotImplementedError

    def needed(self, final: bool, tolerance: float) -> bool:
        """Whether a stage has to update the field at all; `final`: it ends a step."""
        return True

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Answer, after the last pass, the deposit that the lithium balance has taken."""

    def forget(self) -> None:
        """Make a new preconditioner at the next solve."""
        self.system.forget()

    def memory(self) -> Memory | None:
        """What the next step needs besides the states before it; None if nothing."""

    def recall(self, memory: Memory) -> None:
        """Go on with a memory; the state is unchanged."""


def largest(comm: MPI.Comm, values: np.ndarray) -> float:
    """Largest magnitude over all ranks."""
    return comm.allreduce(float(np.abs(values).max(initial=0.0)), MPI.MAX)
