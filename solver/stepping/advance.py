# SPDX-License-Identifier: MIT
"""The loop of every run: try a step, judge it by its error, try again with a smaller one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from solver.base.errors import Overshot, StageRejected
from solver.stepping.stepper import Stepper


class Judged(Protocol):
    """What a step has done; `error` is its estimated error, in the unit of the tolerance."""

    error: float


S = TypeVar("S", bound=Judged, covariant=True)


class Stepping(Protocol[S]):
    """Something that can take a step in time."""

    def step(self, dt: float) -> S:
        """Advance by `dt` [s]; raises StageRejected or Overshot with the state as it was."""

    def undo(self) -> None:
        """Go back to the last accepted state."""


def advance(
    stepper: Stepper, stepping: Stepping[S], t: float, again: Callable[[], None] = lambda: None
) -> tuple[float, S]:
    """Take one step that is accepted, whatever number of tries it takes.

    Args:
        stepper: Chooses and judges the sizes.
        stepping: What steps.
        t: Present time [s].
        again: Called before every try but the first; what it raises ends them.

    Returns:
        The size of the step [s] and what it has done.

    Raises:
        SolverError: The stepper gives up.
    """
    while True:
        dt = stepper.propose(t)
        try:
            step = stepping.step(dt)
        except StageRejected as reason:
            stepper.fail(dt, str(reason))
        except Overshot as beyond:
            stepper.aim(t + beyond.dt)
        else:
            if stepper.accept(dt, step.error):
                return dt, step
            stepping.undo()
        again()
