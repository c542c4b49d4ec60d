# SPDX-License-Identifier: MIT
"""The share of displacement and damage in a step: both at rest, at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from solver.equations.crack_work import Sums
from solver.schemes.alternation import Alternation
from solver.schemes.flowing import FlowingAlternation
from solver.schemes.stage import Stage
from solver.schemes.update import KeepingUpdate, Memory

OPENING = ("u_x", "u_y")
"""Names of the components of u in a memory."""
PRESSED = "pressed"
"""Name of the pressure of the fields that u has come to rest under, likewise."""


class CrackUpdate(KeepingUpdate):
    """Displacement and damage at rest, at the end of a step; what flows has flowed until then.

    Args:
        equation: The damage's.
    """

    outlives_mesh = True
    follows = ("xi", "d")

    def __init__(self, equation: Any):
        self.equation, model = equation, equation.model
        section, self.state = model.config.fracture, model.state
        given = (
            equation.linear_system(),
            equation.forces,
            equation.damage_field(),
            section.tolerance,
            section.rounds,
            section.relaxation,
            self._present,
        )
        flow = equation.flow
        self.alternation = Alternation(*given) if flow is None else FlowingAlternation(flow, *given)
        self.system = self.alternation.elastic

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Bring the first state to rest."""
        self._rest()
        self.equation.work.settled()
        return 0.0

    def needed(self, final: bool, number: int, tolerance: float) -> bool:
        """Nothing that a pass solves for answers to it."""
        return False

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Answer the deposit and the pressure at the end of a step."""
        if stage.closing:
            # A guess that goes on as before is no rest to measure by where a load has just gone.
            self.state.u.x.array[:] = self.equation.rested
            work, answer = self.equation.work, self.alternation.answer_aside
            self._rest(lambda: work.answered(answer))
            self.equation.work.ended()

    def _rest(self, answered: Callable[[], None] = lambda: None) -> None:
        equation = self.equation
        equation.pressing.find(equation.time)
        equation.ended = self.alternation.solve(equation.before, answered, equation.paused)

    def _present(self) -> dict[str, np.ndarray]:
        """With u, whose volume decides where what is broken opens; in components, as nodes have."""
        components = self.state.u.x.array.reshape(-1, 2).T
        return super()._present() | dict(zip(OPENING, components.copy(), strict=True))

    def _set(self, arrays: Mapping[str, np.ndarray]) -> None:
        super()._set(arrays)
        self.state.u.x.array[:] = np.stack([arrays[x] for x in OPENING], axis=1).ravel()

    def memory(self) -> Memory:
        """The preconditioner's, what pressed last, and the sums, which outlive a mesh."""
        self.made_for = self.alternation.made_for
        kept, (sums, pressed) = super().memory(), self.equation.work.of_state()
        arrays = {} if pressed is None else {PRESSED: pressed}
        return Memory(kept.numbers | sums._asdict(), kept.arrays | arrays)

    def recall(self, memory: Memory) -> None:
        """Go on with a memory; the state is unchanged."""
        arrays, work = dict(memory.arrays), self.equation.work
        work.sums = Sums(*(memory.numbers[name] for name in Sums._fields))
        work.pressed = arrays.pop(PRESSED, None)
        super().recall(Memory(memory.numbers, arrays))
        self.alternation.made_for = self.made_for

    def destroy(self) -> None:
        """Free what PETSc has for it. Collective."""
        self.alternation.destroy()
