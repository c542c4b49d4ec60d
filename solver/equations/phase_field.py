# SPDX-License-Identifier: MIT
"""The equation of the phase field xi."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.base.errors import StageRejected
from solver.cell import initial
from solver.equations.binary_front import BinaryKinetics
from solver.equations.couplings_elastic import ElasticDriving
from solver.equations.equation import Equation
from solver.equations.ion_front import SingleIonKinetics
from solver.equations.kinetics import Growth, PrintedKinetics
from solver.equations.model import Model
from solver.equations.thin_front import QuantitativeKinetics
from solver.fields.phase_field import FIELD
from solver.laws import energy
from solver.laws.front import PURE, from_psi, psi
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField
from solver.schemes.krylov import KrylovField
from solver.schemes.linear import LinearField
from solver.schemes.stage import Base, Stage
from solver.schemes.update import Update, largest
from solver.terms import mechanics, phase_field

LONGEST_MOVE = 2.0
"""Largest Newton step in psi."""
BOUND = {1: 1e-7, 2: 0.05}
"""How far xi may leave [0, 1] before a step is rejected, by the degree of the elements: P2 has no
maximum principle, and overshoots where it hardly resolves the front."""


class PhaseFieldEquation(Equation):
    """Allen-Cahn equation with the reaction and the elastic driving force."""

    field = FIELD

    def __init__(self, model: Model):
        super().__init__(model)
        config = model.config
        name = config.electrochemistry.closure if config.is_cell else config.kinetics.interface
        self.kinetics = KINETICS[name](model)

    @property
    def needs(self) -> tuple[str, ...]:
        """What the kinetics need, and the elasticity."""
        return (*self.kinetics.needs, "elasticity")

    def coefficients(self) -> dict:
        """The kinetics of the deposition."""
        return {"kinetics": self.kinetics}

    @property
    def _feedback(self) -> bool:
        mechanics = self.model.config.mechanics
        return mechanics.enabled and mechanics.feedback

    def gradient_form(self, xi, direction, v) -> ufl.Form:
        """Gradient-energy term."""
        m, p, i = self.model, self.model.config.phase_field, self.model.numbers.interface
        mobility, kappa_0 = self.kinetics.mobility, m.constant(i.kappa_0)
        delta, omega = m.constant(self.kinetics.delta), m.constant(p.omega)
        return phase_field.gradient(xi, direction, v, mobility, kappa_0, delta, omega, m.dx_one)

    def elastic_driving_form(self, u, xi, v) -> ufl.Form:
        """Elastic driving force."""
        m = self.model
        f = mechanics.elastic_driving_force(u, m.inside(xi), m.coefficients.elasticity)
        bound, mobility = m.numbers.elastic_bound, self.kinetics.nodal_mobility
        if bound is not None:
            mobility = m.constant(bound) * self.kinetics.nodal_beside
        return phase_field.elastic_driving(f, v, mobility, m.dx)

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [m^2/s]."""
        m, n, dx, v = self.model, self.model.numbers, self.model.dx, test
        xi = y["xi"]
        if m.degree == 1:
            slowed = 1.0
            if n.c_half:
                growth = phase_field.rate_density(xi, base.psi)
                slowed = phase_field.hindrance(growth, y["c"], m.constant(n.c_half))
            form = phase_field.rate(xi, base.psi, tau, v, dx, slowed)
        else:
            form = phase_field.plain_rate(xi, base.xi, tau, v, dx)
        well = self.kinetics.nodal_mobility, m.constant(n.interface.W)
        form += phase_field.well(xi, v, *well, dx)
        form += self.gradient_form(xi, xi, v)
        form += self.kinetics.residual(y, v)
        flux = self.kinetics.flux(xi, v)
        if flux is not None:
            form += flux
        if self._feedback:
            form += self.elastic_driving_form(y["u"], xi, v)
        return form

    def weight(self, tau):
        """Inverse rate of the smallest node."""
        return tau / self.model.smallest_area

    def update(self) -> PhaseFieldUpdate:
        """Its share of a pass."""
        return PhaseFieldUpdate(self)

    def forces(self) -> Callable[[], np.ndarray]:
        """What is not pointwise, at the nodes: gradient energy and elastic driving [m^2/s]."""
        m, s = self.model, self.model.state
        if m.edges is None:
            form = self.gradient_form(s.xi, s.xi, m.v)
            if self._feedback:
                form += self.elastic_driving_form(s.u, s.xi, m.v)
            compiled = fem.form(form)
            return lambda: m.nodal(compiled)
        gradient, kinetics = self.kinetics.gradient_energy, self.kinetics
        if not self._feedback:
            return lambda: gradient.forces(s.xi.x.array)
        driving = ElasticDriving(m.edges, m.solved_triangles, m.coefficients.vegard)
        bound, flow = m.numbers.elastic_bound, m.equations.get("eps_v")

        def forces() -> np.ndarray:
            mobility = kinetics.well() if bound is None else bound * kinetics.beside()
            force = driving(s.u.x.array, s.xi.x.array)
            if flow is not None:
                force = force + flow.driving()
            return gradient.forces(s.xi.x.array) + mobility * force

        return forces

    def linear_system(self) -> KrylovField:
        """The slope of the gradient energy at the state's xi, solved for changes of xi."""
        m, s, held = self.model, self.model.state, self.held()
        if m.edges is None:
            energy_term = self.gradient_form(s.xi, s.xi, m.v)
            hessian = fem.form(ufl.derivative(energy_term, s.xi, ufl.TrialFunction(m.V)))
            return LinearField(hessian, s.xi, held, preconditioners.XI)
        slope = self.kinetics.gradient_energy
        return EdgeField(lambda: slope(s.xi.x.array), m.edges, s.xi, held, preconditioners.XI)

    def initialise(self, x: np.ndarray) -> None:
        """Set the initial deposit."""
        m, xi = self.model, self.function.x.array
        length = m.numbers.interface.length
        xi[:] = initial.phase_field(initial.distance_in(m.config, x[:, 0], x[:, 1]), length)
        xi[m.inside_skeleton] = 0.0

    def lithium(self) -> np.ndarray:
        """The lithium of the deposit."""
        return self.model.numbers.c_Li * self.function.x.array

    def distance(self, a: Base, b: Base) -> np.ndarray:
        """Difference of xi, measured as that of psi on P1."""
        # Where P2 leaves [0, 1], psi is cut off and its differences mean nothing.
        lumped = self.model.degree == 1
        return b.xi * (1 - b.xi) * (a.psi - b.psi) if lumped else a.xi - b.xi

    def refuse(self) -> None:
        """Refuse a xi outside [0, 1]."""
        xi, comm = self.function.x.array, self.model.comm
        outside = comm.allreduce(float(max(-xi.min(initial=0), xi.max(initial=1) - 1)), MPI.MAX)
        if outside > BOUND[self.model.degree]:
            raise StageRejected(f"xi left [0, 1] by {outside:.1e}")

    def hold(self, t: float, everything: bool = False) -> None:
        """Let the kinetics follow the boundary values."""
        super().hold(t, everything)
        self.kinetics.hold(t)

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Let the kinetics take what stays as it is for a step."""
        return self.kinetics.begin_step(t, dt, base)


EQUATION = PhaseFieldEquation
KINETICS = {
    "printed": PrintedKinetics,
    "quantitative": QuantitativeKinetics,
    "single_ion": SingleIonKinetics,
    "binary": BinaryKinetics,
}
"""The kinetics by the name of the interface in a config, or of the closure that brings its own."""


def moved(xi: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Newton step taken in psi, which keeps xi within (0, 1)."""
    weight = xi * (1 - xi)
    pure = weight <= PURE
    step = np.clip(change / np.where(pure, 1.0, weight), -LONGEST_MOVE, LONGEST_MOVE)
    inside = from_psi(psi(xi) + step)
    return np.where(pure, np.clip(xi + change, 0.0, 1.0), inside)


class PhaseFieldUpdate(Update):
    """Newton step of the Allen-Cahn equation; its matrix is the Hessian of the energies.

    Its diagonal is all of its preconditioner, and made anew every time.
    """

    def __init__(self, equation: PhaseFieldEquation):
        self.model, self.kinetics = equation.model, equation.kinetics
        self.system, self.forces = equation.linear_system(), equation.forces()

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update xi."""
        m, s, tau = self.model, self.model.state, stage.tau
        i, area = m.numbers.interface, m.lumped_mass
        reaction, growth = self.kinetics.reaction(tau), Growth(m, stage)
        xi = s.xi.x.array
        rate = growth.value / tau + reaction.well * energy.dg(xi, i.W)
        rate += reaction.value
        if pass_number == 0:
            self.kinetics.share = 1.0
            self.system.assemble()  # a Newton matrix may lag within the stage, the residual not
            self.system.release()
        self.system.add_diagonal(area * (growth.inertia / tau + reaction.slope))
        change = self.system.solve(
            -(area * rate + self.forces()),
            stage.tolerance * self.kinetics.smallest_change(tau) * m.smallest_area / tau,
            stage.reduction,
        )
        s.xi.x.array[:] = moved(xi, self.kinetics.share * change)
        return largest(m.comm, change)
