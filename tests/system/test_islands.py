# SPDX-License-Identifier: MIT
"""Islands of lithium and electrons that leak, by closed forms."""

from __future__ import annotations

from math import log, pi

import numpy as np
import pytest
from mpi4py import MPI

from benchmarks.islands import fed
from solver.base.profile import Profile
from solver.equations.leak import Leak
from solver.equations.model import Model
from solver.input import loading
from solver.laws.front import from_psi
from solver.run import launching
from solver.run.remesher import Remesher
from solver.schemes import factory
from solver.stepping import history
from solver.stepping.integrator import Integrator
from tests.system.running import EVERY_STEP, ROOT, called, left_at, rows, same_results, set_all

pytestmark = pytest.mark.usefixtures("no_figure")

DISK = """\
title: half of a disk of lithium in a field
width: 40 um
layers: [{name: LPSC, thickness: 80 um}]
phase_field: {interface_length: 0.44 um, delta: 0}
electrochemistry: {closure: single_ion, control: current, current: 1 mA/cm**2}
mechanics: {enabled: false}
nuclei: {film: 3 um, count: 0, islands: [{x: 0 um, y: 41 um, radius: 5 um}]}
mesh: {size_max: 1.2 um}
adapt: {enabled: true}
"""
CHARGE = 96500 * 7.64e4
FED = ROOT / "benchmarks/islands/fed.yaml"
SMALL = """\
title: an island before a finger, with leakage
width: 6 um
layers: [{name: A, thickness: 6 um, sigma_el: 1e-3}, {name: B, thickness: 6 um, sigma_el: 2e-3}]
phase_field: {interface_length: 0.4 um}
electrochemistry: {closure: single_ion, control: current, current: 20 mA/cm**2,
                   counter_R_ct: 0.5 ohm*cm**2}
nuclei: {film: 2 um, radius: 1 um, count: 1, islands: [{x: 2 um, y: 6.5 um, radius: 1.2 um}]}
mesh: {size_max: 0.25 um, size_min: 0.25 um}
mechanics: {enabled: false}
time: {end: 5 s}
output: {snapshots: 1}
"""
ADAPTING = ("adapt.enabled=true", "mesh.size_max=0.8 um", "adapt.margin=0.5")


BRANCH = """\
title: a branch that plating joins to the film and stripping cuts off again
width: 4 um
layers: [{name: LPSC, thickness: 12 um}]
phase_field: {interface_length: 0.4 um, delta: 0, surface_energy: 0.5, R_ct: 10 ohm*cm**2}
electrochemistry: {closure: single_ion, counter_R_ct: 10 ohm*cm**2}
nuclei: {film: 2.5 um, count: 0, positions: [0 m], radius: 1.3 um, radius_spread: 0,
         islands: [{x: 0 m, y: 6.6 um, radius: 2 um}]}
mesh: {size_max: 0.25 um, size_min: 0.25 um}
mechanics: {enabled: false}
protocol: {steps: [Charge at 2 mA/cm2 until 0.2 mAh/cm2, Discharge at 2 mA/cm2 until 0.3 mAh/cm2]}
output: {snapshots: 1}
"""


def model_of(text: str, *overrides: str) -> Model:
    config = loading.parse(text, list(overrides))
    return Model(config, Remesher(config, MPI.COMM_WORLD).domain)


def started_with(text: str, *overrides: str) -> tuple[Model, Integrator]:
    """A model in equilibrium at the start, and what steps it."""
    model = model_of(text, *overrides)
    steps = Integrator(model, factory.create(model, Profile()))
    model.initialise()
    steps.scheme.settle()
    steps.start(0.0)
    return model, steps


def disk(model: Model) -> tuple[float, float]:
    """Area of the island's deposit [m2] and the height of its centre [m]."""
    height, bodies = model.V.tabulate_dof_coordinates()[:, 1], model.coefficients.kinetics.bodies
    weight = model.lumped_mass * model.state.xi.x.array * (bodies.present()[1] == 1)
    return weight.sum(), weight @ height / weight.sum()


def test_a_floating_disk_drifts_without_growing():
    """2 i/[F c_Li (1 + sigma R_ct/a)] = 0.28379 nm/s at 10 A/m2 and 5 um."""
    model, steps = started_with(DISK)
    before = disk(model)
    for number in (1, 2):
        steps.step(30.0)
        steps.keep(30.0 * number)
        cell = model.equations["phi"]
        assert cell.anode_current == pytest.approx(10, rel=1e-10)
        assert cell.current == pytest.approx(10, rel=1e-10)
    after = disk(model)
    assert after[0] == pytest.approx(before[0], rel=1e-12)
    assert (after[1] - before[1]) / 60 == pytest.approx(0.28379e-9, rel=0.01)


def test_a_disk_in_a_salt_is_held_back_by_what_it_drives_away():
    """2 i/[F c_Li (1 + sigma A (1 - t_+)/(F D c0) + sigma R_ct/a)], by dipoles of c and phi.

    Once the dipole of c is there, after some a^2/D, and before the electrodes' c comes to it: both
    add to the drift, about 1 and 0.4 % here.
    """
    radius, D, t_plus, R_ct = 1.2e-6, 1e-11, 0.4, 1e-5
    salt = ("electrochemistry.closure=binary", f"electrochemistry.t_plus={t_plus}",
            f"layers.0.D={D}", f"phase_field.R_ct={R_ct}", "width=12 um",
            "layers.0.thickness=63 um", "phase_field.interface_length=0.4 um", "mesh.size_max=2 um",
            f"nuclei.islands=[{{x: 0 um, y: 33 um, radius: {radius}}}]")  # fmt: skip
    model, steps = started_with(DISK, *salt)
    A = 2 * (1 - t_plus) * 8.314 * 297.15 / 96500
    hindrance = 0.565 * A * (1 - t_plus) / (96500 * D * 1000)
    drift = 2 * 10 / CHARGE / (1 + hindrance + 0.565 * R_ct / radius)
    t, last = 0.0, disk(model)
    for dt in (0.5, 1.5, 2.0):
        before = last
        steps.step(dt)
        steps.keep(t := t + dt)
        last = disk(model)
        assert last[0] == pytest.approx(before[0], rel=1e-12)
    assert hindrance > 10, "without it 2.9 times as fast"
    assert (last[1] - before[1]) / dt == pytest.approx(1.014 * drift, rel=0.012)


def leaking(*overrides: str) -> tuple[Model, np.ndarray]:
    model = model_of(DISK, "layers.0.sigma_el=1e-8 S/cm", *overrides)
    model.initialise()
    bodies = model.coefficients.kinetics.bodies
    bodies.find()
    leak = Leak(model, bodies)
    leak.begin()
    leak.find()
    return model, leak.conductances


def test_leak_of_a_slab():
    """sigma_el U/L: 2.0e-3 A/m2 through 50 um at 0.1 V, 0.977 nm/h."""
    given = ("nuclei.islands=[]", "width=2 um", "layers.0.thickness=53 um")
    found = 0.1 * leaking(*given)[1][-1, -1] / 2e-6
    assert found == pytest.approx(2.0e-3, rel=5e-5)
    assert found / CHARGE * 3600e9 == pytest.approx(0.97659, rel=1e-4)


@pytest.mark.parametrize("island", [(), ("nuclei.islands=[{x: 0 m, y: 9 um, radius: 2 um}]",)],
                         ids=["slab", "island"])  # fmt: skip
def test_the_leak_of_a_step_is_that_of_its_end(island):
    """To 1e-6 at the default tolerance of the passes, though front and voltage move by 1 %."""
    given = ("width=4 um", "layers.0.thickness=15 um", "layers.0.sigma_el=1e-6 S/cm",
             "electrochemistry.current=5 mA/cm**2",
             "electrochemistry.counter_R_ct=0.76 ohm*cm**2", "nuclei.islands=[]")  # fmt: skip
    model, steps = started_with(DISK, *given, *island)
    bodies, cell = model.coefficients.kinetics.bodies, model.equations["phi"]
    for number in (1, 2):
        steps.step(10.0)
        steps.keep(10.0 * number)
    at_end = Leak(model, bodies)
    at_end.begin()
    at_end.find()
    found = at_end.conductances @ np.append(bodies.potentials, cell.voltage)
    assert cell.leak * model.domain.width == pytest.approx(found[-1], rel=1e-6)
    if not island:
        gap = 15e-6 - model.lumped_mass @ model.state.xi.x.array / model.domain.width
        assert cell.leak == pytest.approx(1e-4 * cell.voltage / gap, rel=1e-4)


def test_a_disk_fed_by_leakage_takes_the_time_of_the_closed_form():
    """From a ring of b = 50 um = 2 H/pi at 0.1 V: 107.143 h from 1 to 2 um."""
    radii, time = np.linspace(1e-6, 2e-6, 3), []
    for a in radii:
        cell = ("width=80 um", "layers.0.thickness=78.54 um", "nuclei.film=0",
                "nuclei.positions=[0 m]", "nuclei.radius=1 um", "nuclei.radius_spread=0",
                "phase_field.interface_length=0.2 um",
                f"nuclei.islands=[{{x: 0 m, y: 39.27 um, radius: {a}}}]")  # fmt: skip
        conductances = leaking(*cell)[1]
        assert np.abs(conductances - conductances.T).max() < 1e-9 * conductances.max()
        # Half of the disk; both electrodes are as far from it.
        assert conductances[1, 1] == pytest.approx(pi * 1e-6 / log(50e-6 / a), rel=0.01)
        time.append(CHARGE * pi * a / (0.1 * conductances[1, 1]))
    whole = (radii[2] - radii[0]) / 6 * (time[0] + 4 * time[1] + time[2])
    assert whole / 3600 == pytest.approx(107.143, rel=0.01)


def test_a_disk_grows_by_what_leaks_to_it_in_steps_of_an_hour():
    """da/dt = sigma_el U/[F c_Li a ln(b/a)], the ions coming from a deposit on the anode."""
    model, steps = started_with(FED.read_text(), "phase_field.interface_length=0.44 um")
    bodies, mass = model.coefficients.kinetics.bodies, model.lumped_mass
    whole, areas, t = mass @ model.state.xi.x.array, [], 0.0
    for dt in (100.0, 3600.0):
        areas.append(bodies.isolated()[1])
        steps.step(dt)
        steps.keep(t := t + dt)
        # Its kinetics are so quick that 0.1 mV would be far from its potential.
        known = bodies.mean(model.state.phi_s.x.array)
        assert known[1] == pytest.approx(bodies.potentials[1], abs=1e-8)
    grown = bodies.isolated()[1] - areas[-1]
    # Of the deposit's area so much is not that of the disk.
    radius = fed.radii(0.5 * (bodies.isolated()[1] + areas[-1]), 0.44e-6)
    supply = pi * 1e-6 * 0.1 / CHARGE / log(50e-6 / radius)
    assert grown / 3600 == pytest.approx(supply, rel=0.005)
    # The counter electrode passes hardly any ions: the anode has lost what the island has got.
    assert mass @ model.state.xi.x.array == pytest.approx(whole, rel=1e-5)
    cell = model.equations["phi"]
    assert cell.current == pytest.approx(cell.anode_current, rel=1e-9)
    assert cell.current == pytest.approx(cell.leak, rel=1e-3)


def check(found: list[dict[str, float]]) -> None:
    for row in found:
        assert row["islands"] == 1
        assert row["cell_current_A_per_m2"] == pytest.approx(200, rel=1e-9)
        assert row["anode_current_A_per_m2"] == pytest.approx(200, rel=1e-9)
        assert abs(row["li_balance_rel"]) < 1e-12
        assert row["leak_A_per_m2"] > 0


@pytest.mark.parametrize("given", [(), ADAPTING], ids=["fixed", "adapting"])
def test_island_and_leak_conserve_and_restart_to_the_last_bit(tmp_path, given):
    config, whole = tmp_path / "island.yaml", tmp_path / "whole"
    config.write_text(SMALL)
    assert called("run", config, "-o", whole, *EVERY_STEP, *set_all(*given)).returncode == 0
    found = rows(whole)
    check(found)
    # Ions bring what does not leak.
    passed = sum(row["dt_s"] * (200 - row["leak_A_per_m2"]) for row in found)
    assert found[-1]["leak_A_per_m2"] > 0.02 * 200
    grown = (found[-1]["area_um2"] - found[0]["area_um2"]) * 1e-12
    assert grown == pytest.approx(passed * 6e-6 / CHARGE, rel=1e-3)
    folder = left_at(whole, 5, tmp_path / "again")
    assert called("restart", folder).returncode == 0
    assert same_results(whole, folder)


def test_the_tip_is_that_of_metal_on_the_anode_and_an_island_at_the_counter_ends_the_run(tmp_path):
    config = tmp_path / "island.yaml"
    config.write_text(SMALL)
    given = set_all("nuclei.islands=[{x: 2 um, y: 9.9 um, radius: 1.9 um}]", "time.end=50 s")
    done = called("run", config, "-o", tmp_path / "run", *given)
    assert done.returncode == 0 and "an island of lithium touches" in done.stdout, done.stderr
    assert rows(tmp_path / "run")[0]["tip_um"] == pytest.approx(3.0, abs=0.4)


def test_dead_lithium_is_counted_per_cycle(tmp_path):
    config = tmp_path / "island.yaml"
    config.write_text(SMALL.replace("control: current, current: 20 mA/cm**2,", "")
                      + "protocol: {steps: [Charge at 20 mA/cm2 for 2 s]}\n")  # fmt: skip
    assert called("run", config, "-o", tmp_path / "run").returncode == 0
    head, line = (tmp_path / "run/cycles.csv").read_text().split()
    cycle = dict(zip(head.split(","), map(float, line.split(",")), strict=True))
    area = rows(tmp_path / "run")[-1]["islands_um2"] * 1e-12
    assert area == pytest.approx(pi * 1.2e-6**2 + pi**3 / 3 * 0.4e-6**2, rel=0.03)
    assert cycle["dead_mAh_per_cm2"] == pytest.approx(CHARGE * area / 6e-6 / 36000, rel=1e-6)
    assert cycle["plated_mAh_per_cm2"] == pytest.approx(200 * 2 / 36000, rel=1e-3)


def test_a_branch_that_stripping_cuts_off_is_dead_lithium(tmp_path):
    """What the anode has got less than it gave is what stripping took less what is dead."""
    launching.run(loading.parse(BRANCH), BRANCH, tmp_path / "run", quiet=True)
    found = rows(tmp_path / "run")
    islands = [row["islands"] for row in found]
    assert islands[0] == 1 and min(islands) == 0 and islands[-1] == 1
    plated = [row for row in found if row["protocol_step"] == 1][-1]
    assert plated["islands"] == 0 and plated["tip_um"] > 8.6, "it hangs together with the film"
    head, line = (tmp_path / "run/cycles.csv").read_text().split()
    cycle = dict(zip(head.split(","), map(float, line.split(",")), strict=True))
    assert cycle["coulombic_efficiency"] == pytest.approx(1.5, rel=1e-9)
    dead, last = cycle["dead_mAh_per_cm2"], found[-1]
    assert dead == pytest.approx(CHARGE * last["islands_um2"] * 1e-12 / 4e-6 / 36000, rel=1e-9)
    # The anode had lost all of the branch at once: its film pays for what has died.
    of_anode = [CHARGE * 1e-6 * row["front_mean_um"] / 36000 for row in (plated, last)]
    assert of_anode[0] - of_anode[1] == pytest.approx(0.3 + dead, rel=1e-9)
    cut = next(n for n in range(len(found) - 1, 0, -1) if islands[n - 1] == 0)
    assert len(found) - cut == 2, "and then stands"
    assert last["islands_um2"] == pytest.approx(found[cut]["islands_um2"], rel=0.03)
    assert last["tip_um"] < 4.6


def test_a_new_mesh_leaves_an_island_its_lithium():
    """The transfer keeps all deposit to round-off, and hardly moves any between pieces."""
    given = ("width=12 um", "layers.0.thickness=30 um", "nuclei.film=4 um",
             "nuclei.islands=[{x: 0 m, y: 18.3 um, radius: 4 um}]")  # fmt: skip
    config = loading.parse(DISK, list(given))
    remesher = Remesher(config, MPI.COMM_WORLD)

    def made() -> tuple[Model, Integrator]:
        model = Model(config, remesher.domain)
        return model, Integrator(model, factory.create(model, Profile()))

    model, steps = made()
    model.initialise()
    # The front goes on as far as makes a new mesh due.
    height = model.V.tabulate_dof_coordinates()[:, 1]
    xi = model.state.xi.x.array
    xi[:] = np.where(height < 11e-6, from_psi((6e-6 - height) / 0.44e-6), xi)
    steps.start(0.0)
    assert remesher.due(model)
    before, nodes = disk(model)[0], len(xi)
    order, states = remesher.remesh(steps)
    model, steps = made()
    history.scatter(steps, order, states)
    assert len(model.state.xi.x.array) != nodes
    assert disk(model)[0] == pytest.approx(before, rel=1e-7)
