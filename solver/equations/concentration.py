# SPDX-License-Identifier: MIT
"""The equation of the concentration c of Li+."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.base.errors import StageRejected
from solver.equations import crowding
from solver.equations.conditions import Course, Held
from solver.equations.couplings import Transport
from solver.equations.couplings_front import TransportAhead
from solver.equations.equation import Equation
from solver.equations.kinetics import SMALLEST_INERTIA, Growth
from solver.equations.model import Model
from solver.equations.strip import Strip
from solver.fields.concentration import FIELD
from solver.laws.energy import h
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField, Pair
from solver.schemes.krylov import KrylovField
from solver.schemes.linear import LinearField
from solver.schemes.stage import LINEAR_SHARE, Base, Stage
from solver.schemes.update import KeepingUpdate, largest
from solver.terms import transport

WEIGHT = 0.5
"""Weight of an error of c/c0 against one of xi: c is swept past fixed nodes by the front, which
its error estimate takes for an error although the front carries it along."""


class ConcentrationEquation(Equation):
    """Nernst-Planck equation with the deposit as a sink."""

    field = FIELD
    balances = True

    def __init__(self, model: Model):
        super().__init__(model)
        self.D = model.per_layer("D")
        self.c0 = model.per_layer("c0")
        self.inv_c0 = self._mean_inv_c0()

    def coefficients(self) -> dict:
        """D [m^2/s], c0 [mol/m^3], and inv_c0, nodal values of 1/c0 as the lumped forms see it."""
        return {"D": self.D, "c0": self.c0, "inv_c0": self.inv_c0}

    def _mean_inv_c0(self) -> np.ndarray:
        m = self.model
        if m.degree > 1:
            areas = m.cell_areas()
            weighted = m.patch_sums(areas / self.c0.x.array[: len(areas)])
            return weighted / m.patch_sums(areas)
        weighted = m.nodal(fem.form(m.v / self.c0 * m.dx))
        unsolved, mass = m.inside_skeleton, m.lumped_mass.copy()
        mass[unsolved] = 1.0
        mean = weighted / mass
        mean[unsolved] = 1 / max(layer.c0 for layer in m.config.parts)
        return mean

    def conditions(self) -> tuple[Held, ...]:
        """The counter electrode keeps its concentration."""
        c_counter, layers = self.model.config.boundary.c_counter, self.model.config.parts
        value = layers[-1].c0 if c_counter is None else c_counter
        return (Held("counter", Course.constant(value)),)

    def transport_form(self, c, phi, v, dx=None, xi=None) -> ufl.Form:
        """Diffusion and migration of Li+; through the state's xi by default."""
        m = self.model
        F_RT = m.constant(m.numbers.F_RT)
        xi, dx = m.state.xi if xi is None else xi, dx or m.dx_one
        if self.ahead_alone:
            share = transport.share(xi, m.coefficients.kinetics.normal)
            return transport.nernst_planck(c, phi, v, self.D, F_RT, dx, share)
        term = transport.nernst_planck if m.degree == 1 else transport.nernst_planck_galerkin
        return term(c, phi, v, self._diffusivity(xi), F_RT, dx)

    @property
    def ahead_alone(self) -> bool:
        """Whether Li+ come to the front from the electrolyte alone."""
        return self.model.config.transport.in_metal == "none"

    def linear_system(self) -> KrylovField:
        """Transport at the state's phi and xi, solved for c."""
        m, s, held = self.model, self.model.state, self.held()
        if m.edges is None:
            form = fem.form(self.transport_form(ufl.TrialFunction(m.V), s.phi, m.v))
            return LinearField(form, s.c, held, preconditioners.C)
        solved, D = m.solved_triangles, m.of_triangles(self.D)
        F_RT, couplings = m.numbers.F_RT, self._couplings(solved, D)
        return EdgeField(
            lambda: couplings(F_RT * s.phi.x.array, s.xi.x.array),
            m.edges,
            s.c,
            held,
            preconditioners.C,
        )

    def _couplings(self, solved: np.ndarray, D: np.ndarray) -> Callable[..., Pair]:
        """Entries of transport's matrix for nodal values of F/(RT) times the potential, and xi."""
        m = self.model
        if not self.ahead_alone:
            return Transport(m.edges, solved, D, m.config.lithium.D)
        ahead, kinetics = TransportAhead(m.edges, solved, D), m.coefficients.kinetics
        return lambda *y: ahead(*y, kinetics.normal.x.array.reshape(-1, 2))

    def _diffusivity(self, xi):
        m, D_deposit = self.model, self.model.config.lithium.D
        if D_deposit is None:
            return self.D
        return transport.diffusivity(m.inside(xi), m.constant(D_deposit), self.D)

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [mol/m/s]."""
        m, c = self.model, y["c"]
        deposit = m.stage_deposit(y["xi"], base, closing)
        form = transport.rate(c, base.c, tau, test, m.dx)
        form += transport.plating(deposit, tau, test, m.constant(m.numbers.c_Li), m.dx)
        return form + self.transport_form(c, y["phi"], test, xi=y["xi"])

    def size(self) -> float:
        """The largest c0 [mol/m^3]."""
        return 1 / self.inv_c0.min()

    def weight(self, tau):
        """Inverse rate of the smallest node."""
        return tau / (self.model.smallest_area * self.size())

    def update(self) -> ConcentrationUpdate:
        """Its share of a pass."""
        return ConcentrationUpdate(self)

    def initialise(self, x: np.ndarray) -> None:
        """Set c0 in the electrolyte."""
        m = self.model
        metal = h(m.state.xi.x.array)
        self.function.x.array[:] = (1 - metal) / self.inv_c0 + metal * m.config.nuclei.c_inside

    def lithium(self) -> np.ndarray:
        """The Li+ of the electrolyte."""
        return self.function.x.array

    def distance(self, a: Base, b: Base) -> np.ndarray:
        """Difference of c/c0, weighted."""
        return WEIGHT * (a.c - b.c) * self.inv_c0

    def refuse(self) -> None:
        """Refuse a negative c."""
        m = self.model
        c_ratio = self.function.x.array * self.inv_c0
        lowest = m.comm.allreduce(float(c_ratio.min(initial=np.inf)), MPI.MIN)
        # As much as the linear solvers may leave at any step is no reason for a smaller one.
        if lowest < -LINEAR_SHARE * m.config.solver.pass_tolerance:
            helping = "" if m.numbers.c_half else "kinetics.c_half, "
            raise StageRejected(
                f"c/c0 fell to {lowest:.1e}: the front takes more Li+ than comes to it; {helping}"
                "a smaller phase_field.interface_length or drive helps"
            )

    def remark(self) -> str:
        """Say that Li+ crowd in the electrolyte, or in the deposit that they diffuse in."""
        m, ratio = self.model, self.function.x.array * self.inv_c0
        outside = m.state.xi.x.array < 0.5
        found = crowding.remark(m, ratio[outside])
        return found or crowding.remark(m, ratio, " in the deposit")

    # --- the flux through the sides where c is held -----------------------------------------

    def inflow(self, increment: np.ndarray, base: Base, tau: float) -> float:
        """Li+ that enters through the sides where c is held in a stage [mol/m/s]."""
        storage = self.function.x.array - base.c + self.model.numbers.c_Li * increment
        return self._sides.passing(self._outflow, storage / tau)

    @cached_property
    def _sides(self) -> Strip:
        sides = (held.side for held in self.conditions())
        return Strip(self.model, sides, self.model.rule_one)

    @cached_property
    def _outflow(self) -> fem.Form:
        """What transport takes from the rows where c is held; the front is not known before."""
        s = self.model.state
        return self._sides.form(lambda v, dx: self.transport_form(s.c, s.phi, v, dx))


EQUATION = ConcentrationEquation


class ConcentrationUpdate(KeepingUpdate):
    """Nernst-Planck with the sink linear in the new c, and xi's answer to the new c.

    The sink's slope is that of the phase field's own equation, rate_per_c/(inertia + tau slope):
    the Schur complement of the coupled system with its gradient term replaced by W, which
    balances the well for a moving front. xi is changed by what the sink has counted on, so that
    lithium is conserved to round-off whatever the tolerances.

    Attributes:
        inflow: Li+ that enters through the sides where c is held [mol/m/s], of a closed stage.
        deposit: Increment of xi that the lithium balance has taken for the stage.
    """

    follows = ("xi", "phi")

    def __init__(self, equation: ConcentrationEquation):
        self.equation, self.model = equation, equation.model
        self.system, self.state = equation.linear_system(), self.model.state
        self.inflow, self.deposit = 0.0, np.empty(0)

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update c and, locally, xi."""
        m, s, tau = self.model, self.model.state, stage.tau
        n, area = m.numbers, m.lumped_mass
        reaction, growth = m.coefficients.kinetics.reaction(tau), Growth(m, stage)
        slope = reaction.slope + reaction.well * n.interface.W
        per_c = reaction.per_c + growth.relief / tau
        rate_per_c = per_c / np.maximum(growth.inertia + tau * slope, SMALLEST_INERTIA)
        if pass_number == 0 and self.equation.ahead_alone:
            # A restart has no memory of the normal that an old preconditioner was made with.
            self.system.forget()
        self.system.assemble()
        deposit = m.stage_deposit(s.xi.x.array, stage.base, float(stage.closing))
        storage = (s.c.x.array - stage.base.c + n.c_Li * deposit) / tau
        residual = -(area * storage + self.system.product())
        self.system.release()
        scale = m.smallest_area / tau / self.equation.inv_c0.max()
        nodal = area * (1 / tau + n.c_Li * rate_per_c)
        self.change(residual, stage.tolerance * scale, stage.reduction, nodal)
        change = self.system.balance()
        s.c.x.array[:] += change
        answer = tau * rate_per_c * change
        self.deposit = deposit + answer
        self._balanced = {name: s[name].x.array.copy() for name in self.follows}
        s.xi.x.array[:] += answer
        return largest(m.comm, change * self.equation.inv_c0, answer)

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Find what has entered: with the xi and phi of the last balance, which moved after it."""
        present = {name: self.state[name].x.array.copy() for name in self.follows}
        self._set(self._balanced)
        self.inflow = self.equation.inflow(self.deposit, stage.base, stage.tau)
        self._set(present)
