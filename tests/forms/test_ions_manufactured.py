# SPDX-License-Identifier: MIT
"""Manufactured solution of the transport equations: orders 2 (P1) and 3 (P2), both closures."""

from __future__ import annotations

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.base import compat
from solver.cell import domain
from solver.equations.ions_model import Held, IonModel
from solver.input import loading
from solver.stepping.ions_newton import Newton

SIDE = 100e-6
TEXT = """
title: three kinds of ions
physics: transport
width: 100 um
species: [{name: Li, charge: 1}, {name: A, charge: -1}, {name: Mg, charge: 2}]
layers:
  - name: one
    thickness: 100 um
    c0: {Li: 500, A: 1100, Mg: 400}
    c_im: 200
    D: {Li: 2.5e-10, A: 1e-10, Mg: 3e-11}
boundary: {anode: {phi: 0 V}}
"""
DEBYE_PERMITTIVITY = 5 * (0.2 * SIDE / 5.7e-11) ** 2
"""Relative permittivity that makes the Debye length about a fifth of the cell."""


def exact(model: IonModel) -> tuple:
    """mu_i and psi: of any amplitude, but without a normal derivative at any side."""
    x = ufl.SpatialCoordinate(model.domain.mesh)
    X, Y = ufl.pi * x[0] / SIDE, ufl.pi * x[1] / SIDE
    mu = [
        0.4 * ufl.cos(X) * ufl.cos(Y),
        0.3 * ufl.cos(Y) - 0.2 * ufl.cos(2 * X),
        0.2 * ufl.cos(2 * Y) * ufl.cos(X),
    ]
    return (*mu, 0.5 * ufl.cos(Y) + 0.3 * ufl.cos(X))


def subtract_sources(model: IonModel, fields: tuple) -> None:
    """Make the fields the solution of the model."""
    *mu, psi = fields
    c = [
        c_ref * ufl.exp(m - int(z) * psi)
        for m, z, c_ref in zip(mu, model.charges, model.c_ref, strict=True)
    ]
    for i, (c_i, m) in enumerate(zip(c, mu, strict=True)):
        D = float(model.D[i].x.array[0])
        source = -ufl.div(D * c_i * ufl.grad(m)) / float(model.scales[i])
        model.balances[i] -= source * model.test[i] * model.dx
    rho = sum(int(z) * c_i for z, c_i in zip(model.charges, c, strict=True))
    rho -= float(model.c_im.x.array[0])
    if model.config.closure == "poisson":
        charge = -ufl.div(float(model.permittivity.x.array[0]) * ufl.grad(psi)) - rho
    else:
        charge = rho
    scale = float(model.c_ref.max()) * model.domain.height**2
    model.balances[-1] -= charge / scale * model.test[-1] * model.dx
    row = model.charge_row if model.config.closure == "poisson" else 0
    excess = (ufl.split(model.state)[-1] - psi) / model.domain.width
    model.held[:] = [Held("anode", row, excess * model.test[row] * model.ds["anode"])]


def errors(closure: str, degree: int, columns: int) -> np.ndarray:
    """L2 norms of the errors of mu_i and psi, relative to the side of the cell."""
    h = SIDE / columns
    config = loading.parse(
        TEXT,
        [f"closure={closure}", f"solver.degree={degree}", f"mesh.columns={columns}",
         f"mesh.size_min={h}", f"mesh.size_max={h}", "mesh.growth=1",
         f"layers.0.epsilon_r={DEBYE_PERMITTIVITY}"],
    )  # fmt: skip
    model = IonModel(config, domain.build(config, MPI.COMM_WORLD))
    fields = exact(model)
    subtract_sources(model, fields)
    newton = Newton(model)
    for i, field in enumerate(fields):
        V, dofs = model.old.function_space.sub(i).collapse()
        f = fem.Function(V)
        f.interpolate(fem.Expression(field, compat.interpolation_points(V)))
        model.old.x.array[np.asarray(dofs).ravel()] = f.x.array
    model.state.x.array[:] = 0.0
    model.tau.value = 100.0
    newton.solve()
    dx = ufl.dx(metadata={"quadrature_degree": 8})
    parts = zip(ufl.split(model.state), fields, strict=True)
    squares = [fem.assemble_scalar(fem.form((a - b) ** 2 * dx)) for a, b in parts]
    return np.sqrt(squares) / SIDE


@pytest.mark.parametrize("closure", ["electroneutral", "poisson"])
@pytest.mark.parametrize(("degree", "order"), [(1, 2), (2, 3)])
def test_order_of_convergence(closure, degree, order):
    coarse, fine = errors(closure, degree, 8), errors(closure, degree, 16)
    rates = np.log2(coarse / fine)
    assert np.all(rates > order - 0.15), rates
    assert np.all(fine < 0.02)
