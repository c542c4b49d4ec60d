# SPDX-License-Identifier: MIT
"""No rank outlives the launcher that started it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from solver.output import checkpoint
from tests.parallel.test_restart_ranks import TWO
from tests.system.running import PROGRAM, called, launched, set_all

pytestmark = pytest.mark.slow

CELL = """\
title: a cell that takes longer than this test waits
width: 8 um
layers: [{name: LPSC, thickness: 12 um}]
phase_field: {interface_length: 0.44 um}
mesh: {size_min: 0.1 um, size_max: 0.4 um, fine_height: 12 um}
time: {end: 1000 s, tolerance: 0.01}
output: {checkpoint_steps: 1}
"""
SOON = 10.0


def descendants(pid: int) -> set[int]:
    """Processes that a process has started, and those that they have."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended meanwhile
    found, more = set(), {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def alive(pid: int) -> bool:
    """Whether a process runs: one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def waited(condition, seconds: float) -> bool:
    """Wait until something holds, at most so long."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def test_ranks_end_with_a_launcher_that_is_killed(tmp_path):
    config, folder = tmp_path / "cell.yaml", tmp_path / "run"
    config.write_text(CELL)
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = launched([*TWO, *PROGRAM, "run", config, "-o", folder], **pipes)
    try:
        assert waited(lambda: checkpoint.all_in(folder), 120), "no step was taken"
        ranks = descendants(process.pid)
        assert len(ranks) >= 2
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert waited(lambda: not any(map(alive, ranks)), SOON), "ranks outlive their launcher"
    left = max(map(checkpoint.step_of, checkpoint.all_in(folder)))
    done = called("restart", folder, *set_all("time.max_wall=1 s"))
    assert done.returncode == 4, done.stderr
    assert max(map(checkpoint.step_of, checkpoint.all_in(folder))) > left
