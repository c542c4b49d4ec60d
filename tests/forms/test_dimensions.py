# SPDX-License-Identifier: MIT
"""Dimensional homogeneity: in other units of length, time, ... every term scales as one quantity.

Each quantity of a term is multiplied by the units' factors to its dimension; the term must come
out multiplied by those to the dimension of its equation. A factor that is missing or to a wrong
power breaks this whatever its value.
"""

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.laws import kinetics
from solver.terms import mechanics, phase_field, potential, transport

UNITS = dict(m=1.7, s=0.6, kg=2.3, A=0.7, mol=3.1)
J, V, PA = (
    {"kg": 1, "m": 2, "s": -2},
    {"kg": 1, "m": 2, "s": -3, "A": -1},
    {"kg": 1, "m": -1, "s": -2},
)


def over(a, *others):
    """Dimension of a divided by the others."""
    out = dict(a)
    for other in others:
        for unit, power in other.items():
            out[unit] = out.get(unit, 0) - power
    return out


CONCENTRATION = {"mol": 1, "m": -3}
CHARGE = {"A": 1, "s": 1, "mol": -1}
SIGMA = over({"A": 1, "m": -1}, V)
MOBILITY = over({"m": 3, "s": -1}, J)
XI_EQUATION = {"m": 2, "s": -1}
C_EQUATION = {"mol": 1, "m": -1, "s": -1}
PHI_EQUATION = {"A": 1, "m": -1}
U_EQUATION = {"kg": 1, "s": -2}

TERMS = {
    "phase_field.rate": (
        XI_EQUATION,
        lambda f, q, dx: phase_field.rate(f("xi"), f("psi"), q("tau", 0.3, {"s": 1}), f("v"), dx),
    ),
    "phase_field.well": (
        XI_EQUATION,
        lambda f, q, dx: phase_field.well(
            f("xi"), f("v"), q("L", 0.4, MOBILITY), q("W", 2.0, over(J, {"m": 3})), dx
        ),
    ),
    "phase_field.gradient": (
        XI_EQUATION,
        lambda f, q, dx: phase_field.gradient(
            f("xi"),
            f("xi"),
            f("v"),
            q("L", 0.4, MOBILITY),
            q("k", 2.0, over(J, {"m": 1})),
            0.1,
            4,
            dx,
        ),
    ),
    "phase_field.elastic_driving": (
        XI_EQUATION,
        lambda f, q, dx: phase_field.elastic_driving(
            mechanics.elastic_driving_force(f.vector("u", {"m": 1}), f("xi"), elasticity(q)),
            f("v"),
            q("L", 0.4, MOBILITY),
            dx,
        ),
    ),
    "phase_field.reaction": (
        XI_EQUATION,
        lambda f, q, dx: phase_field.reaction(
            f("xi"),
            kinetics.butler_volmer(
                f("c", CONCENTRATION) / q("c0", 1.2, CONCENTRATION), f("phi", V), 0.4, per_volt(q)
            ),
            f("v"),
            q("L_eta", 0.5, {"s": -1}),
            dx,
        ),
    ),
    "transport.rate": (
        C_EQUATION,
        lambda f, q, dx: transport.rate(
            f("c", CONCENTRATION), f("cb", CONCENTRATION), q("tau", 0.3, {"s": 1}), f("v"), dx
        ),
    ),
    "transport.plating": (
        C_EQUATION,
        lambda f, q, dx: transport.plating(
            f("xi"), q("tau", 0.3, {"s": 1}), f("v"), q("cl", 7.0, CONCENTRATION), dx
        ),
    ),
    "transport.nernst_planck": (
        C_EQUATION,
        lambda f, q, dx: transport.nernst_planck(
            f("c", CONCENTRATION),
            f("phi", V),
            f("v"),
            q("D", 0.2, {"m": 2, "s": -1}),
            per_volt(q),
            dx,
        ),
    ),
    "potential.conduction": (
        PHI_EQUATION,
        lambda f, q, dx: potential.conduction(
            f("phi", V), f("xi"), f("v"), q("sm", 9.0, SIGMA), q("s", 0.5, SIGMA), dx
        ),
    ),
    "potential.charge_source": (
        PHI_EQUATION,
        lambda f, q, dx: potential.charge_source(
            f("xi"),
            q("tau", 0.3, {"s": 1}),
            f("v"),
            q("F", 5.0, CHARGE) * q("cl", 7.0, CONCENTRATION),
            dx,
        ),
    ),
    "mechanics.stiffness": (
        U_EQUATION,
        lambda f, q, dx: mechanics.stiffness(
            f.vector("u", {"m": 1}), f("xi"), f.vector("w"), elasticity(q), dx
        ),
    ),
    "mechanics.vegard_load": (
        U_EQUATION,
        lambda f, q, dx: mechanics.vegard_load(f("xi"), f.vector("w"), elasticity(q), dx),
    ),
}


def per_volt(q):
    return q("F_RT", 3.0, over({}, V))


def elasticity(q):
    moduli = (q(name, value, PA) for name, value in zip("abcd", (2.0, 1.0, 5.0, 3.0), strict=True))
    return mechanics.Elasticity(*moduli, (0.02, 0.03, 0.05))


def factor(units, dimension):
    return float(np.prod([units[unit] ** power for unit, power in dimension.items()]))


class Fields:
    """The same nodal values on the same mesh, in given units."""

    def __init__(self, units):
        self.units = units
        self.mesh = mesh.create_unit_square(MPI.COMM_WORLD, 3, 3)
        self.mesh.geometry.x[:] *= units["m"]
        self.V = fem.functionspace(self.mesh, ("Lagrange", 1))
        self.Vu = fem.functionspace(self.mesh, ("Lagrange", 1, (2,)))

    def __call__(self, name, dimension=None, space=None):
        f = fem.Function(space or self.V)
        seed = sum(map(ord, name))
        values = np.random.default_rng(seed).uniform(0.1, 0.9, len(f.x.array))
        f.x.array[:] = values * factor(self.units, dimension or {})
        return f

    def vector(self, name, dimension=None):
        return self(name, dimension, self.Vu)


def assembled(build, units):
    fields = Fields(units)
    dx = ufl.Measure("dx", fields.mesh, metadata={"quadrature_degree": 0})

    def quantity(name, value, dimension):
        return fem.Constant(fields.mesh, value * factor(units, dimension))

    return fem.assemble_scalar(fem.form(build(fields, quantity, dx)))


@pytest.mark.parametrize("name", TERMS)
def test_terms_are_homogeneous(name):
    equation, build = TERMS[name]
    plain = assembled(build, dict.fromkeys(UNITS, 1.0))
    assert plain != 0
    assert assembled(build, UNITS) == pytest.approx(plain * factor(UNITS, equation), rel=1e-10)
