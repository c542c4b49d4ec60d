# SPDX-License-Identifier: MIT
"""The displacement's share of a pass: equilibrium, by whatever law the solid answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from solver.schemes.krylov import KrylovField
from solver.schemes.stage import Stage
from solver.schemes.update import KeepingUpdate, Memory, largest_each


class Displacement(Protocol):
    """What an update has to know of the displacement's equation.

    Attributes:
        model: The model that it belongs to.
        anew: Whether what presses has just become another.
    """

    model: Any
    anew: bool

    def driving_rate(self) -> float:
        """Size of f_els' times its mobility [1/s]."""

    def heed_pressure(self) -> float:
        """Have the electrodes take the pressures of the state; returns how far that shifts them."""

    def with_pressure(self, load: np.ndarray) -> np.ndarray:
        """A load with that of the pressure on sides [N]."""

    def borne(self, force: np.ndarray) -> float:
        """Norm of nodal forces on a side that is pushed [N]; 0 without."""

    def held(self) -> np.ndarray:
        """Local degrees of freedom that are held, ghosts included."""

    def linear_system(self) -> tuple[KrylovField, Callable[[], np.ndarray]]:
        """The stiffness of an elastic solid, solved for u, and its load."""


class SolidUpdate(KeepingUpdate):
    """Brings the displacement into equilibrium, and judges what the other fields feel of it.

    Args:
        of_u: The displacement's equation.

    Attributes:
        guess_error: Changes of the last stage that had any, summed up from its guess.
    """

    follows = ("xi",)

    def __init__(self, of_u: Displacement):
        self.of_u, self.model, self.state = of_u, of_u.model, of_u.model.state
        self.driving_rate, self.heed_pressure = of_u.driving_rate(), of_u.heed_pressure
        self.guess_error = np.inf

    @abstractmethod
    def balance(self, stage: Stage) -> np.ndarray:
        """Bring the displacement into equilibrium; returns how far it has moved [m].

        Raises:
            SolverError: There is none, or the linear solver fails.
        """

    def needed(self, final: bool, number: int, tolerance: float) -> bool:
        """Whether guesses have lately been bad, or this is the first pass at the end of a step.

        Or something else presses than in the step before.
        """
        return self.guess_error > tolerance or (final and number == 0) or self.of_u.anew

    def memory(self) -> Memory:
        """What the next step needs besides the states before it."""
        found = super().memory()
        return Memory(found.numbers | {"guess_error": self.guess_error}, found.arrays)

    def recall(self, memory: Memory) -> None:
        """Take over a memory; the model's state is unchanged."""
        super().recall(memory)
        self.guess_error = memory.numbers["guess_error"]

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update u; returns the change of xi that the change of stress can make in the stage."""
        change = self.balance(stage)
        moved, most = largest_each(self.model.comm, change, self.state.u.x.array)
        effect = max(moved / max(most, 1e-30) * stage.tau * self.driving_rate, self.heed_pressure())
        self.of_u.anew = False
        self.guess_error = effect if pass_number == 0 else self.guess_error + effect
        return effect


class ElasticUpdate(SolidUpdate):
    """Equilibrium of a solid that is elastic: one linear system."""

    def __init__(self, of_u: Displacement):
        super().__init__(of_u)
        self.system, self.load = of_u.linear_system()

    def balance(self, stage: Stage) -> np.ndarray:
        """See `SolidUpdate`."""
        load = self.load()
        self.system.assemble()
        residual = -(self.system.product() + load)
        self.system.release()
        # xi feels a fraction of u only, but stress and what a wall bears are what is looked at: no
        # reduction of what the guess has left is enough. Where nothing presses any more, u is on
        # its way to 0 and there is no force to measure it by.
        size = self.system.norm(load) + self.of_u.borne(residual)
        change = self.change(residual, stage.tolerance * size, 0.0 if size else stage.reduction)
        self.state.u.x.array[:] += change
        return change
