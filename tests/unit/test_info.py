# SPDX-License-Identifier: MIT
"""`info DIR`: what a run has come to, first its results, also while it is going on."""

from __future__ import annotations

import fcntl
import json

import pytest

from solver.output.holder import LOCK
from solver.verbs.cli import main

HEAD = "step,t_s,dt_s,tip_um,deposition_A_per_m2,li_balance_rel\n"
ROWS = ["0,0,0,2,0,0\n", "3,12.5,0.5,4.25,150.5,1e-15\n"]
RESOLVED = "title: a cell\nphysics: dendrite\ntime: {end: 20.0, stop_tip: 4.25e-6}\n"
KNOWN = {
    "title": "a cell",
    "forced": [{"t_s": 5.0, "changes": [{"key": "width", "from": 1.0, "to": None}]}],
    "judgements": ["too thick."],
    "remarks": ["from t = 1 s on too much."],
}
RECORD = KNOWN | {"exit_reason": "done", "exit_code": 0, "restarts": 2, "nodes": 7,
                  "cost_s": {"mesh": 0.5}}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "resolved.yaml").write_text(RESOLVED)
    (tmp_path / "scalars.csv").write_text(HEAD + "".join(ROWS))
    return tmp_path


def said(capsys, *words) -> list[str]:
    assert main(["info", *map(str, words)]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_run_that_has_ended(folder, capsys):
    (folder / "run.json").write_text(json.dumps(RECORD))
    lines = said(capsys, folder)
    assert lines == [
        "a cell",
        "end: done, time.stop_tip reached (exit code 0)",
        "restarts: 2",
        "t = 12.5 s of 20 s, step 3",
        "tip                    4.25 um",
        "deposition             150.5 A/m^2",
        "li balance rel         1e-15",
        "forced from t = 5 s on: width was 1.0, is not set",
        "check: too thick.",
        "remark: from t = 1 s on too much.",
    ]
    assert said(capsys, folder, "--cost") == [*lines, "nodes: 7", "cost_s.mesh: 0.5"]


def test_no_two_columns_are_called_alike(folder, capsys):
    """The number of islands and their area."""
    (folder / "scalars.csv").write_text("step,t_s,dt_s,tip_um,islands,islands_um2\n1,2,1,4,3,0.5\n")
    (folder / "run.json").write_text(json.dumps(RECORD))
    lines = said(capsys, folder)
    assert [x for x in lines if "islands" in x] == [
        "islands                3",
        "area of islands        0.5 um^2",
    ]


@pytest.mark.parametrize(
    ("reason", "time", "end"),
    [
        ("done", "{end: 20.0, stop_tip: 5e-6}", "done, time.end reached"),
        ("done", "{end: 20.0, mode: steady}", "done, a steady state"),
        ("short circuit", "{end: 20.0}", "short circuit"),
    ],
)
def test_why_a_run_has_ended(folder, capsys, reason, time, end):
    (folder / "resolved.yaml").write_text(f"title: a cell\ntime: {time}\n")
    (folder / "run.json").write_text(json.dumps(RECORD | {"exit_reason": reason}))
    assert said(capsys, folder)[1] == f"end: {end} (exit code 0)"


def test_a_run_that_is_going_on(folder, capsys):
    """Its last row may be half written."""
    (folder / "scalars.csv").write_text(HEAD + "".join(ROWS) + "4,13,0.5,4.3,1")
    with open(folder / LOCK, "w") as lock:
        lock.write("process 12 on here")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "run.json").write_text(json.dumps(KNOWN))
        lines = said(capsys, folder)
    assert lines[-1] == "remark: from t = 1 s on too much."
    assert lines[:3] == [
        "a cell", "going on: process 12 on here is writing to it", "t = 12.5 s of 20 s, step 3"
    ]  # fmt: skip
    assert lines[3].split() == ["tip", "4.25", "um"]


def test_a_run_that_was_killed(folder, capsys):
    """Its lock is still there, and nobody holds it."""
    (folder / LOCK).write_text("process 12 on here")
    lines = said(capsys, folder)
    assert lines[1] == f"no end: nobody is writing to it; go on with: dendrite restart {folder}"
    assert (folder / LOCK).exists()


@pytest.mark.parametrize("text", [None, HEAD, HEAD[:9]])
def test_a_run_without_states(folder, capsys, text):
    (folder / "scalars.csv").unlink()
    if text is not None:
        (folder / "scalars.csv").write_text(text)
    assert said(capsys, folder)[2:] == ["no states yet"]


def test_the_last_cycle_is_shown(folder, capsys):
    (folder / "cycles.csv").write_text("cycle,plated_mAh_per_cm2\n1,0.5\n2,0.25\n")
    assert said(capsys, folder)[-3:] == [
        "last cycle:", "cycle                  2", "plated                 0.25 mAh/cm^2"
    ]  # fmt: skip
