"""The job scripts of docker/slurm under a real Slurm."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPTS = Path("docker") / "slurm"
ONE_NODE = (SCRIPTS / "one-node.sbatch", 1, ("--ntasks=1",))
TWO_NODES = (SCRIPTS / "multi-node.sbatch", 2, ("--nodes=2", "--ntasks-per-node=1"))
SWEEP = """\
title: two small cells
config: {config}
set: {{time.end: 3 s}}
vary:
  boundary.phi_anode: [-0.08 V, -0.10 V]
"""


def rows(folder: Path) -> list[dict[str, str]]:
    """Scalars of a run without the balance, whose sums a restart on two ranks rounds otherwise."""
    file = folder / "scalars.csv"
    if not file.exists():
        return []
    with file.open() as lines:
        read = list(csv.DictReader(lines))
    return [{name: x for name, x in row.items() if name != "li_balance_rel"} for row in read]


def fields(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "fields").iterdir()}


def assert_same(folder: Path, undisturbed: Path) -> None:
    assert rows(folder) == rows(undisturbed)
    assert fields(folder) == fields(undisturbed)


@pytest.mark.parametrize(("script", "ranks", "size"), [ONE_NODE, TWO_NODES])
def test_a_job_that_meets_its_limit_twice_ends_as_if_undisturbed(
    slurm, config, undisturbed, tmp_path, script, ranks, size
):
    folder = tmp_path / "run"
    job = slurm.sbatch(*size, script, config, folder)
    for stop, step in enumerate((4, 40)):
        slurm.until(lambda step=step: len(rows(folder)) > step, f"step {step}")
        slurm.tell_to_stop(job)
        slurm.requeued(job, stop + 1)
    assert slurm.ended(job) == ("COMPLETED", "0:0"), slurm.log(job)
    assert "back into the queue" in slurm.log(job)
    assert_same(folder, undisturbed[ranks])


@pytest.mark.parametrize(("script", "ranks", "size"), [ONE_NODE, TWO_NODES])
def test_a_signal_that_comes_before_the_program_listens_is_not_lost(
    slurm, config, undisturbed, tmp_path, script, ranks, size
):
    job = slurm.sbatch(*size, script, config, tmp_path / "run")
    slurm.until(lambda: slurm.job(job)["JobState"] == "RUNNING", "a start")
    time.sleep(0.2)  # for the shell to come to its first line
    slurm.tell_to_stop(job)
    slurm.requeued(job)
    assert slurm.ended(job) == ("COMPLETED", "0:0"), slurm.log(job)
    assert "were computed; let --time be well above" in slurm.log(job)
    assert_same(tmp_path / "run", undisturbed[ranks])


def test_the_last_task_of_an_array_goes_back_alone(slurm, config, tmp_path):
    sweep, folder = tmp_path / "sweep.yaml", tmp_path / "runs"
    sweep.write_text(SWEEP.format(config=config))
    array = slurm.sbatch("--array=0-1", "--ntasks=1", SCRIPTS / "sweep.sbatch", sweep, folder)
    # The last task bears the number of the whole array.
    slurm.until(lambda: len(rows(folder / "001")) > 3, "a step of the last task")
    slurm.tell_to_stop(f"{array}_1")
    after = slurm.sbatch("--ntasks=1", f"--dependency=afterok:{array}", "--wrap=true")
    slurm.requeued(f"{array}_1")
    assert slurm.job(f"{array}_0")["Restarts"] == "0"
    assert slurm.job(after)["JobState"] == "PENDING"
    assert slurm.ended(f"{array}_0") == slurm.ended(f"{array}_1") == ("COMPLETED", "0:0")
    assert slurm.ended(after) == ("COMPLETED", "0:0")
    table = list(csv.DictReader((folder / "summary.csv").open()))
    assert [line["state"] for line in table] == ["done", "done"]


def test_a_cancelled_job_goes_on_by_the_same_line(slurm, config, undisturbed, tmp_path):
    folder = tmp_path / "run"
    line = ("--ntasks=1", SCRIPTS / "one-node.sbatch", config, folder)
    job = slurm.sbatch(*line)
    slurm.until(lambda: len(rows(folder)) > 4, "step 4")
    slurm.run("scancel", job)
    assert slurm.ended(job)[0] == "CANCELLED"
    stopped = len(rows(folder))
    assert list((folder / "checkpoints").glob("ck_*.h5"))
    assert slurm.ended(slurm.sbatch(*line)) == ("COMPLETED", "0:0")
    assert 4 < stopped < len(rows(folder))
    assert_same(folder, undisturbed[1])


def test_a_bad_config_fails_and_so_does_what_waits_for_it(slurm, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("width: wide\n")
    script = SCRIPTS / "one-node.sbatch"
    job = slurm.sbatch("--ntasks=1", "--hold", script, config, tmp_path / "run")
    after = slurm.sbatch("--ntasks=1", f"--dependency=afterok:{job}", "--wrap=true")
    slurm.run("scontrol", "release", job)
    assert slurm.ended(job) == ("FAILED", "2:0")
    assert "width" in slurm.log(job)
    slurm.until(lambda: slurm.job(after)["Reason"] == "DependencyNeverSatisfied", "a verdict")
    slurm.run("scancel", after)


def test_a_first_start_replaces_no_results(slurm, config, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "scalars.csv").write_text("of another run\n")
    job = slurm.sbatch("--ntasks=1", SCRIPTS / "one-node.sbatch", config, tmp_path / "run")
    assert slurm.ended(job) == ("FAILED", "2:0")
    assert "holds results already" in slurm.log(job)


def test_tasks_that_do_not_know_of_each_other_are_refused(slurm, config, tmp_path):
    command = f"srun --mpi=none -n2 apptainer run x.sif dendrite run {config} -o {tmp_path}/run"
    job = slurm.sbatch("--ntasks=2", f"--wrap={command}")
    assert slurm.ended(job) == ("FAILED", "2:0")
    assert "srun has started 2 tasks that do not know of each other" in slurm.log(job)
    assert not (tmp_path / "run").exists()


def test_a_job_from_elsewhere_names_the_checkout(slurm, config, tmp_path):
    script = slurm.checkout / SCRIPTS / "one-node.sbatch"
    job = slurm.sbatch("--ntasks=1", script, config, tmp_path / "run", cwd=tmp_path)
    assert slurm.ended(job) == ("FAILED", "2:0")
    assert "submit this from the checkout" in slurm.log(job)
