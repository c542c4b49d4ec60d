# SPDX-License-Identifier: MIT
"""Runs with a notch over lithium that flows: restart, new meshes, the stack of a step, ranks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.output import checkpoint, snapshots
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

CONFIG = HERE / "crack_flow.yaml"


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("crack_flow") / "run"
    done = called("run", CONFIG, "-o", folder, *EVERY_STEP)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pressed(tmp_path_factory) -> Path:
    """A notch that rests, under a stack that presses harder in the second step."""
    folder = tmp_path_factory.mktemp("pressed") / "run"
    stack = set_all(
        "mechanics={sides: {counter: pressure}, stack_pressure: 1 MPa}",
        "protocol.steps.1.stack_pressure=5 MPa", "protocol.steps.1.until=[{time: 2 s}]",
        "fracture.overpotential_course=[[0 s, 0 V], [5 s, 15 mV]]",
    )  # fmt: skip
    done = called("run", CONFIG, "-o", folder, *EVERY_STEP, *stack)
    assert done.returncode == 0, done.stderr
    return folder


def column(folder: Path, name: str) -> np.ndarray:
    return np.array([row[name] for row in rows(folder)])


def test_a_crack_runs_from_lithium_that_flows(finished):
    area, overpotential = column(finished, "crack_opened_um2"), column(finished, "t_s") <= 4
    assert area.max() > 8 * area[overpotential].max()
    assert column(finished, "lithium_flowing")[1:].max() > 0.2


def test_work_of_cracks_stack_and_deposit_is_found_again(finished):
    work, lost, flowed = (
        column(finished, f"{x}_J_per_m")
        for x in ("crack_work", "crack_dissipated", "flow_dissipated")
    )
    stored = column(finished, "crack_J_per_m") + column(finished, "elastic_J_per_m")
    found = stored - stored[0] + lost + flowed
    saved = [checkpoint.read(path) for path in checkpoint.all_in(finished)]
    same = np.array([x.record.standing.remeshes for x in saved]) == 0
    # A new mesh leaves lithium its stress; what it does to u and d is found nowhere.
    for mesh, bound in ((same, 0.002), (~same, 0.005)):
        assert mesh.any() and found[mesh] == pytest.approx(work[mesh], abs=bound * work.max())
        assert np.abs(column(finished, "crack_balance_rel")[mesh]).max() < bound
    assert flowed[-1] > 0.01 * work.max()


def restarted(run: Path, step: int, folder: Path) -> bool:
    """Whether a run goes on from a step as if it had not stopped."""
    again = left_at(run, step, folder)
    done = called("restart", again)
    assert done.returncode == 0, done.stderr
    return same_results(run, again)


def test_damage_and_flow_restart_to_the_last_bit_across_a_new_mesh(finished, tmp_path):
    saved = [checkpoint.read(path) for path in checkpoint.all_in(finished)]
    meshes = [x.record.standing.remeshes for x in saved]
    step = next(i for i, n in enumerate(meshes) if n > meshes[0]) - 1
    assert {"d", "eps_v"} <= {name.rpartition("/")[2] for name in saved[step].counts}
    assert restarted(finished, step, tmp_path / "again")


def test_a_stack_that_presses_harder_works_and_restarts_to_the_last_bit(pressed, tmp_path):
    step = column(pressed, "protocol_step")
    expected = np.where(step <= 1, 1.0, 5.0)
    assert column(pressed, "stack_pressure_MPa") == pytest.approx(expected)
    assert abs(column(pressed, "crack_balance_rel")[-1]) < 0.01
    assert restarted(pressed, list(step).index(2) - 1, tmp_path / "again")


@pytest.mark.parametrize("flow", ["norton", "plastic"])
def test_a_shut_notch_opens_over_what_flows_at_the_same_work_in_one_step_as_in_fifty(
    flow, tmp_path
):
    """It opens at 6 of 74 MPa: nu/(1 - nu) of the stack. Flow is of first order in the step."""
    given = set_all(
        "mechanics={sides: {counter: pressure}, stack_pressure: 10 MPa}", f"lithium.flow={flow}",
        "protocol={steps: [{control: rest, until: [{time: 2 s}]}]}", "adapt.enabled=false",
        "mesh.size_min=0.25 um", "fracture.overpotential_course=[[0 s, 0 V], [2 s, 10 mV]]",
    )  # fmt: skip
    works = []
    for dt in ("2 s", "0.04 s"):
        steps = set_all(f"time.dt_max={dt}", f"time.dt_initial={dt}")
        done = called("run", CONFIG, "-o", tmp_path / dt, *EVERY_STEP, *given, *steps)
        assert done.returncode == 0, done.stderr
        works.append(column(tmp_path / dt, "crack_work_J_per_m")[-1])
        assert abs(column(tmp_path / dt, "crack_balance_rel")[-1]) < 2e-3  # 7 % as a straight way
    assert len(column(tmp_path / "2 s", "t_s")) == 2 < 50 < len(column(tmp_path / dt, "t_s"))
    assert works[0] == pytest.approx(works[1], rel=0.015)


def test_flow_dissipates_as_much_in_one_step_as_in_ten_where_its_stress_turns_round(tmp_path):
    """Without a stack it ends every leg with the opposite of what it began with."""
    given = set_all(
        "lithium.flow=plastic", "mechanics.feedback=false",
        "protocol={steps: [{control: rest, until: [{time: 4 s}]}]}",
        "fracture.overpotential_course=[[0 s, 0 V], [1 s, 10 mV], [2 s, 0 V], [3 s, 10 mV], "
        "[4 s, 0 V]]",
    )  # fmt: skip
    flowed = {}
    for dt in ("1 s", "0.1 s"):
        steps = set_all(f"time.dt_max={dt}", f"time.dt_initial={dt}")
        done = called("run", CONFIG, "-o", tmp_path / dt, *EVERY_STEP, *given, *steps)
        assert done.returncode == 0, done.stderr
        found = column(tmp_path / dt, "flow_dissipated_J_per_m")
        flowed[dt] = np.diff(found[:: (len(found) - 1) // 4])
    assert flowed["1 s"] == pytest.approx(flowed["0.1 s"], rel=0.02)
    assert (flowed["1 s"][1:] > 4e-9).all()  # 1e-11 by the mean of both ends


def test_what_flow_dissipates_is_found_in_every_cycle(tmp_path):
    """A notch opens and shuts again and again; what all cycles have worked hides no corner."""
    course = ", ".join(f"[{t} s, {10 * (t % 2)} mV]" for t in range(17))
    given = set_all(
        "mechanics={sides: {counter: pressure}, stack_pressure: 10 MPa}", "lithium.flow=plastic",
        "protocol={steps: [{control: rest, until: [{time: 16 s}]}]}", "adapt.enabled=false",
        "mesh.size_min=0.3 um", f"fracture.overpotential_course=[{course}]",
    )  # fmt: skip
    done = called("run", CONFIG, "-o", tmp_path / "run", *EVERY_STEP, *given)
    assert done.returncode == 0, done.stderr
    cycles = np.diff(column(tmp_path / "run", "flow_dissipated_J_per_m")[::2])
    # The first one takes lithium from no load to where it goes to and fro.
    assert len(cycles) == 8 and cycles[1:] == pytest.approx(cycles[-1], rel=0.02)
    work = np.diff(column(tmp_path / "run", "crack_work_J_per_m")[::2])
    assert work[1:] == pytest.approx(cycles[1:], rel=0.05)


@pytest.mark.slow
def test_damage_and_flow_are_the_same_on_two_ranks(finished, tmp_path):
    folder = tmp_path / "two"
    done = started([*TWO, *PROGRAM, "run", CONFIG, "-o", folder])
    assert done.returncode == 0, done.stderr
    for name in ("crack_um", "crack_opened_um2", "elastic_J_per_m", "crack_work_J_per_m",
                 "flow_dissipated_J_per_m", "von_mises_max_MPa"):  # fmt: skip
        one, two = column(finished, name), column(folder, name)
        assert two == pytest.approx(one, rel=1e-4, abs=1e-4 * one.max())
    one, two = (snapshots.load(x, -1) for x in (finished, folder))
    assert len(one.points) == len(two.points)
    first, second = (np.lexsort(np.round(x.points.T, 6)) for x in (one, two))
    for name in ("d", "u"):
        a, b = one.fields[name][first], two.fields[name][second]
        assert np.abs(a - b).max() < 1e-4 * np.abs(a).max(), name
