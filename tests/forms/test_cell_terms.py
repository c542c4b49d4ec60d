# SPDX-License-Identifier: MIT
"""A cell with a current and a voltage, term by term: the front at the nodes, conduction, border."""

import numpy as np
import pytest
import scipy.sparse as sparse
import ufl

from solver.equations.kinetics import Growth
from solver.equations.observe import Observer
from solver.input.protocol_steps import Step
from solver.laws import energy
from solver.laws.front import from_psi
from solver.schemes.stage import Stage
from solver.terms.potential import IN_METAL
from tests.small_cell import build, march, vector

LENGTH, SIGMA, CHARGE = 0.4e-6, np.array([0.565, 0.2]), 96500 * 7.64e4
RT_F = 8.314 * 297.15 / 96500
I_0 = 6 * CHARGE * 0.5 * np.sqrt(7e-10 / 30e5)
GAMMA = 5e-6 * 7e-10
"""L_sigma kappa_0 [m^2/s]."""
GIVEN = ("electrochemistry.closure=single_ion", "electrochemistry.control=current",
         "electrochemistry.current=100", "mesh.size_min=0.4 um", "mesh.size_max=0.4 um",
         "mechanics.enabled=false")  # fmt: skip
KINETIC = (*GIVEN, "electrochemistry.counter_R_ct=5e-5")


@pytest.fixture(scope="module")
def cell():
    return build(*GIVEN)[0]


@pytest.fixture(scope="module")
def kinetic():
    return build(*KINETIC)


def law(phi):
    """Speed of a front at phi [m/s]."""
    return 2 * I_0 / CHARGE * np.sinh(phi / (2 * RT_F))


def planar(cell, at, phi_s, sign=1):
    """Fill the cell with a flat front and the phi of its current; returns what belongs to nodes."""
    y, s = cell.V.tabulate_dof_coordinates()[:, 1], cell.state
    s.xi.x.array[:] = from_psi(-(y - at) / LENGTH)
    sigma = np.where(y < 5e-6, *SIGMA)
    s.phi.x.array[:] = phi_s + (y - at) * CHARGE * law(phi_s) / sigma
    cell.coefficients.kinetics.curvature.x.array[:] = 0.0
    return y - at, np.abs(y - 5e-6) > 1e-7


@pytest.mark.parametrize("phi_s", [0.06, 1e-4, -0.04])
def test_every_node_reads_the_speed_of_the_sharp_front(cell, phi_s):
    kinetics = cell.coefficients.kinetics
    above, inside = planar(cell, 4e-6, phi_s)
    read = inside & (above > -6.5 * LENGTH) & (above < 20 * LENGTH)
    assert read.sum() > 300
    assert kinetics.front(kinetics.inside()).V[read] == pytest.approx(law(phi_s), rel=1e-9)


@pytest.mark.parametrize("curvature", [5e5, -2e6])
def test_the_field_across_a_front_is_that_of_all_its_current(cell, curvature):
    """Surface energy takes F c_Li Gamma K from what the kinetics give."""
    kinetics, phi_s = cell.coefficients.kinetics, 0.05
    above, inside = planar(cell, 4e-6, phi_s)
    kinetics.curvature.x.array[:] = curvature / 3  # what counts of it where ions pass the metal
    kinetics.nodal_mobility.x.array[:] = GAMMA / cell.numbers.interface.kappa_0
    y = cell.V.tabulate_dof_coordinates()[:, 1]
    sigma = np.where(y < 5e-6, *SIGMA)
    cell.state.phi.x.array[:] -= above * CHARGE * GAMMA * curvature / sigma
    read = inside & (above > -6.5 * LENGTH) & (above < 12 * LENGTH)
    V = kinetics.front(kinetics.inside()).V[read]
    assert read.sum() > 250 and pytest.approx(law(phi_s), rel=1e-9) == V


def test_deep_in_the_metal_the_distance_counts_no_further(cell):
    kinetics = cell.coefficients.kinetics
    above, _ = planar(cell, 4e-6, 0.05)
    cell.state.phi.x.array[:] = 0.05
    V, deep = kinetics.front(kinetics.inside()).V, above < -7 * LENGTH
    assert deep.any() and np.ptp(V[deep]) < 1e-14 * V[deep][0] and V[deep][0] > law(0.05)


def test_the_rate_and_its_slopes(cell):
    kinetics, s, random = cell.coefficients.kinetics, cell.state, np.random.default_rng(4)
    n = len(s.xi.x.array)
    s.xi.x.array[:], s.phi.x.array[:] = random.uniform(0.1, 0.9, n), random.uniform(-0.1, 0.1, n)
    kinetics.near.x.array[:] = near = random.integers(0, 2, n)
    kinetics.carried.x.array[:] = 1e-8 * (1 - near)
    kinetics.curvature.x.array[:] = random.uniform(-1e7, 1e7, n)
    xi = s.xi.x.array.copy()

    def rate():
        return -kinetics.reaction(1e-9).value  # so short a step bounds no slope

    reaction, V = kinetics.reaction(1e-9), kinetics.front(xi).V
    spread = xi * (1 - xi) / LENGTH
    assert rate() == pytest.approx(spread * np.where(near, V, 1e-8), rel=1e-12)
    well = kinetics.well() * energy.ddg(xi, cell.numbers.interface.W)
    slopes = {"phi": (reaction.per_phi, 1e-6), "xi": (near * (well - reaction.slope), 1e-7)}
    for name, (expected, step) in slopes.items():
        values = s[name].x.array
        values += step
        above = rate()
        values -= 2 * step
        below = rate()
        values += step
        found = (above - below) / (2 * step) * (near if name == "xi" else 1)
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-6 * np.abs(expected).max()), name


def test_curvature_keeps_its_mobility(cell):
    kinetics = cell.coefficients.kinetics
    assert np.unique(kinetics.chi_L_sigma.x.array) == cell.numbers.interface.L_sigma


def test_ions_are_conducted_by_what_is_no_metal(cell):
    random, s = np.random.default_rng(1), cell.state
    s.xi.x.array[:] = random.uniform(-0.1, 1.1, len(s.xi.x.array))
    s.phi.x.array[:] = random.uniform(-1, 1, len(s.xi.x.array))
    system = cell.equations["phi"].linear_system()
    system.assemble()
    # xi is cut off at the nodes, its mean taken then: what the one-point rule has of it.
    inside = s.xi.copy()
    inside.x.array[:] = np.clip(s.xi.x.array, 0, 1)
    ions = ufl.max_value(1 - inside, IN_METAL)
    sigma = cell.per_layer("sigma_ion")
    form = sigma * ions * ufl.inner(ufl.grad(s.phi), ufl.grad(cell.v)) * cell.dx_one
    assert system.product() == pytest.approx(vector(form), rel=1e-10, abs=1e-12)
    system.destroy()


def test_the_metal_conducts_ions_a_little(cell):
    s = cell.state
    s.xi.x.array[:] = 1.0
    s.phi.x.array[:] = cell.V.tabulate_dof_coordinates()[:, 1]
    system = cell.equations["phi"].linear_system()
    system.assemble()
    power = s.phi.x.array @ system.product()
    assert power == pytest.approx(1e-4 * 50e-12 * SIGMA.sum(), rel=1e-9, abs=0)
    system.destroy()


def test_the_counter_electrode_has_the_width_and_a_law_of_its_own(kinetic):
    model, counter = kinetic[0], kinetic[0].equations["phi"].counter
    assert counter.lengths.sum() == pytest.approx(10e-6, rel=1e-12)
    assert len(counter.held) == 0
    model.state.phi.x.array[:] = 0.02
    current, rise = map(counter.total, counter.current(0.05))
    i_0 = RT_F / 5e-5
    assert current == pytest.approx(10e-6 * 2 * i_0 * np.sinh(0.03 / (2 * RT_F)), rel=1e-12)
    higher = counter.total(counter.current(0.05 + 1e-7)[0])
    assert rise == pytest.approx((higher - current) / 1e-7, rel=1e-5)
    assert counter.matched(current) == pytest.approx(0.05, rel=1e-12)
    model.state.phi.x.array[:] = 1e4 * model.V.tabulate_dof_coordinates()[:, 0]  # 0.1 V along it
    for volts in (2.0, 0.05, -1.0):
        current = counter.total(counter.current(volts)[0])
        assert counter.matched(current) == pytest.approx(volts, rel=1e-12)


def test_lithium_dissolves_at_the_counter_electrode():
    """With the exponents of that: (1 - alpha) F eta/RT."""
    counter = build(*KINETIC, "kinetics.alpha=0.3")[0].equations["phi"].counter
    counter.model.state.phi.x.array[:] = 0.0
    i_0, z = RT_F / 5e-5, 0.2 / RT_F
    expected = 10e-6 * i_0 * (np.exp(0.7 * z) - np.exp(-0.3 * z))
    assert counter.total(counter.current(0.2)[0]) == pytest.approx(expected, rel=1e-12)


def step_of_newton(model):
    """One loose update of phi in a stage; the update, the stage, and how xi has moved."""
    stage = Stage.of(model.base(), 0.5, 3e-3, closing=True)
    update = model.equations["phi"].update()
    model.begin_step(0.0, 0.5, stage.base)
    before = model.state.xi.x.array.copy()
    update.solve(stage, 0)
    return update, stage, model.state.xi.x.array - before


@pytest.mark.parametrize("given", [GIVEN, KINETIC], ids=["reversible", "kinetic"])
def test_the_deposit_takes_the_current_given_whatever_is_left_to_do(given):
    model, _ = build(*given, "electrochemistry.current=150")
    model.equations["phi"].current_given = 400.0
    update, _, moved = step_of_newton(model)
    taken = CHARGE * model.lumped_mass @ update.deposit / 0.5
    assert taken == pytest.approx(400 * 10e-6, rel=1e-12)
    assert update.inflow * 96500 == pytest.approx(taken, rel=1e-10)
    assert model.lumped_mass @ moved == pytest.approx(model.lumped_mass @ update.deposit, rel=1e-10)
    update.system.destroy()


def test_xi_answers_with_the_slope_that_the_balance_counts_on(cell):
    model, _ = build(*GIVEN)
    stage = Stage.of(model.base(), 0.5, 1e-9, closing=True)
    update = model.equations["phi"].update()
    model.begin_step(0.0, 0.5, stage.base)
    rate, per_phi = update._reaction(stage)
    reaction = model.coefficients.kinetics.reaction(0.5)
    W, stiff = model.numbers.interface.W, Growth(model, stage).inertia
    stiff = stiff + 0.5 * (reaction.slope + reaction.well * W)
    assert rate == pytest.approx(0.0, abs=1e-12)
    assert per_phi == pytest.approx(reaction.per_phi / np.maximum(stiff, 0.3), rel=1e-12)
    update.system.destroy()


def test_a_unit_of_voltage_changes_phi_by_the_answer(cell):
    """J z is the column of the voltage, by a direct solve with the matrix of all rows."""
    model, _ = build(*GIVEN)
    update = model.equations["phi"].update()
    stage = Stage.of(model.base(), 0.5, 1e-9, closing=True)
    model.begin_step(0.0, 0.5, stage.base)
    update._begin()
    update.leak.find()
    _, per_phi = update._reaction(stage)
    sinks = CHARGE * model.lumped_mass * per_phi
    update.system.assemble()
    update.system.add_diagonal(sinks)
    zero = np.zeros_like(sinks)
    change, (*_, step) = update._bordered(zero, zero, sinks, stage)
    edges, entries = model.edges, update.system._pair[0][0, 0]
    K = sparse.coo_array((entries, (edges.tail, edges.head)), shape=(edges.nodes,) * 2)
    K = K + K.T
    K = sparse.diags_array(sinks - K.sum(axis=0)) + K
    counter = model.equations["phi"].counter.held
    free = np.setdiff1d(np.arange(edges.nodes), counter)
    exact = np.ones(edges.nodes)
    right = -(K.tocsr()[free][:, counter] @ np.ones(len(counter)))
    exact[free] = sparse.linalg.spsolve(K.tocsr()[free][:, free].tocsc(), right)
    assert change / step == pytest.approx(exact, rel=1e-2)
    assert step == pytest.approx(100 * 10e-6 / (sinks @ exact), rel=1e-2)
    assert sinks @ change == pytest.approx(100 * 10e-6, rel=1e-12)
    update.system.destroy()


@pytest.mark.parametrize("R_counter", [0.0, 5e-5])
def test_differential_conductance_of_a_cell(R_counter):
    """dI/dU = 1/(L/sigma + R_ct + R_counter) at rest, of a flat front in two layers."""
    given = list(KINETIC if R_counter else GIVEN)
    given += ["nuclei.film=4 um", "nuclei.count=0", "electrochemistry.current=1"]
    model, _ = build(*given)
    gap = (1e-6 / SIGMA[0]) + 5e-6 / SIGMA[1]
    expected = gap + RT_F / I_0 + R_counter
    assert model.equations["phi"].voltage == pytest.approx(expected, rel=5e-3)
    assert model.equations["phi"].current == pytest.approx(1.0, rel=1e-10)


def test_a_march_keeps_current_and_lithium(kinetic):
    model, integrator = kinetic
    before = model.lumped_mass @ model.state.xi.x.array
    march(integrator, [0.2, 0.4])
    after = model.lumped_mass @ model.state.xi.x.array
    assert CHARGE * (after - before) / 0.6 == pytest.approx(100 * 10e-6, rel=1e-9)
    assert model.equations["phi"].current == pytest.approx(100.0, rel=1e-10)
    assert np.array_equal(model.equations["phi"].columns()[-2:],
                          ("cell_voltage_V", "cell_current_A_per_m2"))  # fmt: skip
    assert model.equations["phi"].measured()[-2] == model.equations["phi"].voltage


def test_a_model_of_ions_alone_has_no_concentration(cell):
    assert list(cell.equations) == ["xi", "phi", "phi_s", "u"]


def test_what_is_plated_is_stripped():
    """A film grows by 0.41 um and comes back, by the same charge."""
    model, integrator = build(*GIVEN, "nuclei.film=4 um", "nuclei.count=0")
    observer = Observer(model)
    area, tip = observer.deposit_area(), observer.tip()
    march(integrator, [3.0] * 10)
    way = (observer.deposit_area() - area) / 10e-6
    assert way == pytest.approx(100 * 30 / CHARGE, rel=1e-9)
    model.equations["phi"].follow(Step("current", -100.0, 0.0, (), None, 1), 30.0)
    march(integrator, [3.0] * 10)
    assert abs(observer.deposit_area() - area) / 10e-6 < 1e-9 * way
    assert abs(observer.tip() - tip) < 0.01 * way
