# SPDX-License-Identifier: MIT
"""A scheme around the program's own, for rungs that act on every implicit stage."""

from __future__ import annotations

from benchmarks.verification.common import Run
from solver.integrator import GAMMA
from solver.schemes.updates import Base


class Stages:
    """Hands every stage on to the program's scheme; subclasses change its base or take readings.

    It knows the time of a stage, which the program's scheme does not: f does not depend on it.

    Attributes:
        time: Time of the present stage [s].
        weight: Time that the stage counts for in the step [s].
    """

    def __init__(self, run: Run):
        self.run, self.inner = run, run.scheme
        run.integrator.scheme = self
        self.time, self.weight = 0.0, 0.0
        self._coming: list[tuple[float, float]] = []

    def march(self, dt: float, steps: int) -> None:
        """Advance the run by equal steps."""
        two = self.run.config.time.scheme == "sdirk2"
        stages = ((GAMMA, 1 - GAMMA), (1.0, GAMMA)) if two else ((1.0, 1.0),)
        start = self.run.t
        self._coming = [
            (start + (i + at) * dt, weight * dt) for i in range(steps) for at, weight in stages
        ]
        for _ in self.run.march(dt, steps):
            pass

    @property
    def inflow(self) -> float:
        """Li+ through the boundary in the last stage [mol/m/s]."""
        return self.inner.inflow

    @property
    def passes(self) -> int:
        """Passes of the last stage."""
        return self.inner.passes

    def solve(self, base: Base, tau: float, final: bool = True) -> None:
        """Solve a stage."""
        self.time, self.weight = self._coming.pop(0)
        self.inner.solve(self.base(base, tau), tau, final)
        self.read(base, tau)

    def base(self, base: Base, tau: float) -> Base:
        """Return the base to start from; (y - base)/tau = f(y) + S has base + tau S."""
        return base

    def read(self, base: Base, tau: float) -> None:
        """Take readings after a stage."""
