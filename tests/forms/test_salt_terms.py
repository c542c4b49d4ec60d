# SPDX-License-Identifier: MIT
"""A binary electrolyte, term by term: the front at the nodes, the salt, the electrodes."""

from __future__ import annotations

import numpy as np
import pytest
import ufl

from solver.equations import salt as equation
from solver.laws import spreading
from solver.laws.front import from_psi
from solver.laws.in_metal import MEAN_DISTANCE, distance
from solver.terms import salt, transport
from solver.terms.potential import IN_METAL
from tests.small_cell import build, march, vector

LENGTH, SIGMA, CHARGE, F = 0.4e-6, 0.565, 96500 * 7.64e4, 96500
RT_F = 8.314 * 297.15 / 96500
A, K = 1.2 * RT_F, 0.6 / (96500 * 1e-11)
I_0 = 6 * CHARGE * 0.5 * np.sqrt(7e-10 / 30e5)
GIVEN = ("electrochemistry.closure=binary", "electrochemistry.t_plus=0.4",
         "electrochemistry.control=current", "electrochemistry.current=100", "layers.1.c0=1000",
         "mesh.size_min=0.4 um", "mesh.size_max=0.4 um", "mechanics.enabled=false")  # fmt: skip
KINETIC = (*GIVEN, "electrochemistry.counter_R_ct=5e-5")


@pytest.fixture(scope="module")
def cell():
    return build(*KINETIC)[0]


def planar(cell, phi_s, c_s):
    """Fill the cell with a flat front; returns heights above it and its current."""
    above, s = cell.V.tabulate_dof_coordinates()[:, 1] - 3e-6, cell.state
    i = 2 * I_0 * np.sqrt(c_s / 1000) * np.sinh(phi_s / (2 * RT_F))
    s.xi.x.array[:] = from_psi(-above / LENGTH)
    s.c.x.array[:] = c_s + K * i * distance(s.xi.x.array, LENGTH)
    s.phi.x.array[:] = phi_s + above * i / SIGMA + A * np.log(s.c.x.array / c_s)
    cell.coefficients.kinetics.curvature.x.array[:] = 0.0
    return above, i


def random(cell):
    """Fill the cell with admissible values that differ from node to node."""
    rng, s = np.random.default_rng(2), cell.state
    n = len(s.xi.x.array)
    s.xi.x.array[:] = rng.uniform(0.1, 0.9, n)
    s.c.x.array[:] = rng.uniform(300, 1500, n)
    s.phi.x.array[:] = rng.uniform(-0.05, 0.1, n)


def test_salt_crowds_where_it_is_above_2_c0_in_the_electrolyte(cell):
    planar(cell, 0.05, 400.0)
    s, said = cell.state, cell.equations["c"].remark
    s.c.x.array[:] = np.where(s.xi.x.array < 0.5, 1999.0, 5000.0)
    assert said() == ""
    s.c.x.array[int(np.argmin(s.xi.x.array))] = 2001.0
    assert said().startswith("c exceeds 2 c0: ")


@pytest.mark.parametrize(("phi_s", "c_s"), [(0.05, 400.0), (-0.02, 1500.0)])
def test_every_node_reads_the_sharp_front(cell, phi_s, c_s):
    above, i = planar(cell, phi_s, c_s)
    kinetics = cell.coefficients.kinetics
    front = kinetics.front(kinetics.inside())
    read = (above > -6.5 * LENGTH) & (above < 1.9e-6)  # with the anode layer's D and sigma
    assert read.sum() > 150
    assert front.V[read] == pytest.approx(i / CHARGE, rel=1e-8)
    assert front.c_s[read] == pytest.approx(c_s, rel=1e-8)
    conductance = np.hypot(i / 2, I_0 * np.sqrt(c_s / 1000)) / RT_F
    hindered = K * (i / 2 + A * conductance) / c_s * MEAN_DISTANCE * LENGTH
    assert front.chi[read] == pytest.approx(1 / (1 + hindered), rel=1e-8)


def test_the_field_across_a_front_is_that_of_all_its_current(cell):
    """Surface energy takes F c_Li Gamma K from what the kinetics give."""
    above, i = planar(cell, 0.05, 400.0)
    kinetics, gamma, curvature = cell.coefficients.kinetics, 5e-6 * 7e-10, 1e5
    kinetics.curvature.x.array[:] = curvature / 2  # what counts of it before a metal without ions
    kinetics.nodal_mobility.x.array[:] = gamma / cell.numbers.interface.kappa_0
    cell.state.phi.x.array[:] -= above * CHARGE * gamma * curvature / SIGMA
    L = distance(cell.state.xi.x.array, LENGTH)
    # c is that of a round front, phi that of this c.
    c = 400.0 + K * i * np.log1p(curvature / 2 * L) / (curvature / 2)
    cell.state.phi.x.array[:] += A * np.log(c / cell.state.c.x.array)
    cell.state.c.x.array[:] = c
    read = (above > -6.5 * LENGTH) & (above < 1.9e-6)
    V = kinetics.front(kinetics.inside()).V[read]
    assert pytest.approx(i / CHARGE, rel=1e-8) == V


def test_a_front_covers_more_salt_than_is_on_it(cell):
    """By k i l times the integral of xi dL/dx over x/l, 2 - 4/3 ln 2."""
    _, i = planar(cell, 0.05, 400.0)
    kinetics, xi = cell.coefficients.kinetics, cell.state.xi.x.array
    more = cell.state.c.x.array - kinetics.front(kinetics.inside()).c_s
    covered = salt.covered(more, xi * (1 - xi), LENGTH / (i / CHARGE))
    integral = 2 - 4 / 3 * np.log(2)
    expected = K * i * LENGTH * integral * i / CHARGE * 10e-6
    assert cell.lumped_mass @ covered == pytest.approx(expected, rel=0.02)


def test_curvature_is_divided_as_the_reaction_is(cell):
    planar(cell, 0.05, 400.0)
    kinetics = cell.coefficients.kinetics
    kinetics.begin_step(0.0, 1e-3, cell.base())
    chi = kinetics.front(kinetics.inside()).chi
    y = cell.V.tabulate_dof_coordinates()[:, 1]
    level = np.abs(y - 3e-6) < 1e-6
    p = cell.config.phase_field
    stiff = kinetics._of_direction(np.array([-np.pi / 2]))[1][0]
    assert p.delta > 0
    assert kinetics.capillarity.x.array[level] == pytest.approx(stiff * chi[level], rel=1e-3)
    assert chi[level].max() < 0.9


def test_the_rate_and_its_slopes(cell):
    random(cell)
    kinetics, s = cell.coefficients.kinetics, cell.state
    kinetics.near.x.array[:], kinetics.carried.x.array[:] = 1.0, 0.0
    kinetics.curvature.x.array[:] = 1e6 * np.cos(1e6 * s.phi.x.array)
    reaction, c, xi = kinetics.reaction(1e-9), s.c.x.array.copy(), s.xi.x.array.copy()
    phi = s.phi.x.array.copy()

    def slope(step, **changes):
        def at(sign):
            for name, change in changes.items():
                s[name].x.array[:] = {"c": c, "phi": phi, "xi": xi}[name] + sign * step * change
            found = -kinetics.reaction(1e-9).value
            for name, values in (("c", c), ("phi", phi), ("xi", xi)):
                s[name].x.array[:] = values
            return found

        return (at(1) - at(-1)) / (2 * step)

    assert reaction.per_phi == pytest.approx(slope(1e-7, phi=1.0), rel=1e-5)
    assert reaction.per_c == pytest.approx(slope(1e-3, c=1.0, phi=A / c), rel=1e-5)
    well = kinetics.well() * (cell.numbers.interface.W * 2 * (1 - 6 * xi + 6 * xi**2))
    found = slope(1e-7, xi=1.0)
    assert well - reaction.slope == pytest.approx(found, rel=1e-4, abs=1e-5 * np.abs(found).max())


def test_the_current_is_conducted_with_its_diffusion_potential(cell):
    random(cell)
    s, update = cell.state, cell.equations["phi"].update()
    update.system.assemble()
    logarithm = s.c.copy()
    logarithm.x.array[:] = np.log(s.c.x.array / 1000)
    driving = ufl.grad(s.phi) - A * ufl.grad(logarithm)
    ions = cell.per_layer("sigma_ion") * ufl.max_value(1 - s.xi, IN_METAL)
    form = ions * ufl.inner(driving, ufl.grad(cell.v)) * cell.dx_one
    assert update._conducted() == pytest.approx(vector(form), rel=1e-9, abs=1e-12)
    update.system.destroy()


def test_the_salt_diffuses_ahead_of_the_front_alone(cell):
    random(cell)
    kinetics, s = cell.coefficients.kinetics, cell.state
    kinetics.normal.x.array[:] = np.tile([0.6, -0.8], len(s.xi.x.array))
    system = cell.equations["c"].linear_system()
    system.assemble()
    share = transport.share(s.xi, kinetics.normal)
    still = cell.constant(0.0) * s.phi
    D = cell.per_layer("D")
    form = transport.nernst_planck(s.c, still, cell.v, D, cell.constant(1.0), cell.dx_one, share)
    assert system.product() == pytest.approx(vector(form), rel=1e-8, abs=1e-16)
    system.destroy()


def test_the_counter_electrode_follows_c(cell):
    s, counter = cell.state, cell.equations["phi"].counter
    s.phi.x.array[:], s.c.x.array[:] = 0.02, 250.0
    i_0 = RT_F / 5e-5 / 2
    entering = counter.total(counter.current(0.05)[0])
    assert entering == pytest.approx(10e-6 * 2 * i_0 * np.sinh(0.03 / (2 * RT_F)), rel=1e-12)
    on = counter.lengths > 0
    less_by_c, less_by_phi = counter.answers(0.05)
    before = counter.current(0.05)[0][on]
    s.phi.x.array[:] += 1e-7
    by_phi = (before - counter.current(0.05)[0][on]) / 1e-7
    s.phi.x.array[:] += A * np.log(250.01 / 250) - 1e-7
    s.c.x.array[:] = 250.01
    by_c = (before - counter.current(0.05)[0][on]) / 0.01
    assert less_by_phi[on] == pytest.approx(by_phi, rel=1e-4)
    assert less_by_c[on] == pytest.approx(by_c, rel=1e-4)


def test_a_reversible_electrode_answers_as_the_electrolyte_that_it_touches(cell):
    """Values of c by the two terms of solver.laws.spreading, with layer B's sigma."""
    counter = build(*GIVEN)[0].equations["phi"].counter
    model, x = counter.model, counter.model.V.tabulate_dof_coordinates()[:, 0]
    model.state.c.x.array[:] = 500.0
    less_by_c, less_by_phi = counter.answers(0.0)
    on = counter.lengths > 0
    assert len(counter.along) == on.sum() - 1 and not less_by_phi[~on].any()
    h = 10e-6 / len(counter.along)
    alike, unlike = spreading.answer(np.pi / 10e-6, 2 / h)
    assert less_by_phi[on] == pytest.approx(0.2 * alike * counter.lengths[on], rel=1e-6)
    assert less_by_c[on] == pytest.approx(A / 500 * less_by_phi[on], rel=1e-12)
    # A ripple as short as the mesh has: q = 2/h.
    system = model.equations["c"].linear_system()
    system.assemble()
    wave = np.zeros(len(x))
    wave[on] = (-1.0) ** np.rint(x[on] / h)
    before = system.product(wave)
    system.couple(counter.along, counter.levelled())
    inside = on & (x > 0.5 * h) & (x < 10e-6 - 0.5 * h)
    expected = A / 500 * 0.2 * unlike * (2 / h) ** 2 * h * wave[inside]
    assert (system.product(wave) - before)[inside] == pytest.approx(expected, rel=1e-6)
    system.destroy()
    assert len(cell.equations["phi"].counter.along) == 0, "a law of its own says what it answers"


ISLAND = "nuclei.islands=[{x: 6 um, y: 6.5 um, radius: 1.2 um}]"


@pytest.mark.parametrize("given", [(*GIVEN, ISLAND), (*KINETIC, ISLAND)],
                         ids=["reversible", "kinetic"])  # fmt: skip
def test_passes_of_an_island_in_a_salt_find_their_end_on_fine_triangles(given):
    """Where each electrode's current stays as c moves, and c along a reversible one is levelled.

    On triangles of 0.2 um there were 87, and 9 with a law of its own, before that was known.
    """
    fine = ("mesh.size_min=0.2 um", "mesh.size_max=0.2 um", "solver.pass_tolerance=1e-6")
    model, steps = build(*given, *fine)
    passes, solve = [], steps.scheme.solve

    def counted(*stage, **more):
        solve(*stage, **more)
        passes.append(steps.scheme.passes)

    steps.scheme.solve = counted
    march(steps, (0.1, 1.0))
    assert model.coefficients.kinetics.bodies.islands == 1
    assert max(passes) <= (10 if given[: len(KINETIC)] != KINETIC else 5), passes


def test_every_metal_keeps_its_current_as_c_moves():
    """To first order, what c changes of it the potentials of the metals take back."""
    model, steps = build(*GIVEN, ISLAND)
    s, update, kinetics = model.state, steps.scheme.updates["c"], model.coefficients.kinetics
    bodies, found, solve = kinetics.bodies, [], update.solve

    def drives():
        return s.phi.x.array - bodies.nodal(), s.phi.x.array - model.equations["phi"].voltage

    def kept(stage, number):
        ports, before, c = update._ports(stage, kinetics.reaction(stage.tau)), drives(), s.c.x.array
        c = c.copy()
        moved = solve(stage, number)
        if number > 0:
            steps_of = [new - old for new, old in zip(drives(), before, strict=True)]
            for k, (per_c, per_phi) in enumerate(ports):
                drive = steps_of[k == len(ports) - 1] - A * np.log(s.c.x.array / c)
                parts = per_c * (s.c.x.array - c), per_phi * drive
                found.append((k, sum(parts).sum() / max(np.abs(x).sum() for x in parts)))
        return moved

    update.solve = kept
    march(steps, (0.1, 1.0))
    assert {k for k, _ in found} == {0, 1, 2}
    assert max(abs(x) for k, x in found if k < 2) < 0.01, found


def test_c_along_an_electrode_is_not_stirred_by_the_end_of_the_passes():
    """In a strip of two nodes: a difference between them once doubled in every stage."""
    strip = ("width=1 um", "layers=[{name: A, thickness: 30 um}]", "mesh.size_max=1 um",
             "nuclei.count=0", "electrochemistry.current=50")  # fmt: skip
    model, steps = build(*GIVEN, *strip, "solver.pass_tolerance=1e-4")
    march(steps, (2, 5, 5, 5, 5))
    c = model.state.c.x.array[model.equations["phi"].counter.held]
    assert len(c) == 2 and c.mean() > 1200
    assert np.ptp(c) < 0.01


def test_a_pass_measures_all_that_phi_has_moved():
    """At a given voltage all of it is shifted to meet the counter electrode's law."""
    held = ("electrochemistry.control=voltage", "electrochemistry.current=null",
            "electrochemistry.voltage=0.03")  # fmt: skip
    model, steps = build(*KINETIC, *held)
    update, phi, found = steps.scheme.updates["phi"], model.state.phi.x.array, []
    solve = update.solve

    def measured(stage, number):
        before = phi.copy()
        counted = solve(stage, number)
        found.append((counted, np.abs(phi - before).max() / update.unit))
        return counted

    update.solve = measured
    march(steps, (0.1,))
    assert found[0][0] == pytest.approx(found[0][1], rel=1e-12)
    assert all(counted >= moved for counted, moved in found)


@pytest.mark.parametrize("given", [KINETIC, GIVEN], ids=["kinetic", "reversible"])
def test_no_electrode_passes_salt(given, monkeypatch):
    """In every stage, what the electrolyte stores is what the front covers beyond c_s."""
    model, steps = build(*given, "solver.pass_tolerance=1e-6")
    stored, close, kinetics = [], equation.SaltUpdate.close, model.coefficients.kinetics

    def closed(self, stage, deposit):
        front = kinetics.front(kinetics.inside())
        covered = model.lumped_mass @ ((model.state.c.x.array - front.c_s) * deposit)
        close(self, stage, deposit)
        share = np.maximum(1 - model.state.xi.x.array, IN_METAL)
        change = model.lumped_mass * share * (model.state.c.x.array - stage.base.c)
        stored.append((change.sum() - covered, np.abs(change).sum()))
        assert covered > 1e-4 * np.abs(change).sum()
        # Lithium: the charge that has passed is the deposit, of which 0.6 comes from the salt.
        phi = model.equations["phi"]
        assert abs(phi.passed.sum()) < 1e-10 * np.abs(phi.passed).sum()

    monkeypatch.setattr(equation.SaltUpdate, "close", closed)
    march(steps, (0.01, 0.02, 0.05))
    assert len(stored) == 6
    for left, moved in stored:
        assert moved > 1e-12 and abs(left) < 1e-12 * moved + 1e-22
    phi = model.equations["phi"]
    assert phi.current == pytest.approx(100, rel=1e-10)
    assert np.ptp(model.state.phi.x.array[phi.counter.held]) == 0 if len(phi.counter.held) else True
