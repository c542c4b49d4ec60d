# SPDX-License-Identifier: MIT
"""Time-step policy: grow, cut, reject, land on milestones (pure Python)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import inf
from typing import Any

from solver.base.errors import SolverError

SAFETY, SLOWEST, FASTEST = 0.85, 0.3, 2.0
"""Aim below the tolerance; bounds of the change of the step size from one step to the next."""
CUT = 0.5
"""Factor after a step that failed outright."""
SHORT = 0.98
"""A step that ends so close before a milestone goes on to it, which raises its error by 4 % at most
and SAFETY has room for that. Sizes double and milestones are equally far apart, so a plan often
is one of the distances but for round-off, which must not decide between one step and two."""
HOLD = 3
"""Steps after a failure that do not grow: the size that failed would fail again."""
RECENT, TOO_MANY, HOPELESS = 100, 15, 100_000
"""So many failures among the last steps tried, and so many more to try to the end at their pace,
mean that the run crawls."""


@dataclass
class Stepper:
    """Chooses step sizes from the estimated error of the last step.

    Attributes:
        dt: Step size to try next, before milestones [s].
        dt_min: Smallest step [s].
        dt_max: Largest step [s].
        tolerance: Error per step aimed at.
        milestones: Times to land on, ascending [s].
        edge: Another time to land on [s].
        bound: What `dt_min` is called in a message.
        rejected: Number of rejected steps.
        hold: Number of steps to come that do not grow.
        first: Why the first step since the last accepted one was rejected.
    """

    dt: float
    dt_min: float
    dt_max: float
    tolerance: float
    milestones: list[float] = field(default_factory=list)
    bound: str = "time.dt_min"
    rejected: int = 0
    hold: int = 0
    first: str = ""
    edge: float = inf
    _aim: float = inf
    """Where the step at hand is to end, after a try that went too far [s]."""
    _t: float = 0.0
    _gained: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))
    """Time gained by the last steps tried [s]."""
    _failed: deque[bool] = field(default_factory=lambda: deque(maxlen=RECENT))
    """Which of them failed outright."""

    def memory(self) -> dict[str, Any]:
        """All that changes from step to step, in plain values, for a restart."""
        return {name: getattr(self, name) for name in ("dt", "rejected", "hold", "first")} | {
            "aim": self._aim,
            "gained": list(self._gained),
            "failed": list(self._failed),
        }

    def recall(self, memory: dict[str, Any]) -> None:
        """Go on as the stepper of an earlier run would have."""
        self.dt, self.rejected = memory["dt"], memory["rejected"]
        self.hold, self.first = memory["hold"], memory["first"]
        self._aim = memory["aim"]
        self._gained = deque(memory["gained"], maxlen=RECENT)
        self._failed = deque(memory["failed"], maxlen=RECENT)

    def propose(self, t: float) -> float:
        """Return the step from time `t`, shortened to land on the next milestone.

        A milestone that is nearly one step away is reached by it (`SHORT`); one that is nearly two
        away gets two equal steps, so that no sliver is left.
        """
        self._t = t
        milestone = next((m for m in self.milestones if m > t * (1 + 1e-12)), inf)
        ahead = min(milestone, self.edge, self._aim) - t
        if self.dt <= 0.5 * ahead:
            return self.dt
        return ahead if self.dt >= SHORT * ahead else 0.5 * ahead

    def accept(self, dt: float, error: float) -> bool:
        """Judge a step of size `dt` by its error and set the next size."""
        factor = SAFETY * (self.tolerance / error) ** 0.5 if error > 0 else FASTEST
        factor = min(FASTEST, max(SLOWEST, factor))
        if error > self.tolerance:
            self._note(0.0)
            self._shrink(dt, min(factor, SAFETY), f"its error {error:.2g} is too large")
            return False
        self._note(dt)
        self.first, self._aim = "", inf
        if self.hold:
            factor = min(factor, 1.0)
            self.hold -= 1
        # A step shortened by a milestone says nothing against the size planned before it.
        self.dt = min(self.dt_max, max(dt * factor, self.dt if dt < self.dt else 0.0))
        return True

    def aim(self, t: float) -> None:
        """Land on a time [s] after a step that went too far; no other size is to follow from it."""
        self.rejected += 1
        self._aim = t

    def fail(self, dt: float, reason: str) -> None:
        """Cut the step after a failure of the scheme.

        Raises:
            SolverError: The next step would be below `dt_min`, or the run crawls.
        """
        self._note(0.0, failed=True)
        self.hold = HOLD
        self._shrink(dt, CUT, reason)
        failed, left = sum(self._failed), self._left()
        if failed >= TOO_MANY and left > HOPELESS:
            raise SolverError(
                f"{failed} of the last {len(self._failed)} steps tried have failed, the last of "
                f"{dt:.2g} s, and at this pace {left:.2g} more would follow: {reason}"
            )

    def _note(self, gained: float, failed: bool = False) -> None:
        self._gained.append(gained)
        self._failed.append(failed)

    def _left(self) -> float:
        """Number of steps still to try at the pace of the last ones; 0 if they have none yet."""
        gained = sum(self._gained)
        ahead = max(self.milestones, default=0.0) - self._t
        return len(self._gained) * ahead / gained if gained else 0.0

    def _shrink(self, dt: float, factor: float, reason: str) -> None:
        self.rejected += 1
        self.first = self.first or reason
        self.dt = dt * factor
        if self.dt < self.dt_min:
            raise SolverError(
                f"the time step {self.dt:.2g} s fell below {self.bound} {self.dt_min:.2g} s: "
                f"{reason}{self._before(reason)}"
            )

    def _before(self, reason: str) -> str:
        return "" if reason == self.first else f" (at first {self.first})"
