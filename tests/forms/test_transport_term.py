# SPDX-License-Identifier: MIT
"""Edge-averaged Nernst-Planck: exact profiles, consistency, and signs of the matrices."""

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.terms import transport
from tests.small_cell import random_state, vector


def nernst_planck(msh, c, phi, v, term=transport.nernst_planck):
    dx = ufl.Measure("dx", msh, metadata={"quadrature_degree": 0})
    return term(c, phi, v, 2.0, 3.0, dx)


@pytest.fixture(scope="module", params=[6, 12])
def square(request):
    """A unit square whose nodes have been pushed about."""
    msh = mesh.create_unit_square(MPI.COMM_WORLD, request.param, request.param)
    x = msh.geometry.x
    push = 0.1 / request.param * np.sin(40 * x[:, 0]) * np.cos(33 * x[:, 1])
    edge = np.isclose(x[:, :2], 0).any(axis=1) | np.isclose(x[:, :2], 1).any(axis=1)
    x[:, 0] += np.where(edge, 0, push)
    return fem.functionspace(msh, ("Lagrange", 1))


def test_boltzmann_profiles_carry_no_flux(square):
    phi, c = fem.Function(square), fem.Function(square)
    phi.x.array[:] = np.random.default_rng(1).uniform(-1, 1, len(phi.x.array))
    c.x.array[:] = np.exp(-3 * phi.x.array)
    v = ufl.TestFunction(square)
    flux = vector(nernst_planck(square.mesh, c, phi, v))
    assert abs(flux).max() < 1e-12 * c.x.array.max()


@pytest.mark.parametrize("term", [transport.nernst_planck, transport.nernst_planck_galerkin])
def test_migration_and_diffusion_of_linear_fields(square, term):
    x = square.tabulate_dof_coordinates()
    phi, c, v = fem.Function(square), fem.Function(square), ufl.TestFunction(square)
    c.x.array[:] = 5 + 4 * x[:, 0]
    power = np.dot(x[:, 0], vector(nernst_planck(square.mesh, c, phi, v, term)))
    assert power == pytest.approx(2 * 4)
    c.x.array[:], phi.x.array[:] = 5, 7 * x[:, 0]
    power = np.dot(x[:, 0], vector(nernst_planck(square.mesh, c, phi, v, term)))
    assert power == pytest.approx(2 * 3 * 5 * 7)


def test_edge_averaging_is_second_order():
    def difference(n):
        V = fem.functionspace(mesh.create_unit_square(MPI.COMM_WORLD, n, n), ("Lagrange", 1))
        phi, c, g = (fem.Function(V) for _ in range(3))
        phi.interpolate(lambda x: np.sin(2 * x[0] + x[1]))
        c.interpolate(lambda x: 2 + np.cos(3 * x[0] - x[1]))
        g.interpolate(lambda x: np.sin(3 * x[0]) * x[1])
        plain = 2 * ufl.inner(ufl.grad(c) + 3 * c * ufl.grad(phi), ufl.grad(g)) * ufl.dx
        averaged = nernst_planck(V.mesh, c, phi, g)
        return fem.assemble_scalar(fem.form(averaged)) - fem.assemble_scalar(fem.form(plain))

    coarse, fine = difference(16), difference(32)
    assert np.log2(abs(coarse / fine)) == pytest.approx(2, abs=0.1)


def test_transport_is_an_m_matrix_on_delaunay_meshes(cell, base):
    random_state(cell, base)
    form = cell.equations["c"].transport_form(ufl.TrialFunction(cell.V), cell.state.phi, cell.v)
    A = fem.assemble_matrix(fem.form(form)).to_scipy().toarray()
    off = A - np.diag(A.diagonal())
    assert off.max() <= 1e-12 * A.max(), "positive entries beside the diagonal"
    assert A.diagonal().min() > 0
    assert abs(A.sum(axis=0)).max() < 1e-12 * A.max(), "lithium is not conserved"


def test_gradient_term_keeps_a_maximum_principle(cell, base):
    # For a direction that is smooth on the mesh, as at an interface that it resolves.
    s, x = cell.state, cell.V.tabulate_dof_coordinates() * 1e6
    s.xi.x.array[:] = 1 / (1 + np.exp((np.hypot(x[:, 0] - 5, x[:, 1]) - 4) / 2))
    form = cell.equations["xi"].gradient_form(ufl.TrialFunction(cell.V), s.xi, cell.v)
    A = fem.assemble_matrix(fem.form(form)).to_scipy().toarray()
    off = A - np.diag(A.diagonal())
    assert off.max() <= 0
    assert abs(A.sum(axis=1)).max() < 1e-12 * A.max()
