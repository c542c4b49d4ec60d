# SPDX-License-Identifier: MIT
"""The production scheme: an implicit stage by passes over the fields."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from solver.base import log, memory
from solver.base.errors import SolverError, StageRejected
from solver.base.profile import Profile
from solver.schemes.stage import Base, Stage
from solver.schemes.system import System
from solver.schemes.update import Memory, Update

SETTLING = 50
"""Updates after which a field of the initial state is not on its way to rest."""
ANSWERED = 5.0
"""Changes of the leading fields up to this many pass tolerances leave the others as they are."""


class SplitScheme:
    """Solves (y - base)/tau = f(y) by passes over the fields until nothing changes.

    Attributes:
        profile: Wall time by field.
        sparing: Whether nothing is kept from turn to turn that can be made again.
        updates: The fields' shares of a pass, by name.
        passes: Passes of the last stage.
        balancing: Name of the field whose equation balances lithium.
    """

    def __init__(self, system: System, profile: Profile):
        self.system, self.profile = system, profile
        made = {e.field.name: e.update() for e in system.equations.values()}
        self.updates = {name: update for name, update in made.items() if update is not None}
        evolves = {n: system.equations[n].field.evolves for n in self.updates}
        # Backwards: at rest the displacement follows from xi alone, and a pressure may act on phi.
        self.elliptic = [n for n in reversed(self.updates) if not evolves[n]]
        self.balancing = next(n for n in self.updates if system.equations[n].balances)
        self.leading = [n for n in self.updates if evolves[n] or n == self.balancing]
        self.following = [n for n in self.updates if n not in self.leading]
        self.tolerance = system.config.solver.pass_tolerance
        self.max_passes = system.config.solver.max_passes
        self.passes = 0
        nodes = system.mesh.geometry.index_map().size_global
        self.sparing = memory.is_short(nodes, system.comm.size)
        if self.sparing:
            self._spare()

    def _spare(self) -> None:
        """Begin with as little as there is between turns."""
        log.logger.info(
            f"memory: from {memory.MANY:,} nodes of a rank on preconditioners are made for every "
            "solve"
        )
        memory.map_large()
        for update in self.updates.values():
            update.rest()

    def destroy(self) -> None:
        """Free the linear systems. Collective, which Python's own clearing up is not."""
        for update in self.updates.values():
            update.destroy()

    def settle(self) -> None:
        """Bring what answers at once into equilibrium with the evolving fields at rest.

        Raises:
            StageRejected: A field finds no equilibrium.
        """
        stage = Stage.of(self.system.base(), 1.0, self.tolerance, closing=True)
        stage = replace(stage, resting=True)
        for name in self.elliptic:
            for number in range(SETTLING):
                if self._update(name, stage, number) <= stage.tolerance:
                    break
            else:
                raise StageRejected(f"{name} is still on its way after {SETTLING} updates")

    def begin_step(self) -> None:
        """Forget what is cheap to make: a step then follows from the last states and `memory`."""
        for update in self.updates.values():
            update.forget()

    def memory(self) -> dict[str, Memory]:
        """What the scheme carries from step to step, for a restart, by field."""
        found = {name: update.memory() for name, update in self.updates.items()}
        return {name: memory for name, memory in found.items() if memory is not None}

    def recall(self, memory: dict[str, Memory]) -> None:
        """Go on with the memory of an earlier run; the state is unchanged."""
        for name, found in memory.items():
            self.updates[name].recall(found)

    def solve(self, base: Base, tau: float, final: bool = True) -> None:
        """Solve one stage from the current guess in the state.

        Args:
            base: What the stage starts from.
            tau: Effective step [s].
            final: Whether the result is the state at the end of a step.

        Raises:
            StageRejected: The passes do not converge.
        """
        tolerance = self.tolerance
        stage = Stage.of(base, tau, tolerance, final)
        last = 0.0
        for number in range(self.max_passes):
            change = self._pass(stage, number)
            self.passes = number + 1
            if not np.isfinite(change):
                raise StageRejected("the fields are no longer finite")
            ratio = change / last if last else 1.0
            # Passes converge linearly: what is left is about change*ratio/(1 - ratio).
            if change < tolerance or (ratio < 0.5 and change * ratio / (1 - ratio) < tolerance):
                self._close(stage)
                return
            last = change
        raise StageRejected(f"no convergence in {self.max_passes} passes")

    @property
    def inflow(self) -> float:
        """Li+ that enters through the boundary in the last stage [mol/m/s]."""
        return self.updates[self.balancing].inflow

    @property
    def deposit(self) -> np.ndarray:
        """Increment of xi that the lithium balance has taken for the last stage."""
        return self.updates[self.balancing].deposit

    def _pass(self, stage: Stage, number: int) -> float:
        leading = max(self._update(name, stage, number) for name in self.leading)
        # The others answer to a change of xi by a fraction of it: a small one is left to the next
        # stage, where they start from a guess that is no better.
        if number > 0 and leading < ANSWERED * self.tolerance:
            return leading
        changes = [
            self._update(name, stage, number)
            for name in self.following
            if self.updates[name].needed(stage.closing, number, self.tolerance)
        ]
        return max([leading, *changes])

    def _close(self, stage: Stage) -> None:
        for name, update in self.updates.items():
            with self._part(name):
                update.close(stage, self.deposit)
                self._turned(update)

    def _update(self, name: str, stage: Stage, number: int) -> float:
        with self._part(name):
            try:
                return self.updates[name].solve(stage, number)
            finally:
                self._turned(self.updates[name])

    def _turned(self, update: Update) -> None:
        """Let an update rest after its turn where memory is short."""
        if self.sparing:
            update.rest()

    @contextmanager
    def _part(self, name: str) -> Iterator[None]:
        with self.profile.part(name):
            try:
                yield
            except SolverError as error:
                raise StageRejected(str(error)) from None
