# SPDX-License-Identifier: MIT
"""Displacement and damage in turn, beside something that flows with the displacement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from mpi4py import MPI

from solver.base.errors import SolverError
from solver.schemes.alternation import ANSWERED, Alternation
from solver.schemes.edgewise import EdgeField, Pair

NEWTON_STEPS = 60
"""Steps of Newton's method in a turn, after which there is no equilibrium with what flows."""
SLOPED = 1e-2
"""Part of the forces of a turn by which flow may have answered otherwise than by its slope."""
NONE = "no equilibrium of lithium that flows: what presses on it may be more than it bears"
ASTRAY = 0.5
"""The same part of the forces before a step, beyond which less of the step may serve."""
UPHILL = 0.5
"""Rise of the energy at the end of a step, over its fall at the beginning, that is let pass."""
STEEP = 10.0
"""The same of the first step of a turn, where what opens and closes makes it, as without flow."""
SHORTEST = 1 / 256
"""Least share of Newton's step that is tried."""


Softening = tuple[np.ndarray, ...]
"""Components (11, 12, 13, 22, 23, 33) in every triangle with the strain as (xx, yy, 2 xy) [Pa]."""


class Flowing(Protocol):
    """Something that flows, by an energy of its own that is convex in u.

    Attributes:
        softening: What flow takes from the stiffness.
        flows: Whether that makes another matrix, the same on all ranks.
    """

    softening: Softening | None
    flows: bool

    def answer(self) -> None:
        """Take flow and softening that belong to the present u."""

    def begin(self) -> None:
        """Take note of where a step sets out from."""

    def astray(self, step: np.ndarray) -> np.ndarray:
        """Forces by which it has answered a step otherwise than by its slope [N]."""


class SoftenedField(EdgeField):
    """A field whose matrix something that flows softens.

    How soft it is follows from the step and its history, which no restart knows: the preconditioner
    is that of what does not flow.

    Args:
        stiffness: Gives the entries of the edges with a softening, or without by None.
        deposit: What flows.
        given: What `EdgeField` takes besides.
    """

    def __init__(
        self, stiffness: Callable[[Softening | None], Pair], deposit: Flowing, *given: Any
    ):
        self._stiffness, self._deposit = stiffness, deposit
        super().__init__(self._softened, *given)

    def _softened(self) -> Pair:
        return self._stiffness(self._deposit.softening)

    def _set_up(self) -> None:
        self._couplings = lambda: self._stiffness(None)
        try:
            self.assemble()
            super()._set_up()
            # As in make_preconditioner: a smoother may read the matrix when it is first applied.
            with self._work() as (ones, image):
                self.ksp.getPC().apply(ones, image)
        finally:
            self._couplings = self._softened
        self.assemble()


class FlowingAlternation(Alternation):
    """As `Alternation`; u is least together with what flows, found by Newton's method.

    Flow adds an energy of the step that is convex in u, so that the energy of both falls from turn
    to turn. A turn takes more steps of Newton's method than one where flow answers otherwise than
    by its slope, and less of a step where the energy would rise again: a steep power of the stress
    has the whole step overshoot.

    Args:
        deposit: What flows.
        given: What `Alternation` takes.
    """

    def __init__(self, deposit: Flowing, *given: Any):
        self.deposit = deposit
        super().__init__(*given)

    def _out_of_balance(self) -> np.ndarray:
        self.deposit.answer()
        return super()._out_of_balance()

    def _answer(self, force: np.ndarray, answered: float = ANSWERED) -> bool:
        if not super()._answer(force, answered):
            raise SolverError(NONE)
        return True

    def _step(self, force: np.ndarray, enough: float, anew: bool = True) -> np.ndarray:
        """Take steps until flow answers as its slope says; returns the way [m]."""
        u, system = self.u.x.array, self.elastic
        begun, sloped = u.copy(), SLOPED * system.norm(force)
        for number in range(NEWTON_STEPS):
            self.deposit.begin()
            here = u.copy()
            # A preconditioner is made for the state as it is.
            step = super()._step(force, enough, anew or self.deposit.flows or system.worn)
            force, astray = self._taken(here, step, force, self._again or number > 0)
            if astray <= max(sloped, self._round_off()):
                return u - begun
        raise SolverError(NONE)

    def _taken(
        self, here: np.ndarray, step: np.ndarray, before: np.ndarray, wary: bool
    ) -> tuple[np.ndarray, float]:
        """Take as much of a step as serves; returns the forces then, and what is astray of them.

        A turn's first step is a whole one if flow answers by its slope, as without flow. Later ones
        go nowhere uphill: what opens and closes to and fro would keep them from an end.
        """
        system, share = self.elastic, 1.0
        left, fall = system.norm(before), self._along(before, step)
        while True:
            self.u.x.array[:] = here + share * step
            force = self._out_of_balance().copy()
            astray = system.norm(self.deposit.astray(share * step))
            if not np.isfinite(astray):
                raise SolverError("the forces on lithium that flows are no longer finite")
            rise = self._along(force, step) / -fall if fall else 0.0
            straight = astray <= ASTRAY * left and rise <= STEEP and not wary
            if rise <= UPHILL or straight or share <= SHORTEST:
                return force, astray
            share *= 0.5

    def _along(self, force: np.ndarray, step: np.ndarray) -> float:
        """Rise of the energy along a step, which is 0 where u is held [J/m]. Collective."""
        V = self.u.function_space
        own = V.dofmap.index_map.size_local * V.dofmap.index_map_bs
        return V.mesh.comm.allreduce(float(force[:own] @ step[:own]), MPI.SUM)
