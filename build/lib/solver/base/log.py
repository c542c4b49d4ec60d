# SPDX-License-Identifier: MIT
"""Logging: rank 0 speaks, to the terminal and to log.txt."""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path

logger = logging.getLogger("dendrite")


class _LogFile(logging.FileHandler):
    """A log file that a full disk leaves incomplete, without a word: the run itself complains."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Let the message go; logging would print a traceback for each."""

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):
            super().close()


def setup(rank: int) -> None:
    """Send messages of rank 0 to standard output and silence the other ranks."""
    logger.handlers.clear()
    logger.propagate = False
    logger.setLevel(logging.INFO if rank == 0 else logging.CRITICAL + 1)
    if rank == 0:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)


def to_file(path: Path) -> logging.Handler:
    """Send messages to a file too; returns the handler for `logger.removeHandler`."""
    handler = _LogFile(path, mode="a", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    return handler
