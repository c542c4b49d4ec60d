"""The job scripts of docker/slurm as far as they need no Slurm; tests/cluster has the rest."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.system.running import ROOT, SMALL

SCRIPTS = ROOT / "docker" / "slurm"


def test_a_job_requeued_before_its_first_checkpoint_starts_again(tmp_path):
    environment = os.environ | {"SLURM_RESTART_COUNT": "1"}
    script = f'. {SCRIPTS}/job.sh; next_verb C "{tmp_path}"; echo "${{verb[@]}}"'
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)
    assert done.stdout == f"dendrite run C -o {tmp_path} --force\n"


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
