# SPDX-License-Identifier: MIT
"""Every term of solver.terms against what the model's equations say, written out by hand."""

import numpy as np
import pytest
import ufl

from dolfinx import fem

from solver.base.profile import Profile
from solver.equations.kinetics import Growth, Reaction, overpotential
from solver.equations.observe import Observer
from solver.input.sections import PhaseField
from solver.laws import elasticity, energy, kinetics, scaling
from solver.laws.front import from_psi, psi
from solver.schemes.monolithic import MonolithicScheme
from solver.schemes.stage import Base, Stage
from solver.terms import mechanics, phase_field, transport
from tests.small_cell import bases, build, random_state, vector

RT_F = 8.314 * 297.15 / 96500
TAU = 0.3


# --- pointwise laws ------------------------------------------------------------------------


def slope(f, x, step=1e-6):
    return (f(x + step) - f(x - step)) / (2 * step)


def test_interpolation_and_well():
    xi, W = np.linspace(-0.1, 1.1, 25), 3.0
    assert energy.h(np.array([0, 0.25, 0.5, 1])) == pytest.approx([0, 0.103515625, 0.5, 1])
    assert energy.dh(xi) == pytest.approx(slope(energy.h, xi), abs=1e-8)
    assert energy.ddh(xi) == pytest.approx(slope(energy.dh, xi), abs=1e-8)
    well = slope(lambda x: W * x**2 * (1 - x) ** 2, xi)
    assert energy.dg(xi, W) == pytest.approx(well, abs=1e-8)
    assert energy.ddg(xi, W) == pytest.approx(slope(lambda x: energy.dg(x, W), xi), abs=1e-8)


def test_butler_volmer():
    eta, alpha, c = -0.04, 0.3, 0.7
    expected = np.exp(0.7 * eta / RT_F) - c * np.exp(-0.3 * eta / RT_F)
    assert kinetics.butler_volmer(c, eta, alpha, 1 / RT_F) == pytest.approx(expected)
    assert kinetics.butler_volmer(1.0, -0.1, 0.5, 1 / RT_F) < 0, "a negative potential deposits"
    at_rest = RT_F * np.log(c)
    assert kinetics.butler_volmer(c, at_rest, alpha, 1 / RT_F) == pytest.approx(0, abs=1e-12)


def test_diffusivity_is_the_layers_ahead_of_the_front_and_the_deposits_behind_it():
    found = transport.diffusivity(np.array([0.0, 0.25, 1.0]), 5.0, 2.0)
    assert found == pytest.approx([2.0, 2 + 3 * 0.103515625, 5.0])


def test_front_coordinate():
    xi = np.array([1e-9, 0.2, 0.5, 0.999])
    assert psi(xi) == pytest.approx(np.log(xi / (1 - xi)), rel=1e-12)
    assert from_psi(psi(xi)) == pytest.approx(xi, rel=1e-12)
    # A small change of psi is the change of xi that it makes.
    rate = phase_field.rate_density(xi, psi(xi) - 1e-6)
    before = from_psi(psi(xi) - 1e-6)
    assert rate == pytest.approx(xi - before, rel=1e-5, abs=1e-15)


def test_rate_of_elements_that_are_not_lumped():
    assert phase_field.plain_rate(0.7, 0.4, 0.5, 2.0, 0.25) == pytest.approx(0.3)


def test_growth_is_hindered_where_ions_are_scarce():
    growth, c = np.array([1.0, 1.0, 1.0, -1.0, 0.0]), np.array([1e3, 2.0, 1e-9, 2.0, 2.0])
    slowed = phase_field.hindrance(growth, c, 2.0)
    assert slowed == pytest.approx([1.002, 2.0, 1 + 1 / phase_field.SCARCEST, 1.0, 1.0])
    pairs = zip(map(ufl.as_ufl, growth), map(ufl.as_ufl, c), strict=True)
    forms = [phase_field.hindrance(*pair, 2.0) for pair in pairs]
    assert [form(()) for form in forms] == pytest.approx(slowed)


@pytest.mark.parametrize(("xi", "tip"), [(1e-3, 0.0), (0.999, 10e-6)])
def test_tip_of_an_empty_and_of_a_full_cell(cell, xi, tip):
    cell.state.xi.x.array[:] = xi
    assert Observer(cell).tip() == tip


def test_rescaling_keeps_the_sharp_interface():
    printed = scaling.interface(PhaseField())
    wide = scaling.interface(PhaseField(interface_length="0.4 um"))
    assert wide.length == pytest.approx(0.4e-6)
    assert printed.length == pytest.approx(15.275e-9, rel=1e-4)
    for quantity in (
        lambda i: i.surface_energy,
        lambda i: i.L_sigma * i.kappa_0,
        lambda i: i.L_eta * i.length,
    ):
        assert quantity(wide) == pytest.approx(quantity(printed))
    # The integral of W xi^2 (1 - xi)^2 + kappa/2 (xi')^2 over the equilibrium profile.
    x = np.linspace(-40, 40, 80001)
    xi = 1 / (1 + np.exp(x))
    density = wide.W * (xi * (1 - xi)) ** 2 * 2 * wide.length
    assert wide.surface_energy == pytest.approx(np.sum(density) * (x[1] - x[0]), rel=1e-6)


def test_lame_and_von_mises():
    E, nu = 10e9, 0.3
    lam, mu = elasticity.lame(E, nu)
    assert mu * (3 * lam + 2 * mu) / (lam + mu) == pytest.approx(E)
    assert lam / 2 / (lam + mu) == pytest.approx(nu)
    pull = ufl.as_matrix(np.diag([-3.0, 0.0, 0.0]).tolist())
    assert mechanics.von_mises(pull)(()) == pytest.approx(3.0)
    shear = ufl.as_matrix([[5.0, 2.0, 0.0], [2.0, 5.0, 0.0], [0.0, 0.0, 5.0]])
    assert mechanics.von_mises(shear)(()) == pytest.approx(2 * 3**0.5)


def test_overpotential():
    coarse = ("mesh.size_min=1 um", "mesh.size_max=1 um", "kinetics.phi_eq=0.02")
    y = {"phi": np.array([-0.03, 0.0])}
    assert overpotential(build(*coarse)[0], y) == pytest.approx([-0.05, -0.02])
    applied = build(*coarse, "kinetics.overpotential=applied")[0]
    assert overpotential(applied, y) == pytest.approx([-0.12, -0.12])


# --- the stage of a cell -------------------------------------------------------------------


def residual(cell, base, closing):
    y = {name: cell.state[name] for name in cell.equations}
    tests = {name: cell.w if name == "u" else cell.v for name in y}
    tau = cell.constant(TAU)
    return [e.residual(y, base, tau, closing, tests[n]) for n, e in cell.equations.items()]


def test_uniform_fields_obey_the_equations_written_out(cell, base):
    s, (x, y) = cell.state, cell.V.tabulate_dof_coordinates()[:, :2].T
    values = dict(xi=0.3, c=600.0, phi=-0.03)
    for name, value in values.items():
        getattr(s, name).x.array[:] = value
    s.u.x.array[:] = 0
    for name, value in dict(xi=0.25, psi=-0.9, c=640.0, h=0.0).items():
        getattr(base, name).x.array[:] = value
    inside = (y < 4e-6) & (x > 1e-6) & (x < 9e-6) & (y > 1e-6)  # of layer A, off its edges
    got = [r / cell.lumped_mass for r in map(vector, residual(cell, base, 1.0)[:3])]

    f = 0.4e-6 / np.sqrt(7e-10 / 30e5)
    L_sigma, W, L_eta, xi = 5e-6 / f, 15e5 / f, 0.5 / f, 0.3
    B = np.exp(0.5 * -0.03 / RT_F) - 0.6 * np.exp(0.5 * 0.03 / RT_F)
    stored = slope(vegard_energy, xi)
    rate = xi * 0.7 * (np.log(3 / 7) + 0.9) / TAU
    rate += L_sigma * (2 * W * xi * 0.7 * 0.4 + stored) + L_eta * 30 * xi**2 * 0.49 * B
    assert got[0][inside] == pytest.approx(rate, rel=1e-6)
    assert got[1][inside] == pytest.approx((600 - 640 + 7.64e4 * 0.05) / TAU)
    assert got[2][inside] == pytest.approx(96500 * 7.64e4 * 0.05 / TAU)
    within = [r / cell.lumped_mass for r in map(vector, residual(cell, base, 0.0)[1:3])]
    increment = xi * 0.7 * (np.log(3 / 7) + 0.9)
    assert within[0][inside] == pytest.approx((600 - 640 + 7.64e4 * increment) / TAU)
    assert within[1][inside] == pytest.approx(96500 * 7.64e4 * increment / TAU)


def vegard_energy(xi, E=(4.9e9, 22.1e9), nu=(0.36, 0.37)):
    """Energy density of deposit that cannot expand, 1/2 h^2 lambda : C : lambda."""
    h = xi**3 * (6 * xi**2 - 15 * xi + 10)
    lithium, electrolyte = (np.array(lame_by_hand(*pair)) for pair in zip(E, nu, strict=True))
    lam, mu = h * lithium + (1 - h) * electrolyte
    strain = np.array([-0.866e-3, -0.773e-3, -0.529e-3])
    return 0.5 * h**2 * (lam * strain.sum() ** 2 + 2 * mu * (strain**2).sum())


def lame_by_hand(E, nu):
    mu = E / 2 / (1 + nu)
    return 2 * mu * nu / (1 - 2 * nu), mu


def test_charge_of_electrons_written_out():
    model, _ = build("reading=electron_limited", "mesh.size_min=1 um", "mesh.size_max=1 um")
    base, s, s_e = bases(model), model.state, 7.9205e-6
    for name, value in dict(xi=0.25, psi=-0.9, c=640.0, h=0.1).items():
        getattr(base, name).x.array[:] = value
    s.xi.x.array[:] = 0.3
    s.phi.x.array[:] = 0.0
    h, dh = 0.3**3 * (6 * 0.09 - 4.5 + 10), 30 * 0.09 * 0.49
    for closing, taken in ((1.0, h - 0.1), (0.0, dh * 0.21 * (np.log(3 / 7) + 0.9))):
        got = vector(residual(model, base, closing)[2]) / model.lumped_mass
        assert got == pytest.approx(-s_e * 96500 * 7.64e4 * taken / TAU)


SCARCE = (
    "mesh.size_min=1 um", "mesh.size_max=1 um", "kinetics.c_half=200", "kinetics.alpha=0.3",
)  # fmt: skip


@pytest.mark.parametrize("overpotential", ["local", "applied"])
def test_slopes_of_growth_and_reaction_are_those_of_their_values(overpotential):
    model, _ = build(*SCARCE, f"kinetics.overpotential={overpotential}")
    random_state(model, bases(model))
    s, i = model.state, model.numbers.interface
    # So near the base that no slope is bounded, and in so short a step.
    near = np.random.default_rng(3).uniform(-0.8, 0.8, len(s.xi.x.array))
    stage = Stage.of(Base(psi=psi(s.xi.x.array) + near), 1e-12, 1e-9, True)

    def slope_in(name, value, step):
        def of(nodal):
            s[name].x.array[:] = nodal
            return value()

        start = s[name].x.array.copy()
        found = slope(of, start, step)
        s[name].x.array[:] = start
        return found

    def growth():
        return Growth(model, stage).value

    def reaction():
        return Reaction(model, stage.tau).value

    def with_well():
        return reaction() + i.L_sigma * energy.dg(s.xi.x.array, i.W)

    of_growth, of_reaction = Growth(model, stage), Reaction(model, stage.tau)
    assert of_growth.inertia == pytest.approx(slope_in("xi", growth, 1e-6), rel=1e-6)
    assert of_growth.relief == pytest.approx(-slope_in("c", growth, 1e-2), rel=1e-6, abs=1e-9)
    exact = slope_in("xi", with_well, 1e-6)
    assert of_reaction.slope == pytest.approx(exact, rel=1e-6, abs=1e-8 * np.abs(exact).max())
    assert of_reaction.per_c == pytest.approx(-slope_in("c", reaction, 1e-2), rel=1e-6)
    exact = slope_in("phi", reaction, 1e-6)
    assert of_reaction.per_phi * np.ones_like(exact) == pytest.approx(exact, rel=1e-6)
    assert (overpotential == "local") == exact.any()


def test_the_newton_diagonal_is_positive_far_from_the_base_and_near_it_in_any_step():
    model, _ = build(*SCARCE)
    random_state(model, bases(model))
    at = psi(model.state.xi.x.array)
    for way, tau in ((-20.0, 1e-12), (20.0, 1e-12), (0.0, 1e4)):
        stage = Stage.of(Base(psi=at + way), tau, 1e-9, True)
        diagonal = Growth(model, stage).inertia + tau * Reaction(model, tau).slope
        assert diagonal.min() > 0.2


ELECTRONS = ("reading=electron_limited", "layers.1.sigma_Li=1.91e-7")


@pytest.mark.parametrize("reading", [(), ELECTRONS], ids=["ionic", "electron_limited"])
@pytest.mark.parametrize("final", [True, False])
def test_split_stage_solves_the_forms(final, reading):
    model, integrator = build(*reading)
    before = model.base()
    integrator.scheme.solve(before, 0.2, final)
    left = MonolithicScheme(model, Profile()).evaluate(before, 0.2, final)
    assert left.max() < 1e-5
    assert MonolithicScheme(model, Profile()).evaluate(before, 0.2, not final).max() > 1e-3
    assert MonolithicScheme(model, Profile()).evaluate(before, 0.19).max() > 1e-3


@pytest.mark.parametrize("scheme", ["split", "monolithic"])
def test_a_step_conserves_lithium(scheme):
    model, integrator = build(
        "mesh.size_min=0.5 um", "mesh.size_max=0.5 um", f"solver.scheme={scheme}"
    )
    observer = Observer(model)
    before = observer.content()
    step = integrator.step(0.5)
    assert step.inflow > 1e-4 * before, "nothing has entered"
    assert observer.content() - before == pytest.approx(step.inflow, rel=1e-9, abs=0)


# --- fluxes and stresses -------------------------------------------------------------------


def test_conduction_of_a_linear_potential(cell):
    s, x = cell.state, cell.V.tabulate_dof_coordinates()
    s.xi.x.array[:], s.phi.x.array[:] = 0.25, 2e4 * x[:, 1]
    power = np.dot(x[:, 1], vector(cell.equations["phi"].conduction_form(s.phi, s.xi, cell.v)))
    h = 0.103515625
    sigma = h * 1e3 + (1 - h) * np.array([0.565, 0.2])
    assert power == pytest.approx(2e4 * (sigma * 50e-12).sum())


def test_anisotropic_flux_of_a_linear_profile(cell):
    s, x = cell.state, cell.V.tabulate_dof_coordinates()
    angle, size = 0.3, 1e5
    s.xi.x.array[:] = size * (np.cos(angle) * x[:, 0] + np.sin(angle) * x[:, 1])
    forces = vector(cell.equations["xi"].gradient_form(s.xi, s.xi, cell.v))
    # Virtual work along and across the gradient: kappa and kappa'/2.
    along = np.dot(np.cos(angle) * x[:, 0] + np.sin(angle) * x[:, 1], forces)
    across = np.dot(-np.sin(angle) * x[:, 0] + np.cos(angle) * x[:, 1], forces)
    mobility = 5e-6 * 7e-10 * size * 100e-12
    assert along / mobility == pytest.approx(1 + 0.1 * np.cos(4 * angle), rel=1e-9)
    assert across / mobility == pytest.approx(-0.2 * np.sin(4 * angle), rel=1e-9)


def test_gradient_term_is_the_derivative_of_its_energy(cell, base):
    random_state(cell, base)
    xi, p = cell.state.xi, cell.config.phase_field
    gx, gy = ufl.grad(xi)[0], ufl.grad(xi)[1]
    kappa = 5e-6 * 7e-10 * (1 + p.delta * ufl.cos(p.omega * ufl.atan2(gy, gx)))
    f_grad = kappa / 2 * (gx**2 + gy**2) * cell.dx_one
    expected = vector(ufl.derivative(f_grad, xi, cell.v))
    got = vector(cell.equations["xi"].gradient_form(xi, xi, cell.v))
    assert got == pytest.approx(expected, abs=1e-12 * abs(expected).max())


def test_mechanics_derives_from_its_energy(cell, base):
    random_state(cell, base)
    s = cell.state
    f_els = mechanics.elastic_energy(s.u, s.xi, cell.coefficients.elasticity) * cell.dx
    work = vector(ufl.derivative(f_els, s.u, cell.w))
    u = cell.equations["u"]
    got = vector(u.stiffness_form(s.u, s.xi, cell.w)) + vector(u.vegard_form(s.xi, cell.w))
    assert got == pytest.approx(work, abs=1e-11 * abs(work).max())
    drive = 5e-6 * 7e-10 / cell.numbers.interface.kappa_0
    expected = drive * vector(ufl.derivative(f_els, s.xi, cell.v))
    got = vector(cell.equations["xi"].elastic_driving_form(s.u, s.xi, cell.v))
    assert got == pytest.approx(expected, abs=1e-11 * abs(expected).max())


def test_stress_of_a_plane_strain(cell):
    strain = np.array([[1e-3, 4e-4, 0], [4e-4, -2e-4, 0], [0, 0, 0]])
    s, x = cell.state, cell.Vu.tabulate_dof_coordinates()[:, :2]
    s.u.x.array[:] = (x @ strain[:2, :2]).ravel()
    s.xi.x.array[:] = 0.5
    lam, mu = (np.array(lame_by_hand(4.9e9, 0.36)) + lame_by_hand(22.1e9, 0.37)) / 2
    elastic = strain - 0.5 * np.diag([-0.866e-3, -0.773e-3, -0.529e-3])
    expected = lam * np.trace(elastic) * np.eye(3) + 2 * mu * elastic
    layer_a = ufl.conditional(ufl.lt(cell.layer_number, 1.5), 1.0, 0.0)
    sigma = mechanics.stress(s.u, s.xi, cell.coefficients.elasticity)
    for i, j in ((0, 0), (1, 1), (2, 2), (0, 1)):
        mean = fem.assemble_scalar(fem.form(sigma[i, j] * layer_a * cell.dx)) / 50e-12
        assert mean == pytest.approx(expected[i, j], rel=1e-9)
