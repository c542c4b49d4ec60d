# SPDX-License-Identifier: MIT
"""The equation of the damage d of the electrolyte, which finds the displacement with it.

Neither acts on deposit, ions or potential: both are brought to rest once, at the end of a step.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem, la

from solver.cell.notches import crossed
from solver.equations.conditions import Course
from solver.equations.equation import Equation
from solver.equations.model import Model
from solver.fields.damage import FIELD
from solver.input import fracture
from solver.schemes.alternation import Alternation, Ended, Forms
from solver.schemes.stage import Base, Stage
from solver.schemes.update import Memory, Update
from solver.terms import damage, mechanics

BROKEN = 0.9
"""Damage from which on a place counts as part of a crack where its tip is looked for."""
COLUMNS = (
    "crack_um", "crack_tip_um", "crack_opened_um2", "crack_pressure_MPa", "crack_J_per_m",
    "elastic_J_per_m",
)  # fmt: skip


class DamageEquation(Equation):
    """Damage that never heals, at the least energy of displacement and damage.

    Attributes:
        fracture: What the electrolyte withstands, and the pressure in its cracks.
        before: Damage at the start of the step, at the nodes.
        ended: How the last step's search for rest ended; None before the first.
    """

    field = FIELD
    needs = ("elasticity",)
    has_form = False

    def __init__(self, model: Model):
        super().__init__(model)
        section, layers = model.config.fracture, model.config.parts
        self.fracture = damage.Fracture(
            section.model,
            model.domain.layer_field([fracture.toughness(x) for x in layers], "G_c"),
            model.constant(section.length),
            model.constant(section.residual),
            model.constant(0.0),
        )
        points = section.overpotential_course
        self.course = Course.through(points) if points else Course.constant(section.overpotential)
        # Exact for what is quadratic in d.
        self.dx = model.dx_all(metadata={"quadrature_degree": 2})
        self.before = np.zeros(len(self.function.x.array))
        self.ended: Ended | None = None

    @classmethod
    def wanted(cls, config: Any) -> bool:
        """Whether anything may break."""
        return config.fracture is not None

    def hold(self, t: float, everything: bool = False) -> None:
        """Bring the pressure to that of time t [s]."""
        eta = self.course.at(t)
        self.fracture.pressure.value = fracture.pressure(self.model.config, eta)

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take note of what is broken."""
        self.before = self.function.x.array.copy()
        return base

    def initialise(self, x: np.ndarray) -> None:
        """Break the triangles that notches cross."""
        cells, values = self.model.V.dofmap.list, self.function.x
        values.array[:] = 0.0
        for notch in self.model.config.fracture.notches:
            cut = crossed(x[cells, :2], np.array([notch.x, notch.y]), np.array(notch.end))
            values.array[cells[cut]] = 1.0
        # A rank need not have all triangles round its nodes.
        values.scatter_reverse(la.InsertMode.add)
        np.minimum(values.array, 1.0, out=values.array)
        values.scatter_forward()
        self.before = values.array.copy()

    def update(self) -> CrackUpdate:
        """That of damage and displacement."""
        return CrackUpdate(self)

    def residual(self, y, base, tau, closing, test) -> None:
        """None: the update has an energy of its own."""

    def weight(self, tau) -> float:
        """Not used."""
        return 1.0

    # --- forms -----------------------------------------------------------------------------

    @property
    def _fields(self) -> tuple:
        state = self.model.state
        return state.u, self.model.solid(state.xi), state.d

    @property
    def _elasticity(self) -> mechanics.Elasticity:
        return self.model.coefficients.elasticity

    def stress(self):
        """Stress of deposit and damaged electrolyte [Pa], of forms."""
        u, xi, d = self._fields
        m = self._elasticity
        strain, opened = mechanics.elastic_strain(u, xi, m), damage.opens(u, xi, m)
        return damage.stress_of(strain, xi, d, opened, m, self.fracture)

    def forms(self) -> Forms:
        """Derivatives of the energy by u and d."""
        model, m, f, dx = self.model, self._elasticity, self.fracture, self.dx
        u, xi, d = self._fields
        step, delta = ufl.TrialFunction(model.Vu), ufl.TrialFunction(model.V)
        w, v = model.w, model.v
        opened = damage.opens(u, xi, m)
        return Forms(
            fem.form(damage.stiffness(step, w, xi, d, opened, m, f, dx)),
            fem.form(damage.equilibrium(u, w, xi, d, m, f, dx)),
            fem.form(damage.damage_matrix(delta, v, u, xi, m, f, dx)),
            fem.form(damage.damage_load(v, u, xi, m, f, dx)),
        )

    # --- measured --------------------------------------------------------------------------

    @cached_property
    def _integrals(self) -> tuple[fem.Form, ...]:
        m, f = self._elasticity, self.fracture
        surface = damage.surface_energy(self.function, f)
        densities = (
            surface / f.G_c,
            damage.opened_volume(*self._fields, m, f),
            surface,
            damage.elastic_energy(*self._fields, m, f),
        )
        return tuple(fem.form(density * self.dx) for density in densities)

    def columns(self) -> tuple[str, ...]:
        """Names of the numbers that it adds to scalars.csv."""
        return COLUMNS

    def measured(self) -> tuple[float, ...]:
        """The numbers of `COLUMNS`. Collective."""
        comm = self.model.comm
        local = [fem.assemble_scalar(form) for form in self._integrals]
        length, opened, surface, elastic = (comm.allreduce(x, MPI.SUM) for x in local)
        pressure = float(self.fracture.pressure.value)
        return length * 1e6, self.tip() * 1e6, opened * 1e12, pressure * 1e-6, surface, elastic

    def tip(self) -> float:
        """Largest height of what is broken [m]; 0 if nothing is. Collective."""
        heights = self.model.V.tabulate_dof_coordinates()[:, 1]
        broken = heights[self.function.x.array > BROKEN]
        return self.model.comm.allreduce(float(broken.max(initial=0.0)), MPI.MAX)

    def remark(self) -> str:
        """Say that a crack runs."""
        if self.ended is None or self.ended.converged:
            return ""
        return (
            f"a crack runs: damage has not come to rest in {self.ended.rounds} rounds "
            "(fracture.rounds) of a step, and goes on in the next"
        )


EQUATION = DamageEquation


class CrackUpdate(Update):
    """Displacement and damage at rest, at the end of a step."""

    def __init__(self, equation: DamageEquation):
        self.equation, model = equation, equation.model
        section, state = model.config.fracture, model.state
        self.alternation = Alternation(
            equation.forms(),
            state.u,
            state.d,
            model.equations["u"].held(),
            section.tolerance,
            section.rounds,
            section.relaxation,
        )

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Bring the first state to rest."""
        self._rest()
        return 0.0

    def needed(self, final: bool, number: int, tolerance: float) -> bool:
        """Nothing that a pass solves for answers to it."""
        return False

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Answer the deposit and the pressure at the end of a step."""
        if stage.closing:
            self._rest()

    def _rest(self) -> None:
        self.equation.ended = self.alternation.solve(self.equation.before)

    def forget(self) -> None:
        """Make a new preconditioner at the next solve."""
        self.alternation.elastic.forget()

    def memory(self) -> Memory | None:
        """Nothing is carried from step to step."""

    def destroy(self) -> None:
        """Free what PETSc has for it. Collective."""
        self.alternation.destroy()
