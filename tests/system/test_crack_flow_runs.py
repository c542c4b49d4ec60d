# SPDX-License-Identifier: MIT
"""Runs with a notch over lithium that flows under a stack: restart, new meshes, ranks, work."""

from __future__ import annotations

import json
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
    started,
)

CONFIG = HERE / "crack_flow.yaml"


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("crack_flow") / "run"
    done = called("run", CONFIG, "-o", folder, *EVERY_STEP)
    assert done.returncode == 0, done.stderr
    return folder


def column(folder: Path, name: str) -> np.ndarray:
    return np.array([row[name] for row in rows(folder)])


def test_a_crack_runs_from_lithium_that_flows_under_the_stack_of_each_step(finished):
    area, step = column(finished, "crack_opened_um2"), column(finished, "protocol_step")
    assert area.max() > 5 * area[step == 1].max()
    expected = np.where(step <= 1, 1.0, 5.0)
    assert column(finished, "stack_pressure_MPa") == pytest.approx(expected)
    assert column(finished, "lithium_flowing")[1:].max() > 0.2


def test_work_of_cracks_stack_and_deposit_is_found_again(finished):
    work, lost, flowed = (
        column(finished, f"{x}_J_per_m")
        for x in ("crack_work", "crack_dissipated", "flow_dissipated")
    )
    stored = column(finished, "crack_J_per_m") + column(finished, "elastic_J_per_m")
    found = stored - stored[0] + lost + flowed
    assert found == pytest.approx(work, abs=0.01 * work.max())
    assert np.abs(column(finished, "crack_balance_rel")).max() < 0.01
    assert flowed[-1] > 0.01 * work.max()


@pytest.mark.parametrize("place", ["new mesh", "new pressure"])
def test_damage_and_flow_restart_to_the_last_bit(finished, tmp_path, place):
    saved = [checkpoint.read(path) for path in checkpoint.all_in(finished)]
    if place == "new mesh":
        meshes = [x.record.standing.remeshes for x in saved]
        step = next(i for i, n in enumerate(meshes) if n > meshes[0]) - 1
    else:
        step = list(column(finished, "protocol_step")).index(2) - 1
    names = {name.rpartition("/")[2] for name in saved[step].counts}
    assert {"d", "eps_v"} <= names
    folder = left_at(finished, step, tmp_path / "again")
    done = called("restart", folder)
    assert done.returncode == 0, done.stderr
    assert same_results(finished, folder)


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
