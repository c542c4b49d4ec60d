"""Restarts on other numbers of ranks, and a rank that fails."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from solver.output import checkpoint
from tests.ranks import launcher
from tests.system.running import (
    PROGRAM,
    SMALL,
    agree,
    called,
    launched,
    left_at,
    rows,
    same_results,
    set_all,
    started,
)  # fmt: skip

pytestmark = pytest.mark.slow

TWO = launcher(2)
OPTIONS = set_all("output.checkpoint_steps=1", "output.checkpoints_kept=1000", "time.end=5 s",
                  "output.snapshots=1")  # fmt: skip


@pytest.fixture(scope="module")
def on_one(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ranks") / "one"
    assert called("run", SMALL, "-o", folder, *OPTIONS).returncode == 0
    return folder


@pytest.fixture(scope="module")
def on_two(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ranks") / "two"
    # With its figure: rank 0 draws while the other waits.
    done = started([*TWO, *PROGRAM, "run", SMALL, "-o", folder, *OPTIONS], variables={})
    assert done.returncode == 0, done.stderr
    assert (folder / "figure.png").is_file()
    return folder


def test_two_ranks_repeat_to_the_last_bit(on_two, tmp_path):
    folder = left_at(on_two, 8, tmp_path / "again")
    done = started([*TWO, *PROGRAM, "restart", folder])
    assert done.returncode == 0, done.stderr
    assert same_results(on_two, folder)


def test_from_one_to_two_ranks(on_one, tmp_path):
    folder = left_at(on_one, 8, tmp_path / "one_to_two")
    done = started([*TWO, *PROGRAM, "restart", folder])
    assert done.returncode == 0, done.stderr
    assert agree(folder, on_one)


def test_from_two_to_one_rank_and_back(on_two, tmp_path):
    folder = left_at(on_two, 8, tmp_path / "two_to_one")
    assert called("restart", folder, "--max-wall", "1e-3").returncode == 4
    done = started([*TWO, *PROGRAM, "restart", folder, "--set", "time.max_wall=null"])
    assert done.returncode == 0, done.stderr
    assert agree(folder, on_two)


FAILING = """
import sys
from mpi4py import MPI
from solver.verbs import cli
from solver.stepping.integrator import Integrator
step, calls = Integrator.step, []
def failing(self, dt):
    calls.append(dt)
    if MPI.COMM_WORLD.rank == 1 and len(calls) == 4:
        raise RuntimeError("this rank has had enough")
    return step(self, dt)
Integrator.step = failing
sys.exit(cli.main(sys.argv[1:]))
"""


def test_a_failing_rank_brings_all_down_with_its_message(tmp_path):
    folder = tmp_path / "failed"
    done = started([*TWO, sys.executable, "-c", FAILING, "run", SMALL, "-o", folder, *OPTIONS])
    assert done.returncode == 1
    assert "this rank has had enough" in done.stderr and "internal error" in done.stderr
    assert checkpoint.step_of(checkpoint.all_in(folder)[-1]) == 3
    # What it left can be continued.
    assert called("restart", folder, "--max-wall", "1e-3").returncode == 4


def test_a_signal_to_mpirun_stops_all_ranks(tmp_path):
    folder = tmp_path / "signalled"
    process = launched(
        [*TWO, *PROGRAM, "run", SMALL, "-o", folder, "--set", "time.end=1e5 s"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    while process.poll() is None:
        if (folder / "scalars.csv").exists() and len(rows(folder)) > 3:
            break
        sleep(0.1)
    process.send_signal(signal.SIGUSR1)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 4 and "SIGUSR1" in stderr
    assert checkpoint.step_of(checkpoint.all_in(folder)[-1]) == len(rows(folder)) - 1
