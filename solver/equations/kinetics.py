# SPDX-License-Identifier: MIT
"""The kinetics of the deposition at the nodes: Butler-Volmer factors, growth and their slopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.equations.model import Model
from solver.laws import energy, kinetics
from solver.laws.front import psi
from solver.schemes.stage import Stage
from solver.terms import phase_field

SMALLEST_INERTIA = 0.3
"""Bounds the Newton slope of the rate far from the solution."""


def overpotential(model: Model, y: dict[str, Any]):
    """eta = phi - phi_eq [V], of nodal values or in a form.

    Args:
        model: The model.
        y: The unknowns by name, as arrays or expressions.
    """
    n, phi = model.numbers, y["phi"]
    return n.phi_anode - n.phi_eq + 0 * phi if n.applied else phi - n.phi_eq


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
    """Butler-Volmer factors at the nodes for the present unknowns, and their slopes."""

    def __init__(self, model: Model, tau: float):
        n, s = model.numbers, model.state
        anodic, self.cathodic = rate_factors(model)
        self.B = anodic - s.c.x.array * self.cathodic
        # h' is quadratic at 0 and 1: round-off outside must not act as a source.
        self.xi = np.clip(s.xi.x.array, 0.0, 1.0)
        i = n.interface
        slope = i.L_sigma * energy.ddg(self.xi, i.W) + i.L_eta * energy.ddh(self.xi) * self.B
        # A Newton slope, bounded so that the diagonal stays positive for any step.
        self.slope = np.maximum(slope, -0.5 / tau)
        self.rate_per_c = i.L_eta * energy.dh(self.xi) * self.cathodic
        # eta follows the potential, unless it is applied.
        both = (1 - n.alpha) * anodic + n.alpha * s.c.x.array * self.cathodic
        self.B_per_phi = 0.0 if n.applied else n.F_RT * both
