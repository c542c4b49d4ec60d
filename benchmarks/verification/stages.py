# SPDX-License-Identifier: MIT
"""Around the program's own scheme: rungs that act on every implicit stage, sources in equations."""

from __future__ import annotations

import numpy as np

from benchmarks.verification.common import Run
from solver.laws.tableau import METHODS
from solver.schemes.linear import LinearField
from solver.schemes.stage import Base
from solver.schemes.update import Update


class Stages:
    """Hands every stage on to the program's scheme; subclasses set sources or take readings.

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
        method = METHODS[self.run.config.time.scheme]
        stages = tuple(zip(method.nodes, method.A[-1], strict=True))
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

    @property
    def deposit(self):
        """Increment of xi that the balances have taken for the last stage."""
        return self.inner.deposit

    def begin_step(self) -> None:
        """Tell the scheme that a step begins."""
        self.inner.begin_step()

    def solve(self, base: Base, tau: float, final: bool = True) -> None:
        """Solve a stage."""
        self.time, self.weight = self._coming.pop(0)
        self.inner.solve(self.prepare(base, tau), tau, final)
        self.read(tau)

    def prepare(self, base: Base, tau: float) -> Base:
        """Set what depends on time before a stage; returns the base to start from."""
        return base

    def read(self, tau: float) -> None:
        """Take readings after a stage of effective step `tau` [s]."""


class StandIn(Update):
    """Takes the place of a field's update in the split scheme; it has no linear system."""

    inflow = 0.0
    deposit = np.empty(0)

    def forget(self) -> None:
        """There is nothing to forget."""


class Loaded:
    """A field's linear system with a load on the right-hand side of its equation.

    The updates of c, phi and u form their residual with the matrix times the present value, so that
    this is where a load can come in.

    Attributes:
        load: Nodal values, a source times the nodal areas.
    """

    def __init__(self, system: LinearField):
        self._system = system
        self.load = np.zeros_like(system.unknown.x.array)

    def __getattr__(self, name: str):
        return getattr(self._system, name)

    def product(self, *given: np.ndarray) -> np.ndarray:
        """Matrix times the present value, or one that is given, less the load."""
        return self._system.product(*given) - self.load
