# SPDX-License-Identifier: MIT
"""The equation of the damage d of the electrolyte, which finds the displacement with it.

Neither acts on deposit, ions or potential: both are brought to rest once, at the end of a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import ufl
from mpi4py import MPI
from ufl.core.expr import Expr

from dolfinx import fem, la

from solver.cell.notches import crossed, distance
from solver.equations.crack_pressure import OF
from solver.equations.crack_work import Sums, Work
from solver.equations.equation import Equation
from solver.equations.model import Model
from solver.fields.damage import FIELD
from solver.input import fracture
from solver.schemes.alternation import Alternation, Ended, Forms
from solver.schemes.stage import Base, Stage
from solver.schemes.update import KeepingUpdate, Memory
from solver.terms import damage, mechanics

BROKEN = 0.9
"""Damage from which on a place counts as part of a crack where its tip is looked for."""
SIDES = ("counter", "left", "right")
"""Sides that a crack ends a run at."""
NOTCHED = 3.0
"""Distance from a notch within which damage at a side is the notch's, in l_d."""
OPENING = ("u_x", "u_y")
"""Names of the components of u in a memory."""
COLUMNS = (
    "crack_um", "crack_tip_um", "crack_opened_um2", "crack_pressure_MPa", "crack_J_per_m",
    "elastic_J_per_m", "crack_work_J_per_m", "crack_dissipated_J_per_m", "crack_balance_rel",
)  # fmt: skip


class DamageEquation(Equation):
    """Damage that never heals, at the least energy of displacement and damage.

    Attributes:
        fracture: What the electrolyte withstands, and the pressure in its cracks.
        pressing: The same pressure, as it is found.
        time: Of the present stage [s].
        before: Damage at the start of the step, at the nodes.
        ended: How the last step's search for rest ended; None before the first.
        paused: Whether a crack that runs is to wait for a new mesh, the same on all ranks.
    """

    field = FIELD
    needs = ("elasticity",)
    has_form = False

    def __init__(self, model: Model):
        super().__init__(model)
        section, layers = model.config.fracture, model.config.parts
        self.pressing = OF[section.overpotential_from](model)
        self.fracture = damage.Fracture(
            section.model,
            model.domain.layer_field([fracture.toughness(x) for x in layers], "G_c"),
            model.constant(section.length),
            model.constant(section.residual),
            self.pressing.value,
        )
        # Exact for what is quadratic in d.
        self.dx = model.dx_all(metadata={"quadrature_degree": 2})
        self.time = 0.0
        self.before = np.zeros(len(self.function.x.array))
        self.ended: Ended | None = None
        self.paused: Callable[[], bool] = lambda: False

    @classmethod
    def wanted(cls, config: Any) -> bool:
        """Whether anything may break."""
        return config.fracture is not None

    def hold(self, t: float, everything: bool = False) -> None:
        """Take the time of a stage [s]."""
        self.time = t

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take note of what is broken."""
        self.before = self.function.x.array.copy()
        self.work.begin(t)
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
    def _densities(self) -> dict[str, Expr]:
        """What is measured, per volume."""
        m, f = self._elasticity, self.fracture
        opened = damage.opened_volume(*self._fields, m, f)
        surface = damage.surface_energy(self.function, f)
        elastic = damage.elastic_energy(*self._fields, m, f)
        pressed = damage.pressure_energy(*self._fields, m, f)
        return {
            "elastic": elastic,
            "cracks": surface,
            "pressed": pressed,
            "potential": elastic - pressed,
            "length": surface / f.G_c,
            "opened": opened,
        }

    @cached_property
    def _integrals(self) -> dict[str, fem.Form]:
        return {name: fem.form(density * self.dx) for name, density in self._densities.items()}

    @cached_property
    def work(self) -> Work:
        """Where the work goes."""
        return Work(self.model, self.pressing, self._integrals)

    def columns(self) -> tuple[str, ...]:
        """Names of the numbers that it adds to scalars.csv."""
        return COLUMNS

    def measured(self) -> tuple[float, ...]:
        """The numbers of `COLUMNS`. Collective."""
        local = (fem.assemble_scalar(self._integrals[name]) for name in ("length", "opened"))
        length, opened = (self.model.comm.allreduce(x, MPI.SUM) for x in local)
        broken = self.function.x.array > BROKEN
        pressure = self.pressing.largest(broken)
        lengths = length * 1e6, self.tip() * 1e6, opened * 1e12, pressure * 1e-6
        now, work = self.work.energies(), self.work
        sums = work.sums.work, work.sums.dissipated, work.missing
        return *lengths, now.cracks, now.elastic, *sums

    def tip(self) -> float:
        """Largest height of what is broken [m]; 0 if nothing is. Collective."""
        heights = self.model.V.tabulate_dof_coordinates()[:, 1]
        broken = heights[self.function.x.array > BROKEN]
        return self.model.comm.allreduce(float(broken.max(initial=0.0)), MPI.MAX)

    @cached_property
    def _sides(self) -> dict[str, np.ndarray]:
        """Nodes of sides where no notch begins or ends."""
        model, section = self.model, self.model.config.fracture
        x, found = model.V.tabulate_dof_coordinates()[:, :2], {}
        for side in SIDES:
            nodes = model.domain.dofs(model.V, side)
            for notch in section.notches:
                away = distance(x[nodes], np.array([notch.x, notch.y]), np.array(notch.end))
                nodes = nodes[away > NOTCHED * section.length]
            found[side] = nodes
        return found

    def reached(self) -> tuple[str, ...]:
        """Sides of the cell, the anode excepted, that cracks have reached. Collective."""
        d, sides = self.function.x.array, self._sides
        met = np.array([(d[nodes] > BROKEN).any() for nodes in sides.values()])
        self.model.comm.Allreduce(MPI.IN_PLACE, met, MPI.LOR)
        return tuple(side for side, there in zip(sides, met, strict=True) if there)

    def remark(self) -> str:
        """Say that a crack runs."""
        if self.ended is None or self.ended.converged:
            return ""
        return (
            f"a crack runs: damage has not come to rest in {self.ended.rounds} rounds of a step, "
            "at most fracture.rounds and as many as keep it in fine triangles, and goes on in the "
            "next"
        )


EQUATION = DamageEquation


class CrackUpdate(KeepingUpdate):
    """Displacement and damage at rest, at the end of a step."""

    outlives_mesh = True
    follows = ("xi", "d")

    def __init__(self, equation: DamageEquation):
        self.equation, model = equation, equation.model
        section, self.state = model.config.fracture, model.state
        self.alternation = Alternation(
            equation.forms(),
            self.state.u,
            self.state.d,
            model.equations["u"].held(),
            section.tolerance,
            section.rounds,
            section.relaxation,
            self._present,
        )
        self.system = self.alternation.elastic

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
            self._rest(self.equation.work.answered)
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
        """The preconditioner's, and the sums of the work, which outlive a mesh."""
        self.made_for = self.alternation.made_for
        kept = super().memory()
        return Memory(kept.numbers | self.equation.work.of_state()._asdict(), kept.arrays)

    def recall(self, memory: Memory) -> None:
        """Go on with a memory; the state is unchanged."""
        self.equation.work.sums = Sums(*(memory.numbers[name] for name in Sums._fields))
        super().recall(memory)
        self.alternation.made_for = self.made_for

    def destroy(self) -> None:
        """Free what PETSc has for it. Collective."""
        self.alternation.destroy()
