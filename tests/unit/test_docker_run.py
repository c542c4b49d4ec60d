"""docker/run with stand-ins for python3, docker, mmdebstrap, bwrap and so on.

No network, no namespaces, no root rights: what is tested is the choice of the
environment and that a build is atomic, made once, and cleaned up.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
RUN = REPO / "docker" / "run"
MAKE_ROOT = REPO / "docker" / "make-root.sh"

# The options up to the command are dropped; what the namespaces would give is
# not needed by a stand-in of mmdebstrap.
STANDINS = {
    "python3": "exit 1",
    "python3.12": "exit 1",
    "python3.13": "exit 1",
    "python3.14": "exit 1",
    "docker": "exit 1",
    "podman": "exit 1",
    "apt-get": "exit 100",
    "setpriv": 'shift 2; exec "$@"',
    "unshare": 'while [[ $1 == -* || $1 == private ]]; do shift; done; exec "$@"',
    "nsenter": 'while [[ $1 != -- ]]; do shift; done; shift; exec "$@"',
    "newuidmap": "exit 0",
    "chown": "exit 0",
    "bwrap": 'printf "%s\\n" "$@" >"$LOGS/bwrap"; while [[ $1 != -- ]]; do shift; done; shift; exec "$@"',
    "mmdebstrap": (
        'echo build >>"$LOGS/builds"; root=${!#}\n'
        'mkdir -p "$root"/{etc,usr,var/lib}; echo "I: stage"; sleep "${BUILD_SECONDS:-0}"\n'
        'touch "$root/etc/passwd" "$root/etc/group"; exit "${BUILD_STATUS:-0}"'
    ),
}


@pytest.fixture
def box(tmp_path):
    """A folder with stand-ins first on PATH, and the environment to use them."""
    bin_dir, logs = tmp_path / "bin", tmp_path / "logs"
    bin_dir.mkdir()
    logs.mkdir()
    (tmp_path / "work dir").mkdir()
    for name, body in STANDINS.items():
        standin(bin_dir, name, body)
    env = {
        "PATH": f"{bin_dir}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "DENDRITE_CACHE": str(tmp_path / "cache dir"),
        "LOGS": str(logs),
    }
    return tmp_path, bin_dir, env


def standin(bin_dir, name, body):
    path = bin_dir / name
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


def call(box, *args, cwd=None, **extra):
    tmp, _, env = box
    return subprocess.run(
        [str(RUN), *args],
        cwd=cwd or tmp / "work dir",
        env={**env, **extra},
        capture_output=True,
        text=True,
        timeout=60,
    )


def roots(box):
    cache = box[0] / "cache dir"
    return sorted(p.name for p in cache.glob("root-*") if p.is_dir())


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


def test_root_is_made_once_and_entered(box):
    tmp, _, _ = box
    script = 'pwd; echo "$PYTHONPATH"; echo "${LD_LIBRARY_PATH-none}"; exit 4'
    for _ in range(2):
        done = call(box, "sh", "-c", script, LD_LIBRARY_PATH="/nonexistent")
        assert done.returncode == 4, done.stderr
        assert done.stdout.splitlines() == [str(tmp / "work dir"), str(REPO), "none"]
    assert (tmp / "logs" / "builds").read_text() == "build\n"
    [root] = roots(box)
    assert re.fullmatch("root-[0-9a-f]{12}", root)
    assert call(box, "no-such-command").returncode == 127


def test_binds_take_the_system_from_the_root_only(box):
    tmp, _, _ = box
    call(box, "true")
    words = (tmp / "logs" / "bwrap").read_text().splitlines()
    bound = {words[i + 2]: words[i + 1] for i, word in enumerate(words) if word.endswith("bind")}
    root = str(tmp / "cache dir" / roots(box)[0])
    assert bound["/usr"] == f"{root}/usr"
    assert bound["/etc"] == f"{root}/etc"
    assert bound["/tmp"] == "/tmp"
    assert "/dev" not in bound  # single devices, never the host's folder
    assert "/boot" not in bound


def test_signal_reaches_the_command(box):
    tmp, _, env = box
    call(box, "true")
    script = 'trap "exit 4" TERM; echo ready; while :; do sleep 0.05; done'
    with subprocess.Popen(
        [str(RUN), "bash", "-c", script], env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 4


def test_two_calls_make_one_root(box):
    tmp, _, env = box
    env = {**env, "BUILD_SECONDS": "1"}
    both = [
        subprocess.Popen([str(RUN), "echo", "ok"], env=env, stdout=-1, stderr=-1, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=60) for process in both]
    assert [out for out, _ in answers] == ["ok\n", "ok\n"]
    assert sum("waiting for it" in err for _, err in answers) == 1
    assert (tmp / "logs" / "builds").read_text() == "build\n"


def test_failed_build_leaves_no_root(box):
    done = call(box, "true", BUILD_STATUS="1")
    assert done.returncode == 2
    assert "making the Debian root failed" in done.stderr
    assert "I: stage" in done.stderr
    assert roots(box) == []
    assert call(box, "true").returncode == 0


@pytest.mark.parametrize("number, status", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped_build_leaves_nothing(box, number, status):
    tmp, _, env = box
    process = subprocess.Popen(
        [str(RUN), "true"],
        env={**env, "BUILD_SECONDS": "3"},
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background hands an ignored SIGINT down.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    wait_for(tmp / "logs" / "builds")
    process.send_signal(number)
    assert "stopped" in process.communicate(timeout=20)[1]
    assert process.returncode == status
    assert roots(box) == []


def test_leftover_of_a_killed_build_is_removed(box):
    tmp, _, env = box
    process = subprocess.Popen(
        [str(RUN), "true"], env={**env, "BUILD_SECONDS": "2"}, stderr=subprocess.DEVNULL
    )
    wait_for(tmp / "logs" / "builds")
    process.kill()
    process.wait()
    [partial] = roots(box)
    assert ".partial." in partial
    done = call(box, "true")
    assert done.returncode == 0
    assert "deleting an unfinished build" in done.stderr
    assert [name for name in roots(box) if ".partial." in name] == []


def wait_for(path):
    for _ in range(200):
        if path.exists():
            time.sleep(0.1)
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} did not appear")


def test_full_disk(box):
    standin(box[1], "df", "printf 'Avail\\n 100M\\n'")
    done = call(box, "true")
    assert done.returncode == 2
    assert "only 100 MB are free" in done.stderr
    assert roots(box) == []


def test_missing_tools(box):
    _, bin_dir, env = box
    # A PATH without bwrap, but with everything docker/run uses before it.
    for name in [
        "bash",
        "basename",
        "cut",
        "dirname",
        "env",
        "grep",
        "id",
        "mkdir",
        "readlink",
        "sed",
        "sha256sum",
        "timeout",
        "true",
    ]:
        if not (bin_dir / name).exists():
            (bin_dir / name).symlink_to(shutil.which(name))
    (bin_dir / "bwrap").unlink()
    done = call(box, "true", PATH=str(bin_dir))
    assert done.returncode == 2
    assert "apt-get" in done.stderr
    assert "bubblewrap" in done.stderr


def sourced(script, tmp_path):
    """Run lines of bash with the functions of make-root.sh, and no way to delete."""
    head = f'say() {{ echo "$*"; }}; rm() {{ echo RM "$*"; }}; unshare() {{ echo RM "$*"; }}; . {MAKE_ROOT}\n'
    done = subprocess.run(
        ["bash", "-euc", head + script], cwd=tmp_path, capture_output=True, text=True, timeout=20
    )
    return done.stdout


def test_never_deletes_below_a_mount(tmp_path):
    assert "RM" not in sourced("remove_tree /proc", tmp_path)
    assert "RM" not in sourced("remove_tree /", tmp_path)
    assert "RM" in sourced(f"remove_tree '{tmp_path}'", tmp_path)


@pytest.mark.parametrize(
    "folder, answer",
    [
        ("/a b/root", "yes"),
        ("/a b", "yes"),
        ("/a b/root/dev", "yes"),
        ("/a b/ro", "no"),
        ("/c", "no"),
    ],
)
def test_mounts_with_blanks_are_seen(tmp_path, folder, answer):
    (tmp_path / "mountinfo").write_text(
        "27 1 254:0 / / rw - ext4 /dev/vda rw\n42 27 0:39 / /a\\040b/root/dev rw - devtmpfs none rw\n"
    )
    assert (
        sourced(f"has_mounts '{folder}' mountinfo && echo yes || echo no", tmp_path)
        == f"{answer}\n"
    )
