# SPDX-License-Identifier: MIT
"""One field's share of a pass of the split scheme."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from mpi4py import MPI

from solver.schemes.krylov import KrylovField
from solver.schemes.stage import Stage

NODAL = "nodal"
"""Name of the nodal terms on the diagonal among the arrays of a memory."""


@dataclass(frozen=True)
class Memory:
    """What an update carries from step to step.

    A preconditioner is too dear to be made in every step; a restart has to make again the one that
    was in use.

    Attributes:
        numbers: Of the preconditioner's wear, and what else the update carries.
        arrays: Nodal values, ghosts included, that the preconditioner's matrix followed from, and
            what else of the mesh the update carries.
    """

    numbers: dict[str, float]
    arrays: dict[str, np.ndarray]

    def of_run(self) -> Memory:
        """What of it belongs to no mesh."""
        return Memory(self.numbers, {})


class Update(ABC):
    """Owns a field's linear system and brings the field closer to the solution of a stage.

    Attributes:
        system: The linear system.
        outlives_mesh: Whether its memory is the run's, not the mesh's.
    """

    system: KrylovField
    outlives_mesh: ClassVar[bool] = False

    @abstractmethod
    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update the field, all others held; returns the largest change, in the passes' unit.

        Raises:
            SolverError: The linear solver fails, or the field has run away.
        """

    def needed(self, final: bool, number: int, tolerance: float) -> bool:
        """Whether a pass has to update the field at all.

        Args:
            final: Whether its stage ends a step.
            number: Of the pass in the stage.
            tolerance: Of the passes.
        """
        return True

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Answer, after the last pass, the deposit that the lithium balance has taken."""

    def destroy(self) -> None:
        """Free what PETSc has for it. Collective."""
        self.system.destroy()

    def forget(self) -> None:
        """Make a new preconditioner at the next solve."""
        self.system.forget()

    def rest(self) -> None:
        """Give back after a turn, where memory is short, what the next one can make."""

    def memory(self) -> Memory | None:
        """What the next step needs besides the states before it; None if nothing."""

    def recall(self, memory: Memory) -> None:
        """Go on with a memory; the state is unchanged."""


class KeepingUpdate(Update):
    """An update that keeps its preconditioner, over steps too, until it is worn.

    Attributes:
        state: Values of all fields, by name.
        made_for: Nodal values that the preconditioner's matrix followed from, ghosts included.
    """

    follows: ClassVar[tuple[str, ...]]
    """Names of the scalar fields that the matrix follows from."""

    state: Any
    made_for: Mapping[str, np.ndarray] = MappingProxyType({})

    def forget(self) -> None:
        """What is kept is in the memory."""

    def rest(self) -> None:
        """Its preconditioner takes more than any other part of a run, and lives for this turn."""
        self.system.rest()
        self.made_for = MappingProxyType({})

    def change(
        self,
        residual: np.ndarray,
        absolute: float,
        relative: float,
        nodal: np.ndarray | None = None,
    ) -> np.ndarray:
        """Solve with nodal terms added to the assembled matrix; see `KrylovField.solve`."""
        if nodal is not None:
            self.system.add_diagonal(nodal)
        self.system.fix_rows()
        found = self.system.solve(residual, absolute, relative, reuse=not self.system.worn)
        if self.system.fresh:
            self.made_for = self._present()
            if nodal is not None:
                self.made_for[NODAL] = nodal.copy()
        return found

    def memory(self) -> Memory:
        """What the next step needs besides the states before it."""
        numbers = {"pace": self.system.pace, "lost": self.system.lost}
        return Memory(numbers, dict(self.made_for) if self.system.pace else {})

    def recall(self, memory: Memory) -> None:
        """Go on with a memory; the state is unchanged."""
        self.made_for = memory.arrays
        if not memory.arrays:
            return
        present = self._present()
        self._set(memory.arrays)
        self.system.assemble()
        if NODAL in memory.arrays:
            self.system.add_diagonal(memory.arrays[NODAL])
        self.system.fix_rows()
        self.system.make_preconditioner()
        self.system.pace, self.system.lost = memory.numbers["pace"], memory.numbers["lost"]
        self._set(present)

    def _present(self) -> dict[str, np.ndarray]:
        """Nodal values of the state that the matrix follows from."""
        return {name: self.state[name].x.array.copy() for name in self.follows}

    def _set(self, arrays: Mapping[str, np.ndarray]) -> None:
        for name in self.follows:
            self.state[name].x.array[:] = arrays[name]


def largest(comm: MPI.Comm, *values: np.ndarray) -> float:
    """Largest magnitude in any of some arrays over all ranks, in one message."""
    return max(largest_each(comm, *values))


def largest_each(comm: MPI.Comm, *values: np.ndarray) -> list[float]:
    """Largest magnitude in each of some arrays over all ranks, in one message.

    Infinite where one is not a number: maxima may lose that, and on some ranks alone.
    """
    found = np.array([np.abs(x).max(initial=0.0) for x in values])
    found[np.isnan(found)] = np.inf
    comm.Allreduce(MPI.IN_PLACE, found, MPI.MAX)
    return found.tolist()
