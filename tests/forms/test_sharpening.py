# SPDX-License-Identifier: MIT
"""The flux that keeps a front's profile."""

from __future__ import annotations

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.equations.couplings_front import Kept, KeptFront
from solver.laws.front import from_psi, psi
from solver.terms import phase_field
from tests.forms.sharp_front import QUANTITATIVE, planar
from tests.small_cell import build, vector

LENGTH, M = 0.3, 0.7
NORMAL = np.array([0.6, -0.8])
ONE_POINT = {"quadrature_degree": 0, "quadrature_rule": "default"}


@pytest.fixture(scope="module")
def cell():
    return build(*QUANTITATIVE)[0]


@pytest.fixture(scope="module")
def square():
    """P1 on coarse triangles of any shape in the unit square, its nodes, and the normal on it."""
    domain = mesh.create_unit_square(MPI.COMM_SELF, 5, 4)
    x = domain.geometry.x
    inner = (np.abs(x[:, :2] - 0.5) < 0.49).all(axis=1)
    x[inner, :2] += np.random.default_rng(1).uniform(-0.06, 0.06, (inner.sum(), 2))
    V = fem.functionspace(domain, ("Lagrange", 1))
    n = fem.Function(fem.functionspace(domain, ("Lagrange", 1, (2,))))
    n.x.array[:] = np.tile(NORMAL, len(V.tabulate_dof_coordinates()))
    return V, V.tabulate_dof_coordinates()[:, :2], n


def flux(V, n, xi, length=LENGTH):
    """Nodal values of the term for values of xi."""
    f = fem.Function(V)
    f.x.array[:] = xi
    dx = ufl.dx(metadata=ONE_POINT)
    return vector(phase_field.sharpening(f, n, ufl.TestFunction(V), M, length, dx))


def test_a_planar_front_has_no_sharpening_flux_on_any_mesh(square):
    V, x, n = square
    for distance in (x @ NORMAL, x @ NORMAL + 0.3):
        none = flux(V, n, from_psi(distance / LENGTH))
        some = flux(V, n, from_psi(1.5 * distance / LENGTH))
        assert np.abs(none).max() < 1e-13 * np.abs(some).max()
    thin = flux(V, n, from_psi(x @ NORMAL / 0.04), length=0.04)
    assert np.abs(thin).max() < 1e-13 * M, "xi changes by e^7 in a triangle"


@pytest.mark.parametrize("steepness", [0.0, 0.5, 1.0, 3.0])
def test_sharpening_flux_of_other_profiles(square, steepness):
    """On a wide piece of front, xi = 1/2, its work on x along the normal is that of the flux."""
    V, x, n = square
    xi = 0.5 + 0.25 * 1e-5 * (steepness * x @ NORMAL) / LENGTH
    wide = LENGTH * 1e5  # with this l the slope of psi is `steepness` over it
    forces = flux(V, n, xi, wide)
    assert (x @ NORMAL) @ forces == pytest.approx(M / 4 * (steepness - 1) / wide, abs=1e-12)
    across = x @ np.array([0.8, 0.6])
    assert across @ forces == pytest.approx(0, abs=1e-15)


def test_sharpening_flux_conserves_xi_and_ends_with_it(square):
    V, x, n = square
    random = np.random.default_rng(2)
    forces = flux(V, n, random.uniform(0, 1, len(x)))
    assert abs(forces.sum()) < 1e-14 * np.abs(forces).sum()
    for pure in (0.0, 1.0):
        assert np.abs(flux(V, n, np.full(len(x), pure))).max() < 1e-12


def test_triangles_have_the_forms_of_a_kept_front(cell):
    """The numbers of a step by triangles are those of the forms; the slope is at xi = 1/2."""
    s, k = cell.state, cell.coefficients.kinetics
    planar(cell, 2.5e-6)
    ripple = 1 + 0.1 * np.sin(3e6 * cell.V.tabulate_dof_coordinates()[:, 0])
    s.xi.x.array[:] = from_psi(ripple * psi(s.xi.x.array))
    k.begin_step(0.0, 0.1, cell.base())
    equation, v = cell.equations["xi"], cell.v
    both = [equation.gradient_form(s.xi, s.xi, v), k.flux(s.xi, v)]
    exact = sum(vector(form) for form in both)
    got = k.gradient_energy.forces(s.xi.x.array)
    assert np.abs(got - exact).max() < 1e-10 * np.abs(exact).max()
    s.xi.x.array[:] = 0.5
    edges, change = cell.edges, ufl.TrialFunction(cell.V)
    slopes = [fem.form(ufl.derivative(form, s.xi, change)) for form in both]
    exact = sum(fem.assemble_matrix(form).to_dense() for form in slopes)
    forward, backward = k.gradient_energy(s.xi.x.array)
    scale = np.abs(exact).max()
    assert np.abs(forward - exact[edges.tail, edges.head]).max() < 1e-10 * scale
    assert np.abs(backward - exact[edges.head, edges.tail]).max() < 1e-10 * scale
    planar(cell, 2.5e-6)  # a straight front for the next test
    k.begin_step(0.0, 0.1, cell.base())


@pytest.mark.parametrize(("xi", "factor"), [(0.1, 0.09 ** (-2 / 3) / 4 ** (2 / 3)), (1e-9, 100.0)])
def test_the_slope_of_the_flux_is_that_at_the_smallest_share_of_a_triangle(cell, xi, factor):
    """(p q r)^(1/3)/min(p, q, r) with p = q = 1/4 and r = xi (1 - xi), but no more than 100."""
    edges, n = cell.edges, len(cell.edges.areas)
    front = KeptFront(edges, np.ones(n), 1.0, LENGTH)
    front.kept = Kept(np.zeros(n), np.full(n, M), (np.full(n, 0.6), np.full(n, -0.8)))
    values = np.full(edges.nodes, 0.5)
    even, _ = front(values)
    one = np.abs(cell.V.tabulate_dof_coordinates()[:, :2] - 5e-6).sum(axis=1).argmin()
    values[one] = xi
    beside = (edges.tail == one) | (edges.head == one)
    assert front(values)[0][beside] == pytest.approx(factor * even[beside])
