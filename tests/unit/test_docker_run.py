"""Which environment docker/run takes: the host, PyPI, an image, a root; with stand-ins of all."""

import os
import re
import subprocess
import sys

import pytest

from tests.unit.docker_box import REPO, RUN, call, standin


def test_usage(box):
    done = call(box)
    assert done.returncode == 2
    assert "usage: docker/run" in done.stderr


def fake_dolfinx(folder, version):
    (folder / "dolfinx").mkdir(parents=True)
    (folder / "mpi4py").mkdir()
    (folder / "mpi4py" / "__init__.py").touch()
    (folder / "mpi4py" / "MPI.py").touch()
    (folder / "dolfinx" / "__init__.py").write_text(f"__version__ = {version!r}\n")


@pytest.mark.parametrize(
    "version, kind", [("0.9.0", "host"), ("0.10.0.dev0", "host"), ("0.8.0", "root")]
)
def test_host_needs_dolfinx_0_9(box, version, kind):
    tmp, bin_dir, _ = box
    # No Python that PyPI has a DOLFINx for, whatever this machine has.
    standin(bin_dir, "python3", f'[[ $1 != - ]] && exec {sys.executable} "$@"')
    fake_dolfinx(tmp / "lib", version)
    done = call(box, "--where", PYTHONPATH=str(tmp / "lib"))
    assert done.stdout.startswith(f"{kind}:"), done.stderr


def test_host_ignores_a_folder_called_dolfinx(box):
    tmp, bin_dir, _ = box
    # The search for the module must not start in the current folder.
    standin(bin_dir, "python3", "test -d dolfinx")
    fake_dolfinx(tmp / "work dir", "0.9.0")
    assert call(box, "--where").stdout.startswith("root:")


def test_host_runs_the_command_in_place(box):
    tmp, bin_dir, _ = box
    standin(bin_dir, "python3", "exit 0")
    done = call(box, "sh", "-c", 'pwd; echo "$PYTHONPATH"; exit 4')
    assert done.returncode == 4
    assert done.stdout.splitlines() == [str(tmp / "work dir"), str(REPO)]
    assert call(box, "no-such-command").returncode == 127


# What docker/run asks of a Python that could make an environment, and the making.
PYTHON = """
case "$*" in
"- "*/pyproject.toml) printf "%s\\t0123456789ab\\n" "$0" ;;
"- "*" list") echo pytest ;;
"-m venv --clear "*)
    echo build >>"$LOGS/builds"; sleep "${BUILD_SECONDS:-0}"
    rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python3" ;;
"-m pip install "*) exit "${BUILD_STATUS:-0}" ;;
"-c from mpi4py"*) ;;
*) exit 1 ;;
esac
"""
LIBRARIES = "libGL.so.1 libGLU.so.1 libXcursor.so.1 libXft.so.2 libXinerama.so.1"


@pytest.fixture
def pypi(box):
    """A box on a machine that an environment from PyPI can be made on."""
    _, bin_dir, _ = box
    standin(bin_dir, "python3.12", PYTHON)
    standin(bin_dir, "uname", 'echo "Linux ${MACHINE:-x86_64}"')
    standin(bin_dir, "getconf", 'echo "glibc ${GLIBC:-2.34}"')
    standin(bin_dir, "ldconfig", f'echo "${{LIBRARIES-{LIBRARIES}}}"')
    return box


def venvs(box):
    return sorted(p.name for p in (box[0] / "cache dir").glob("venv-*") if p.is_dir())


def test_environment_from_pypi_is_made_once_and_used(pypi):
    tmp, _, _ = pypi
    place = tmp / "cache dir" / "venv-0123456789ab"
    assert call(pypi, "--where").stdout == f"venv: {place} (not made yet)\n"
    assert not (tmp / "cache dir").exists()
    script = 'pwd; echo "$PYTHONPATH"; command -v python3; echo "${LD_LIBRARY_PATH-none}"; exit 4'
    said = []
    for _ in range(2):
        done = call(pypi, "sh", "-c", script, LD_LIBRARY_PATH="/nonexistent", PYTHONPATH="/other")
        assert done.returncode == 4, done.stderr
        here = [str(tmp / "work dir"), str(REPO), str(place / "bin" / "python3"), "none"]
        assert done.stdout.splitlines() == here
        said.append(done.stderr)
    assert "making a Python environment with DOLFINx from PyPI" in said[0] and said[1] == ""
    assert (tmp / "logs" / "builds").read_text() == "build\n"
    assert call(pypi, "--where").stdout == f"venv: {place}\n"
    assert call(pypi, "--where", DENDRITE_ENV="root").stdout.startswith("root:")


def test_an_image_comes_before_the_environment_from_pypi(pypi):
    standin(pypi[1], "docker", "exit 0")
    assert call(pypi, "--where").stdout.startswith("image:")


@pytest.mark.parametrize(
    "machine, named",
    [
        ({"MACHINE": "aarch64"}, "x86-64"),
        ({"GLIBC": "2.31"}, "glibc 2.34"),
        ({"LIBRARIES": "libGL.so.1"}, "libGLU.so.1"),
    ],
)
def test_a_machine_that_pypi_has_no_dolfinx_for_takes_the_root(pypi, machine, named):
    assert call(pypi, "--where", **machine).stdout.startswith("root:")
    done = call(pypi, "true", DENDRITE_ENV="venv", **machine)
    assert done.returncode == 2
    assert named in done.stderr and "DENDRITE_ENV=root" in done.stderr


def test_no_fitting_python_takes_the_root(pypi):
    standin(pypi[1], "python3.12", "exit 1")
    assert call(pypi, "--where").stdout.startswith("root:")
    assert "no Python 3.12 to 3.14" in call(pypi, "true", DENDRITE_ENV="venv").stderr


def test_failed_environment_is_made_anew(pypi):
    done = call(pypi, "true", BUILD_STATUS="1")
    assert done.returncode == 2 and "making it failed" in done.stderr
    assert venvs(pypi) == ["venv-0123456789ab"]
    assert call(pypi, "--where").stdout.endswith("(not made yet)\n")
    assert call(pypi, "true").returncode == 0
    assert (pypi[0] / "logs" / "builds").read_text() == "build\n" * 2


def test_two_calls_make_one_environment(pypi):
    env = {**pypi[2], "BUILD_SECONDS": "1"}
    both = [
        subprocess.Popen([str(RUN), "echo", "ok"], env=env, stdout=-1, stderr=-1, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=60) for process in both]
    assert [out for out, _ in answers] == ["ok\n", "ok\n"]
    assert sum("waiting for it" in err for _, err in answers) == 1
    assert (pypi[0] / "logs" / "builds").read_text() == "build\n"


def test_ready_image_is_used(box):
    tmp, bin_dir, _ = box
    standin(bin_dir, "docker", '[[ $1 == run ]] || exit 0; printf "%s\\n" "$@"')
    assert call(box, "--where", DENDRITE_IMAGE="mine:1").stdout == "image: mine:1 (docker)\n"
    words = call(box, "echo", "a b", DENDRITE_IMAGE="mine:1").stdout.splitlines()
    assert words[-3:] == ["mine:1", "echo", "a b"]
    assert words[words.index("-w") + 1] == str(tmp / "work dir")
    assert words[words.index("-u") + 1] == f"{os.getuid()}:{os.getgid()}"
    assert f"PYTHONPATH={REPO}" in words


def test_image_on_request_only_if_ready(box):
    done = call(box, "true", DENDRITE_ENV="image")
    assert done.returncode == 2
    assert "has the image dendrite:" in done.stderr


def test_where_makes_nothing(box):
    done = call(box, "--where")
    assert re.fullmatch(r"root: .*/root-[0-9a-f]{12} \(not made yet\)\n", done.stdout)
    assert not (box[0] / "cache dir").exists()
