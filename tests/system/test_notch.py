# SPDX-License-Identifier: MIT
"""A notch full of lithium in the program: when it runs, restarts, ranks, what it costs in work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.profile import Profile
from solver.cell import domain
from solver.equations.model import Model
from solver.input import loading
from solver.laws import fracture
from solver.output import snapshots
from solver.schemes import alternation, factory
from solver.stepping.integrator import Integrator
from tests.parallel.test_restart_ranks import TWO
from tests.system.running import (
    EVERY_STEP,
    HERE,
    PROGRAM,
    called,
    left_at,
    rows,
    same_results,
    set_all,
    started,
)

CONFIG = HERE / "notch.yaml"
WIDE = """\
title: A notch in a wide cell
width: 20 um
layers: [{name: LPSC, thickness: 20 um, K_IC: 0.23 MPa*m^0.5}]
phase_field: {interface_length: 0.4 um}
mechanics: {feedback: false}
nuclei: {film: 0 um, count: 0}
mesh: {size_min: 2 um, size_max: 2 um}
boundary: {phi_anode: 0 V}
fracture: {length: 0.1 um, elements: 4, way: 0.3 um, rounds: 30,
           notches: [{x: 10 um, length: 1 um}]}
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("notch") / "run"
    done = called("run", CONFIG, "-o", folder, *EVERY_STEP)
    assert done.returncode == 0, done.stderr
    return folder


def column(folder: Path, name: str) -> np.ndarray:
    return np.array([row[name] for row in rows(folder)])


def test_a_notch_rests_below_the_critical_overpotential_and_runs_above():
    config = loading.parse(WIDE)
    cell = domain.build(config, MPI.COMM_SELF)
    layer = config.layers[0]
    G_c = fracture.toughness(layer.K_IC, layer.E, layer.nu)
    p = fracture.critical_pressure(G_c, layer.E, layer.nu, 1e-6)
    eta = p / (config.constants.F * config.lithium.c_Li)
    assert eta == pytest.approx(17.6e-3, rel=1e-3)
    rested = []
    for share in (0.95, 1.05):
        model = Model(config.with_({"fracture.overpotential": share * eta}), cell)
        model.initialise()
        factory.create(model, Profile()).settle()
        rested.append(model.equations["d"].ended.converged)
    assert rested == [True, False]


def test_a_crack_runs_once_the_overpotential_is_large_and_never_heals(finished):
    tip, length = column(finished, "crack_tip_um"), column(finished, "crack_um")
    assert column(finished, "t_s")[tip > 1.5][0] == 5.0
    assert length[column(finished, "t_s") <= 4] == pytest.approx(length[0], rel=0.03)
    assert tip[-1] == tip.max() > 2
    assert "from t = 5 s on a crack runs" in (finished / "log.txt").read_text()


def test_pressure_follows_the_course_of_the_overpotential(finished):
    expected = (
        96500 * 7.64e4 * np.interp(column(finished, "t_s"), [0, 4, 5, 6, 7], [0, 20, 40, 40, 0])
    )
    assert column(finished, "crack_pressure_MPa") == pytest.approx(expected * 1e-9)


def test_work_of_the_pressure_is_what_is_stored_broken_and_dissipated(finished):
    t, area, p = (column(finished, n) for n in ("t_s", "crack_opened_um2", "crack_pressure_MPa"))
    work, lost = (column(finished, f"crack_{x}_J_per_m") for x in ("work", "dissipated"))
    by_hand = np.cumsum(0.5 * (p[1:] + p[:-1]) * np.diff(area)) * 1e-6
    slow = t[1:] <= 2.5
    # Damage that grows is counted at the pressure of the end.
    assert work[1:][slow] == pytest.approx(by_hand[slow], rel=0.02)
    stored = column(finished, "crack_J_per_m") + column(finished, "elastic_J_per_m")
    assert (stored - stored[0] + lost)[1:] == pytest.approx(work[1:], rel=1e-3)
    # A crack that runs, at the pressure at the end of its step, dissipates.
    runs = np.argmax(np.diff(area))
    assert np.diff(work)[runs] == pytest.approx(p[1:][runs] * np.diff(area)[runs] * 1e-6, rel=0.05)
    assert np.diff(lost)[runs] > 0.1 * np.diff(work)[runs] and (np.diff(lost) >= -1e-10).all()
    assert np.abs(column(finished, "crack_balance_rel")).max() < 1e-3
    assert "nor spent" not in (finished / "log.txt").read_text()


def test_damage_is_written_and_drawn(finished):
    d = snapshots.load(finished, -1).fields["d"]
    assert d.max() == pytest.approx(1.0) and d.min() >= 0.0


def test_a_crack_restarts_to_the_last_bit(finished, tmp_path):
    folder = left_at(finished, 3, tmp_path / "again")
    assert called("restart", folder).returncode == 0
    assert same_results(finished, folder)


def test_a_step_that_is_taken_back_breaks_nothing():
    course = "fracture.overpotential_course=[[0, 0], [1, 40 mV], [2, 0]]"
    config = loading.parse(CONFIG.read_text(), [course, "fracture.rounds=10"])
    model = Model(config, domain.build(config, MPI.COMM_SELF))
    scheme = factory.create(model, Profile())
    integrator = Integrator(model, scheme)
    assert "u" not in scheme.updates  # found with the damage, and only then
    model.initialise()
    scheme.settle()
    integrator.start(0.0)
    whole = model.state.d.x.array.copy()
    integrator.step(1.0)
    broken = model.state.d.x.array.copy()
    assert (broken - whole).max() > 0.5
    assert model.equations["d"].work.sums.dissipated > 1e-7
    integrator.undo()
    stopped = scheme.memory()["d"].numbers
    assert stopped["work"] == stopped["dissipated"] == 0.0 < stopped["stored"]
    integrator.step(1e-3)
    assert abs(model.equations["d"].work.sums.work) < 1e-11
    assert model.state.d.x.array == pytest.approx(whole, abs=1e-3)


@pytest.mark.parametrize("rest", [alternation.REST, 0.0])
def test_a_crack_shuts_when_nothing_presses_any_more(rest, monkeypatch):
    # However long u is asked to rest: a matrix of open cracks takes shut ones apart, by 100 a step.
    monkeypatch.setattr(alternation, "REST", rest)
    course = "fracture.overpotential_course=[[0, 0], [1, 40 mV], [2, 0], [3, 0]]"
    config = loading.parse(CONFIG.read_text(), [course])
    model = Model(config, domain.build(config, MPI.COMM_SELF))
    damage, integrator = model.equations["d"], Integrator(model, factory.create(model, Profile()))
    model.initialise()
    integrator.scheme.settle()
    integrator.start(0.0)
    integrator.step(1.0)
    integrator.keep(1.0)
    opened = np.abs(model.state.u.x.array).max()
    for t in (2.0, 3.0):
        integrator.step(1.0)
        integrator.keep(t)
        assert damage.ended.converged == (rest > 0) == (damage.ended.rounds < 10)
        assert np.abs(model.state.u.x.array).max() < 1e-9 * opened


@pytest.mark.parametrize("held", [4.0, 1.0, 0.1])
def test_a_crack_stays_as_open_as_the_load_that_is_left(held, tmp_path):
    """Opening goes as the pressure, energy as its square, at once and for as long as it is held."""
    course = f"fracture.overpotential_course=[[0, 0], [1, 40 mV], [2, {held} mV], [6, {held} mV]]"
    done = called(
        "run", CONFIG, "-o", tmp_path / "run", *EVERY_STEP, *set_all(course, "time.end=6 s")
    )
    assert done.returncode == 0, done.stderr
    assert len(column(tmp_path / "run", "t_s")) == 5
    last = {name: column(tmp_path / "run", name)[2:] for name in (
        "crack_opened_um2", "elastic_J_per_m", "crack_dissipated_J_per_m")}  # fmt: skip
    for name, values in last.items():
        assert values == pytest.approx(values[-1], rel=1e-5), name
    assert last["crack_opened_um2"][-1] == pytest.approx(2.763e-3 * held, rel=1e-3)
    assert last["elastic_J_per_m"][-1] == pytest.approx(1.0186e-8 * held**2, rel=2e-3)


def test_what_rests_is_not_asked_to_answer_beyond_round_off(monkeypatch):
    given = "fracture.overpotential_course=null", "fracture.overpotential=5 mV"
    config = loading.parse(CONFIG.read_text(), given)
    model = Model(config, domain.build(config, MPI.COMM_SELF))
    scheme, made = factory.create(model, Profile()), []
    elastic, integrator = scheme.updates["d"].alternation.elastic, Integrator(model, scheme)
    assemble = elastic.assemble
    monkeypatch.setattr(elastic, "assemble", lambda: made.append(assemble()))
    model.initialise()
    scheme.settle()
    integrator.start(0.0)
    for t in range(4):
        made.clear()
        integrator.step(1.0)
        integrator.keep(t + 1.0)
    assert len(made) == 1


def test_where_nothing_works_and_nothing_is_stored_nothing_is_missing():
    config = loading.parse(CONFIG.read_text(), ["fracture.notches=[]"])
    model = Model(config, domain.build(config, MPI.COMM_SELF))
    model.initialise()
    work = model.equations["d"].work
    work.begin(0.0)
    work.answered(lambda: None)
    work.ended()
    assert work.energies() == (0.0, 0.0, 0.0) and work.missing == 0.0
    model.state.u.x.array[:] = 1e-9 * np.arange(len(model.state.u.x.array))
    assert work.energies().elastic > 0.0  # of this u, though the damage is the same


def test_a_notch_that_a_stack_has_shut_opens_at_the_same_work_in_one_step_as_in_fifty(tmp_path):
    """It opens half way, and the way of u has a corner there."""
    stack = set_all("mechanics.sides.counter=pressure", "mechanics.stack_pressure=25 MPa")
    works = []
    for dt in ("1 s", "0.02 s"):
        steps = set_all("time.end=1 s", f"time.dt_max={dt}", f"time.dt_initial={dt}")
        done = called("run", CONFIG, "-o", tmp_path / dt, *EVERY_STEP, *stack, *steps)
        assert done.returncode == 0, done.stderr
        works.append(column(tmp_path / dt, "crack_work_J_per_m")[-1])
        assert np.abs(column(tmp_path / dt, "crack_balance_rel")).max() < 5e-3
    assert len(column(tmp_path / "1 s", "t_s")) == 2 < 50 < len(column(tmp_path / dt, "t_s"))
    assert works[0] == pytest.approx(works[1], rel=5e-3)


@pytest.mark.slow
def test_a_crack_is_the_same_on_two_ranks(finished, tmp_path):
    folder = tmp_path / "two"
    done = started([*TWO, *PROGRAM, "run", CONFIG, "-o", folder])
    assert done.returncode == 0, done.stderr
    for name in ("crack_um", "crack_opened_um2", "crack_J_per_m", "elastic_J_per_m"):
        one, two = column(finished, name), column(folder, name)
        assert two == pytest.approx(one, rel=1e-4, abs=1e-4 * one.max())


def test_a_notch_at_a_side_has_not_reached_it_but_a_crack_has():
    notch = "fracture.notches=[{x: 0 um, y: 2 um, length: 0.8 um, angle: 0 deg}]"
    config = loading.parse(CONFIG.read_text(), [notch])
    model = Model(config, domain.build(config, MPI.COMM_SELF))
    model.initialise()
    damage = model.equations["d"]
    x, y = model.V.tabulate_dof_coordinates()[:, :2].T
    left = x < 1e-12  # not 0 on all versions of DOLFINx
    assert damage.function.x.array[left].max() == 1.0 and damage.reached() == ()
    damage.function.x.array[left & (y > 4e-6)] = 1.0
    assert damage.reached() == ("counter", "left")
