# SPDX-License-Identifier: MIT
"""One field's share of a pass of the split scheme.

Each class owns the field's linear system and brings the field closer to the solution of the
implicit stage (y - base)/tau = f(y), all other fields held. `solve` returns the largest change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.equations.model import Model
from solver.laws import energy
from solver.schemes import preconditioners
from solver.schemes.linear import LinearField
from solver.terms import phase_field

SMALLEST_INERTIA = 0.3
"""Bounds the Newton slope of the rate far from the solution."""
LONGEST_MOVE = 2.0
"""Largest Newton step in psi."""
INEXACT = 1e-3
"""Residual reduction by one linear solve. Passes would converge with less; but what the solver
leaves depends on the number of ranks, and must not decide how many passes or which step follow."""
LINEAR_SHARE = 1e-2
"""What the linear solvers may leave, relative to the pass tolerance."""


@dataclass(frozen=True)
class Base:
    """Nodal values that an implicit stage starts from, ghosts included.

    Attributes:
        xi: Phase field, for the lithium and charge balances.
        psi: Its front coordinate, for its own equation.
        c: Concentration [mol/m^3].
        h: h(xi), for a charge balance that counts the deposit by it.
    """

    xi: np.ndarray
    psi: np.ndarray
    c: np.ndarray
    h: np.ndarray

    @classmethod
    def of(cls, xi: np.ndarray, c: np.ndarray) -> Base:
        """The base of a step of implicit Euler from (xi, c)."""
        return cls(xi, phase_field.psi(xi), c, energy.h(xi))

    def beyond(self, later: Base, ratio: float) -> Base:
        """The base on the line from this one through a later one, `ratio` times as far."""
        fields = ("xi", "psi", "c", "h")
        pairs = ((getattr(self, name), getattr(later, name)) for name in fields)
        return Base(*(a + ratio * (b - a) for a, b in pairs))


@dataclass(frozen=True)
class Stage:
    """One implicit stage (y - base)/tau = f(y).

    Attributes:
        base: What it starts from.
        tau: Effective step [s].
        tolerance: Largest change of a node by what the linear solvers leave.
        reduction: Reduction of the residual by a linear solve that is enough as well.
        closing: Whether it ends a step.
        resting: Whether xi is held, as before the first step.
    """

    base: Base
    tau: float
    tolerance: float
    reduction: float
    closing: bool
    resting: bool = False

    @classmethod
    def of(cls, base: Base, tau: float, pass_tolerance: float, closing: bool) -> Stage:
        """The stage with the linear tolerances that a tolerance of the passes wants."""
        share, reduction = LINEAR_SHARE * pass_tolerance, min(INEXACT, pass_tolerance)
        return cls(base, tau, share, reduction, closing)

    def increment(self, xi: np.ndarray) -> np.ndarray:
        """Deposit that the balances take for the stage, over tau."""
        return phase_field.increment(xi, self.base.xi, self.base.psi, float(self.closing))


def largest(model: Model, values: np.ndarray) -> float:
    """Largest magnitude over all ranks."""
    return model.domain.comm.allreduce(float(np.abs(values).max(initial=0.0)), MPI.MAX)


class Growth:
    """The rate's side of the phase field's equation at the nodes, times tau.

    Attributes:
        value: `rate_density`, hindered where Li+ is scarce.
        inertia: Its Newton slope in xi, (1 + (1 - 2 xi)(psi - psi_base)) hindered, kept positive.
        relief: Its fall with c [m^3/mol].
    """

    def __init__(self, model: Model, stage: Stage):
        xi, c_half = model.state.xi.x.array, model.numbers.c_half
        self.value = phase_field.rate_density(xi, stage.base.psi)
        slope = 1 + (1 - 2 * xi) * (phase_field.psi(xi) - stage.base.psi)
        self.inertia = np.maximum(slope, SMALLEST_INERTIA)
        self.relief = 0.0
        if c_half:
            # Below the floor the slope of its edge, for that is where c is to come back to.
            c = np.maximum(model.state.c.x.array, phase_field.SCARCEST * c_half)
            slowed = phase_field.hindrance(self.value, c, c_half)
            self.relief = np.maximum(self.value, 0.0) * c_half / c**2
            self.value, self.inertia = slowed * self.value, slowed * self.inertia


def moved(xi: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Newton step taken in psi, which keeps xi within (0, 1)."""
    weight = xi * (1 - xi)
    pure = weight <= phase_field.PURE
    step = np.clip(change / np.where(pure, 1.0, weight), -LONGEST_MOVE, LONGEST_MOVE)
    inside = phase_field.from_psi(phase_field.psi(xi) + step)
    return np.where(pure, np.clip(xi + change, 0.0, 1.0), inside)


class Reaction:
    """Butler-Volmer factors at the nodes for the current c and phi, and their slopes."""

    def __init__(self, model: Model, tau: float):
        n, s = model.numbers, model.state
        anodic, self.cathodic = model.rate_factors(s.phi.x.array)
        self.B = anodic - s.c.x.array * self.cathodic
        # h' is quadratic at 0 and 1: round-off outside must not act as a source.
        self.xi = np.clip(s.xi.x.array, 0.0, 1.0)
        i = n.interface
        slope = i.L_sigma * energy.ddg(self.xi, i.W) + i.L_eta * energy.ddh(self.xi) * self.B
        # A Newton slope, bounded so that the diagonal stays positive for any step.
        self.slope = np.maximum(slope, -0.5 / tau)
        self.rate_per_c = i.L_eta * energy.dh(self.xi) * self.cathodic
        # eta follows phi, unless it is applied.
        both = (1 - n.alpha) * anodic + n.alpha * s.c.x.array * self.cathodic
        self.B_per_phi = 0.0 if n.applied else n.F_RT * both


class PhaseFieldUpdate:
    """Newton step of the Allen-Cahn equation; its matrix is the Hessian of the energies."""

    def __init__(self, model: Model):
        self.model, s = model, model.state
        gradient = energy_term = model.gradient_form(s.xi, s.xi)
        if model.config.mechanics.enabled and model.config.mechanics.feedback:
            gradient = energy_term + model.elastic_driving_form(s.u, s.xi)
        self.forces_form = fem.form(gradient)
        hessian = fem.form(ufl.derivative(energy_term, s.xi, ufl.TrialFunction(model.V)))
        self.system = LinearField(hessian, s.xi, model.held_dofs("xi"), preconditioners.XI)
        self.forces = fem.Function(model.V)

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update xi."""
        m, s, tau = self.model, self.model.state, stage.tau
        i, area = m.numbers.interface, m.lumped_mass
        reaction, growth = Reaction(m, tau), Growth(m, stage)
        m.assemble_into(self.forces, self.forces_form)
        xi = s.xi.x.array
        rate = growth.value / tau + i.L_sigma * energy.dg(xi, i.W)
        rate += i.L_eta * energy.dh(reaction.xi) * reaction.B
        if pass_number == 0:
            self.system.assemble()  # a Newton matrix may lag within the stage, the residual not
        self.system.add_diagonal(area * (growth.inertia / tau + reaction.slope))
        change = self.system.solve(
            -(area * rate + self.forces.x.array),
            stage.tolerance * m.smallest_area / tau,
            stage.reduction,
        )
        s.xi.x.array[:] = moved(xi, change)
        return largest(m, change)


class ConcentrationUpdate:
    """Nernst-Planck with the sink linear in the new c, and xi's answer to the new c.

    The sink's slope is that of the phase field's own equation, rate_per_c/(inertia + tau slope):
    the Schur complement of the coupled system with its gradient term replaced by W, which
    balances the well for a moving front. xi is changed by what the sink has counted on, so that
    lithium is conserved to round-off whatever the tolerances.

    Attributes:
        inflow: Li+ that enters through the counter electrode [mol/m/s].
        deposit: Increment of xi that the lithium balance has taken for the stage.
    """

    def __init__(self, model: Model):
        self.model, s = model, model.state
        trial = ufl.TrialFunction(model.V)
        self.system = LinearField(
            fem.form(model.transport_form(trial, s.phi)),
            s.c,
            model.held_dofs("c"),
            preconditioners.C,
        )
        self.inflow, self.deposit = 0.0, np.empty(0)

    def forget(self) -> None:
        """Make a new preconditioner at the next solve."""
        self.system.forget()

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update c and, locally, xi."""
        m, s, tau = self.model, self.model.state, stage.tau
        n, area = m.numbers, m.lumped_mass
        reaction, growth = Reaction(m, tau), Growth(m, stage)
        slope = reaction.slope + n.interface.L_sigma * n.interface.W
        per_c = reaction.rate_per_c + growth.relief / tau
        rate_per_c = per_c / np.maximum(growth.inertia + tau * slope, SMALLEST_INERTIA)
        self.system.assemble()
        deposit = stage.increment(s.xi.x.array)
        storage = (s.c.x.array - stage.base.c + n.c_Li * deposit) / tau
        residual = -(area * storage + self.system.product())
        self.system.add_diagonal(area * (1 / tau + n.c_Li * rate_per_c))
        self.system.fix_rows()
        scale = m.smallest_area / tau / m.inv_c0.max()
        self.system.solve(
            residual, stage.tolerance * scale, stage.reduction, reuse=not self.system.worn
        )
        change = self.system.balance()
        s.c.x.array[:] += change
        answer = tau * rate_per_c * change
        s.xi.x.array[:] += answer
        self.deposit = deposit + answer
        # With the potential that this c belongs to: phi is updated after it.
        self.inflow = m.inflow(self.deposit, stage.base.c, tau)
        return max(largest(m, change * m.inv_c0), largest(m, answer))
