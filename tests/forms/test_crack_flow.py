# SPDX-License-Identifier: MIT
"""A deposit that flows and a stack that presses beside an electrolyte that cracks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.base.errors import SolverError
from solver.base.profile import Profile
from solver.cell import domain
from solver.equations.couplings_elastic import Deposit
from solver.equations.model import Model
from solver.input import loading
from solver.laws.energy import h
from solver.schemes import factory
from solver.stepping.integrator import Integrator
from solver.terms import damage, mechanics
from tests.forms import tube

TEXT = """\
title: A film that flows under an electrolyte that cracks
width: 3 um
layers: [{name: LPSC, thickness: 5 um, K_IC: 0.23 MPa*m^0.5}]
phase_field: {interface_length: 0.25 um}
mechanics: {feedback: false, sides: {counter: pressure}, stack_pressure: 5 MPa}
lithium: {flow: norton}
nuclei: {film: 1.5 um, count: 0}
mesh: {size_min: 0.25 um, size_max: 0.25 um}
boundary: {phi_anode: 0 V}
solver: {pass_tolerance: 1e-4}
time: {scheme: backward_euler}
"""
NOTCH = """\
fracture={length: 0.3 um, elements: 2, overpotential_course: [[0 s, 0 V], [8 s, 16 mV]],
          notches: [{x: 1.5 um, y: 1.5 um, length: 1.2 um}]}"""
WHOLE = "fracture={length: 0.3 um}"


def settled(*changes: str) -> Integrator:
    """A cell at rest, from which steps may be taken."""
    config = loading.parse(TEXT, list(changes))
    model = Model(config, domain.build(config, MPI.COMM_SELF))
    model.initialise()
    scheme = factory.create(model, Profile())
    scheme.settle()
    integrator = Integrator(model, scheme)
    integrator.start(0.0)
    return integrator


def marched(*changes: str, steps: int = 4, dt: float = 1.0) -> Model:
    """The same after some steps in time."""
    integrator = settled(*changes)
    for step in range(steps):
        integrator.step(dt)
        integrator.keep((step + 1) * dt)
    return integrator.model


def held(*changes: str, steps: int) -> Model:
    """The same with the front as it is: it grows a little, and new lithium has no shear."""
    integrator = settled(*changes)
    model = integrator.model
    solids = [model.equations[name] for name in ("d", "eps_v") if name in model.equations]
    for t in range(steps):
        for equation in solids:
            equation.begin_step(float(t), 1.0, None)
            equation.hold(t + 1.0)
        integrator.scheme.updates["d"].close(SimpleNamespace(closing=True), None)
    return model


def test_relief_is_the_derivative_of_the_energy():
    """Of the elastic energy with what flow adds to it, by u, and by eps_v its stress."""
    model = settled(NOTCH).model
    damage_of, flow = model.equations["d"], model.equations["eps_v"]
    random = np.random.default_rng(7)
    u, flowed = model.state.u.x.array, flow.function.x.array
    model.state.xi.x.array[:] = random.uniform(0, 1, len(model.state.xi.x.array))
    u[:] += random.uniform(-1e-8, 1e-8, len(u))
    flowed[:] = random.uniform(-5e-3, 5e-3, len(flowed))

    def rise(values, way) -> float:
        here, ends = values.copy(), []
        for sign in (1e-4, -1e-4):
            values[:] = here + sign * way
            ends.append(damage_of.elastic_energy() - damage_of.work_of_pressure())
        values[:] = here
        return (ends[0] - ends[1]) / 2e-4

    way = random.uniform(-1e-8, 1e-8, len(u))
    found = damage_of.forces() @ way
    assert found == pytest.approx(rise(u, way), rel=1e-5)
    taken = flow.flow.force(flow.eps_v, model.state.xi.x.array) @ way
    assert abs(taken) > 1e-3 * abs(found)  # without flow it is another
    way, here = random.uniform(-1e-3, 1e-3, len(flowed)), flow.present()
    expected = rise(flowed, way)
    flowed[:] = way
    # The lithium's stress 2 mu h (dev e - eps_v) is what eps_v works against.
    work = 2 * flow.flow.mu * here.share * here.elastic.inner(flow.eps_v)
    assert -(model.edges.areas @ work) == pytest.approx(expected, rel=1e-5)


def test_energies_by_triangles_are_those_of_the_forms():
    model = settled(NOTCH).model
    damage_of, flow = model.equations["d"], model.equations["eps_v"]
    random = np.random.default_rng(4)
    s, m, f = model.state, model.coefficients.elasticity, damage_of.fracture
    s.xi.x.array[:] = random.uniform(0, 1, len(s.xi.x.array))
    s.u.x.array[:] += random.uniform(-1e-8, 1e-8, len(s.u.x.array))
    flow.function.x.array[:] = random.uniform(-5e-3, 5e-3, len(flow.function.x.array))
    elastic = damage.elastic_energy(s.u, s.xi, s.d, m, f)
    elastic += mechanics.relieved_energy(s.u, s.xi, flow.function, m)
    assert damage_of.elastic_energy() == pytest.approx(total(elastic, damage_of.dx), rel=1e-12)
    damage_of.pressing.take(1e8)
    pressed = damage.pressure_energy(s.u, s.xi, s.d, m, f)
    normal = ufl.FacetNormal(model.mesh)
    top = ufl.Measure("ds", model.mesh, subdomain_data=model.domain.facet_tags)(
        model.domain.tags["counter"]
    )
    expected = total(pressed, damage_of.dx) - 5e6 * total(ufl.inner(normal, s.u), top)
    assert damage_of.work_of_pressure() == pytest.approx(expected, rel=1e-12)


def total(density, measure) -> float:
    return fem.assemble_scalar(fem.form(density * measure))


def test_the_deposit_of_a_triangle_is_that_of_the_forms():
    model = settled(WHOLE).model
    model.state.xi.x.array[:] = np.random.default_rng(3).uniform(0, 1, len(model.lumped_mass))
    found = Deposit.by_quadrature(model.edges, damage.DEGREE, model.state.xi.x.array)
    test, dx = ufl.TestFunction(model.domain.constants), model.equations["d"].dx
    for power, mine in ((1, found.share), (2, found.share * found.own)):
        exact = fem.assemble_vector(fem.form(h(model.state.xi) ** power * test * dx)).array
        rows = model.domain.constants.dofmap.list[:, 0]
        assert np.allclose(exact[rows], model.edges.areas * mine, rtol=1e-12)


def test_the_matrix_is_the_slope_of_the_forces_beside_what_flows():
    integrator = settled(NOTCH)
    model, alternation = integrator.model, integrator.scheme.updates["d"].alternation
    flow, u = model.equations["eps_v"], model.state.u.x.array
    random = np.random.default_rng(2)
    u[:] += random.uniform(-1e-9, 1e-9, len(u))
    flow.begin_step(0.0, 0.5, None)
    flow.before = flow.before._replace(share=0.7 * flow.before.share)
    flow.hold(0.5)
    way, size = random.uniform(-1e-14, 1e-14, len(u)), 1.0
    sides = []
    for sign in (size, -size):
        u[:] += sign * way
        sides.append(alternation._out_of_balance().copy())
        u[:] -= sign * way
    alternation._out_of_balance()
    alternation.elastic.assemble()
    expected, found = alternation.elastic.product(way), (sides[0] - sides[1]) / (2 * size)
    assert np.allclose(found, expected, rtol=0, atol=1e-4 * np.abs(expected).max())
    assert alternation.deposit.flows


def test_the_preconditioner_is_that_of_what_does_not_flow():
    """No restart knows how soft flow makes the matrix; what is solved is soft all the same."""
    integrator = settled(NOTCH)
    model, alternation = integrator.model, integrator.scheme.updates["d"].alternation
    system, flow = alternation.elastic, model.equations["eps_v"]
    u = model.state.u.x.array
    u[:] += np.random.default_rng(2).uniform(-1e-9, 1e-9, len(u))
    flow.begin_step(0.0, 0.5, None)
    flow.hold(0.5)
    alternation._out_of_balance()
    soft, made = alternation.deposit.softening, []
    for softening in (None, soft):
        alternation.deposit.softening = softening
        system.assemble()
        system._set_up()
        system.ksp.getPC().setReusePreconditioner(True)
        # The smoother of the finest level reads the matrix as it is, in a restart as well.
        alternation.deposit.softening = soft
        system.assemble()
        with system._work() as (ones, image):
            system.ksp.getPC().apply(ones, image)
            made.append(image.array.copy())
    assert np.array_equal(*made)


def test_flow_beside_a_whole_electrolyte_is_that_of_a_run_without_fracture():
    """There u is found in passes by another rule of quadrature; eps_v by the same step of Euler."""
    without, beside = marched(), marched(WHOLE)
    pairs = [(x.equations["eps_v"].present(), x) for x in (without, beside)]
    (one, _), (two, _) = pairs
    lithium = one.share > 0.99
    mu = without.equations["eps_v"].flow.mu
    stresses = [2 * mu * x.elastic.equivalent[lithium] for x in (one, two)]
    assert stresses[0].max() > 0.2e6 and one.eps_v.equivalent[lithium].max() > 1e-4
    assert stresses[1] == pytest.approx(stresses[0], abs=0.01 * stresses[0].max())
    assert beside.equations["d"].function.x.array.max() == 0.0


@pytest.mark.parametrize(
    "slow",
    ["lithium={flow: norton, norton: {A: 1e-30}}",
     "lithium={flow: plastic, yield_stress: 1 TPa}"],
)  # fmt: skip
def test_a_crack_beside_lithium_that_hardly_flows_is_that_beside_elastic_lithium(slow):
    elastic, hardly = (held(NOTCH, change, steps=8) for change in ("lithium.flow=none", slow))
    for name, size in (("d", 1.0), ("u", np.abs(elastic.state.u.x.array).max())):
        difference = elastic.state[name].x.array - hardly.state[name].x.array
        assert np.abs(difference).max() < 1e-8 * size
    assert elastic.state.d.x.array.sum() > 1.05 * settled(NOTCH).model.state.d.x.array.sum()


SIDES = "mechanics.sides={counter: pressure, left: %s, right: %s}"
BARE = ("nuclei.film=0", "lithium.flow=none", WHOLE)
E, NU, P = 22.1e9, 0.37, 5e6


@pytest.mark.parametrize(("side", "stiffness"), [
    ("roller", E * (1 - NU) / ((1 + NU) * (1 - 2 * NU))), ("free", E / (1 - NU**2)),
])  # fmt: skip
def test_a_stack_presses_an_electrolyte_that_may_crack(side, stiffness):
    model = settled(*BARE, SIDES % (side, side), "layers.0.E=22.1 GPa", "layers.0.nu=0.37").model
    top = model.state.u.x.array.reshape(-1, 2)[model.domain.dofs(model.V, "counter"), 1]
    assert top == pytest.approx(-P / stiffness * 5e-6, rel=1e-6)
    assert model.equations["d"].function.x.array.max() == 0.0


def test_work_of_a_stack_is_found_again():
    """p^2/(2 M) per volume at its first pressure, and as much as the trapezium under both after."""
    integrator = settled(*BARE)
    model = integrator.model
    work, solid = model.equations["d"].work, model.equations["u"]
    area, modulus = 15e-12, E * (1 - NU) / ((1 + NU) * (1 - 2 * NU))
    assert work.energies().elastic == pytest.approx(P**2 / (2 * modulus) * area, rel=1e-6)
    solid.press(20e6)
    integrator.step(1.0)
    expected = (20e6**2 - P**2) / (2 * modulus) * area
    assert work.sums.work == pytest.approx(expected, rel=1e-5)
    assert abs(work.missing) < 1e-5 and work.sums.stack == 20e6
    integrator.undo()
    assert work.of_state()[0].stack == P


def test_energy_of_a_crack_run_with_flow_is_found_again():
    """A stack closes the notch: in the one step in which it opens the way is not straight."""
    integrator = settled(NOTCH)
    damage_of, flowed, lost = integrator.model.equations["d"], [], []
    first = damage_of.work.energies()
    for t in range(7):
        integrator.step(1.0)
        integrator.keep(t + 1.0)
        flowed.append(damage_of.work.sums.flowed)
        lost.append(damage_of.work.missing * damage_of.work.sums.moved)
        assert t < 3 or abs(damage_of.work.missing) < 0.01
    now, sums = damage_of.work.energies(), damage_of.work.sums
    stored = now.elastic + now.cracks - first.elastic - first.cracks
    assert sums.work == pytest.approx(stored + sums.dissipated + sums.flowed, rel=0.01)
    assert flowed[-1] > 0.01 * sums.work and (np.diff(flowed) >= 0).all()
    # Nothing is lost once it is open.
    assert abs(lost[-1] - lost[3]) < 0.01 * sums.dissipated
    assert damage_of.measured()[damage_of.columns().index("flow_dissipated_J_per_m")] == flowed[-1]


def test_flow_dissipates_what_relaxes():
    """Nothing cracks and nothing works but a held stack: E falls by what is dissipated."""
    integrator = settled("fracture={length: 0.3 um}")
    damage_of = integrator.model.equations["d"]
    first = damage_of.work.energies()
    for t in range(4):
        integrator.step(1.0)
        integrator.keep(t + 1.0)
    now, sums = damage_of.work.energies(), damage_of.work.sums
    assert sums.flowed > 2e-8  # J/m
    assert now.elastic - first.elastic + sums.flowed == pytest.approx(sums.work, rel=1e-3)
    assert abs(damage_of.work.missing) < 1e-3


def test_a_film_that_flows_lets_the_mouth_of_a_notch_open():
    """Elastic lithium holds it together: what is above the film is then half as long a crack."""
    opened = {}
    for flow in ("none", "norton"):
        model = marched(NOTCH, f"lithium.flow={flow}", steps=6)
        opened[flow] = model.equations["d"].measured()[2]
    assert opened["norton"] > 1.2 * opened["none"]


def test_a_film_that_flows_lets_a_notch_run_at_less():
    """At 16 mV, 118 MPa; beside elastic lithium it runs from 26 mV on."""
    ended, rollers = {}, "mechanics={feedback: false}"
    for flow in ("none", "norton"):
        model = marched(NOTCH, f"lithium.flow={flow}", rollers, "fracture.rounds=20", steps=8)
        ended[flow] = model.equations["d"].ended.converged, model.equations["d"].measured()[2]
    assert ended["none"][0] and not ended["norton"][0]
    # How far it is on its way when the turns end is the libraries' too.
    assert ended["norton"][1] > 2 * ended["none"][1]


def test_pressure_that_is_shown_is_that_of_lithium_in_what_is_broken():
    notch = NOTCH.replace("y: 1.5 um", "y: 2.5 um")
    model = marched(notch, "nuclei.film=0.5 um", steps=2)
    d, corners = model.state.d.x.array, model.edges.corners
    broken = (d[corners] > 0.999).all(axis=1)
    shown = model.of_triangles(model.equations["u"].stress.pressure())
    p = model.equations["d"].pressing.keep()
    assert p == pytest.approx(96500 * 7.64e4 * 4e-3) and broken.sum() > 3
    assert shown[broken] == pytest.approx(p, rel=0.01)


def tube_pressed(wall, pressure: float) -> Model:
    """Plastic lithium that fills a tube, by the way of what cracks."""
    cracks = ("fracture={length: 1 um}", "layers.0.G_c=1 J/m^2")
    plastic = ("lithium.flow=plastic", "lithium.nu=0.49")
    model, scheme = tube.filled(wall, *plastic, *cracks, f"mechanics.stack_pressure={pressure}")
    for name in ("d", "eps_v"):
        model.equations[name].begin_step(0.0, 1.0, None)
        model.equations[name].hold(1.0)
    scheme.updates["d"].close(SimpleNamespace(closing=True), None)
    return model


def test_a_plastic_tube_beside_cracks_is_hills():
    """Plastic up to twice its inner radius at 0.98671 MPa; it collapses at 1.28060 MPa."""
    wall = tube.mesh(24, 36)
    model = tube_pressed(wall, 0.98671e6)
    flowed = model.equations["eps_v"].eps_v.equivalent > 1e-12
    radius = np.sqrt(tube.INNER**2 + 4 / np.pi * float(model.edges.areas @ flowed))
    assert radius == pytest.approx(2e-6, rel=0.03)
    tube_pressed(wall, 0.99 * 1.28060e6)
    with pytest.raises(SolverError, match="no equilibrium of lithium|solver for u failed"):
        tube_pressed(wall, 1.02 * 1.28060e6)
