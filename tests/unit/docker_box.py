"""What the tests of docker/run share: it runs with stand-ins for python3, docker, mmdebstrap, bwrap and so on.

No network, no namespaces, no root rights: what is tested is the choice of the
environment and that a build is atomic, made once, and cleaned up.
"""

import subprocess
import time
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
RUN = REPO / "docker" / "run"

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


def wait_for(path):
    for _ in range(200):
        if path.exists():
            time.sleep(0.1)
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} did not appear")
