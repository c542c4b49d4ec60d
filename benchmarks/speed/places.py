# SPDX-License-Identifier: MIT
"""What the comparison makes for itself and removes: an older checkout, an environment of FiPy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.speed.codes import ROOT

FIPY = ("fipy==4.0.3", "scipy", "numpy")


class Unavailable(Exception):
    """Something that the comparison needs cannot be made; the text says why."""


def _do(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise Unavailable(f"{' '.join(words[:4])} failed: {said[-1]}")
    return done.stdout.strip()


def revision() -> str:
    """This checkout's revision, with `+` for local changes."""
    return _do("git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--abbrev=7")


@contextmanager
def checkout(revision: str, work: Path) -> Iterator[Path]:
    """A git worktree of a revision below `work`.

    Raises:
        Unavailable: The repository has no such revision, or this is no checkout.
    """
    tree = work / "tree"
    _do("git", "-C", str(ROOT), "worktree", "add", "--detach", str(tree), revision)
    try:
        yield tree
    finally:
        _do("git", "-C", str(ROOT), "worktree", "remove", "--force", str(tree))


def fipy(work: Path) -> str:
    """Make an environment with FiPy below `work`; its Python.

    Raises:
        Unavailable: pip cannot install it.
    """
    place = work / "fipy"
    _do(sys.executable, "-m", "venv", str(place))
    _do(str(place / "bin" / "pip"), "install", "--disable-pip-version-check", *FIPY)
    return str(place / "bin" / "python3")
