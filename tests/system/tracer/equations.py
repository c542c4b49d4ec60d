# SPDX-License-Identifier: MIT
"""The equation of the tracer, dq/dt = div(D grad q), no flux through any side."""

from __future__ import annotations

from math import pi

import numpy as np
import ufl
from mpi4py import MPI  # noqa: F401  (before DOLFINx)

from dolfinx import fem

from solver.equations.equation import Equation
from solver.fields.tracer import FIELD
from solver.schemes.linear import LinearField
from solver.schemes.preconditioners import PHI
from solver.schemes.update import Update, largest


class TracerEquation(Equation):
    """Diffusion of a passive scalar."""

    field = FIELD

    @classmethod
    def wanted(cls, config) -> bool:
        """Only where the config has a diffusivity for it."""
        return config.tracer is not None

    def diffusion_form(self, q, v) -> ufl.Form:
        """Diffusion [mol/m/s]."""
        D = self.model.constant(self.model.config.tracer)
        return D * ufl.inner(ufl.grad(q), ufl.grad(v)) * self.model.dx_one

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [mol/m/s]."""
        rate = (y["q"] - base.q) / tau * test * self.model.dx
        return rate + self.diffusion_form(y["q"], test)

    def weight(self, tau):
        """Inverse rate of the smallest node."""
        return tau / self.model.smallest_area

    def update(self) -> TracerUpdate:
        """Its share of a pass."""
        return TracerUpdate(self)

    def initialise(self, x: np.ndarray) -> None:
        """The slowest mode of decay, 1 + cos(pi y/H)."""
        self.function.x.array[:] = 1 + np.cos(pi * x[:, 1] / self.model.domain.height)

    def distance(self, a, b) -> np.ndarray:
        """Difference of q."""
        return a.q - b.q


EQUATION = TracerEquation


class TracerUpdate(Update):
    """One linear solve."""

    def __init__(self, equation: TracerEquation):
        m = self.model = equation.model
        form = fem.form(equation.diffusion_form(ufl.TrialFunction(m.V), m.v))
        self.system = LinearField(form, equation.function, equation.held(), PHI)

    def solve(self, stage, pass_number: int) -> float:
        """Update q."""
        m, system, q = self.model, self.system, self.system.unknown.x.array
        system.assemble()
        residual = -(m.lumped_mass * (q - stage.base.q) / stage.tau + system.product())
        system.add_diagonal(m.lumped_mass / stage.tau)
        absolute = stage.tolerance * m.smallest_area / stage.tau
        system.solve(residual, absolute, stage.reduction, reuse=not system.worn)
        change = system.balance()
        q[:] += change
        return largest(m.comm, change)
