# SPDX-License-Identifier: MIT
"""The pressure of the lithium in cracks: that of a given overpotential, or of the fields.

Lithium at a place of a crack stops plating at p = F eta c_Li, with eta the overpotential between it
and the electrolyte beside it. It hangs together with the metal that the crack is open to and has
its potential; while it rests, no current leaves the electrolyte for it, so that the potential there
is that of the cell without the crack.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.equations.conditions import Course
from solver.equations.model import Model
from solver.input import fracture

Kept = float | np.ndarray


class Pressing(Protocol):
    """What presses in cracks.

    Attributes:
        value: The pressure as forms see it, a number or a function [Pa].
    """

    value: fem.Constant | fem.Function

    def find(self, t: float) -> None:
        """Bring it to that of time t [s] and of the model's state."""

    def keep(self) -> Kept:
        """Its values [Pa]."""

    def take(self, kept: Kept) -> None:
        """Take over values [Pa]."""

    def largest(self, broken: np.ndarray) -> float:
        """The largest at nodes that are marked [Pa]. Collective."""


class Given:
    """The same in all cracks, by a course of the overpotential."""

    def __init__(self, model: Model):
        self.config, self.value = model.config, model.constant(0.0)
        points = model.config.fracture.overpotential_course
        given = model.config.fracture.overpotential
        self.course = Course.through(points) if points else Course.constant(given)

    def find(self, t: float) -> None:
        """Bring it to that of time t [s]."""
        self.value.value = fracture.pressure(self.config, self.course.at(t))

    def keep(self) -> float:
        """Its value [Pa]."""
        return float(self.value.value)

    def take(self, kept: float) -> None:
        """Take over a value [Pa]."""
        self.value.value = kept

    def largest(self, broken: np.ndarray) -> float:
        """Its value, whatever is broken [Pa]."""
        return self.keep()


class OfFields:
    """At every place by the overpotential there; where lithium would dissolve nothing presses."""

    def __init__(self, model: Model):
        self.model, self.value = model, fem.Function(model.V, name="p")

    def find(self, t: float) -> None:
        """Bring it to that of the model's state."""
        m = self.model
        drive = m.coefficients.kinetics.plating_drive()
        self.value.x.array[:] = fracture.pressure(m.config, np.maximum(drive, 0.0))

    def keep(self) -> np.ndarray:
        """Its values at the nodes [Pa]."""
        return self.value.x.array.copy()

    def take(self, kept: np.ndarray) -> None:
        """Take over values at the nodes [Pa]."""
        self.value.x.array[:] = kept

    def largest(self, broken: np.ndarray) -> float:
        """The largest at nodes that are marked, 0 if none is [Pa]. Collective."""
        local = float(self.value.x.array[broken].max(initial=0.0))
        return self.model.comm.allreduce(local, MPI.MAX)


OF = {"given": Given, "fields": OfFields}
"""By what `fracture.overpotential_from` says."""
