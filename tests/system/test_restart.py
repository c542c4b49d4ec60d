"""Stopping, killing and going on: nothing lost, nothing twice, and the same numbers."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver.output import checkpoint, snapshots
from tests.system.running import (
    EVERY_STEP,
    PROGRAM,
    SMALL,
    called,
    check_series,
    dendrite,
    launched,
    left_at,
    rows,
    same_results,
    set_all,
    started,
)  # fmt: skip


@pytest.fixture
def finished(small_run) -> Path:
    return small_run


def last_step(folder: Path) -> int:
    return len(rows(folder)) - 1


@pytest.mark.parametrize(("step", "go"), [(0, called), (1, called), (10, dendrite), (-1, called)])
def test_a_restart_from_any_step_repeats_the_run_to_the_last_bit(finished, tmp_path, step, go):
    folder = left_at(finished, step % last_step(finished), tmp_path / "again")
    done = go("restart", folder)
    assert done.returncode == 0, done.stderr
    assert same_results(finished, folder)
    assert json.loads((folder / "run.json").read_text())["restarts"] == 1


def test_the_reference_scheme_restarts_to_the_last_bit(tmp_path):
    coarse = set_all("solver.scheme=monolithic", "mesh.size_min=0.8 um", "mesh.size_max=0.8 um",
                     "time.end=0.5 s", "phase_field.interface_length=0.8 um")  # fmt: skip
    whole = tmp_path / "whole"
    assert called("run", SMALL, "-o", whole, *EVERY_STEP, *coarse).returncode == 0
    folder = left_at(whole, 4, tmp_path / "again")
    done = called("restart", folder)
    assert done.returncode == 0, done.stderr
    assert same_results(whole, folder)


@pytest.mark.slow
def test_filaments_scarce_ions_and_failed_steps_restart_to_the_last_bit(tmp_path):
    filaments = set_all("skeleton={count: 2, width: 1 um, start: 3 um, end: 7 um}",
                        "kinetics.c_half=10", "solver.max_passes=2", "time.end=10 s")  # fmt: skip
    whole = tmp_path / "whole"
    assert called("run", SMALL, "-o", whole, *EVERY_STEP, *filaments).returncode == 0
    held = [
        checkpoint.step_of(path)
        for path in checkpoint.all_in(whole)
        if checkpoint.read(path).record.standing.stepper["hold"]
    ]
    for step in (held[0], held[len(held) // 2], last_step(whole) - 1):
        folder = left_at(whole, step, tmp_path / f"again_{step}")
        done = called("restart", folder)
        assert done.returncode == 0, done.stderr
        assert same_results(whole, folder)


@pytest.mark.slow
def test_stops_after_single_steps_leave_no_trace(finished, tmp_path):
    folder = tmp_path / "stopped"
    # Any limit of wall time has passed after one step.
    done = called("run", SMALL, "-o", folder, "--max-wall", "1e-3")
    for step in (1, 2, 3):
        assert done.returncode == 4, done.stderr
        assert f"go on with: dendrite restart {folder}" in done.stderr
        assert "wall time" in done.stderr and "Traceback" not in done.stderr
        assert last_step(folder) == step
        assert snapshots.times(folder)[-1] == pytest.approx(rows(folder)[-1]["t_s"], rel=1e-9)
        done = called("restart", folder)
        assert "it stops after 1 ms of wall time, as the run did; --max-wall" in done.stdout
    freed = called("restart", folder, "--set", "time.max_wall=null")
    assert freed.returncode == 0 and "it stops after" not in freed.stdout
    assert same_results(finished, folder)


@pytest.mark.slow
def test_kills_at_random_moments_leave_no_trace(finished, tmp_path):
    folder, chance = tmp_path / "killed", random.Random(5)
    words = ["run", str(SMALL), "-o", str(folder), *set_all("output.checkpoint_steps=2")]
    for _ in range(3):
        process = launched([*PROGRAM, *words], stdout=subprocess.DEVNULL)
        begin = last_step(folder) if folder.exists() else 0
        while process.poll() is None and not _has_passed(folder, begin + 3):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        process.wait()
        check_series(folder)
        words = ["restart", str(folder)]
    done = dendrite(*words)
    assert done.returncode == 0, done.stderr
    assert [row["step"] for row in rows(folder)] == list(range(last_step(finished) + 1))
    assert same_results(finished, folder)


def _has_passed(folder: Path, step: int) -> bool:
    path = folder / "scalars.csv"
    return path.exists() and path.read_text().count("\n") > step + 1


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(place: float):
    def flip(content: bytes) -> bytes:
        damaged = bytearray(content)
        damaged[int(place * (len(content) - 1))] ^= 16
        return bytes(damaged)

    return flip


@pytest.mark.parametrize("damage", [_cut, _flip(0), _flip(0.001), _flip(0.5), _flip(1)])
def test_a_damaged_checkpoint_is_named_and_the_one_before_it_used(finished, tmp_path, damage):
    folder = left_at(finished, 20, tmp_path / "damaged")
    newest = checkpoint.all_in(folder)[-1]
    newest.write_bytes(damage(newest.read_bytes()))
    done = called("restart", folder)
    assert done.returncode == 0, done.stderr
    assert f"{newest}: not used" in done.stdout and "ck_000019.h5: step 19" in done.stdout
    assert same_results(finished, folder)


def test_no_good_checkpoint_is_bad_input(finished, tmp_path):
    folder = left_at(finished, 0, tmp_path / "damaged")
    newest = checkpoint.all_in(folder)[-1]
    newest.write_bytes(b"")
    done = called("restart", folder)
    assert done.returncode == 2 and str(newest) in done.stderr and "run" in done.stderr
    assert called("restart", tmp_path / "nowhere").returncode == 2


def test_a_finished_run_says_so_and_can_be_extended(finished, tmp_path):
    folder = left_at(finished, 1000, tmp_path / "longer")
    done = called("restart", folder)
    assert done.returncode == 0 and "finished" in done.stdout and "time.end" in done.stdout
    assert same_results(finished, folder)
    done = called("restart", folder, "--set", "time.end=24 s")
    assert done.returncode == 0, done.stderr
    table = rows(folder)
    assert table[: last_step(finished) + 1] == rows(finished)
    assert [row["step"] for row in table] == list(range(len(table)))
    assert table[-1]["t_s"] == pytest.approx(24)
    assert snapshots.times(folder) == pytest.approx([0, 5, 10, 15, 20, 24])


FULL_DISK = """
import sys
from mpi4py import MPI  # its start needs larger files
from solver.verbs import cli
from tests.faults import full_disk
with full_disk(int(sys.argv[1])):
    sys.exit(cli.main(sys.argv[2:]))
"""


def test_a_full_disk_ends_the_run_and_harms_nothing(finished, tmp_path):
    folder = left_at(finished, 10, tmp_path / "full")
    kept = {path: path.read_bytes() for path in checkpoint.all_in(folder)}
    half = max(map(len, kept.values())) // 2
    done = started([sys.executable, "-c", FULL_DISK, str(half), "restart", folder])
    assert done.returncode == 3 and "Traceback" not in done.stderr + done.stdout
    assert "ck_000011.h5: cannot be written" in done.stderr
    assert {path: path.read_bytes() for path in checkpoint.all_in(folder)} == kept
    check_series(folder)
    assert called("restart", folder).returncode == 0
    assert same_results(finished, folder)


SIGNAL_IN_A_WRITE = """
import os, signal, sys
from solver.verbs import cli
from solver.base import files
replace = os.replace
def interrupted(aside, path):
    if path.name == "ck_000007.h5":
        os.kill(os.getpid(), signal.SIGTERM)
    replace(aside, path)
files.os.replace = interrupted
sys.exit(cli.main(sys.argv[1:]))
"""


def test_a_signal_during_a_write_waits_for_it(finished, tmp_path):
    folder = tmp_path / "signalled"
    words = ["run", SMALL, "-o", folder, *EVERY_STEP]
    done = started([sys.executable, "-c", SIGNAL_IN_A_WRITE, *words])
    assert done.returncode == 4 and "SIGTERM" in done.stderr
    assert f"dendrite restart {folder}" in done.stderr
    assert checkpoint.step_of(checkpoint.all_in(folder)[-1]) == last_step(folder) == 7
    assert called("restart", folder).returncode == 0
    assert same_results(finished, folder)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGUSR1"])
def test_every_signal_stops_the_run_with_a_checkpoint(tmp_path, name):
    folder = tmp_path / name
    process = launched(
        [*PROGRAM, "run", SMALL, "-o", folder, "--set", "time.end=1e5 s"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    while process.poll() is None and not _has_passed(folder, 3):
        time.sleep(0.05)
    process.send_signal(getattr(signal, name))
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 4 and name in stderr and "restart" in stderr
    assert checkpoint.step_of(checkpoint.all_in(folder)[-1]) == last_step(folder)


NAN_FROM_STEP = """
import sys
import numpy as np
from solver.equations import model
from solver.verbs import cli
from solver.stepping.integrator import Integrator
step = Integrator.step
def poisoned(self, dt):
    if self.history[-1][0] > 0.01:
        self.model.lumped_mass[:1] = np.nan
    return step(self, dt)
Integrator.step = poisoned
sys.exit(cli.main(sys.argv[1:]))
"""


def test_nan_ends_the_run_with_the_last_good_state(finished, tmp_path):
    folder = tmp_path / "nan"
    words = ["run", SMALL, "-o", folder, "--set", "time.dt_min=1e-4"]
    done = started([sys.executable, "-c", NAN_FROM_STEP, *words])
    assert done.returncode == 3 and "time.dt_min" in done.stderr and "Traceback" not in done.stderr
    assert checkpoint.step_of(checkpoint.all_in(folder)[-1]) == last_step(folder) > 2
    good = rows(finished)[: last_step(folder) + 1]
    assert rows(folder) == good
    assert snapshots.times(folder)[-1] == pytest.approx(good[-1]["t_s"], rel=1e-9)
