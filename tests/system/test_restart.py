"""Stopping, killing and going on: nothing lost, nothing twice, and the same numbers."""

from __future__ import annotations

import base64
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from solver.output import checkpoint, snapshots
from solver.pages import library, run_page
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
    assert called("restart", folder, "--set", "time.max_wall=null").returncode == 0
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


def test_another_config_is_refused_unless_forced(finished, tmp_path):
    folder = left_at(finished, 30, tmp_path / "changed")
    change = ("restart", folder, "--set", "time.tolerance=0.1")
    done = called(*change)
    assert done.returncode == 2 and "time.tolerance was 0.16, is 0.1" in done.stderr
    text = (folder / "config.yaml").read_text()
    (folder / "config.yaml").write_text(text.replace("2e-11", "3e-11"))
    done = called("restart", folder)
    assert done.returncode == 2 and "layers.1.D was 2e-11, is 3e-11" in done.stderr
    (folder / "config.yaml").write_text(text)
    done = called("restart", folder, "--force", "--set", "width=11 um")
    assert done.returncode == 2 and "width" in done.stderr
    done = called("restart", folder, "--force", "--set", "output.format=both")
    assert done.returncode == 2 and "the fields of this run are in fields.xdmf;" in done.stderr
    assert (folder / "run.json").exists()
    done = called(*change, "--force")
    assert done.returncode == 0 and "forced: time.tolerance" in done.stdout
    record = json.loads((folder / "run.json").read_text())
    (forced,) = record["forced"]
    assert forced["changes"] == [{"key": "time.tolerance", "from": 0.16, "to": 0.1}]
    assert forced["t_s"] == pytest.approx(rows(finished)[30]["t_s"], rel=1e-9)


def test_a_forced_run_is_repeated_by_the_commands_of_its_page(finished, tmp_path, monkeypatch):
    monkeypatch.setattr(library, "compressed", lambda: "")
    folder, again = left_at(finished, 30, tmp_path / "changed"), tmp_path / "again"
    t = rows(folder)[30]["t_s"]
    change = set_all("boundary.anode_course=[[0, -0.2], [100, -0.2]]", f"time.end={t + 1}")
    assert called("restart", folder, "--force", *change).returncode == 0
    page = run_page.content(folder)
    for name, saved in re.findall(r'download="(stage_.*?)" href=".*?base64,(.*?)"', page):
        (tmp_path / name).write_bytes(base64.b64decode(saved))
    for line in re.search(r">((git|docker/run) [^<]*)</pre>", page)[1].splitlines():
        program, *words = line.split()
        words = [str(tmp_path / x) if x.startswith(("stage", "again")) else x for x in words]
        if program == "cp":
            shutil.copy(*words)
        elif program != "git":
            done = called(*words[3:])
            assert done.returncode == 0, done.stderr
    was, found = rows(folder)[-1], rows(again)[-1]
    assert found["t_s"] == was["t_s"] and found["phi_min_V"] == was["phi_min_V"] == -0.2
    # To the tolerance of the steps, which are of other sizes.
    assert found["tip_um"] == pytest.approx(was["tip_um"], rel=5e-3)
    (forced,) = json.loads((again / "run.json").read_text())["forced"]
    assert forced["t_s"] == pytest.approx(t, rel=1e-9)


@pytest.mark.parametrize(
    ("change", "held"),
    [
        ("boundary.phi_anode=0.05", {"phi_min_V": 0.0, "phi_max_V": 0.05}),
        ("boundary.phi_counter=-0.2", {"phi_min_V": -0.2, "phi_max_V": -0.1}),
        ("boundary.c_counter=9000", {"c_max_mol_m3": 9000.0}),
        ("boundary.anode_course=[[0, -0.2], [100, -0.2]]", {"phi_min_V": -0.2}),
    ],
)
def test_a_forced_boundary_value_is_in_force(finished, tmp_path, change, held):
    folder = left_at(finished, 30, tmp_path / "changed")
    t = rows(folder)[30]["t_s"]
    end = set_all(change, f"time.end={t + 0.1}", "time.dt_initial=0.05")
    done = called("restart", folder, "--force", *end)
    assert done.returncode == 0 and f"forced: {change.partition('=')[0]}" in done.stdout
    last = rows(folder)[-1]
    for name, value in held.items():
        assert last[name] == pytest.approx(value, abs=1e-9), name
    # What is held otherwise has come from outside: no lithium is made.
    assert abs(last["li_balance_rel"]) < 1e-12
    if change.startswith("boundary.phi_anode"):
        assert last["deposition_A_per_m2"] < 0 < rows(finished)[30]["deposition_A_per_m2"]


@pytest.mark.parametrize(
    "change", ["layers.0.c0=500", "mechanics.enabled=false", "lithium.c_Li=5e4"]
)
def test_what_the_state_is_made_of_is_not_forced(finished, tmp_path, change):
    folder = left_at(finished, 30, tmp_path / "changed")
    done = called("restart", folder, "--force", "--set", change)
    assert done.returncode == 2 and "the state belongs to another cell" in done.stderr


def test_another_version_is_refused_unless_forced(finished, tmp_path):
    folder = left_at(finished, 31, tmp_path / "newer")
    path = checkpoint.all_in(folder)[-1]
    saved = checkpoint.read(path)
    versions = saved.record.versions | {"dendrite": "99.0"}
    other = replace(saved, record=replace(saved.record, versions=versions))
    path.write_bytes(checkpoint.pack(other))
    done = called("restart", folder)
    assert done.returncode == 2 and "version of dendrite was 99.0" in done.stderr
    assert called("restart", folder, "--force").returncode == 0


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
