# SPDX-License-Identifier: MIT
"""An implicit stage (y - base)/tau = f(y): what it starts from and how well it is to be solved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from solver.fields.record import Field

INEXACT = 1e-3
"""Residual reduction by one linear solve. Passes would converge with less; but what the solver
leaves depends on the number of ranks, and must not decide how many passes or which step follow."""
LINEAR_SHARE = 1e-2
"""What the linear solvers may leave, relative to the pass tolerance."""


class Base(SimpleNamespace):
    """Nodal values that an implicit stage starts from, ghosts included, by name.

    The names are those of `Field.stored` of all fields that evolve.
    """

    @classmethod
    def of(cls, fields: Iterable[Field], arrays: Iterable[np.ndarray]) -> Base:
        """The base of a step of implicit Euler from the values of the fields."""
        pairs = zip(fields, arrays, strict=True)
        return cls(**{n: make(a) for field, a in pairs for n, make in field.stored.items()})

    def beyond(self, later: Sequence[Base], ratios: Sequence[float]) -> Base:
        """This base plus the ways from it to later ones, each times its ratio."""
        ways = {name: [getattr(b, name) - a for b in later] for name, a in vars(self).items()}
        return Base(**{n: combined(a, ways[n], ratios) for n, a in vars(self).items()})

    def but(self, **values: np.ndarray) -> Base:
        """The base with other values of some names."""
        return Base(**{**vars(self), **values})


def combined(start: np.ndarray, ways: Sequence[np.ndarray], ratios: Sequence[float]) -> np.ndarray:
    """Nodal values plus some ways, each times its ratio."""
    for way, ratio in zip(ways, ratios, strict=True):
        start = start + ratio * way
    return start


@dataclass(frozen=True)
class Stage:
    """One implicit stage (y - base)/tau = f(y).

    Attributes:
        base: What it starts from.
        tau: Effective step [s].
        tolerance: Largest change of a node by what the linear solvers leave.
        reduction: Reduction of the residual by a linear solve that is enough as well.
        closing: Whether it ends a step.
        resting: Whether evolving fields are held, as before the first step.
    """

    base: Base
    tau: float
    tolerance: float
    reduction: float
    closing: bool
    resting: bool = False

    @classmethod
    def of(cls, base: Base, tau: float, pass_tolerance: float, closing: bool) -> Stage:
        """The stage with the linear tolerances that a tolerance of the passes wants."""
        share, reduction = LINEAR_SHARE * pass_tolerance, min(INEXACT, pass_tolerance)
        return cls(base, tau, share, reduction, closing)
