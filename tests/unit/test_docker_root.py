"""The root file system of Debian: its build is atomic, made once and cleaned up; stand-ins of all."""

import re
import shutil
import signal
import subprocess

import pytest

from tests.unit.docker_box import REPO, RUN, call, roots, standin, wait_for

MAKE_ROOT = REPO / "docker" / "make-root.sh"


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
