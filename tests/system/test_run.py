"""Runs of the program as a user starts it, on a small cell."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from mpi4py import MPI

from solver.output import snapshots, writer
from tests.system.running import PROGRAM, SMALL, called, launched, results, rows, set_all

COLUMNS = (
    "step", "t_s", "dt_s", "tip_um", "front_mean_um", "area_um2", "deposition_A_per_m2",
    "li_balance_rel", "xi_min", "xi_max", "c_min_mol_m3", "c_max_mol_m3", "phi_min_V",
    "phi_max_V", "anode_current_A_per_m2", "counter_current_A_per_m2", "von_mises_max_MPa",
)  # fmt: skip
"""Of scalars.csv, as scripts of users know them."""


def small(folder: Path, *extra: str) -> subprocess.CompletedProcess:
    return called("run", SMALL, "-o", folder, *extra)


@pytest.fixture
def finished(small_run) -> Path:
    return small_run


def test_every_promised_file_is_there(finished):
    names = {"config.yaml", "resolved.yaml", "run.json", "log.txt", "scalars.csv", "fields.xdmf"}
    assert names | {"fields", "checkpoints", "figure.png", "report.html"} == {
        path.name for path in finished.iterdir()
    }
    assert (finished / "config.yaml").read_text() == SMALL.read_text()
    record = json.loads((finished / "run.json").read_text())
    assert (record["exit_code"], record["exit_reason"], record["ranks"]) == (0, "done", 1)
    assert record["t_s"] == pytest.approx(20.0, rel=1e-12)


def test_a_run_says_what_check_knows(tmp_path):
    folder, doubt = tmp_path / "doubtful", "no plating: the drive at the anode potential"
    given = set_all("boundary.phi_anode=0.05 V", "time.end=1 ms", "output.snapshots=1")
    done = small(folder, *given)
    assert done.returncode == 0 and f"check: {doubt}" in done.stdout
    assert f"WARNING check: {doubt}" in (folder / "log.txt").read_text()
    said = json.loads((folder / "run.json").read_text())["judgements"]
    assert any(sentence.startswith(doubt) for sentence in said)
    again = called("restart", folder, *set_all("time.end=2 ms"))
    assert again.returncode == 0 and f"check: {doubt}" in again.stdout


def test_bounds_and_balance_hold_in_every_step(finished):
    table = rows(finished)
    assert tuple(table[0]) == COLUMNS
    assert [row["step"] for row in table] == list(range(len(table)))
    for row in table:
        assert row["xi_min"] >= -1e-6 and row["xi_max"] <= 1 + 1e-6
        assert row["c_min_mol_m3"] > 0
        # Lithium is conserved to round-off by construction, far below the promised 1e-6.
        assert abs(row["li_balance_rel"]) < 1e-11
        assert row["phi_min_V"] >= -0.1 - 1e-9 and row["phi_max_V"] <= 1e-9


def test_deposit_grows_by_the_charge_that_passes(finished):
    # Faraday: d(area)/dt = i width/(F c_Li), with the mean current of the step.
    table = rows(finished)
    for before, after in zip(table, table[1:], strict=False):
        grown = (after["area_um2"] - before["area_um2"]) * 1e-12
        charge = after["deposition_A_per_m2"] * 5e-6 * after["dt_s"]
        assert grown == pytest.approx(charge / (96500 * 7.64e4), rel=1e-6, abs=1e-20)
    assert table[-1]["tip_um"] > table[0]["tip_um"] + 0.3


def test_steps_land_on_the_snapshots(finished):
    assert snapshots.times(finished) == pytest.approx([0, 5, 10, 15, 20], rel=1e-9)
    times = {round(row["t_s"], 9) for row in rows(finished)}
    assert {5.0, 10.0, 15.0, 20.0} <= times


def test_resolved_config_repeats_the_run(finished, tmp_path):
    again = called("run", finished / "resolved.yaml", "-o", tmp_path / "again")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again" / "scalars.csv").read_text() == (
        finished / "scalars.csv"
    ).read_text()


def test_results_are_not_overwritten(finished):
    before = (finished / "scalars.csv").read_bytes()
    done = small(finished)
    assert done.returncode == 2
    assert "holds results already" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert (finished / "scalars.csv").read_bytes() == before


def test_a_signal_ends_the_run_with_its_state_saved(tmp_path):
    folder = tmp_path / "stopped"
    process = launched(
        [*PROGRAM, "run", SMALL, "-o", folder, "--set", "time.end=1e5 s"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if (folder / "scalars.csv").exists() and len(rows(folder)) > 3:
            break
        time.sleep(0.2)
    os.kill(process.pid, signal.SIGTERM)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 4
    assert "SIGTERM" in stderr and "Traceback" not in stderr
    record = json.loads((folder / "run.json").read_text())
    assert record["exit_code"] == 4
    assert snapshots.times(folder)[-1] == pytest.approx(rows(folder)[-1]["t_s"], rel=1e-9)


def test_a_step_below_the_minimum_ends_the_run_with_its_state_saved(tmp_path):
    folder = tmp_path / "failed"
    done = small(folder, "--set", "time.dt_min=1e-3", "--set", "solver.max_passes=1")
    assert done.returncode == 3
    assert "time.dt_min" in done.stderr and "Traceback" not in done.stderr
    assert json.loads((folder / "run.json").read_text())["exit_code"] == 3
    assert snapshots.times(folder) == [0.0]


def test_force_replaces_the_results_and_nothing_else(tmp_path):
    folder = tmp_path / "forced"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "scalars.csv").write_text("old")
    refused = small(folder, "--force", "--set", "time.end=0.01 s")
    assert refused.returncode == 2
    assert "holds scalars.csv, but neither run.json nor resolved.yaml" in refused.stderr
    assert (folder / "scalars.csv").read_text() == "old"
    (folder / "resolved.yaml").write_text("of a run that was killed")
    done = small(folder, "--force", "--set", "time.end=0.01 s")
    assert done.returncode == 0, done.stderr
    assert (folder / "notes.txt").read_text() == "mine"
    assert len(rows(folder)) > 1


def test_a_folder_has_one_writer(finished, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "PATIENCE", 0.3)
    folder = tmp_path / "shared"
    shutil.copytree(finished, folder)
    before = results(folder)
    with writer.alone(folder, MPI.COMM_SELF):
        holder = f"process {os.getpid()} on {socket.gethostname()} is writing to it"
        for done in (small(folder, "--force"), called("restart", folder)):
            assert done.returncode == 2 and holder in done.stderr
    assert results(folder) == before
    assert not (folder / writer.LOCK).exists()
    # What a writer that was killed has left holds nobody.
    (folder / writer.LOCK).write_text("process 1 on another machine")
    done = called("restart", folder)
    assert done.returncode == 0, done.stderr
    assert not (folder / writer.LOCK).exists()


def test_a_holder_that_is_about_to_end_is_waited_for(tmp_path):
    lock = (tmp_path / writer.LOCK).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    threading.Timer(0.5, lock.close).start()
    with writer.alone(tmp_path, MPI.COMM_SELF):
        assert lock.closed


def test_a_run_killed_before_its_first_checkpoint_can_be_started_again(tmp_path):
    folder = tmp_path / "killed"
    folder.mkdir()
    (folder / "resolved.yaml").write_text(SMALL.read_text())
    done = called("restart", folder)
    again = f"dendrite run {folder / 'resolved.yaml'} -o {folder} --force"
    assert done.returncode == 2 and f"start again with '{again}'" in done.stderr
    done = called(*again.split()[1:], *set_all("time.end=1 ms", "output.snapshots=1"))
    assert done.returncode == 0, done.stderr


def test_an_unwritable_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    done = small(tmp_path / "file" / "run")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr
