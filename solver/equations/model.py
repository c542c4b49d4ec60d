# SPDX-License-Identifier: MIT
"""The equations of one config on one mesh: unknowns, measures, coefficients."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cached_property
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem, la

from solver.base import fem_petsc, memory
from solver.base.errors import SolverError
from solver.cell import boundaries, inert, network
from solver.cell.domain import Domain
from solver.cell.edges import Edges
from solver.equations.fields import State
from solver.equations.numbers import numbers
from solver.fields import known
from solver.input.config import Config
from solver.laws import energy, thin_front
from solver.schemes.stage import Base
from solver.terms import phase_field

RULES = {
    1: ({"quadrature_rule": "vertex", "quadrature_degree": 1}, {"quadrature_degree": 0}),
    2: ({"quadrature_degree": 6}, {"quadrature_degree": 6}),
}
"""Quadrature of `dx` and `dx_one`, by the degree of the elements. Degree 6 leaves an error below
that of P2 although most integrands are not polynomials."""

SOLID = ("displacement", "damage", "flow")
ORDER = {
    "printed": (*known.MODULES, "flow"),
    "single_ion": ("phase_field", "ion_potential", "electrons", *SOLID),
    "binary": ("phase_field", "binary_potential", "salt", "electrons", *SOLID),
}
"""Modules of the equations of a closure, in the order of a pass."""


class Measure(NamedTuple):
    """A function of xi that counts deposit.

    Attributes:
        name: Of its base in a stage.
        value: The function.
        slope: Its derivative.
    """

    name: str
    value: Callable
    slope: Callable


class Model:
    """The unknowns in `state`, and an equation for each.

    Attributes:
        equations: The equations by the name of their field, in the order of a pass.
        coefficients: What the equations bring along, by name.
        degree: Degree of the elements.
        dx: Vertex rule for P1, which lumps everything that is not constant per triangle; over all
            cells in which ions, deposit and charge are solved for.
        dx_all: The same over all cells, the skeleton's too.
        dx_one: One-point rule for P1, exact for integrands that are constant per triangle.
        rule: Quadrature of `dx`; `rule_one` that of `dx_one`.
        lumped_mass: Integrals of the basis functions [m^2], ghosts included: the nodal areas of
            P1, but 0 at the corners of P2.
        edges: Edges of the triangles for P1, None for P2.
        solved: DG0 function: 1 where xi, c and phi are solved for, 0 in the skeleton.
        inside_skeleton: Nodes of the skeleton that belong to no other cell.
        smallest_area: Smallest nodal area, or cell area of P2 [m^2].
    """

    def __init__(self, config: Config, domain: Domain):
        self.config, self.domain = config, domain
        self.comm, self.mesh = domain.comm, domain.mesh
        self.numbers = numbers(config)
        self.degree = config.solver.degree
        names = ORDER[config.electrochemistry.closure]
        made = [importlib.import_module(f"solver.equations.{name}") for name in names]
        kinds = [module.EQUATION for module in made if module.EQUATION.wanted(config)]
        self.fields = tuple(kind.field for kind in kinds)
        self.state = State(domain.mesh, self.fields, self.degree)
        self.V, self.Vu = self.state.spaces[1], self.state.spaces[2]
        self.v, self.w = ufl.TestFunction(self.V), ufl.TestFunction(self.Vu)
        self.rule, self.rule_one = RULES[self.degree]
        self.dx, self.dx_one, self.dx_all = inert.measures(domain, self.rule, self.rule_one)
        self.edges = Edges(self.V) if self.degree == 1 else None
        self.lumped_mass = self.nodal(fem.form(self.v * self.dx))
        self._measure_nodes()
        self.solved = inert.share_solved(domain)
        self.layer_number = domain.part_number()
        self.equations = {kind.field.name: kind(self) for kind in kinds}
        self._share_coefficients()

    def _measure_nodes(self) -> None:
        if self.degree == 1:
            smallest = float(self.lumped_mass[self.lumped_mass > 0].min())
            self.inside_skeleton = np.flatnonzero(self.lumped_mass == 0)
        else:
            smallest = float(self.cell_areas().min(initial=np.inf))
            self.inside_skeleton = np.empty(0, dtype=np.int32)
        self.smallest_area = self.comm.allreduce(smallest, MPI.MIN)

    def _share_coefficients(self) -> None:
        brought = [equation.coefficients() for equation in self.equations.values()]
        self.coefficients = SimpleNamespace(**{k: v for part in brought for k, v in part.items()})
        for name, equation in self.equations.items():
            for needed in equation.needs:
                if not hasattr(self.coefficients, needed):
                    raise SolverError(f"the equation of {name} needs {needed}, which none brings")

    # --- for equations ---------------------------------------------------------------------

    def per_layer(self, key: str) -> fem.Function:
        """DG0 function of a property of layers and regions, by its key in the config.

        In the band of a boundary it is that of the band.
        """
        field = self.domain.layer_field([getattr(x, key) for x in self.config.parts], key)
        band = self.config.grain_boundaries
        if band is not None and key in boundaries.KEYS:
            sigma = field
            if key == "D":
                sigma = self.domain.layer_field([x.sigma_ion for x in self.config.parts], key)
            values = field.x.array, sigma.x.array, self._band.x.array
            field.x.array[:] = boundaries.KEYS[key](band, *values)
        return field

    @cached_property
    def _band(self) -> fem.Function:
        """Density of the bands of boundaries [1/m]."""
        return network.density(self.domain, self.config.grain_boundaries.width)

    @staticmethod
    def of_triangles(function: fem.Function) -> np.ndarray:
        """Values of a DG0 function in the order of this rank's triangles, to be read alone.

        Those of ghosts are included.
        """
        return memory.compact(function.x.array[function.function_space.dofmap.list[:, 0]])

    @cached_property
    def solved_triangles(self) -> np.ndarray:
        """`solved` in the order of this rank's triangles."""
        return self.of_triangles(self.solved)

    def constant(self, value: float) -> fem.Constant:
        """A number that can change without recompiling the forms that hold it."""
        return fem.Constant(self.domain.mesh, PETSc.ScalarType(value))

    def nodal(self, form: fem.Form) -> np.ndarray:
        """Assemble a linear form on a scalar space; nodal values with ghosts updated."""
        out = fem.Function(self.V)
        self.assemble_into(out, form)
        return out.x.array

    @staticmethod
    def assemble_into(out: fem.Function, *forms: fem.Form) -> None:
        """Assemble the sum of linear forms into `out`, ghosts updated."""
        out.x.array[:] = 0
        for form in forms:
            fem_petsc.assemble_vector(out.x.petsc_vec, form)
        out.x.petsc_vec.ghostUpdate(PETSc.InsertMode.ADD, PETSc.ScatterMode.REVERSE)
        out.x.scatter_forward()

    def cell_areas(self) -> np.ndarray:
        """Areas of the cells that this rank owns [m^2]."""
        test = ufl.TestFunction(self.domain.constants)
        areas = fem.assemble_vector(fem.form(test * self.dx_one)).array
        return areas[: self.mesh.topology.index_map(2).size_local]

    def patch_sums(self, per_cell: np.ndarray) -> np.ndarray:
        """At every node, ghosts included, the sum of a value per owned cell over its cells."""
        out, cells = fem.Function(self.V), self.V.dofmap.list[: len(per_cell)]
        np.add.at(out.x.array, cells.ravel(), np.repeat(per_cell, cells.shape[1]))
        out.x.scatter_reverse(la.InsertMode.add)
        out.x.scatter_forward()
        return out.x.array

    def solid(self, xi):
        """Phase field as the elasticity of all cells sees it: 0 in the skeleton."""
        xi = self.inside(xi)
        return xi if self.config.skeleton is None else self.solved * xi

    def inside(self, xi):
        """Phase field as P2 coefficients see it, cut off to [0, 1], where P1 is by itself.

        P2 undershoots ahead of the front, and h(-0.01) times a metallic conductivity would outweigh
        the electrolyte's.
        """
        return xi if self.degree == 1 else ufl.max_value(0.0, ufl.min_value(xi, 1.0))

    def stage_deposit(self, xi, base: Base, closing):
        """Deposit that the balances take for a stage; of forms, or of nodal values."""
        if self.degree > 1:
            return xi - base.xi
        return phase_field.increment(xi, base.xi, base.psi, closing)

    def stage_charged(self, xi, base: Base, closing):
        """Increment of the charge's source for a stage; of forms, or of nodal values."""
        if self.measure is None:
            return self.stage_deposit(xi, base, closing)
        return self._increment_of_measure(xi, base, closing)

    @property
    def measure(self) -> Measure | None:
        """Of the deposit that takes the charge; None where it is xi."""
        if self.config.potential.source == "h":
            return Measure("h", energy.h, energy.dh)
        if self.config.kinetics.interface == "quantitative":
            return Measure("charged", thin_front.charged, thin_front.charged_slope)
        return None

    def _increment_of_measure(self, xi, base: Base, closing):
        name, value, slope = self.measure
        return phase_field.increment_of(value, slope, xi, getattr(base, name), base.psi, closing)

    # --- for schemes and the integrator ----------------------------------------------------

    def base(self) -> Base:
        """The base of a step of implicit Euler from the present values."""
        return Base.of(self.fields, self.state.arrays())

    def deposit(self, base: Base, closing: float) -> np.ndarray:
        """Increment of xi that the balances take for a stage that ends in the present state."""
        return self.stage_deposit(self.state.xi.x.array, base, closing)

    def taken(self, base: Base, new: Base, deposit: np.ndarray) -> dict[str, np.ndarray]:
        """What the balances took in a stage, where that is not the way from its base to its result.

        Args:
            base: Base of the stage.
            new: Its result.
            deposit: Increment of xi that the lithium balance took.
        """
        if self.measure is None:
            return {"xi": deposit}
        return {"xi": deposit, self.measure.name: self._increment_of_measure(new.xi, base, 0.0)}

    def inflow(self, increment: np.ndarray, base: Base, tau: float) -> float:
        """Li+ that enters through the boundary in a stage [mol/m/s]."""
        balancing = next(x for x in self.equations.values() if x.balances)
        return balancing.inflow(increment, base, tau)

    def end_stage(self, base: Base, tau: float, closing: float) -> None:
        """Let the equations take note of a stage that has been solved."""
        for equation in self.equations.values():
            equation.end_stage(base, tau, closing)

    def hold(self, t: float, everything: bool = False) -> None:
        """Bring boundary values to those of time t [s]: those that change in time, or all."""
        for equation in self.equations.values():
            equation.hold(t, everything)

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take from the state at time t [s] what stays for a step of dt [s]; returns its base."""
        for equation in self.equations.values():
            base = equation.begin_step(t, dt, base)
        return base

    def turns(self, t: float) -> bool:
        """Whether a boundary value changes its rate at time t [s]."""
        held = [x for equation in self.equations.values() for x in equation.conditions()]
        return any(x.course.turns(t) for x in held)

    def initialise(self) -> None:
        """Set the initial values of all fields."""
        x = self.V.tabulate_dof_coordinates()
        for equation in self.equations.values():
            equation.initialise(x)
        self.hold(0.0, everything=True)

    # --- measured --------------------------------------------------------------------------

    def extremes(self, function: fem.Function) -> tuple[float, float]:
        """Least and largest nodal value of a scalar field over all ranks."""
        return self.extremes_of(function.x.array[: self.V.dofmap.index_map.size_local])

    def extremes_of(self, values: np.ndarray) -> tuple[float, float]:
        """Least and largest of the values that all ranks have."""
        low = self.comm.allreduce(float(values.min(initial=np.inf)), MPI.MIN)
        return low, self.comm.allreduce(float(values.max(initial=-np.inf)), MPI.MAX)
