# SPDX-License-Identifier: MIT
"""Who is writing to a run folder."""

from __future__ import annotations

import fcntl
from pathlib import Path

LOCK = ".writer"
"""The file that is locked: by the system, so that it is free again however its holder ends, also on
another machine that shares the folder over NFS."""


def holder(folder: Path) -> str | None:
    """Name the process that is writing to a folder; None: there is none."""
    try:
        with open(folder / LOCK, encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return named(folder)
    except OSError:  # there is no lock, or the disk has none
        return None
    return None


def named(folder: Path) -> str:
    """What the holder of the lock has written about itself."""
    try:
        return (folder / LOCK).read_text(encoding="utf-8").strip() or "another process"
    except OSError:
        return "another process"
