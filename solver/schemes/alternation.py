# SPDX-License-Identifier: MIT
"""Displacement and damage in turn, each at its least energy for the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from solver.base.errors import SolverError
from solver.schemes.bounded import BoundedField
from solver.schemes.edgewise import EdgeField
from solver.schemes.update import largest

STEP, LEFT = 1e-4, 1e-5
"""Part of the residual of u that a round leaves, and of that by the new load that it may leave."""
REST, VANISHED = 1e-3, 1e-3
"""Largest step of u, over the largest u, that counts as rest, and the share of the largest u at
first below which u is as good as none."""
FALL = 0.1
"""Part of the residual of u that a matrix may leave in a round to be kept for the next."""
ANSWERED, ANSWERS = 1e-4, 20
"""Part of the residual by a new load that counts as an answer to it, and the most steps of Newton's
method for that: more than one where tr eps changes its sign. What an answer lacks of rest passes
for dissipation, always with one sign."""
ASIDE = 1e-3
"""The same of an answer to loads on the way, of which no energy is kept."""
INEXACT = 0.2
"""Part of that which a linear solve of an answer leaves; STEP of its residual, if that is more."""
PACE = 0.2
"""Most digits per iteration that a preconditioner is to bring; the first ones come faster, and a
short solve would have every later one fall behind."""


class Ended(NamedTuple):
    """How an alternation ended.

    Attributes:
        rounds: Rounds that it took.
        change: Largest change of d in the last.
        converged: Whether d and u have come to rest.
    """

    rounds: int
    change: float
    converged: bool


class Alternation:
    """Minimises an energy of u and d, convex in each (Bourdin, Francfort, Marigo 2000).

    u takes one Newton step in a round: its energy is quadratic but for the signs of tr eps. d goes
    beyond its minimum by a factor (Farrell, Maurini, Int. J. Numer. Meth. Eng. 109 (2017) 648).

    Args:
        elastic: The linear system of u: the second derivative of the energy by it.
        forces: Gives the first, nodal values of u's space [N]; those of ghosts are ignored.
        damage: Finds the minimum in d.
        tolerance: Largest change of d in a round that counts as rest.
        most: Rounds after which it gives up.
        relaxation: Factor of d's steps, in [1, 2).
        present: Gives the nodal values that the matrix of u follows from, as they are.

    Attributes:
        made_for: Those that the preconditioner was made for.
    """

    made_for: Mapping[str, np.ndarray] = MappingProxyType({})

    def __init__(
        self,
        elastic: EdgeField,
        forces: Callable[[], np.ndarray],
        damage: BoundedField,
        tolerance: float,
        most: int,
        relaxation: float,
        present: Callable[[], Mapping[str, np.ndarray]] = dict,
    ):
        self.elastic, self.damage = elastic, damage
        self.u, self.d = elastic.unknown, damage.unknown
        self.tolerance, self.most, self.relaxation = tolerance, most, relaxation
        self._forces, self._present, self._assembled_for = forces, present, present()
        self._left = self._first = self._load = self._moved = 0.0
        self._again = False

    def solve(
        self,
        lower: np.ndarray,
        answered: Callable[[], None] = lambda: None,
        paused: Callable[[], bool] = lambda: False,
    ) -> Ended:
        """Minimise from the present u and d; u takes the last step, for d as it is. Collective.

        Args:
            lower: What d has been, at the nodes, ghosts included.
            answered: Called once u has answered to what has changed, with d as it was.
            paused: Whether to give up after a round, the same on all ranks.
        """
        self._set_out()
        answered()
        for number in range(1, self.most + 1):
            before = self.d.x.array.copy()
            change = self.damage.solve(lower)
            last = number == self.most or paused()
            # What is beyond the minimum at the end would never heal.
            if change >= self.tolerance and not last:
                beyond = before + self.relaxation * (self.d.x.array - before)
                self.d.x.array[:] = np.clip(beyond, lower, 1.0)
            # The matrix of hardly another d will do; that of one 0.03 away leaves u short of rest.
            at_rest = self._balance(anew=change >= self.tolerance)
            if last or (at_rest and change < self.tolerance):
                break
        return Ended(number, change, at_rest and change < self.tolerance)

    def _set_out(self) -> None:
        """Have u answer to the new load, and take the measure of what rest is by that."""
        comm, begun = self.u.function_space.mesh.comm, self.u.x.array.copy()
        force = self._out_of_balance()
        self._first, self._load = largest(comm, begun), self.elastic.norm(force)
        self._answer(force)
        self._moved = largest(comm, self.u.x.array - begun)

    def answer_aside(self) -> None:
        """Bring u into equilibrium with d as it is, under loads on the way to those of the end.

        Raises:
            SolverError: There is none.
        """
        try:
            if not self._answer(self._out_of_balance(), ASIDE):
                raise SolverError("u finds no equilibrium beside cracks as they are")
        finally:
            self._left = 0.0  # the matrix is not that of the end: the next round makes it anew

    def _answer(self, force: np.ndarray, answered: float = ANSWERED) -> bool:
        """Bring u into equilibrium with d as it is; tells whether there is one. Collective."""
        size, enough = self.elastic.norm(force), answered * self._load
        for number in range(ANSWERS):
            self._again = number > 0
            self._step(force, INEXACT * enough)
            self._left, force = size, self._out_of_balance()
            size = self.elastic.norm(force)
            if size <= max(enough, self._round_off()):
                return True
        return False

    def _balance(self, anew: bool) -> bool:
        """One Newton step of u, with a matrix made anew or not; tells whether it came to rest."""
        self._again = False
        force, comm = self._out_of_balance(), self.u.function_space.mesh.comm
        # Where hardly a load is left, a part of the way that u has gone would be much of it.
        share = min(1.0, largest(comm, self.u.x.array) / self._moved) if self._moved else 0.0
        enough = LEFT * share * self._load
        left, self._left = self._left, self.elastic.norm(force)
        # A matrix of cracks that were open where they are shut brings u nowhere, or away from rest.
        worse = self._left > max(FALL * left, self._round_off())
        step = self._step(force, enough, anew or worse)
        size = max(VANISHED * self._first, largest(comm, self.u.x.array))
        return largest(comm, step) <= REST * size

    def _out_of_balance(self) -> np.ndarray:
        """Forces on the nodes [N]."""
        return self._forces()

    def _step(self, force: np.ndarray, enough: float, anew: bool = True) -> np.ndarray:
        """Take one step of Newton's method, to a residual [N] or to STEP of it; returns it [m]."""
        system = self.elastic
        if anew:
            system.assemble()
            self._assembled_for = self._present()
        absolute = max(enough, self._round_off())
        step = system.solve(-force, absolute, STEP, reuse=not system.worn)
        if system.fresh:
            self.made_for = self._assembled_for
            system.pace = min(system.pace, PACE)
        self.u.x.array[:] += step
        return step

    def _round_off(self) -> float:
        """Residual below which a displacement has no digits left [N/m]."""
        system = self.elastic
        return 1e-12 * system.norm(system.diagonal() * self.u.x.array)

    def destroy(self) -> None:
        """Free what PETSc has for it. Collective."""
        self.elastic.destroy()
        self.damage.destroy()
