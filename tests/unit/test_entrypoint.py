"""docker/entrypoint.sh: a place for compiled forms, whatever the uid and wherever it may write."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ENTRYPOINT = Path(__file__).resolve().parents[2] / "docker" / "entrypoint.sh"
ASK = 'echo "$XDG_CACHE_HOME"; echo "$HOME"; ls "$XDG_CACHE_HOME/fenics"; echo "$PYTHONPATH"'


@pytest.fixture
def image(tmp_path):
    """A stand-in of the image's /opt/dendrite with one compiled form."""
    program = tmp_path / "program"
    (program / "docker").mkdir(parents=True)
    shutil.copy(ENTRYPOINT, program / "docker")
    (program / "cache/fenics").mkdir(parents=True)
    (program / "cache/fenics/form.so").write_text("compiled")
    (tmp_path / "tmp").mkdir()
    return program


def enter(image, *command, **variables):
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(image.parent / "tmp")} | variables
    done = subprocess.run(
        ["bash", str(image / "docker/entrypoint.sh"), *(command or ("bash", "-c", ASK))],
        env=environment, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    return done


def own(image):
    return image.parent / "tmp" / f"dendrite-{os.getuid()}"


def test_without_a_home_the_forms_go_to_tmp(image):
    done = enter(image, HOME="/")  # what docker gives to a uid without a name
    assert done.stdout.splitlines() == [str(own(image))] * 2 + ["form.so", str(image)]
    assert own(image).stat().st_mode & 0o777 == 0o700


def test_a_home_is_used(image, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    done = enter(image, HOME=str(home))
    assert done.stdout.splitlines()[:3] == [str(home / ".cache"), str(home), "form.so"]


def test_forms_of_earlier_runs_are_kept(image, tmp_path):
    forms = tmp_path / "cache" / "fenics"
    forms.mkdir(parents=True)
    (forms / "mine.so").touch()
    done = enter(image, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert done.stdout.splitlines()[2] == "mine.so"


def test_a_place_prepared_by_somebody_else_is_not_used(image, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    own(image).symlink_to(elsewhere)
    done = enter(image, HOME="/")
    assert str(own(image)) not in done.stdout.splitlines()
    assert list(elsewhere.iterdir()) == []
    shutil.rmtree(f"/dev/shm/dendrite-{os.getuid()}", ignore_errors=True)


def test_ranks_that_start_at_once_share_one_copy(image):
    starts = [
        subprocess.Popen(
            ["bash", str(image / "docker/entrypoint.sh"), "true"],
            env={"PATH": os.environ["PATH"], "TMPDIR": str(image.parent / "tmp"), "HOME": "/"},
        )
        for _ in range(8)
    ]
    assert [process.wait(timeout=30) for process in starts] == [0] * 8
    assert sorted(path.name for path in own(image).iterdir()) == ["fenics"]


def test_the_exit_code_and_the_words_are_those_of_the_command(image):
    done = enter(image, "bash", "-c", 'echo "$1"; exit 4', "x", "a b", HOME="/")
    assert (done.returncode, done.stdout) == (4, "a b\n")


def test_apptainer_brings_no_python_packages_of_the_host(image):
    done = enter(image, HOME="/", PYTHONPATH="/host", APPTAINER_CONTAINER="dendrite.sif")
    assert done.stdout.splitlines()[-1] == str(image)
    done = enter(image, HOME="/", PYTHONPATH="/checkout")
    assert done.stdout.splitlines()[-1] == f"/checkout:{image}"
