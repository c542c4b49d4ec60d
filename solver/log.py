# SPDX-License-Identifier: MIT
"""Logging: rank 0 speaks, to the terminal and to log.txt."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

logger = logging.getLogger("dendrite")


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
    handler = logging.FileHandler(path, mode="a", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    return handler
