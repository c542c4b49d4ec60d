# SPDX-License-Identifier: MIT
"""A thin front in forms and at the nodes: the flux, the current across it, its speed and place."""

import numpy as np
import pytest
import scipy.sparse.linalg
import ufl
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.equations.couplings_front import Kept, KeptFront
from solver.equations.thin_front import BAND, SHARPENING, TAIL, NodalFront
from solver.laws import energy, thin_front
from solver.laws.front import from_psi, psi
from solver.terms import phase_field, potential
from tests.small_cell import bases, build, random_state, vector

LENGTH, M = 0.3, 0.7
NORMAL = np.array([0.6, -0.8])
QUANTITATIVE = (
    "kinetics.interface=quantitative", "mesh.size_min=0.4 um", "mesh.size_max=0.4 um",
    "phase_field.omega=6", "phase_field.delta=0.05",
    "boundary.anode_course=[[0, -0.1], [10, -0.05]]",
)  # fmt: skip
ONE_POINT = {"quadrature_degree": 0, "quadrature_rule": "default"}


@pytest.fixture(scope="module")
def cell():
    return build(*QUANTITATIVE)[0]


# --- the sharpening flux -------------------------------------------------------------------


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


RT_F = 8.314 * 297.15 / 96500
WIDE = np.sqrt(0.95)
"""What the anisotropy of the cell makes of the width of a front across it."""
K_0 = 6 * 0.5 * np.sqrt(7e-10 / 30e5)
"""6 L_eta l of Table S1 [m/s]."""
K_A = K_0 * np.exp(-0.1 / 2 / RT_F)


def planar(cell, at, field=1e4, sign=1):
    """Fill the cell with a sharp front's fields, read as functions of L; returns its speeds.

    Returns:
        Height above the front [m], and the speed at which the layer of a node makes it move [m/s].
    """
    y = cell.V.tabulate_dof_coordinates()[:, 1]
    length, s = 0.4e-6, cell.state
    above = y - at
    s.xi.x.array[:] = from_psi(-above / length)
    L = length * np.logaddexp(0, above / length)
    s.phi.x.array[:] = -0.1 + field * L
    lower = y < 5e-6
    c0, D = np.where(lower, 1000, 800), np.where(lower, 1e-11, 2e-11)
    V = WIDE * (K_0 * np.exp(0.1 / 2 / RT_F) / c0 * 150 - K_A)
    z = field * L / RT_F
    beta, g = np.exp(-z), np.where(z < 1e-6, 1 - z / 2, -np.expm1(-z) / z)
    s.c.x.array[:] = 150 * beta + 7.64e4 * V / D * L * g
    return above, V


def test_the_speeds_of_growth_and_dissolution_follow_the_overpotential():
    given = ("kinetics.interface=quantitative", "kinetics.phi_eq=0.02", "kinetics.alpha=0.3")
    model, _ = build(*given, "mesh.size_min=1 um", "mesh.size_max=1 um")
    k, eta = model.coefficients.kinetics, -0.12
    assert float(k.k_c.value) == pytest.approx(K_0 * np.exp(-0.3 * eta / RT_F))
    assert float(k.k_a.value) == pytest.approx(K_0 * np.exp(0.7 * eta / RT_F))


def off_the_border(cell):
    """Nodes that belong to one layer alone."""
    return np.abs(cell.V.tabulate_dof_coordinates()[:, 1] - 5e-6) > 1e-7


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


# --- what stays for a step -----------------------------------------------------------------


def begun(cell, at, dt, tail=1.0):
    """Begin a step with a planar front whose profile is `tail` times too steep beyond 5 l."""
    above, V = planar(cell, at)
    length = 0.4e-6
    steep = np.where(np.abs(above) > TAIL * length, tail, 1.0)
    cell.state.xi.x.array[:] = from_psi(-steep * above / length)
    base = cell.base()
    return above, V, base, cell.begin_step(0.0, dt, base)


@pytest.mark.parametrize("at", [2.5e-6, 4.1e-6])
def test_every_node_near_the_front_is_given_its_place_normal_and_speed(cell, at):
    above, V, _, _ = begun(cell, at, 0.1)
    k, length = cell.coefficients.kinetics, 0.4e-6
    away, speed = np.abs(above) / length, V[np.abs(above).argmin()]
    near, tail, beyond = (
        away < TAIL - 0.1, (away > TAIL + 0.1) & (away < BAND - 0.1), away > BAND + 0.1,
    )  # fmt: skip
    assert k.near.x.array[near].all() and not k.near.x.array[~near & (tail | beyond)].any()
    carried = k.carried.x.array
    assert carried[tail] == pytest.approx(speed, rel=1e-4)
    assert not carried[near].any() and not carried[beyond].any()
    normals = k.normal.x.array.reshape(-1, 2)
    exact = np.tile([0, -1], ((near | tail).sum(), 1))
    assert normals[near | tail] == pytest.approx(exact, abs=1e-9), "at walls too"
    assert not normals[beyond].any()
    assert float(k.M.value) == pytest.approx(SHARPENING * speed * length, rel=1e-4)
    assert k.width.x.array[near | tail] == pytest.approx(WIDE, rel=1e-9)
    D = np.where(cell.V.tabulate_dof_coordinates()[:, 1] < 5e-6, 1e-11, 2e-11)
    c0 = np.where(D < 1.5e-11, 1000, 800)
    a = 5 / 6 * length * 7.64e4 / D * K_0 * np.exp(0.1 / 2 / RT_F) / c0
    # chi of k_c times the width over chi of k_c; kappa + kappa''/2 is 1.85 kappa_0 upwards.
    expected, found = 1.85 * (1 + a) / (1 + WIDE * a), k.capillarity.x.array
    seen = (near | tail) & off_the_border(cell)
    assert found[seen] == pytest.approx(expected[seen], rel=1e-9)
    assert (k.width.x.array[beyond] == 1).all() and (found[beyond] == 1).all()


@pytest.mark.parametrize("dt", [0.1, 30.0])
def test_the_tail_ahead_comes_back_to_the_profile_in_the_time_of_its_length(cell, dt):
    above, V, before, after = begun(cell, 2.5e-6, dt, tail=0.8)
    length = 0.4e-6
    kinetics, x = cell.coefficients.kinetics, cell.V.tabulate_dof_coordinates()
    speed = float(kinetics.M.value) / (SHARPENING * length)
    ahead = (
        (above > (TAIL + 0.1) * length)
        & (above < (BAND - 0.1) * length)
        & (np.abs(x[:, 0] - 5e-6) < 4e-6)
    )
    way = (after.psi - before.psi)[ahead] / (-0.2 * above[ahead] / length)
    assert way == pytest.approx(1 - np.exp(-speed * dt / length), abs=0.02)
    elsewhere = (above < (TAIL - 0.1) * length) | (above > (BAND + 0.1) * length)
    assert (after.psi == before.psi)[elsewhere].all()
    assert (after.xi == before.xi).all(), "the balances start from what there is"


def test_the_tail_of_a_piece_that_stands_is_left_alone(cell):
    """Left of the middle the front moves, right of it at a twentieth of that speed."""
    above, _ = planar(cell, 2.5e-6)
    k, length, x = cell.coefficients.kinetics, 0.4e-6, cell.V.tabulate_dof_coordinates()[:, 0]
    k.curvature.x.array[:] = 0.0
    k._follow(-0.1)
    front = NodalFront(k, k.inside())
    excess = front.V * front.resistance / front.k_c
    cell.state.c.x.array[:] -= np.where(x > 5e-6, 0.95 * excess, 0.0)
    steep = np.where(np.abs(above) > TAIL * length, 0.8, 1.0)
    cell.state.xi.x.array[:] = from_psi(-steep * above / length)
    base = cell.base()
    moved = cell.begin_step(0.0, 30.0, base).psi != base.psi
    ahead = (above > (TAIL + 0.1) * length) & (above < (BAND - 0.1) * length)
    assert moved[ahead & (x < 4e-6)].all() and not moved[ahead & (x > 6e-6)].any()


def test_a_round_front_is_given_a_third_of_its_curvature_and_the_capillarity_of_its_normals(cell):
    radius, k = 5e-6, cell.coefficients.kinetics
    x = cell.V.tabulate_dof_coordinates()[:, :2] - np.array([5e-6, 0.0])
    r = np.hypot(*x.T)
    cell.state.xi.x.array[:] = from_psi((radius - r) / 0.4e-6)
    k.begin_step(0.0, 0.1, cell.base())
    theta = np.arctan2(-x[:, 1], -x[:, 0])
    near = (np.abs(r - radius) < 4e-7) & (np.abs(theta + np.pi / 2) < 1)
    assert near.sum() > 20
    curvature = k.curvature.x.array[near]
    assert curvature.mean() == pytest.approx(1 / (3 * radius), rel=0.03)
    chi = k.nodal_mobility.x.array / (cell.numbers.interface.L_sigma * k.capillarity.x.array)
    exact = thin_front.capillarity(theta, 0.05, 6, chi)[near]
    assert k.capillarity.x.array[near] == pytest.approx(exact, abs=0.1)


def test_deposit_without_a_front_is_left_alone(cell):
    k = cell.coefficients.kinetics
    for xi in (1e-3, 0.999):
        cell.state.xi.x.array[:] = xi
        base = cell.base()
        assert (cell.begin_step(0.0, 1.0, base).psi == base.psi).all()
        assert not k.near.x.array.any() and not k.carried.x.array.any()
        assert float(k.M.value) == 0.0


def test_walls_mirror_a_slanted_front(cell):
    """At a wall its normal is turned towards the wall's own direction; inside it is as it is."""
    x = cell.V.tabulate_dof_coordinates()
    slant = np.array([0.6, -0.8])
    cell.state.xi.x.array[:] = from_psi(((x[:, 0] - 5e-6) * 0.6 - (x[:, 1] - 5e-6) * 0.8) / 4e-7)
    cell.coefficients.kinetics.begin_step(0.0, 0.1, cell.base())
    normals = cell.coefficients.kinetics.normal.x.array.reshape(-1, 2)
    on_front = np.abs((x[:, :2] - 5e-6) @ slant) < 4e-7 / 2
    wall = on_front & (np.minimum(x[:, 0], 10e-6 - x[:, 0]) < 1e-9)
    inside = on_front & (np.abs(x[:, 0] - 5e-6) < 2e-6)
    assert wall.any() and normals[inside] == pytest.approx(
        np.tile(slant, (inside.sum(), 1)), abs=1e-9
    )
    assert (np.abs(normals[wall, 0]) < 0.5).all()
