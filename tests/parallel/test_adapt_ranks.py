"""A remeshed run on other numbers of ranks: the same meshes and the same curve."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from solver.output import checkpoint
from tests.parallel.test_restart_ranks import TWO, agree
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

pytestmark = pytest.mark.slow

CONFIG = HERE / "adaptive.yaml"
OPTIONS = set_all("time.end=8 s", "output.snapshots=1")
EARLY, LATE = 8, 18
"""Steps before the first remesh."""


def meshes(folder: Path) -> list[str]:
    """Nodes before and after every remesh, from the log."""
    lines = (folder / "log.txt").read_text().splitlines()
    return [line.partition(" s: ")[2] for line in lines if "nodes become" in line]


@pytest.fixture(scope="module")
def on_one(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ranks") / "one"
    done = called("run", CONFIG, "-o", folder, *OPTIONS)
    assert done.returncode == 0, done.stderr
    return folder


KILLED = """
import os, signal, sys
from mpi4py import MPI
from solver.run.remesher import Remesher
from solver.verbs import cli
distribute, made = Remesher._distribute, []
def killed(self):
    made.append(self)
    if MPI.COMM_WORLD.rank == 1 and len(made) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    distribute(self)
Remesher._distribute = killed
sys.exit(cli.main(sys.argv[1:]))
"""
"""The program, of which one rank is killed in its first remesh."""


@pytest.fixture(scope="module")
def on_two(on_one, tmp_path_factory) -> Path:
    """The same run from a step before its remesh on, on two ranks; one was killed on the way."""
    folder = left_at(on_one, EARLY, tmp_path_factory.mktemp("ranks") / "two")
    (folder / "log.txt").unlink()
    done = started([*TWO, sys.executable, "-c", KILLED, "restart", folder])  # until all have ended
    assert done.returncode != 0
    assert EARLY < checkpoint.step_of(checkpoint.all_in(folder)[-1]) < len(rows(on_one)) - 1
    assert meshes(folder) == []
    done = started([*TWO, *PROGRAM, "restart", folder])
    assert done.returncode == 0, done.stderr
    return folder


def test_a_rank_killed_in_a_remesh_costs_nothing(on_one, on_two):
    assert len(meshes(on_one)) >= 1
    assert meshes(on_two) == meshes(on_one)
    assert agree(on_two, on_one)


def test_two_ranks_repeat_a_remesh_to_the_last_bit(on_two, tmp_path):
    again = left_at(on_two, LATE, tmp_path / "again")
    (again / "log.txt").unlink()
    done = started([*TWO, *PROGRAM, "restart", again])
    assert done.returncode == 0, done.stderr
    assert meshes(again) == meshes(on_two)
    assert same_results(on_two, again)


def test_back_on_one_rank(on_one, on_two, tmp_path):
    back = left_at(on_two, EARLY + 2, tmp_path / "back")
    (back / "log.txt").unlink()
    assert called("restart", back).returncode == 0
    assert meshes(back) == meshes(on_one)
    assert agree(back, on_one)
