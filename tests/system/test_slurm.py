"""The job scripts of docker/slurm under a local stand-in for Slurm and Apptainer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver.base import launch
from tests.system.running import FIGURELESS, ROOT, SMALL, agree, called, rows, same_results

SCRIPTS = ROOT / "docker" / "slurm"
SWEEP = """\
title: two small cells
config: {base}
set: {{time.end: 2 s}}
vary:
  boundary.phi_anode: [-0.08 V, -0.10 V]
"""
# Apptainer's options end at the image; what follows runs on this machine.
STANDINS = {
    "apptainer": 'while [[ $1 != *.sif ]]; do shift; done; shift; exec "$@"',
    "dendrite": f'cd {ROOT}; exec {sys.executable} -m solver "$@"',
    "scontrol": 'echo "$@" >>"$CALLS"',
    "srun": f'[[ $1 == --mpi=pmix ]] && shift; exec {launch.mpirun()} -n 2 "$@"',
}


class Slurm:
    """Runs a job script as Slurm would: a signal before the limit, again when it is requeued."""

    def __init__(self, folder: Path):
        self.bin, self.calls = folder / "bin", folder / "calls"
        self.bin.mkdir()
        for name, body in STANDINS.items():
            (self.bin / name).write_text(f"#!/bin/bash\n{body}\n")
            (self.bin / name).chmod(0o755)
        self.image = folder / "dendrite.sif"
        self.image.touch()

    def sbatch(self, script: str, *words, limits, **variables) -> list[int]:
        """Return the exit codes of a job's starts; `limits`: (scalars.csv, rows) to end each at."""
        codes = []
        while True:
            self.calls.write_text("")
            environment = os.environ | FIGURELESS | variables | {
                "PATH": f"{self.bin}:{os.environ['PATH']}",
                "CALLS": str(self.calls),
                "DENDRITE_IMAGE": str(self.image),
                "SLURM_SUBMIT_DIR": str(ROOT),
                "SLURM_JOB_ID": "77",
                "OMPI_MCA_mpi_yield_when_idle": "1",
                "SLURM_NTASKS": "1",
                "SLURM_RESTART_COUNT": str(len(codes)),
            }  # fmt: skip
            process = subprocess.Popen(
                ["bash", str(SCRIPTS / script), *map(str, words)],
                cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True,
            )  # fmt: skip
            if len(codes) < len(limits):
                _wait_for_rows(process, *limits[len(codes)])
                process.send_signal(signal.SIGUSR1)  # to the batch shell alone, as B: says
            self.output = process.communicate(timeout=120)[0]
            codes.append(process.returncode)
            if not self.calls.read_text():
                return codes
            assert self.calls.read_text() == "requeue 77\n"


def _wait_for_rows(process: subprocess.Popen, file: Path, count: int) -> None:
    while process.poll() is None:
        if file.exists() and len(file.read_text().splitlines()) > count:
            return
        time.sleep(0.02)
    pytest.fail(f"the job ended by itself: {process.communicate()[0]}")


@pytest.fixture
def slurm(tmp_path):
    return Slurm(tmp_path)


@pytest.fixture(scope="module")
def config(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    path.write_text(SMALL.read_text().replace("end: 20 s", "end: 6 s"))
    return path


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, config) -> Path:
    folder = tmp_path_factory.mktemp("slurm") / "undisturbed"
    done = called("run", config, "-o", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("script", ["one-node.sbatch", "multi-node.sbatch"])
def test_a_job_that_meets_its_limit_twice_ends_as_if_undisturbed(
    slurm, config, undisturbed, tmp_path, script
):
    folder = tmp_path / "run"
    limits = [(folder / "scalars.csv", 4), (folder / "scalars.csv", 9)]
    assert slurm.sbatch(script, config, folder, limits=limits) == [4, 4, 0], slurm.output
    assert [row["step"] for row in rows(folder)] == list(range(len(rows(folder))))
    # On other ranks, sums are rounded otherwise.
    same = same_results if script.startswith("one") else agree
    assert same(undisturbed, folder)


def test_a_job_requeued_before_its_first_checkpoint_starts_again(slurm, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "scalars.csv").write_text("left by a killed job\n")
    assert slurm.sbatch("one-node.sbatch", SMALL, folder, limits=[])[-1] == 2
    assert "holds results already" in slurm.output  # a first start does not replace them
    environment = os.environ | {"SLURM_RESTART_COUNT": "1"}
    script = f'. {SCRIPTS}/job.sh; next_verb C "{folder}"; echo "${{verb[@]}}"'
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)
    assert done.stdout == f"dendrite run C -o {folder} --force\n"


@pytest.mark.slow
def test_a_task_of_a_sweep_meets_its_limit(slurm, tmp_path):
    sweep, folder = tmp_path / "sweep.yaml", tmp_path / "runs"
    sweep.write_text(SWEEP.format(base=SMALL))
    limits = [(folder / "001" / "scalars.csv", 3)]
    task = {"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_JOB_ID": "70"}
    codes = slurm.sbatch("sweep.sbatch", sweep, folder, limits=limits, **task)
    assert codes == [4, 0], slurm.output
    table = (folder / "summary.csv").read_text().splitlines()
    assert table[1].startswith("000,waiting,-0.08,")
    assert table[2].startswith("001,done,-0.1,")


@pytest.mark.parametrize(
    ("words", "variables", "message"),
    [
        ((SMALL,), {}, "usage: sbatch"),
        ((SMALL, "DIR"), {"DENDRITE_IMAGE": "nowhere.sif"}, "there is no image nowhere.sif"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path, words, variables, message):
    environment = os.environ | {"SLURM_SUBMIT_DIR": str(ROOT)} | variables
    done = subprocess.run(
        ["bash", str(SCRIPTS / "one-node.sbatch"), *map(str, words)],
        env=environment, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("path", sorted(SCRIPTS.iterdir()), ids=lambda path: path.name)
def test_scripts_are_bash(path):
    done = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="Debian's environment has it")
def test_shellcheck_has_nothing_to_say():
    docker = ROOT / "docker"
    scripts = [
        docker / "run",
        docker / "build-image",
        docker / "run-image",
        docker / "check-image",
        *docker.glob("*.sh"),
    ]
    done = subprocess.run(
        ["shellcheck", "-x", *map(str, scripts), *map(str, SCRIPTS.iterdir())],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
