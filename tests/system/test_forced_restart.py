"""Restarts with another config or version: refused, or forced, in force and on record."""

from __future__ import annotations

import base64
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from mpi4py import MPI

from solver.output import checkpoint
from solver.pages import library, run_page
from tests.columns import columns
from tests.system.running import called, left_at, rows, set_all


@pytest.fixture
def finished(small_run) -> Path:
    return small_run


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
    assert "going on" not in done.stdout and "forced" not in done.stdout
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


CRACKS = ("fracture={length: 1 um}", "mechanics.feedback=false", "layers.0.G_c=2",
          "layers.1.G_c=2")  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        ("layers.0.c0=500",), ("mechanics.enabled=false",), ("lithium.c_Li=5e4",),
        ("lithium.flow=norton",), CRACKS,
    ],
)  # fmt: skip
def test_what_the_state_is_made_of_is_not_forced(finished, tmp_path, changes):
    folder = left_at(finished, 30, tmp_path / "changed")
    done = called("restart", folder, "--force", *set_all(*changes))
    assert done.returncode == 2 and "the state belongs to another cell" in done.stderr


def test_another_version_is_refused_unless_forced(finished, tmp_path):
    folder = left_at(finished, 31, tmp_path / "newer")
    path = checkpoint.all_in(folder)[-1]
    saved = checkpoint.read(path)
    versions = saved.record.versions | {"dendrite": "99.0"}
    other = replace(saved.record, versions=versions)
    arrays = {name: saved.rows(name) for name in saved.counts}
    checkpoint.write(folder, MPI.COMM_SELF, other, columns(arrays), kept=9)
    done = called("restart", folder)
    assert done.returncode == 2 and "version of dendrite was 99.0" in done.stderr
    assert called("restart", folder, "--force").returncode == 0
