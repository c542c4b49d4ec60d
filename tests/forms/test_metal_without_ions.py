# SPDX-License-Identifier: MIT
"""Transport of Li+ past a front into a metal that takes none, in forms and at the nodes."""

from __future__ import annotations

import numpy as np
import pytest
import ufl
from scipy.sparse import csr_array

from dolfinx import fem

from solver.check.groups import groups
from solver.equations.thin_front import NodalFront
from solver.laws import in_metal
from solver.laws.front import from_psi
from solver.terms import transport
from tests.small_cell import bases, build, random_state, vector

C_LI = 7.64e4
LENGTH, AT = 0.4e-6, 3e-6


@pytest.fixture(scope="module")
def cell():
    given = ("kinetics.interface=quantitative", "transport.in_metal=none", "layers.1.D=1e-11",
             "layers.1.c0=1000", "phase_field.delta=0")  # fmt: skip
    return build(*given)[0]


def outflow(cell) -> np.ndarray:
    """Nodal values of the transport term."""
    s, equation = cell.state, cell.equations["c"]
    return vector(equation.transport_form(s.c, s.phi, cell.v))


@pytest.mark.parametrize("xi", [0.0, 0.3, 0.9, 1.0])
def test_a_front_conducts_otherwise_along_its_normal_than_across(cell, xi):
    s, x = cell.state, cell.V.tabulate_dof_coordinates()
    normal = np.array([0.6, -0.8])
    cell.coefficients.kinetics.normal.x.array[:] = np.tile(normal, len(x))
    s.xi.x.array[:], s.phi.x.array[:] = xi, 0.0
    for direction, q in ((normal, np.sqrt(1 - xi) / (1 - xi * np.log(2))), ((0.8, 0.6), 1 - xi)):
        way = x[:, :2] @ np.array(direction)
        s.c.x.array[:] = 500 + 2e7 * way
        whole = 2e7 * 1e-11 * 100e-12
        assert way @ outflow(cell) == pytest.approx(whole * q, rel=1e-6, abs=1e-6 * whole)
    # The turned gradient drives nothing across.
    other = x[:, :2] @ normal
    assert other @ outflow(cell) == pytest.approx(0, abs=1e-6 * 2e7 * 1e-11 * 100e-12)


def test_edges_give_what_the_forms_say(cell):
    random_state(cell, bases(cell))
    s, equation = cell.state, cell.equations["c"]
    normal = cell.coefficients.kinetics.normal.x.array
    normal[:] = np.random.default_rng(3).uniform(-1, 1, len(normal))
    form = equation.transport_form(ufl.TrialFunction(cell.V), s.phi, cell.v)
    exact = fem.assemble_matrix(fem.form(form)).to_dense()
    system = equation.linear_system()
    system.assemble()
    begins, columns, values = system.matrix.getValuesCSR()
    got = csr_array((values, columns, begins), exact.shape).toarray()
    solved = np.setdiff1d(np.arange(len(exact)), equation.held())
    here = np.ix_(solved, solved)
    assert np.abs(got[here] - exact[here]).max() < 1e-12 * np.abs(exact).max()


def test_where_normals_cancel_the_share_is_that_along_the_front(cell):
    xx, xy, yy = transport.share(np.array([0.3]), np.zeros((2, 1)))
    assert (xx, xy, yy) == (pytest.approx(0.7), 0, pytest.approx(0.7))


def test_the_sharp_profile_carries_its_current_and_every_node_reads_its_speed(cell):
    """c = c_s + (c_Li V/D) L passes on c_Li V (1 - xi), and ends in the metal at c_s."""
    k, s = cell.coefficients.kinetics, cell.state
    y = cell.V.tabulate_dof_coordinates()[:, 1]
    s.xi.x.array[:] = from_psi(-(y - AT) / LENGTH)
    L, k_c = in_metal.distance(s.xi.x.array, LENGTH), float(k.k_c.value) / 1000
    V = k_c * 150 - float(k.k_a.value)
    s.phi.x.array[:] = -0.1
    s.c.x.array[:] = 150 + C_LI * V / 1e-11 * L
    k.begin_step(0.0, 0.1, cell.base())
    read = k.inside() > 1e-8
    assert NodalFront(k, k.inside()).V[read] == pytest.approx(V, rel=1e-9)
    for low, high in ((0.0, 10e-6), (0.0, 3e-6), (3e-6, 4e-6)):
        bounded = np.clip(y, low, high)
        ends = np.logaddexp(0, (high - AT) / LENGTH), np.logaddexp(0, (low - AT) / LENGTH)
        ahead = LENGTH * (ends[0] - ends[1])  # the integral of 1 - xi
        assert bounded @ outflow(cell) == pytest.approx(C_LI * V * ahead * 10e-6, rel=0.01)


def test_half_of_the_curvature_counts(cell):
    """Round a tip of 3 um the nodes of the front know 1/(2 x 3 um)."""
    k, x = cell.coefficients.kinetics, cell.V.tabulate_dof_coordinates()
    away = np.hypot(x[:, 0] - 5e-6, x[:, 1]) - 3e-6
    cell.state.xi.x.array[:] = from_psi(-away / LENGTH)
    k.begin_step(0.0, 0.1, cell.base())
    near = (np.abs(away) < 3e-7) & (x[:, 1] > 1e-6)
    assert np.median(k.curvature.x.array[near]) == pytest.approx(1 / 6e-6, rel=0.1)


def test_curvature_is_weaker_by_the_mean_distance(cell):
    k = cell.coefficients.kinetics
    k_c = float(k.k_c.value) / 1000
    chi = 1 / (1 + k_c * C_LI / 1e-11 * 0.9160648 * LENGTH)
    found = np.unique(k.chi_L_sigma.x.array / cell.numbers.interface.L_sigma)
    assert found == pytest.approx(chi, rel=1e-7)
    assert groups(cell.config).chi == pytest.approx(chi, rel=1e-7)
