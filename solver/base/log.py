# SPDX-License-Identifier: MIT
"""Logging: rank 0 speaks, to the terminal and to log.txt."""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path

from solver.base.text import visible

logger = logging.getLogger("dendrite")


class _Formatter(logging.Formatter):
    """Messages may quote what users have named."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message without what a terminal would obey."""
        return visible(super().format(record))


class _LogFile(logging.FileHandler):
    """A log file that a full disk leaves incomplete, without a word: the run itself complains."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Let the message go; logging would print a traceback for each."""

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):
            super().close()


def setup(rank: int, quiet: bool = False) -> None:
    """Send messages of rank 0 to standard output, unless `quiet`, and silence the other ranks."""
    logger.handlers.clear()
    logger.propagate = False
    logger.setLevel(logging.INFO if rank == 0 else logging.CRITICAL + 1)
    if rank == 0 and not quiet:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(_Formatter("%(message)s"))
        logger.addHandler(handler)


def to_file(path: Path) -> logging.Handler:
    """Send messages to a file too; returns the handler for `logger.removeHandler`."""
    handler = _LogFile(path, mode="a", encoding="utf-8")
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    return handler
