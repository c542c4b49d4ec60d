# SPDX-License-Identifier: MIT
"""The residual of an implicit stage (y - base)/tau = f(y), one form per equation.

The split scheme evaluates the same terms as nodal arithmetic where they are lumped; here every
term of solver.terms stands once, so that this is the place to read what is being solved.
"""

from __future__ import annotations

from typing import NamedTuple

import ufl

from dolfinx import fem

from solver.equations.model import Model
from solver.laws import kinetics
from solver.terms import phase_field, potential, transport


class Fields(NamedTuple):
    """The four unknowns as expressions, or the test functions of their equations."""

    xi: object
    c: object
    phi: object
    u: object


class BaseFields(NamedTuple):
    """What the stage starts from, at the nodes; see solver.schemes.updates.Base."""

    xi: fem.Function
    psi: fem.Function
    c: fem.Function
    h: fem.Function


def stage_residual(model: Model, y: Fields, base: BaseFields, tau, closing, test: Fields) -> Fields:
    """The four residual forms, boundary values left to the caller.

    Args:
        model: Terms, coefficients and measures.
        y: Unknowns.
        base: Base of the stage.
        tau: Effective step [s].
        closing: 1 in the stage that ends a step, 0 within a step.
        test: Test functions.

    Returns:
        Residuals of the phase field [m^2/s], Li+ [mol/m/s], charge [A/m] and momentum [N].
    """
    xi, c, phi, u = y
    n, dx = model.numbers, model.dx

    def tested(form, original, v):
        return ufl.replace(form, {original: v})

    deposit = stage_deposit(model, xi, base, closing)
    v = test.c
    lithium = transport.rate(c, base.c, tau, v, dx)
    lithium += transport.plating(deposit, tau, v, model.constant(n.c_Li), dx)
    lithium += model.transport_form(c, phi, v, xi=xi)

    v = test.phi
    charge = tested(model.conduction_form(phi, xi), model.v, v)
    charged = stage_charged(model, xi, base, closing)
    charge += potential.charge_source(charged, tau, v, model.constant(n.charge), dx)

    momentum = model.stiffness_form(u, xi) + model.vegard_form(xi)
    return Fields(
        _deposition(model, y, base, tau, test.xi),
        lithium,
        charge,
        tested(momentum, model.w, test.u),
    )


def stage_deposit(model: Model, xi, base, closing):
    """Deposit that the balances take for a stage; of forms, or of nodal values with a Base."""
    if model.degree > 1:
        return xi - base.xi
    return phase_field.increment(xi, base.xi, base.psi, closing)


def stage_charged(model: Model, xi, base, closing):
    """Increment of the charge's source for a stage; of forms, or of nodal values with a Base."""
    if model.config.potential.source == "h":
        return phase_field.increment_of_h(xi, base.h, base.psi, closing)
    return stage_deposit(model, xi, base, closing)


def _deposition(model: Model, y: Fields, base: BaseFields, tau, v) -> ufl.Form:
    xi, c, phi, u = y
    n, dx, mechanics = model.numbers, model.dx, model.config.mechanics
    i = n.interface
    L_sigma, W, L_eta = (model.constant(value) for value in (i.L_sigma, i.W, i.L_eta))
    B = kinetics.butler_volmer(
        c / model.c0, model.overpotential(phi), model.constant(n.alpha), model.constant(n.F_RT)
    )
    # h' is quadratic at 0 and 1: round-off outside must not act as a source.
    inside = ufl.max_value(0.0, ufl.min_value(xi, 1.0))
    if model.degree == 1:
        slowed = 1.0
        if n.c_half:
            growth = phase_field.rate_density(xi, base.psi)
            slowed = phase_field.hindrance(growth, c, model.constant(n.c_half))
        form = phase_field.rate(xi, base.psi, tau, v, dx, slowed)
    else:
        form = phase_field.plain_rate(xi, base.xi, tau, v, dx)
    form += phase_field.well(xi, v, L_sigma, W, dx)
    form += ufl.replace(model.gradient_form(xi, xi), {model.v: v})
    form += phase_field.reaction(inside, B, v, L_eta, dx)
    if mechanics.enabled and mechanics.feedback:
        form += ufl.replace(model.elastic_driving_form(u, xi), {model.v: v})
    return form
