# SPDX-License-Identifier: MIT
"""Lithium that flows, as bodies: tubes and bars with closed forms, and the slopes of its terms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from solver.base.errors import SolverError
from solver.equations.couplings_elastic import ElasticDriving, Stiffness, forces
from solver.equations.couplings_flow import pair
from solver.laws.creep import Strain
from solver.laws.energy import h
from tests.forms import tube
from tests.small_cell import build

YIELD = 0.8e6
K = YIELD / np.sqrt(3)
PLASTIC = ("lithium.flow=plastic", "lithium.nu=0.49")


@pytest.fixture(scope="module")
def wall():
    return tube.mesh(24, 36)


def pressed(domain, pressure: float):
    """The plastic tube under a pressure [Pa]."""
    model, scheme = tube.filled(domain, *PLASTIC, f"mechanics.stack_pressure={pressure}")
    tube.flow_for(model, scheme, 0.0)
    return model


def plastic_radius(model) -> float:
    """Of the circle within which the lithium has flowed [m], by its area."""
    flowed = model.equations["eps_v"].eps_v.equivalent > 1e-12
    return np.sqrt(tube.INNER**2 + 4 / np.pi * float(model.edges.areas @ flowed))


def test_a_tube_yields_at_its_inner_surface_first(wall):
    first = K * (1 - (tube.INNER / tube.OUTER) ** 2)
    assert first == pytest.approx(0.43301e6, rel=1e-5)
    assert plastic_radius(pressed(wall, 0.98 * first)) == tube.INNER
    assert plastic_radius(pressed(wall, 1.15 * first)) > tube.INNER


@pytest.mark.parametrize("pressure", [0.8e6, 0.98671e6, 1.2e6])
def test_plastic_radius_of_a_tube(wall, pressure):
    found = plastic_radius(pressed(wall, pressure))
    r, b = found / tube.INNER, found / tube.OUTER
    # Hill: what a tube that is plastic up to there bears.
    bears = K * (2 * np.log(r) + 1 - b * b)
    assert bears == pytest.approx(pressure, rel=0.02)
    if pressure == 0.98671e6:
        assert found == pytest.approx(2e-6, rel=0.03)
        assert K * (2 * np.log(2) + 1 - 0.25) == pytest.approx(pressure, rel=1e-5)


def test_a_tube_collapses_at_its_limit_load(wall):
    limit = 2 * K * np.log(tube.OUTER / tube.INNER)
    assert limit == pytest.approx(1.28060e6, rel=1e-5)
    pressed(wall, 0.99 * limit)
    with pytest.raises(SolverError):
        pressed(wall, 1.01 * limit)


def test_forces_that_are_no_longer_finite_reject_a_step():
    """They were an internal error of the linear solver, whose tolerance was not a number."""
    model, scheme = tube.filled(tube.mesh(4, 4), "lithium.flow=norton")
    model.state.u.x.array[:] = np.nan
    with pytest.raises(SolverError, match="no longer finite"):
        tube.flow_for(model, scheme, 1.0)


def test_forces_are_in_balance_as_exactly_as_a_linear_solve_leaves_them():
    """What a step leaves differs from rank to rank, and is to stay below 1e-4 of the stress."""
    given = ("mechanics.stack_pressure=0.5 MPa", "solver.pass_tolerance=3e-3")
    model, scheme = tube.filled(tube.mesh(16, 24), "lithium.flow=norton", *given)
    update, xi = scheme.updates["eps_v"], model.state.xi.x.array
    load = update.with_pressure(update.stiffness.load(xi))
    left = []
    for dt in np.geomspace(1e-3, 10.0, 12):
        tube.flow_for(model, scheme, dt)
        taken = update.flow.force(update.equation.eps_v, xi)
        size = update.system.norm(load) + update.system.norm(taken)
        left.append(update.system.norm(update._missing(load)) / size)
    assert 1e-9 < max(left) < 3e-5


def test_stress_of_a_strain_that_is_held_relaxes_by_the_closed_form():
    # 3 mu = 4900 MPa takes the place of Young's modulus where shear relaxes.
    nu = 0.36
    E = 2 * (1 + nu) * 4900e6 / 3
    model, _ = tube.filled(tube.mesh(4, 4), "lithium.flow=norton", f"lithium.E={E}",
                           f"lithium.nu={nu}", "constants.T=298 K")  # fmt: skip
    equation, u = model.equations["eps_v"], model.state.u.x.array
    u[::2] = 0.8e6 / 4900e6 * np.sqrt(3) * model.V.tabulate_dof_coordinates()[:, 1]
    times = [0.0, *np.geomspace(1e-4, 100.0, 1500)]
    for t, then in itertools.pairwise(times):
        equation.begin_step(t, then - t, None)
        equation.hold(then)
        equation.eps_v = equation.answer().eps_v
    now = equation.present()
    assert 2 * equation.flow.mu * now.elastic.equivalent == pytest.approx(0.173524e6, rel=1e-3)
    assert np.allclose(tube.pressure(model), 0, atol=1e-3)


def test_stresses_in_a_tube_that_flows_are_in_balance_with_its_load(wall):
    """Their first moment: the integral of sigma_xx + sigma_yy is the virial of the load.

    sigma_xx + sigma_yy = 2 K tr eps - s_zz: of the volume, which flow does not change, and of the
    deviator, whose trace is 0.
    """
    model = pressed(wall, 1.2e6)
    equation, areas = model.equations["eps_v"], model.edges.areas
    xx, yy, _ = model.edges.strain(model.state.u.x.array)
    elastic = equation.present().elastic
    bulk = model.config.lithium.E / (3 * (1 - 2 * model.config.lithium.nu))
    zz = -2 * equation.flow.mu * (elastic.xx + elastic.yy)
    found = float(areas @ (2 * bulk * (xx + yy) - zz))
    x = model.V.tabulate_dof_coordinates()[:, :2].ravel()
    load = float(model.equations["u"].with_pressure(np.zeros(len(x))) @ x)
    assert found == pytest.approx(-load, rel=1e-6)
    assert -load == pytest.approx(1.2e6 * np.pi / 2 * tube.INNER**2, rel=1e-3)
    assert np.abs(equation.eps_v.xx).max() > 1e-4


def test_pressure_in_a_slit_falls_by_the_shear_that_its_walls_bear():
    model, scheme = tube.filled(tube.slit(8, 10), *PLASTIC, "mechanics.stack_pressure=5 MPa",
        "mechanics.sides={anode: fixed, counter: fixed, left: pressure, right: free}")  # fmt: skip
    tube.flow_for(model, scheme, 0.0)
    p = tube.pressure(model)
    at = (model.edges.mean @ model.V.tabulate_dof_coordinates()[:, 0]) / tube.INNER
    inside = (at > 1) & (at < 4)
    slope, _ = np.polyfit(at[inside], p[inside], 1)
    assert slope == pytest.approx(-2 * YIELD / np.sqrt(3), rel=0.03)


WALLS = "mechanics.sides={anode: roller, counter: roller, left: roller, right: pressure}"


@pytest.mark.parametrize(("law", "rate"), [("plastic", 1e-3), ("norton", 1e-3), ("norton", 1e-2)])
def test_pressure_on_stiff_walls_saturates_at_the_stress_of_the_rate(law, rate):
    """Lithium grows into walls at a rate, and has a free side.

    Plane strain with sigma_xx = 0 (1 Pa, by which forces are judged): while it is elastic the
    walls bear E/(1 - nu^2) times what has grown, once it flows 2/sqrt(3) sigma with f(sigma) =
    2/sqrt(3) of the rate.
    """
    model, scheme = tube.filled(tube.slit(4, 2), f"lithium.flow={law}", WALLS,
        "mechanics.stack_pressure=1 Pa", "solver.pass_tolerance=1e-4")  # fmt: skip
    equation, lithium, u = model.equations["eps_v"], model.config.lithium, model.state.u.x.array
    stiffness = Stiffness(model.edges, model.solved_triangles, model.coefficients.vegard)
    top, x = model.domain.dofs(model.V, "counter"), model.V.tabulate_dof_coordinates()
    width, height = np.ptp(x[:, 0]), np.ptp(x[:, 1])

    def borne() -> float:
        """Pressure that the wall bears [Pa]."""
        xi = model.state.xi.x.array
        force = stiffness.force(u, xi) - equation.flow.force(equation.eps_v, xi)
        return -float(force[2 * top + 1].sum()) / width

    flow_stress = equation.flow.law.stress(2 / np.sqrt(3) * rate)
    saturated, stiff = 2 / np.sqrt(3) * flow_stress, lithium.E / (1 - lithium.nu**2)
    begins = saturated / (stiff * rate)  # when an elastic body would bear as much
    found = []
    for dt in (*[0.01 * begins] * 5, *[0.2 * begins] * 40):
        u[2 * top + 1] -= rate * dt * height
        tube.flow_for(model, scheme, dt)
        found.append(borne())
    assert found[:5] == pytest.approx(stiff * rate * 0.01 * begins * np.arange(1, 6), rel=1e-4)
    assert found[-1] == pytest.approx(saturated, rel=1e-4)
    assert np.ptp(found[-5:]) < 1e-4 * saturated  # an elastic body would bear eight times as much
    assert np.allclose(equation.flow.mu * equation.present().elastic.xy, 0, atol=1e-4 * saturated)


def test_large_strains_are_remarked_on():
    model, _ = tube.filled(tube.slit(2, 2), "lithium.flow=plastic")
    equation = model.equations["eps_v"]
    none = np.zeros(len(model.edges.areas))
    for size, said in ((0.099, ""), (0.101, "has flowed by 0.1,")):
        # A bar in plane strain: 2/sqrt(3) of its strain.
        strain_of_it = size * np.sqrt(3) / 2 * np.ones_like(none)
        equation.eps_v = Strain(strain_of_it, -strain_of_it, none)
        assert said in equation.remark() and bool(equation.remark()) == bool(said)


@pytest.fixture(scope="module")
def flowing():
    """A cell with fronts that has flowed for a while, and what its terms are made of."""
    coarse = ("mesh.size_min=1 um", "mesh.size_max=1 um")
    stack = ("mechanics.sides.counter=pressure", "mechanics.stack_pressure=5 MPa")
    model, _ = build("lithium.flow=norton", *coarse, *stack)
    random = np.random.default_rng(3)
    s, equation = model.state, model.equations["eps_v"]
    s.u.x.array[:] += random.uniform(-3e-10, 3e-10, len(s.u.x.array))
    equation.begin_step(0.0, 0.5, None)
    equation.before = equation.before._replace(share=0.7 * equation.before.share)  # it has grown
    equation.hold(0.5)
    return model, equation


def test_the_matrix_is_the_slope_of_the_forces(flowing):
    model, equation = flowing
    u, xi, edges = model.state.u.x.array, model.state.xi.x.array, model.edges
    stiffness = Stiffness(edges, model.solved_triangles, model.coefficients.vegard)
    way = np.random.default_rng(4).uniform(-1, 1, len(u))

    def total(shift: float) -> np.ndarray:
        u[:] += shift * way
        answer = equation.answer()
        found = stiffness.force(u, xi) - equation.flow.force(answer.eps_v, xi)
        u[:] -= shift * way
        return found

    size = 1e-14
    slope = (total(size) - total(-size)) / (2 * size)
    softening = equation.flow.softening(equation.answer())
    xx, yy, xy = edges.strain(way)
    s11, s12, s13, s22, s23, s33 = softening
    lost = forces(edges, s11 * xx + s12 * yy + 2 * s13 * xy, s12 * xx + s22 * yy + 2 * s23 * xy,
                  s13 * xx + s23 * yy + 2 * s33 * xy)  # fmt: skip
    assert np.abs(lost).max() > 0.01 * np.abs(slope).max()
    expected = stiffness.force(way, xi) - lost
    assert np.allclose(slope, expected, rtol=0, atol=2e-6 * np.abs(expected).max())
    # The pairs of the edges are that matrix.
    (forward, _), y = pair(edges, softening), way.reshape(-1, 2).T
    product = np.zeros_like(y)
    for a in range(2):
        for b in range(2):
            np.add.at(product[a], edges.tail, forward[a, b] * (y[b, edges.head] - y[b, edges.tail]))
            np.add.at(product[a], edges.head, forward[b, a] * (y[b, edges.tail] - y[b, edges.head]))
    assert np.allclose(product.T.ravel(), lost, rtol=0, atol=1e-10 * np.abs(lost).max())


def test_new_lithium_is_born_without_stress(flowing):
    model, equation = flowing
    flow, u, xi = equation.flow, model.state.u.x.array, model.state.xi.x.array
    none = np.zeros(len(equation.before.share))
    start = Strain(none, none, none)
    born = flow.answer(u, xi, (none, start), 0.0)
    assert np.abs(np.array(born.returned.elastic)).max() == 0
    grown = flow.answer(u, xi, (0.25 * flow.metal(xi), start), 0.0)
    whole = flow.answer(u, xi, (flow.metal(xi), start), 0.0)
    shrunk = flow.answer(u, xi, (4 * flow.metal(xi), start), 0.0)
    for quarter, full, less in zip(*(np.array(x.returned.elastic) for x in (grown, whole, shrunk)),
                                   strict=True):  # fmt: skip
        assert np.allclose(quarter, 0.25 * full, rtol=1e-12)
        assert np.array_equal(less, full)


def test_driving_force_of_what_has_flowed_is_the_derivative_of_the_energy(flowing):
    """f_els' with flow against the energy of the two phases, by differences in xi at a node."""
    model, equation = flowing
    flow, edges, u = equation.flow, model.edges, model.state.u.x.array
    eps_v = equation.answer().eps_v
    driving = ElasticDriving(edges, model.solved_triangles, model.coefficients.vegard)
    xi = np.random.default_rng(5).uniform(0.1, 0.9, len(model.state.xi.x.array))
    v, (xx, yy, xy) = model.coefficients.vegard, edges.strain(u)

    def energies(xi: np.ndarray) -> np.ndarray:
        """Of every corner of every triangle [J/m^3]."""
        metal = h(xi)[edges.corners]
        found = np.zeros_like(metal)
        for corner in range(3):
            m = metal[:, corner]
            e = [a - m * b for a, b in zip((xx, yy, 0 * xx), v.strain, strict=True)]
            ev = [eps_v.xx, eps_v.yy, -eps_v.xx - eps_v.yy]
            for lam, mu, share, flowed in (
                (v.lam + v.dlam, v.mu + v.dmu, m, 1.0), (v.lam, v.mu, 1 - m, 0.0)
            ):  # fmt: skip
                normal = [a - flowed * b for a, b in zip(e, ev, strict=True)]
                shear = xy - flowed * eps_v.xy
                squared = sum(x * x for x in normal) + 2 * shear * shear
                found[:, corner] += share * (0.5 * lam * sum(normal) ** 2 + mu * squared)
        return found

    size = 1e-6
    slope = (energies(xi + size) - energies(xi - size)) / (2 * size)
    expected = np.zeros(len(xi))
    np.add.at(expected, edges.corners, slope * edges.areas[:, None] / 3)
    found = driving(u, xi) + flow.driving(u, xi, eps_v)
    assert np.allclose(found, expected, rtol=0, atol=1e-6 * np.abs(expected).max())
    assert np.abs(flow.driving(u, xi, eps_v)).max() > 0.03 * np.abs(found).max()


def test_the_strain_of_lithium_is_without_its_vegard_strain(flowing):
    model, equation = flowing
    u, xi = np.zeros_like(model.state.u.x.array), np.full_like(model.state.xi.x.array, 0.6)
    layer = model.config.layers[0].lambda_i
    here = model.of_triangles(model.layer_number) == 1
    mean = sum(layer) / 3
    found = equation.flow.strain(u, xi)
    assert np.allclose(found.xx[here], -h(0.6) * (layer[0] - mean), rtol=1e-12)
    assert np.allclose(found.yy[here], -h(0.6) * (layer[1] - mean), rtol=1e-12)
