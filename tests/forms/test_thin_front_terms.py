# SPDX-License-Identifier: MIT
"""A thin front in forms and at the nodes: the current across it, its speed at the nodes."""

import numpy as np
import pytest
import scipy.sparse.linalg
import ufl
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.equations.thin_front import NodalFront
from solver.laws import energy, thin_front
from solver.laws.front import from_psi
from solver.terms import phase_field, potential
from tests.forms.sharp_front import K_0, QUANTITATIVE, RT_F, WIDE, off_the_border, planar
from tests.small_cell import bases, build, random_state, vector

ONE_POINT = {"quadrature_degree": 0, "quadrature_rule": "default"}


@pytest.fixture(scope="module")
def cell():
    return build(*QUANTITATIVE)[0]


# --- conduction ----------------------------------------------------------------------------


def resistance_of_a_front(cells: int, contrast: float, length: float) -> float:
    """Potential that a current of 1 needs across a unit cell with a front in the middle."""
    domain = mesh.create_rectangle(MPI.COMM_SELF, [[0, 0], [1 / cells, 1]], [1, cells])
    V = fem.functionspace(domain, ("Lagrange", 1))
    y = V.tabulate_dof_coordinates()[:, 1]
    xi = fem.Function(V)
    xi.x.array[:] = from_psi((0.537 - y) / length)
    a, v = ufl.TrialFunction(V), ufl.TestFunction(V)
    dx = ufl.dx(metadata=ONE_POINT)
    form = potential.conduction_in_series(a, xi, v, contrast, 1.0, dx)
    A = fem.assemble_matrix(fem.form(form)).to_scipy().tocsr()
    inner, top = y > 1e-9, y > 1 - 1e-9
    load = np.where(top, 0.5 / cells, 0.0)  # a current of 1 per width through the two top nodes
    phi = np.zeros(len(y))
    phi[inner] = scipy.sparse.linalg.spsolve(A[inner][:, inner].tocsc(), load[inner])
    return phi[top].mean()


def test_a_planar_front_conducts_like_a_sharp_one_at_order_2():
    sharp = 0.537 / 1800 + (1 - 0.537)
    errors = [abs(resistance_of_a_front(n, 1800.0, 0.03) - sharp) for n in (40, 80, 160)]
    assert errors[-1] < 5e-5
    assert np.log2(errors[0] / errors[-1]) / 2 == pytest.approx(2, abs=0.1)


def test_a_front_on_its_way_takes_the_charge_of_its_way(cell):
    """Once it has passed, all of it; halfway, what `charged` says of its nodes."""
    s = cell.state
    planar(cell, 2.5e-6)
    base, y = cell.base(), cell.V.tabulate_dof_coordinates()[:, 1]
    before = thin_front.charged(s.xi.x.array)
    planar(cell, 2.6e-6)
    taken = cell.stage_charged(s.xi.x.array, base, 1.0)
    assert taken == pytest.approx(thin_front.charged(s.xi.x.array) - before, abs=1e-12)
    assert taken @ cell.lumped_mass == pytest.approx(0.1e-6 * 10e-6, rel=2e-3)
    assert (taken[(y > 3.5e-6) & (y < 4e-6)] < 0).all(), "first it gives some back"
    within = cell.stage_charged(s.xi.x.array, base, 0.0)
    rate = phase_field.rate_density(s.xi.x.array, base.psi)
    assert within == pytest.approx(thin_front.charged_slope(s.xi.x.array) * rate, abs=1e-12)


def test_conduction_in_series_of_a_linear_potential(cell):
    s, x = cell.state, cell.V.tabulate_dof_coordinates()
    s.xi.x.array[:], s.phi.x.array[:] = 0.25, 2e4 * x[:, 1]
    power = np.dot(x[:, 1], vector(cell.equations["phi"].conduction_form(s.phi, s.xi, cell.v)))
    h = 0.103515625
    sigma = 1 / (h / 1e3 + (1 - h) / np.array([0.565, 0.2]))
    assert power == pytest.approx(2e4 * (sigma * 50e-12).sum())


def test_triangles_conduct_in_series_as_the_forms_do(cell):
    random_state(cell, bases(cell))
    s, phi = cell.state, cell.equations["phi"]
    system, exact = phi.linear_system(), vector(phi.conduction_form(s.phi, s.xi, cell.v))
    system.assemble()
    assert system.product() == pytest.approx(exact, abs=1e-12 * np.abs(exact).max())


# --- speed at the nodes --------------------------------------------------------------------


def test_the_speeds_of_growth_and_dissolution_follow_the_overpotential():
    given = ("kinetics.interface=quantitative", "kinetics.phi_eq=0.02", "kinetics.alpha=0.3")
    model, _ = build(*given, "mesh.size_min=1 um", "mesh.size_max=1 um")
    k, eta = model.coefficients.kinetics, -0.12
    assert float(k.k_c.value) == pytest.approx(K_0 * np.exp(-0.3 * eta / RT_F))
    assert float(k.k_a.value) == pytest.approx(K_0 * np.exp(0.7 * eta / RT_F))


def test_every_node_reads_the_speed_of_the_sharp_front_in_its_layer(cell):
    kinetics = cell.coefficients.kinetics
    kinetics._follow(-0.1)
    kinetics.width.x.array[:] = WIDE
    _, V = planar(cell, 4e-6)
    front, inside = NodalFront(kinetics, kinetics.inside()), off_the_border(cell)
    read = (kinetics.inside() > 1e-8) & inside
    assert front.V[read] == pytest.approx(V[read], rel=1e-6)


def residual_of_rate(cell):
    """Nodal values of the pointwise residual per area [1/s]."""
    y = {name: cell.state[name] for name in cell.equations}
    return vector(cell.coefficients.kinetics.residual(y, cell.v)) / cell.lumped_mass


@pytest.mark.parametrize("in_metal", ["as_printed", "none"])
def test_nodes_and_forms_have_one_rate_and_its_slopes(in_metal):
    cell = build(*QUANTITATIVE, f"transport.in_metal={in_metal}")[0]
    kinetics, s = cell.coefficients.kinetics, cell.state
    kinetics._follow(-0.1)
    random_state(cell, bases(cell))
    random = np.random.default_rng(4)
    kinetics.near.x.array[:] = random.integers(0, 2, len(s.c.x.array))
    kinetics.carried.x.array[:] = 1e-8 * (1 - kinetics.near.x.array)
    # Some so hollow that there is no centre the current could come to.
    kinetics.curvature.x.array[:] = random.uniform(-1.5e6, 1e6, len(s.c.x.array))
    kinetics.capillarity.x.array[:] = random.uniform(0.5, 1.5, len(s.c.x.array))
    kinetics.width.x.array[:] = random.uniform(0.8, 1.2, len(s.c.x.array))
    reaction = kinetics.reaction(1e-9)  # so short a step bounds no slope
    assert reaction.value == pytest.approx(residual_of_rate(cell), rel=1e-9)
    slopes = {
        "c": (-reaction.per_c, 1e-3),
        # The rate that is carried is given, and has none that matters.
        "xi": (kinetics.near.x.array * reaction.slope, 1e-7),
    }
    well = kinetics.well() * energy.ddg(s.xi.x.array, cell.numbers.interface.W)
    for name, (expected, step) in slopes.items():
        values = s[name].x.array
        values += step
        above = residual_of_rate(cell)
        values -= 2 * step
        below = residual_of_rate(cell)
        values += step
        found = (above - below) / (2 * step)
        if name == "xi":
            found = kinetics.near.x.array * (found + well)
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-6 * np.abs(expected).max()), name


def test_well_and_curvature_are_weaker_by_the_capillary_factor(cell):
    kinetics, i = cell.coefficients.kinetics, cell.numbers.interface
    y = cell.V.tabulate_dof_coordinates()[:, 1]
    for eta in (-0.1, -0.05):
        kinetics._follow(eta)
        kinetics.capillarity.x.array[:] = 1.3
        kinetics._to_nodes()
        k_c = K_0 * np.exp(-eta / 2 / RT_F) / np.where(y < 5e-6, 1000, 800)
        D = np.where(y < 5e-6, 1e-11, 2e-11)
        chi = 1 / (1 + k_c * 7.64e4 / D * 5 / 6 * 0.4e-6)
        inside = off_the_border(cell)
        expected = 1.3 * chi * i.L_sigma
        assert kinetics.well()[inside] == pytest.approx(expected[inside], rel=1e-9)
        cell.state.xi.x.array[:] = 1e5 * y
        f = cell.equations["xi"].gradient_form(cell.state.xi, cell.state.xi, cell.v)
        lower = 1.3 * chi[y < 4e-6][0] * i.L_sigma * i.kappa_0 * 1e5
        # The bottom of the cell: the flux times its width, without any of the mesh's anisotropy.
        assert -vector(f)[y < 1e-9].sum() == pytest.approx(lower * 10e-6, rel=1e-9)
    kinetics._follow(-0.1)


def test_well_and_curvature_follow_the_potential_of_the_anode(cell):
    """In an instant within a step, by triangles as at the nodes."""
    planar(cell, 2.5e-6)
    k, edges = cell.coefficients.kinetics, cell.edges
    k.begin_step(0.0, 0.1, cell.base())
    i, before = cell.numbers.interface, k.well().copy()
    k.hold(10.0)
    y = cell.V.tabulate_dof_coordinates()[:, 1]
    lower = (y[edges.corners] < 5e-6 + 1e-9).all(axis=1)
    k_c = K_0 * np.exp(0.05 / 2 / RT_F) / np.where(lower, 1000, 800)
    chi = 1 / (1 + k_c * 7.64e4 / np.where(lower, 1e-11, 2e-11) * 5 / 6 * 0.4e-6)
    expected = chi * i.L_sigma * (edges.mean @ k.capillarity.x.array)
    assert k.gradient_energy.kept.mobility == pytest.approx(expected, rel=1e-9)
    assert (k.well() > 1.1 * before).all()
    k.hold(0.0)
    assert (k.well() == before).all()
