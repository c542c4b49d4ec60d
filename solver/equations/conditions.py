# SPDX-License-Identifier: MIT
"""Boundary conditions as objects, with values that may change in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Course:
    """A value that follows straight lines between points in time.

    Before the first it stays.

    Attributes:
        times: Ascending [s].
        values: At these times.
        rate: Of its change from the last of them on [1/s].
    """

    times: tuple[float, ...]
    values: tuple[float, ...]
    rate: float = 0.0

    @classmethod
    def constant(cls, value: float) -> Course:
        """A value that does not change."""
        return cls((0.0,), (value,))

    @classmethod
    def ramp(cls, rate: float) -> Course:
        """A value that grows from 0 at a rate [1/s], without an end."""
        return cls((0.0,), (0.0,), rate)

    @classmethod
    def through(cls, points: Sequence[tuple[float, float]]) -> Course:
        """The course through points (time, value)."""
        times, values = zip(*points, strict=True)
        return cls(tuple(times), tuple(values))

    @property
    def changes(self) -> bool:
        """Whether the value is not the same at all times."""
        return len(set(self.values)) > 1 or self.rate != 0

    def turns(self, t: float) -> bool:
        """Whether its rate changes at time t [s], which steps land on."""
        return self.changes and any(abs(t - time) <= 1e-12 * time for time in self.times)

    def at(self, t: float) -> float:
        """Value at time t [s]."""
        if not self.changes:
            return self.values[0]  # to the last bit
        beyond = max(0.0, t - self.times[-1])
        return float(np.interp(t, self.times, self.values)) + self.rate * beyond


@dataclass(frozen=True)
class Total:
    """A side is an equipotential whose potential follows from the total of a flux through it.

    It brings one scalar unknown, which is solved for together with the fields: the answer of the
    fields to a unit change of it takes one more solve with the same matrix.

    Attributes:
        side: Name of the side.
        amount: The total that goes in.
    """

    side: str
    amount: float


@dataclass(frozen=True)
class Held:
    """A field, or one component of it, is held on a side.

    Attributes:
        side: Name of the side.
        course: Its value there.
        component: Of a vector.
    """

    side: str
    course: Course = Course.constant(0.0)
    component: int = 0
