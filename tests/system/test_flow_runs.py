# SPDX-License-Identifier: MIT
"""Runs with lithium that flows: restarts, new meshes, ranks, and what is written of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.output import checkpoint, snapshots
from tests.ranks import launcher
from tests.system.running import (
    HERE,
    PROGRAM,
    called,
    left_at,
    rows,
    same_results,
    set_all,
    started,
)  # fmt: skip

STACK = ("mechanics.sides.counter=pressure", "mechanics.stack_pressure=5 MPa")
FLOWING = set_all("lithium.flow=norton", "time.end=8 s", "output.snapshots=1", *STACK)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("flow") / "whole"
    done = called("run", HERE / "adaptive.yaml", "-o", folder, *FLOWING)
    assert done.returncode == 0, done.stderr
    return folder


def test_flow_relieves_the_lithium(whole):
    found = rows(whole)
    assert found[0]["lithium_flowing"] == pytest.approx(0, abs=1e-6)
    assert found[-1]["lithium_flowing"] > 0.2


def test_a_run_that_flows_restarts_to_the_last_bit_across_a_new_mesh(whole, tmp_path):
    saved = [checkpoint.read(path) for path in checkpoint.all_in(whole)]
    meshes = [x.record.standing.remeshes for x in saved]
    step = next(i for i, n in enumerate(meshes) if n > 0) - 1
    assert any(name.endswith("/eps_v") for name in saved[step].counts)
    folder = left_at(whole, step, tmp_path / "again")
    done = called("restart", folder)
    assert done.returncode == 0, done.stderr
    assert same_results(whole, folder)


@pytest.mark.slow
def test_two_ranks_let_it_flow_alike(whole, tmp_path):
    folder = tmp_path / "two"
    run = ["run", HERE / "adaptive.yaml", "-o", folder, *FLOWING]
    done = started([*launcher(2), *PROGRAM, *run])
    assert done.returncode == 0, done.stderr
    assert len(rows(whole)) == len(rows(folder))
    for one, two in zip(rows(whole), rows(folder), strict=True):
        for name in ("t_s", "tip_um", "von_mises_max_MPa", "lithium_pressure_max_MPa"):
            assert two[name] == pytest.approx(one[name], rel=1e-4), name
    # Of the difference of two states, the linear solvers' share is larger.
    assert two["lithium_flowing"] == pytest.approx(one["lithium_flowing"], abs=1e-4)
    for name in ("pressure", "von_mises"):
        one, two = (sorted_by_place(x, name) for x in (whole, folder))
        assert np.abs(two - one).max() < 1e-4 * np.abs(one).max(), name


def sorted_by_place(folder: Path, name: str) -> np.ndarray:
    """Values in the triangles at the end, in an order that ranks do not decide."""
    shot = snapshots.load(folder)
    x, y = np.round(shot.points[shot.triangles].mean(axis=1).T, 4)
    return shot.fields[name][np.lexsort((x, y))]
