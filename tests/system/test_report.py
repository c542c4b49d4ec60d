# SPDX-License-Identifier: MIT
"""report.html of runs: of a whole one, one that was restarted, one that failed; and of none."""

from __future__ import annotations

import json

import pytest

from solver.output import snapshots
from solver.pages import run_page
from solver.verbs.cli import main
from tests.system.running import EVERY_STEP, SMALL, left_at, rows, set_all
from tests.unit.test_page import Outline, held

COARSE = set_all("mesh.size_min=0.8 um", "mesh.size_max=0.8 um", "time.end=0.3 s",
                 "phase_field.interface_length=0.8 um", "output.snapshots=1")  # fmt: skip


def test_it_shows_what_the_files_hold(small_run):
    path = small_run / run_page.NAME
    page = held(path.read_text(encoding="utf-8"))
    assert page["pictures"]["times"] == pytest.approx(snapshots.times(small_run), rel=1e-5)
    height = page["charts"][0]["curves"]
    history = rows(small_run)
    assert [curve["name"] for curve in height] == ["tip", "front mean"]
    assert height[0]["y"] == pytest.approx([row["tip_um"] for row in history], rel=1e-5)
    record = json.loads((small_run / "run.json").read_text())
    assert record["overrides"] == EVERY_STEP[1::2]
    words = Outline(path.read_text(encoding="utf-8")).words
    assert all(sentence in words for sentence in record["judgements"])
    assert "the phase field · run" in words
    assert path.stat().st_size < 10e6


def test_a_restart_shows_the_whole_run(small_run, tmp_path):
    folder = left_at(small_run, 3, tmp_path / "run")
    assert main(["restart", str(folder)]) == 0
    page = (folder / run_page.NAME).read_text(encoding="utf-8")
    before = (small_run / run_page.NAME).read_text(encoding="utf-8")
    assert held(page) == held(before)
    assert "The run was restarted" in page and "The run was restarted" not in before


def test_a_failed_run_has_one_and_says_why(tmp_path):
    folder = tmp_path / "run"
    words = ["run", str(SMALL), "-o", str(folder), *COARSE]
    few = set_all("solver.max_passes=1", "time.dt_min=1e-3")
    assert main([*words, *few]) == 3
    reason = json.loads((folder / "run.json").read_text())["exit_reason"]
    outline = Outline((folder / run_page.NAME).read_text(encoding="utf-8"))
    assert "failed" in outline.words and f" {reason}" in outline.words
    # Its page goes with it, and comes again on demand.
    assert (folder / "figure.png").exists()
    neither = set_all("output.report=false", "output.figure=false")
    assert main([*words, *neither, "--force"]) == 0
    assert not (folder / run_page.NAME).exists() and not (folder / "figure.png").exists()
    assert main(["report", str(folder)]) == 0
    assert "failed" not in Outline((folder / run_page.NAME).read_text(encoding="utf-8")).words
