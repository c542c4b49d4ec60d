# SPDX-License-Identifier: MIT
"""The equation of the displacement u."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.cell import inert
from solver.equations import pushed_side
from solver.equations.conditions import Held
from solver.equations.couplings_elastic import Stiffness, Vegard, by_triangle
from solver.equations.equation import Equation
from solver.equations.model import Model
from solver.equations.pushed_side import PushedSide
from solver.equations.side_force import SideForce
from solver.equations.solid_update import ElasticUpdate
from solver.equations.stress import Stress
from solver.fields.displacement import FIELD, PRESSURE, VON_MISES
from solver.fields.record import CellField
from solver.input import electrochemistry
from solver.input.mechanics import ACROSS, HOLDING, NORMAL
from solver.laws import elasticity
from solver.laws.bounds import SMALL_STRAIN
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField
from solver.schemes.krylov import KrylovField
from solver.schemes.linear import LinearField
from solver.terms import mechanics


class DisplacementEquation(Equation):
    """Elastic equilibrium in plane strain with the Vegard strain of the deposit.

    Attributes:
        elasticity: Of deposit and electrolyte.
        stress: What is seen of the stress.
        anew: Whether what presses has just become another.
    """

    field = FIELD
    anew = False

    def __init__(self, model: Model):
        super().__init__(model)
        layers, lithium, domain = model.config.parts, model.config.lithium, model.domain
        lame = [elasticity.lame(layer.E, layer.nu) for layer in layers]
        lam_metal, mu_metal = elasticity.lame(lithium.E, lithium.nu)
        vegard = [
            domain.layer_field([layer.lambda_i[i] for layer in layers], f"lambda_{i}")
            for i in range(3)
        ]
        lam, mu = (
            domain.layer_field([x[i] for x in lame], name) for i, name in enumerate(("lam", "mu"))
        )
        skeleton = model.config.skeleton
        if skeleton is not None:
            stiff = elasticity.lame(skeleton.E, skeleton.nu)
            for field, value in zip((lam, mu), stiff, strict=True):
                inert.set_values(field, domain, value)
        self.elasticity = mechanics.Elasticity(
            model.constant(lam_metal), model.constant(mu_metal), lam, mu, vegard
        )
        self.stress = Stress(model)
        self._stack_pressure = model.constant(electrochemistry.first_pressure(model.config))

    @property
    def cell_fields(self) -> tuple[CellField, ...]:
        """The stress; where something presses or flows the pressure too."""
        return (VON_MISES, PRESSURE) if self.tells_pressure else (VON_MISES,)

    @property
    def tells_pressure(self) -> bool:
        """Whether the pressure is shown: a side presses, lithium flows, or it acts on it."""
        config, given = self.model.config, self.model.config.mechanics
        tells = self.is_pressed or given.sides.of("pushed") or given.pressure_potential
        flows = config.lithium.flow != "none"
        return given.enabled and self.model.edges is not None and bool(tells or flows)

    @property
    def is_pressed(self) -> bool:
        """Whether a stack presses on sides."""
        return bool(self.model.config.mechanics.sides.of("pressure"))

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
        """Sides on rollers, those that are fixed, and the one that is pushed."""
        given = self.model.config.mechanics
        sides, speed = given.sides, given.push_speed
        rollers = [Held(side, component=NORMAL[side]) for side in sides.of("roller")]
        fixed = [Held(side, component=a) for side in sides.of("fixed") for a in ACROSS]
        pushed = [pushed_side.held(side, speed) for side in sides.of("pushed")]
        return (*rollers, *fixed, *(pushed if self.solved else ()))

    def held(self) -> np.ndarray:
        """Degrees of freedom that are held; if a rigid motion is left, one at a corner too."""
        domain, V = self.model.domain, self.function.function_space
        sides = self.model.config.mechanics.sides
        found = super().held()
        for component in sides.loose:
            # The held side faces along the other component: it ends at a corner of these.
            corner = np.intersect1d(
                domain.dofs(V, sides.of(*HOLDING)[0]), domain.dofs(V, ACROSS[component][0])
            )
            found = np.union1d(found, (2 * corner + component).astype(np.int32))
        return found

    def pressure_form(self, w) -> ufl.Form | None:
        """Virtual work against the pressure on sides; None if none is pressed."""
        m, given = self.model, self.model.config.mechanics
        tags = tuple(m.domain.tags[side] for side in given.sides.of("pressure"))
        if not tags:
            return None
        ds = ufl.Measure("ds", m.mesh, subdomain_data=m.domain.facet_tags)(tags)
        return mechanics.pressure(self._stack_pressure, w, m.mesh, ds)

    @property
    def stack_pressure(self) -> float:
        """On the sides that are under pressure [Pa]."""
        return float(self._stack_pressure.value)

    def press(self, pressure: float | None) -> bool:
        """Take a pressure on these sides [Pa], None: none; tells whether it is another."""
        changes = self.stack_pressure != (pressure or 0.0)
        self._stack_pressure.value = pressure or 0.0
        return changes

    @cached_property
    def _pressed(self) -> np.ndarray | None:
        """Load of 1 Pa on the sides that are under pressure [m]; None without."""
        form, now = self.pressure_form(self.model.w), self.stack_pressure
        if form is None:
            return None
        load = fem.Function(self.model.Vu)
        self.press(1.0)
        self.model.assemble_into(load, fem.form(form))
        self.press(now)
        return load.x.array

    def with_pressure(self, load: np.ndarray) -> np.ndarray:
        """A load with that of the pressure on sides [N]."""
        return load if self._pressed is None else load + self.stack_pressure * self._pressed

    def work_of_sides(self) -> float:
        """Work of the pressure on sides, of a held pressure since u was 0 [J/m]. Collective."""
        if self._pressed is None:
            return 0.0
        index_map, u = self.model.V.dofmap.index_map, self.model.state.u.x.array
        own = 2 * index_map.size_local
        local = -self.stack_pressure * float(self._pressed[:own] @ u[:own])
        return self.model.comm.allreduce(local, MPI.SUM)

    def hold(self, t: float, everything: bool = False) -> None:
        """See `Equation`. Collective with a side that is pushed."""
        if self._pushed is not None:
            self._pushed.follow(self.function, t)
        super().hold(t, everything)
        self.anew = self.anew or everything  # it may have leapt

    @cached_property
    def _pushed(self) -> PushedSide | None:
        """The side that is pushed, if one is."""
        sides = self.model.config.mechanics.sides.of("pushed")
        return PushedSide(self.model, *sides) if sides and self.solved else None

    @cached_property
    def _wall(self) -> SideForce | None:
        """What that side bears; None without, or for P2."""
        known = self._pushed is not None and self.model.edges is not None
        return SideForce(self.model, self._pushed.side) if known else None

    def borne(self, force: np.ndarray) -> float:
        """Norm of nodal forces on that side [N], against which others are judged; 0 without."""
        return 0.0 if self._pushed is None else self._pushed.norm(force)

    def heed_pressure(self) -> float:
        """Have the electrodes take the pressures of the state; returns how far that shifts them.

        In that which counts as one in a pass of their potential.
        """
        heeds = self.model.config.mechanics.pressure_potential
        return self.model.coefficients.kinetics.heed_pressure() if heeds else 0.0

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
                return self.with_pressure(load.x.array)

            return LinearField(form, s.u, held, preconditioners.U), assembled
        stiffness = Stiffness(m.edges, m.solved_triangles, m.coefficients.vegard)
        options = preconditioners.U_SPARING if m.edges.sparing else preconditioners.U
        system = EdgeField(lambda: stiffness(s.xi.x.array), m.edges, s.u, held, options)
        return system, lambda: self.with_pressure(stiffness.load(s.xi.x.array))

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [N]."""
        xi = y["xi"]
        form = self.stiffness_form(y["u"], xi, test) + self.vegard_form(xi, test)
        pressed = self.pressure_form(test)
        return form if pressed is None else form + pressed

    def size(self) -> float:
        """Largest Vegard strain, or strain by pressure, times the height of the cell [m]."""
        config = self.model.config
        strain = max(abs(x) for layer in config.parts for x in layer.lambda_i) or 1e-3
        softest = min(config.lithium.E, *(layer.E for layer in config.parts))
        strain = max(strain, (config.mechanics.stack_pressure or 0.0) / softest)
        return strain * config.cell_height

    def weight(self, tau):
        """Inverse of the stiffest shear modulus times the size."""
        shear = max(elasticity.lame(x.E, x.nu)[1] for x in self.model.config.parts)
        return 1 / (shear * self.size())

    def update(self) -> ElasticUpdate | None:
        """Its share of a pass; None without mechanics, or where another's update finds u too."""
        config = self.model.config
        alone = self.solved and config.lithium.flow == "none" and config.fracture is None
        return ElasticUpdate(self) if alone else None

    def driving_rate(self) -> float:
        """Size of f_els' times its mobility [1/s].

        h' is at most 15/8, the stress about E |lambda_i|.
        """
        m = self.model
        largest_energy = max(x.E * max(map(abs, x.lambda_i)) ** 2 for x in m.config.parts)
        n = m.numbers
        mobility = n.interface.L_sigma if n.elastic_bound is None else n.elastic_bound
        return mobility * largest_energy * 15 / 8

    def remark(self) -> str:
        """Say that strains are no longer small; those across a crack are its opening."""
        whole = self.solved and self.model.edges is not None and "d" not in self.model.equations
        if not whole or (most := self.stress.largest_strain()) <= SMALL_STRAIN:
            return ""
        why = "a modulus, a lambda_i or a pressure may have the wrong unit"
        if self._wall is not None:
            why = "end the run before that, or give a lower mechanics.push_speed"
        return (
            f"strains are not small, up to {most:.2g} by then: the laws of the solid are for small "
            f"ones, so u and the stress are not to be trusted; {why}"
        )

    def cell_values(self) -> tuple[fem.Function, ...]:
        """The stress, and the pressure where it is shown."""
        found = (self.stress.von_mises(),)
        return (*found, self.stress.pressure()) if self.tells_pressure else found

    def columns(self) -> tuple[str, ...]:
        """The largest stress, the largest pressure in lithium where it is shown, those on sides.

        Without mechanics there are none: u is 0, and Vegard's strain alone would be a stress.
        """
        if not self.solved:
            return ()
        shown = ("lithium_pressure_max_MPa",) if self.tells_pressure else ()
        pressed = ("stack_pressure_MPa",) if self.is_pressed else ()
        pushed = ("wall_pressure_MPa",) if self._wall is not None else ()
        return ("von_mises_max_MPa", *shown, *pressed, *pushed)

    def measured(self) -> tuple[float, ...]:
        """The numbers of `columns`. Collective."""
        if not self.columns():
            return ()
        largest = self.model.extremes_of(self.stress.von_mises().x.array)[1] * 1e-6
        shown = (self.stress.largest_in_lithium(),) if self.tells_pressure else ()
        pressed = (self.stack_pressure * 1e-6,) if self.is_pressed else ()
        pushed = (self._wall.pressure() * 1e-6,) if self._wall is not None else ()
        return (largest, *shown, *pressed, *pushed)


EQUATION = DisplacementEquation
