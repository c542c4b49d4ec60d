"""A sweep that is killed and resumed: every run once, none repeated, and a summary."""

from __future__ import annotations

import csv
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.system.running import PROGRAM, SMALL, called, launched, rows
from tests.unit.test_snapshots import png_size

SWEEP = """\
title: four small cells
config: {base}
set: {{mesh.size_min: 0.8 um, mesh.size_max: 0.8 um, phase_field.interface_length: 0.8 um,
      time.end: 4 s, output.checkpoint_steps: 1}}
vary:
  boundary.phi_anode: [-0.06 V, -0.10 V]
  phase_field.delta: [0.0, 0.2]
"""


def start(sweep: Path, folder: Path) -> subprocess.Popen:
    command = [*PROGRAM, "sweep", str(sweep), "-o", str(folder), "-j", "1"]
    return launched(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def wait_for(process: subprocess.Popen, file: Path, lines: int) -> None:
    while not file.exists() or len(file.read_text().splitlines()) < lines:
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)


def stamps(folder: Path) -> dict[str, int]:
    """When each run that has ended did so."""
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/run.json")}


@pytest.mark.slow
def test_killed_and_stopped_sweeps_go_on_where_they_were(tmp_path):
    sweep, folder = tmp_path / "sweep.yaml", tmp_path / "runs"
    sweep.write_text(SWEEP.format(base=SMALL))
    # Killed while its second run is at work: that run goes on alone, under its lock.
    process = start(sweep, folder)
    wait_for(process, folder / "001" / "scalars.csv", 3)
    process.kill()
    process.wait()
    first = stamps(folder)["000"]
    # Told to stop while its third run is at work; it has waited for the second one.
    process = start(sweep, folder)
    wait_for(process, folder / "002" / "scalars.csv", 3)
    process.send_signal(signal.SIGUSR1)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 4, output
    assert "stopped by SIGUSR1" in output
    before = stamps(folder)
    done = called("sweep", sweep, "-o", folder, "-j", "1")
    assert done.returncode == 0, done.stderr
    assert "002 (phi_anode -0.10 V, delta 0.0): goes on" in done.stdout
    assert stamps(folder)["000"] == first  # not repeated
    assert stamps(folder)["001"] == before["001"]
    assert "001 (phi_anode -0.06 V, delta 0.2): starts" not in output + done.stdout

    with (folder / "summary.csv").open() as file:
        table = list(csv.DictReader(file))
    assert [row["state"] for row in table] == ["done"] * 4
    assert [float(row["boundary.phi_anode"]) for row in table] == [-0.06, -0.06, -0.1, -0.1]
    for row in table:
        history = rows(folder / row["run"])
        assert [step["step"] for step in history] == list(range(len(history)))
        assert float(row["tip_um"]) == history[-1]["tip_um"]
    # More voltage, faster growth.
    assert float(table[3]["tip_speed_um_per_s"]) > float(table[1]["tip_speed_um_per_s"])
    assert png_size(folder / "summary.png")[0] > 1500

    again = called("sweep", sweep, "-o", folder)
    assert again.returncode == 0
    assert "4 runs, 4 of them over" in again.stdout


@pytest.mark.slow
def test_a_failing_run_is_named_and_the_others_are_done(tmp_path):
    sweep, folder = tmp_path / "sweep.yaml", tmp_path / "runs"
    text = SWEEP.format(base=SMALL).replace("boundary.phi_anode: [-0.06 V, -0.10 V]",
                                            "time.dt_min: [1e-9, 1e-1]")  # fmt: skip
    # Every step is rejected down to dt_min = 0.1 s, above the first step of 1 ms.
    sweep.write_text(text.replace("phase_field.delta: [0.0, 0.2]", "width: [10 um]").replace(
        "time.end: 4 s", "time.end: 4 s, time.tolerance: 1e-6, time.dt_initial: 0.1"))  # fmt: skip
    done = called("sweep", sweep, "-o", folder, "--only", "1")
    assert done.returncode == 3, done.stderr
    assert "1 of 1 runs failed: 001." in done.stderr
    again = called("sweep", sweep, "-o", folder, "--only", "1")
    assert again.returncode == 3
    assert "1 runs, 1 of them over" in again.stdout
