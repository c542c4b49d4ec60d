# SPDX-License-Identifier: MIT
"""The equation of the damage d of the electrolyte, which finds the displacement with it.

Neither acts on deposit, ions or potential: both are brought to rest once, at the end of a step, and
so is the flow of the deposit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem, la

from solver.cell.notches import crossed, distance
from solver.equations.couplings_cracks import Cracked
from solver.equations.couplings_damage import Breaking
from solver.equations.couplings_elastic import by_triangle
from solver.equations.crack_energies import Body
from solver.equations.crack_flow import CrackFlow
from solver.equations.crack_pressure import OF
from solver.equations.crack_update import CrackUpdate
from solver.equations.crack_work import Work
from solver.equations.equation import Equation
from solver.equations.model import Model
from solver.fields.damage import FIELD
from solver.input import fracture
from solver.schemes import preconditioners
from solver.schemes.alternation import Ended
from solver.schemes.bounded import BoundedField, Quadratic
from solver.schemes.edgewise import EdgeField, Pair
from solver.schemes.flowing import SoftenedField, Softening
from solver.schemes.stage import Base
from solver.terms import damage, mechanics

BROKEN = 0.9
"""Damage from which on a place counts as part of a crack where its tip is looked for."""
SIDES = ("counter", "left", "right")
"""Sides that a crack ends a run at."""
NOTCHED = 3.0
"""Distance from a notch within which damage at a side is the notch's, in l_d."""
COLUMNS = (
    "crack_um", "crack_tip_um", "crack_opened_um2", "crack_pressure_MPa", "crack_J_per_m",
    "elastic_J_per_m", "crack_work_J_per_m", "crack_dissipated_J_per_m", "crack_balance_rel",
)  # fmt: skip
FLOWED = "flow_dissipated_J_per_m"
"""Column besides, where lithium flows."""


class DamageEquation(Equation):
    """Damage that never heals, at the least energy of displacement and damage.

    Attributes:
        fracture: What the electrolyte withstands, and the pressure in its cracks.
        pressing: The same pressure, as it is found.
        time: Of the present stage [s].
        before: Damage at the start of the step, at the nodes.
        rested: Displacement there, at rest.
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
        self.dx = model.dx_all(metadata={"quadrature_degree": damage.DEGREE})
        self.time = 0.0
        self.before = np.zeros(len(self.function.x.array))
        self.rested = np.zeros(len(model.state.u.x.array))
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
        """Take note of what is broken, and of u at rest."""
        self.before = self.function.x.array.copy()
        self.rested = self.model.state.u.x.array.copy()
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

    @cached_property
    def flow(self) -> CrackFlow | None:
        """The flow of the deposit; None if it does not."""
        found = self.model.equations.get("eps_v")
        return None if found is None else CrackFlow(found)

    def stress(self):
        """Stress of deposit and damaged electrolyte [Pa], of forms."""
        u, xi, d = self._fields
        m = self._elasticity
        strain, opened = mechanics.elastic_strain(u, xi, m), damage.opens(u, xi, m)
        found = damage.stress_of(strain, xi, d, opened, m, self.fracture)
        return found if self.flow is None else found - mechanics.relief(self.flow.eps_v, xi, m)

    def pressure(self):
        """Pressure of deposit, damaged electrolyte and what is in cracks [Pa], of forms."""
        _, xi, d = self._fields
        return damage.filling(xi, d, self.fracture) - ufl.tr(self.stress()) / 3

    # --- by triangles ----------------------------------------------------------------------

    @cached_property
    def solid(self) -> Cracked:
        """Deposit and cracked electrolyte."""
        m = self.model
        material = by_triangle(self._elasticity, m.of_triangles)
        return Cracked(m.edges, m.solved_triangles, material, float(self.fracture.residual.value))

    def damage_field(self) -> BoundedField:
        """The minimum of the energy in d."""
        model, f = self.model, self.fracture
        G_c, length = model.of_triangles(f.G_c), float(f.length.value)
        breaking = Breaking(model.edges, f.model, G_c, length)

        def energy() -> Quadratic:
            u, xi, _ = self._values
            return breaking(self.solid.drive(u, xi, self.pressing.keep()))

        return BoundedField(energy, model.edges, self.function)

    @property
    def _values(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        s = self.model.state
        return s.u.x.array, s.xi.x.array, s.d.x.array

    def linear_system(self) -> EdgeField:
        """The stiffness of deposit and cracked electrolyte, less what flow takes of it."""

        def stiffness(softening: Softening | None = None) -> Pair:
            return self.solid.stiffness(*self._values, softening)

        m = self.model
        given = m.edges, m.state.u, m.equations["u"].held(), preconditioners.U
        if self.flow is None:
            return EdgeField(stiffness, *given)
        return SoftenedField(stiffness, self.flow, *given)

    def forces(self) -> np.ndarray:
        """Derivative of the energy by u; at nodes of other ranks incomplete [N]."""
        found = self.solid.forces(*self._values, self.pressing.keep())
        if self.flow is not None:
            flow = self.flow.equation
            found -= flow.flow.force(flow.eps_v, self.model.state.xi.x.array)
        return self.model.equations["u"].with_pressure(found)

    def elastic_energy(self) -> float:
        """Of deposit and electrolyte [J/m]. Collective."""
        found = self.solid.elastic(*self._values)
        if self.flow is not None:
            found += self.flow.equation.relieved()
        return self._integral(found)

    def work_of_pressure(self) -> float:
        """Of that in cracks and of that on sides, held since u was 0 [J/m]. Collective."""
        within = self._integral(self.solid.pressed(*self._values, self.pressing.keep()))
        return within + self.model.equations["u"].work_of_sides()

    def _integral(self, density: np.ndarray) -> float:
        """Of values per triangle. Collective."""
        own = self.model.mesh.topology.index_map(2).size_local
        local = float(self.model.edges.areas[:own] @ density[:own])
        return self.model.comm.allreduce(local, MPI.SUM)

    # --- measured --------------------------------------------------------------------------

    @cached_property
    def _lengths(self) -> tuple[fem.Form, fem.Form]:
        """Of cracks: their energy, and their length by it."""
        surface = damage.surface_energy(self.function, self.fracture)
        return fem.form(surface * self.dx), fem.form(surface / self.fracture.G_c * self.dx)

    def _summed(self, form: fem.Form) -> float:
        return self.model.comm.allreduce(fem.assemble_scalar(form), MPI.SUM)

    def surface_energy(self) -> float:
        """Of cracks [J/m]. Collective."""
        return self._summed(self._lengths[0])

    @cached_property
    def work(self) -> Work:
        """Where the work goes."""
        energies = self.elastic_energy, self.surface_energy, self.work_of_pressure
        return Work(Body(self.model, self.pressing, *energies))

    def columns(self) -> tuple[str, ...]:
        """Names of the numbers that it adds to scalars.csv."""
        return COLUMNS if self.flow is None else (*COLUMNS, FLOWED)

    def measured(self) -> tuple[float, ...]:
        """The numbers of `COLUMNS`. Collective."""
        length = self._summed(self._lengths[1])
        opened = self._integral(self.solid.pressed(*self._values, 1.0))
        broken = self.function.x.array > BROKEN
        pressure = self.pressing.largest(broken)
        lengths = length * 1e6, self.tip() * 1e6, opened * 1e12, pressure * 1e-6
        now, work = self.work.energies(), self.work
        sums = work.sums.work, work.sums.dissipated, work.missing
        flowed = () if self.flow is None else (work.sums.flowed,)
        return *lengths, now.cracks, now.elastic, *sums, *flowed

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
