# SPDX-License-Identifier: MIT
"""The equation of the displacement u, and the stress."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import ufl

from dolfinx import fem

from solver.base import compat
from solver.cell import inert
from solver.equations.conditions import Held
from solver.equations.couplings_elastic import Stiffness, Vegard, by_triangle, von_mises
from solver.equations.equation import Equation
from solver.equations.model import Model
from solver.fields.displacement import FIELD, VON_MISES
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField
from solver.schemes.linear import KrylovField, LinearField
from solver.schemes.stage import Stage
from solver.schemes.update import KeepingUpdate, Memory, largest
from solver.terms import mechanics

NORMAL = {"anode": 1, "counter": 1, "left": 0, "right": 0}
"""Component of u that is normal to a side."""


class DisplacementEquation(Equation):
    """Elastic equilibrium in plane strain with the Vegard strain of the deposit."""

    field = FIELD
    cell_fields = (VON_MISES,)

    def __init__(self, model: Model):
        super().__init__(model)
        layers, lithium, domain = model.config.layers, model.config.lithium, model.domain
        lame = [mechanics.lame(layer.E, layer.nu) for layer in layers]
        lam_metal, mu_metal = mechanics.lame(lithium.E, lithium.nu)
        vegard = [
            domain.layer_field([layer.lambda_i[i] for layer in layers], f"lambda_{i}")
            for i in range(3)
        ]
        lam, mu = (
            domain.layer_field([x[i] for x in lame], name) for i, name in enumerate(("lam", "mu"))
        )
        skeleton = model.config.skeleton
        if skeleton is not None:
            stiff = mechanics.lame(skeleton.E, skeleton.nu)
            for field, value in zip((lam, mu), stiff, strict=True):
                inert.set_values(field, domain, value)
        self.elasticity = mechanics.Elasticity(
            model.constant(lam_metal), model.constant(mu_metal), lam, mu, vegard
        )
        self._von_mises = fem.Function(model.layer_number.function_space, name=VON_MISES.name)

    @property
    def solved(self) -> bool:
        """Without mechanics u stays 0."""
        return self.model.config.mechanics.enabled

    def coefficients(self) -> dict:
        """The elasticity of deposit and electrolyte; for P1 also its `vegard` by triangles."""
        if self.model.edges is None:
            return {"elasticity": self.elasticity}
        vegard = Vegard(by_triangle(self.elasticity, self.model.of_triangles))
        return {"elasticity": self.elasticity, "vegard": vegard}

    def conditions(self) -> tuple[Held, ...]:
        """Sides on rollers."""
        rollers = self.model.config.boundary.zero_normal_displacement
        return tuple(Held(side, component=NORMAL[side]) for side in rollers)

    def stiffness_form(self, u, xi, w) -> ufl.Form:
        """Virtual work of the total strain."""
        return mechanics.stiffness(u, self.model.solid(xi), w, self.elasticity, self.model.dx_all)

    def vegard_form(self, xi, w) -> ufl.Form:
        """Virtual work of the Vegard strain."""
        return mechanics.vegard_load(self.model.solid(xi), w, self.elasticity, self.model.dx_all)

    def linear_system(self) -> tuple[KrylovField, Callable[[], np.ndarray]]:
        """The stiffness at the state's xi, solved for u, and the Vegard strain's load."""
        m, s, held = self.model, self.model.state, self.held()
        if m.edges is None:
            load_form, load = fem.form(self.vegard_form(s.xi, m.w)), fem.Function(m.Vu)
            form = fem.form(self.stiffness_form(ufl.TrialFunction(m.Vu), s.xi, m.w))

            def assembled() -> np.ndarray:
                m.assemble_into(load, load_form)
                return load.x.array

            return LinearField(form, s.u, held, preconditioners.U), assembled
        stiffness = Stiffness(m.edges, m.solved_triangles, m.coefficients.vegard)
        system = EdgeField(lambda: stiffness(s.xi.x.array), m.edges, s.u, held, preconditioners.U)
        return system, lambda: stiffness.load(s.xi.x.array)

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [N]."""
        xi = y["xi"]
        return self.stiffness_form(y["u"], xi, test) + self.vegard_form(xi, test)

    def size(self) -> float:
        """Largest Vegard strain times the height of the cell [m]."""
        config = self.model.config
        strain = max(abs(x) for layer in config.layers for x in layer.lambda_i) or 1e-3
        return strain * config.cell_height

    def weight(self, tau):
        """Inverse of the stiffest shear modulus times the size."""
        shear = max(mechanics.lame(x.E, x.nu)[1] for x in self.model.config.layers)
        return 1 / (shear * self.size())

    def update(self) -> DisplacementUpdate | None:
        """Its share of a pass; None without mechanics, or where that of the damage finds u too."""
        alone = self.solved and self.model.config.fracture is None
        return DisplacementUpdate(self) if alone else None

    def driving_rate(self) -> float:
        """Size of f_els' times its mobility [1/s].

        h' is at most 15/8, the stress about E |lambda_i|.
        """
        m = self.model
        largest_energy = max(x.E * max(map(abs, x.lambda_i)) ** 2 for x in m.config.layers)
        n = m.numbers
        mobility = n.interface.L_sigma if n.elastic_bound is None else n.elastic_bound
        return mobility * largest_energy * 15 / 8

    def von_mises(self) -> fem.Function:
        """Von Mises stress [Pa] at the centre of every cell, a DG0 function. Collective.

        The strain of a P1 displacement is constant per cell; all else is taken at the centre.
        """
        m, s, out = self.model, self.model.state, self._von_mises
        if m.edges is None or "d" in m.equations:
            out.interpolate(self._von_mises_of_cell)
            return out
        values = (s.u.x.array, s.xi.x.array)
        found = von_mises(m.edges, m.solved_triangles, m.coefficients.vegard, *values)
        out.x.array[out.function_space.dofmap.list[:, 0]] = found
        return out

    @cached_property
    def _von_mises_of_cell(self) -> fem.Expression:
        points = compat.interpolation_points(self._von_mises.function_space)
        xi = self.model.solid(self.model.state.xi)
        sigma = mechanics.stress(self.function, xi, self.elasticity)
        if "d" in self.model.equations:
            sigma = self.model.equations["d"].stress()
        return fem.Expression(mechanics.von_mises(sigma), points)

    def cell_values(self) -> tuple[fem.Function, ...]:
        """The stress."""
        return (self.von_mises(),)

    def columns(self) -> tuple[str, ...]:
        """The largest stress."""
        return ("von_mises_max_MPa",)

    def measured(self) -> tuple[float, ...]:
        """The largest stress [MPa]."""
        return (self.model.extremes_of(self.von_mises().x.array)[1] * 1e-6,)


EQUATION = DisplacementEquation


class DisplacementUpdate(KeepingUpdate):
    """Elastic equilibrium.

    Attributes:
        guess_error: Changes of the last stage that had any, summed up from its guess.
    """

    follows = ("xi",)

    def __init__(self, equation: DisplacementEquation):
        self.model, self.state = equation.model, equation.model.state
        self.system, self.load = equation.linear_system()
        self.driving_rate = equation.driving_rate()
        self.guess_error = np.inf

    def needed(self, final: bool, number: int, tolerance: float) -> bool:
        """Whether guesses have lately been bad, or this is the first pass at the end of a step."""
        return self.guess_error > tolerance or (final and number == 0)

    def memory(self) -> Memory:
        """What the next step needs besides the states before it."""
        found = super().memory()
        return Memory(found.numbers | {"guess_error": self.guess_error}, found.arrays)

    def recall(self, memory: Memory) -> None:
        """Take over a memory; the model's state is unchanged."""
        super().recall(memory)
        self.guess_error = memory.numbers["guess_error"]

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update u; returns the change of xi that the change of stress can make in the stage."""
        m, s = self.model, self.model.state
        load = self.load()
        self.system.assemble()
        residual = -(self.system.product() + load)
        size = self.system.norm(load)
        # xi feels a fraction of u only.
        change = self.change(residual, stage.tolerance * size, 10 * stage.reduction)
        s.u.x.array[:] += change
        relative = largest(m.comm, change) / max(largest(m.comm, s.u.x.array), 1e-30)
        effect = relative * stage.tau * self.driving_rate
        self.guess_error = effect if pass_number == 0 else self.guess_error + effect
        return effect
