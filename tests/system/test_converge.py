"""A tiny study of convergence from end to end: stopped, gone on with, repeated, forced."""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

import solver
from solver.input import loading
from tests.system.running import PROGRAM, ROOT, SMALL, called, launched, rows, set_all
from tests.system.test_sweep import stamps, wait_for

COARSE = ("mesh.size_min=0.8 um", "mesh.size_max=0.8 um", "phase_field.interface_length=0.8 um",
          "time.end=4 s", "output.snapshots=1", "output.checkpoint_steps=1")  # fmt: skip
WORDS = ("converge", SMALL, *set_all(*COARSE), "-j", "1")

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_figure")]


def table(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "convergence.csv").open() as file:
        return {row["number"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    """Folder of a study that was stopped in its second run by a signal, and has gone on."""
    folder = tmp_path_factory.mktemp("converge") / "study"
    words = [*WORDS, "-o", folder]
    process = launched([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_for(process, folder / "level1" / "scalars.csv", 3)
    process.send_signal(signal.SIGUSR1)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 4, output
    assert not (folder / "convergence.csv").exists()
    before = stamps(folder)["level0"]
    done = called(*words)
    assert done.returncode == 0, done.stderr
    assert "level1 (l 400 nm): goes on" in done.stdout
    assert stamps(folder)["level0"] == before
    return folder


def tips(folder: Path, *runs: str) -> dict[str, float]:
    """Tips at the ends of runs [um]."""
    return {name: rows(folder / name)[-1]["tip_um"] for name in runs}


def test_a_study_that_was_stopped_says_what_its_runs_do(study):
    found = table(study)
    assert list(found) == ["tip", "mean height", "deposition"]
    tip = tips(study, "level0", "level1", "mesh", "time_step")
    assert {name: float(found["tip"][name]) for name in tip} == pytest.approx(tip)
    # Order 0.97 in l, 2 in the mesh and in the step, all assumed.
    way = (tip["level1"] - tip["level0"]) / (2**0.97 - 1)
    shifts = [4 / 3 * (tip[name] - tip["level0"]) for name in ("mesh", "time_step")]
    assert float(found["tip"]["value"]) == pytest.approx(tip["level1"] + way + sum(shifts))
    bars = [3 * abs(way), *(3 / 4 * abs(shift) for shift in shifts)]
    assert float(found["tip"]["error"]) == pytest.approx(sum(bars), rel=5e-3)
    config = loading.load(study / "level1" / "resolved.yaml")
    assert config.mesh.size_min == pytest.approx(0.4e-6)


def test_a_study_repeats_nothing_and_refuses_other_values(study):
    after = stamps(study)
    again = called(*WORDS, "-o", study)
    assert again.returncode == 0 and "4 runs, 4 of them over" in again.stdout
    assert stamps(study) == after
    other = called(*WORDS, "-o", study, "--set", "boundary.phi_anode=-0.05 V")
    assert other.returncode == 2
    assert "holds a run of other values (boundary.phi_anode was -0.1, is -0.05)" in other.stderr
    assert stamps(study) == after
    inside = called(*WORDS, "-o", study / "level0")
    assert inside.returncode == 2 and "level0: holds a run; choose another" in inside.stderr


def test_from_python_a_study_of_ion_transport(tmp_path):
    coarse = {"mesh.size_min": "0.4 um", "mesh.columns": 2}
    config = solver.load(ROOT / "configs/zhang2024/plm.yaml", set=coarse)
    found = solver.converge(config, tmp_path, progress=False)
    drop, flux = found.numbers
    assert list(drop.values) == ["level0", "level1"]
    assert drop.expected == 3
    assert flux.value == pytest.approx(-0.01) and flux.error < 1e-6  # prescribed
    assert float(table(tmp_path)["potential drop"]["value"]) == pytest.approx(drop.value)
    with pytest.raises(solver.InputError, match="a config is needed, not a str"):
        solver.converge("config.yaml", tmp_path)


def test_by_force_all_is_done_anew_and_a_run_that_fails_is_named(study, tmp_path):
    folder = shutil.copytree(study, tmp_path / "study")
    before = tips(folder, "level0", "level1", "mesh")
    # The first step, of 0.1 s, has an error of 0.17, at level1 of 0.31.
    sets = set_all("time.end=0.5 s", "time.dt_initial=0.1", "time.tolerance=0.33",
                   "time.dt_min=0.07")  # fmt: skip
    done = called(*WORDS, *sets, "-o", folder, "--force")
    print(done.stdout)
    assert done.returncode == 3, done.stderr
    assert "1 of 4 runs failed: time_step." in done.stderr
    tip = table(folder)["tip"]
    assert all(float(tip[name]) < before[name] for name in before)
    assert {name: float(tip[name]) for name in before} == pytest.approx(tips(folder, *before))
    assert "time_step has not come to its end and counts for nothing: " in tip["remarks"]
    assert "tip: the error of the time step is not known." in tip["remarks"]
    assert float(tip["error_mesh"]) > 0 and "error_time_step" not in tip
