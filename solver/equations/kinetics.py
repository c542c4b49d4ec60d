# SPDX-License-Identifier: MIT
"""The printed kinetics of the deposition, at the nodes and in forms, and the growth they drive."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import ufl

from solver.equations.couplings import GradientEnergy
from solver.equations.model import Model
from solver.laws import energy, kinetics
from solver.laws.front import psi
from solver.laws.kinetics import butler_volmer
from solver.schemes.stage import Base, Stage
from solver.terms import phase_field

SMALLEST_INERTIA = 0.3
"""Bounds the Newton slope of the rate far from the solution."""
STEEPEST_FALL = -0.5
"""Bounds the Newton slope of the reaction, times the effective step."""


def overpotential(model: Model, y: dict[str, Any]):
    """eta = phi - phi_eq [V], of nodal values or in a form.

    Args:
        model: The model.
        y: The unknowns by name, as arrays or expressions.
    """
    n, phi = model.numbers, y["phi"]
    return n.phi_anode - n.phi_eq + 0 * phi if n.applied else phi - n.phi_eq


def fall(model: Model, y: dict[str, Any], of):
    """F (phi - phi_m)/RT of the potential against one of the deposit, of nodal values or in a form.

    Args:
        model: The model.
        y: The unknowns by name, as arrays or expressions.
        of: phi_m [V].
    """
    difference = y["phi"] - of
    F_RT = model.numbers.F_RT
    return (F_RT if isinstance(difference, np.ndarray) else model.constant(F_RT)) * difference


def of_deposit(model: Model, t: float) -> float:
    """Potential of a deposit that is the anode's throughout, at time t [s], in V."""
    conditions = model.equations["phi"].conditions()
    return next(x for x in conditions if x.side == "anode").course.at(t)


def plating_drive(model: Model) -> np.ndarray:
    """How far the nodes are from where lithium rests, positive where it plates [V].

    RT/F ln(c/c0) - eta: there B = 0.
    """
    n, ratio = model.numbers, model.state.c.x.array * model.coefficients.inv_c0
    rest = np.log(np.maximum(ratio, phase_field.SCARCEST)) / n.F_RT
    return rest - overpotential(model, model.state.values)


def rate_factors(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Anodic factor, and cathodic factor per concentration [m^3/mol], at the nodes."""
    n, eta = model.numbers, overpotential(model, model.state.values)
    anodic = kinetics.anodic(eta, n.alpha, n.F_RT)
    return anodic, kinetics.cathodic(eta, n.alpha, n.F_RT) * model.coefficients.inv_c0


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
        slope = 1 + (1 - 2 * xi) * (psi(xi) - stage.base.psi)
        self.inertia = np.maximum(slope, SMALLEST_INERTIA)
        self.relief = 0.0
        if c_half:
            # Below the floor the slope of its edge, for that is where c is to come back to.
            c = np.maximum(model.state.c.x.array, phase_field.SCARCEST * c_half)
            slowed = phase_field.hindrance(self.value, c, c_half)
            self.relief = np.maximum(self.value, 0.0) * c_half / c**2
            self.value, self.inertia = slowed * self.value, slowed * self.inertia


class Reaction:
    """The reaction's side of the phase field's equation at the nodes, and its slopes.

    Attributes:
        value: Minus the rate that it causes [1/s].
        slope: Newton slope in xi of it and of the double well [1/s], bounded so that the diagonal
            is positive near the base of any step.
        per_c: Rise of the rate with c [m^3/mol/s].
        per_phi: Fall of the rate with phi [1/s/V].
        well: Factor L_sigma of the double well [m^3/J/s].
    """

    def __init__(self, model: Model, tau: float):
        n, s = model.numbers, model.state
        anodic, cathodic = rate_factors(model)
        B = anodic - s.c.x.array * cathodic
        # h' is quadratic at 0 and 1: round-off outside must not act as a source.
        xi = np.clip(s.xi.x.array, 0.0, 1.0)
        i, dh = n.interface, energy.dh(xi)
        self.well = i.L_sigma
        self.value = i.L_eta * dh * B
        slope = i.L_sigma * energy.ddg(xi, i.W) + i.L_eta * energy.ddh(xi) * B
        self.slope = np.maximum(slope, STEEPEST_FALL / tau)
        self.per_c = i.L_eta * dh * cathodic
        # eta follows the potential, unless it is applied.
        both = (1 - n.alpha) * anodic + n.alpha * s.c.x.array * cathodic
        self.per_phi = 0.0 if n.applied else i.L_eta * dh * (n.F_RT * both)


class PrintedKinetics:
    """The reaction L_eta h'(xi) B, spread over the front by h'.

    Attributes:
        mobility: L_sigma in triangles, as the forms see it [m^3/J/s].
        nodal_mobility: The same at the nodes, for terms that act there.
        nodal_beside: What of a term beside the reaction is to act: all of it.
        share: Share of Newton's step that xi takes; less than 1 where that of another field asks.
        delta: Strength of the gradient energy's anisotropy.
        needs: Names of coefficients that they take from other equations.
        bodies: The pieces of metal where each has a potential of its own; else None.
    """

    needs = ("c0", "inv_c0", "D")
    bodies = None
    share = 1.0

    def __init__(self, model: Model):
        self.model = model
        self.mobility = model.constant(model.numbers.interface.L_sigma)
        self.nodal_mobility, self.nodal_beside = self.mobility, model.constant(1.0)
        self.delta = model.config.phase_field.delta

    def hold(self, t: float) -> None:
        """Follow the boundary values at time t [s]; the potential at the node says all."""

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take from the state at time t [s] what stays for a step of dt [s]; returns its base."""
        return base

    def plating_drive(self) -> np.ndarray:
        """How far the nodes are from where lithium rests, positive where it plates [V]."""
        return plating_drive(self.model)

    def reaction(self, tau: float) -> Reaction:
        """The reaction at the nodes in a stage of effective step tau [s]."""
        return Reaction(self.model, tau)

    def residual(self, y: dict[str, Any], v) -> ufl.Form:
        """The reaction's part of the residual [m^2/s]."""
        m, n = self.model, self.model.numbers
        eta = overpotential(m, y)
        B = butler_volmer(y["c"] / m.coefficients.c0, eta, m.constant(n.alpha), m.constant(n.F_RT))
        # h' is quadratic at 0 and 1: round-off outside must not act as a source.
        inside = ufl.max_value(0.0, ufl.min_value(y["xi"], 1.0))
        return phase_field.reaction(inside, B, v, m.constant(n.interface.L_eta), m.dx)

    def flux(self, xi, v) -> None:
        """A flux of xi that the kinetics add: none."""

    def smallest_change(self, tau: float) -> float:
        """Change of xi in a stage that is to be seen, in that which tolerances speak of."""
        return 1.0

    def well(self) -> float:
        """L_sigma as the nodes see it [m^3/J/s]."""
        return self.model.numbers.interface.L_sigma

    def beside(self) -> float:
        """What of a term beside the reaction is to act, as the nodes see it."""
        return 1.0

    @cached_property
    def gradient_energy(self) -> GradientEnergy:
        """The gradient energy by triangles."""
        m, p, i = self.model, self.model.config.phase_field, self.model.numbers.interface
        factors = (i.L_sigma, i.kappa_0, p.delta, p.omega)
        return GradientEnergy(m.edges, m.solved_triangles, factors)
