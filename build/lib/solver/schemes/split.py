# SPDX-License-Identifier: MIT
"""The production scheme: an implicit stage by passes over the fields."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from solver.base.errors import SolverError
from solver.base.profile import Profile
from solver.equations.model import Model
from solver.schemes.charge import PotentialUpdate
from solver.schemes.displacement import DisplacementUpdate, Memory
from solver.schemes.updates import (
    Base,
    ConcentrationUpdate,
    PhaseFieldUpdate,
    Stage,
)

ANSWERED = 5.0
"""Changes of xi and c up to this many pass tolerances leave phi and u as they are."""


class StageRejected(Exception):
    """A stage did not converge; the step must be tried again with a smaller size."""


class SplitScheme:
    """Solves (y - base)/tau = f(y) by passes over xi, c, phi and u until nothing changes.

    Attributes:
        profile: Wall time by field.
        passes: Passes of the last stage.
    """

    def __init__(self, model: Model, profile: Profile):
        self.model, self.profile = model, profile
        self.updates = {
            "xi": PhaseFieldUpdate(model),
            "c": ConcentrationUpdate(model),
            "phi": PotentialUpdate(model),
        }
        if model.config.mechanics.enabled:
            self.updates["u"] = DisplacementUpdate(model)
        self.elliptic = [name for name in self.updates if name in ("phi", "u")]
        self.tolerance = model.config.solver.pass_tolerance
        self.max_passes = model.config.solver.max_passes
        self.passes = 0

    def destroy(self) -> None:
        """Free the linear systems. Collective, which Python's own clearing up is not."""
        for update in self.updates.values():
            update.system.destroy()

    def settle(self) -> None:
        """Bring phi and u into equilibrium with xi at rest, for the initial state."""
        s = self.model.state
        base = Base.of(s.xi.x.array.copy(), s.c.x.array.copy())
        stage = replace(Stage.of(base, 1.0, self.tolerance, closing=True), resting=True)
        for name in self.elliptic:
            for number in range(self.max_passes):
                if self._update(name, stage, number) <= stage.tolerance:
                    break

    def begin_step(self) -> None:
        """Forget what is cheap to make: a step then follows from the last states and `memory`."""
        for name in ("c", "phi"):
            self.updates[name].forget()

    def memory(self) -> Memory | None:
        """What the scheme carries from step to step, for a restart; None if nothing."""
        return self.updates["u"].memory() if "u" in self.updates else None

    def recall(self, memory: Memory) -> None:
        """Go on with the memory of an earlier run; the model's state is unchanged."""
        if "u" in self.updates:
            self.updates["u"].recall(memory)

    def solve(self, base: Base, tau: float, final: bool = True) -> None:
        """Solve one stage from the current guess in the model's state.

        Args:
            base: What the stage starts from.
            tau: Effective step [s].
            final: Whether the result is the state at the end of a step. A stage within a step may
                keep its guess of u if guesses have lately been good to the tolerance.

        Raises:
            StageRejected: The passes do not converge.
        """
        tolerance = self.tolerance
        stage = Stage.of(base, tau, tolerance, final)
        last = 0.0
        for number in range(self.max_passes):
            change = self._pass(stage, number, final)
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
        return self.updates["c"].inflow

    @property
    def deposit(self) -> np.ndarray:
        """Increment of xi that the lithium balance has taken for the last stage."""
        return self.updates["c"].deposit

    def _pass(self, stage: Stage, number: int, final: bool) -> float:
        evolving = max(self._update(name, stage, number) for name in ("xi", "c"))
        # phi and u answer to a change of xi by a fraction of it: a small one is left to the next
        # stage, where they start from a guess that is no better.
        if number > 0 and evolving < ANSWERED * self.tolerance:
            return evolving
        changes = [
            self._update(name, stage, number)
            for name in self.elliptic
            if final or name != "u" or self.updates["u"].guess_error > self.tolerance
        ]
        return max(evolving, *changes)

    def _close(self, stage: Stage) -> None:
        with self._part("phi"):
            self.updates["phi"].close(stage, self.deposit)

    def _update(self, name: str, stage: Stage, number: int) -> float:
        with self._part(name):
            return self.updates[name].solve(stage, number)

    @contextmanager
    def _part(self, name: str) -> Iterator[None]:
        with self.profile.part(name):
            try:
                yield
            except SolverError as error:
                raise StageRejected(str(error)) from None
