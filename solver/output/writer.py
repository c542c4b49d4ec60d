# SPDX-License-Identifier: MIT
"""One writer for a run folder: a lock that goes with the process that holds it."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from mpi4py import MPI

from solver.base import log
from solver.base.errors import InputError
from solver.base.parallel import on_root
from solver.output import holder
from solver.output.holder import LOCK

PATIENCE = 10.0
"""Seconds to wait for a holder: launchers return while the ranks they have killed still end."""
LOOK_AGAIN = 0.2
"""Seconds between two looks."""


@contextmanager
def alone(folder: Path, comm: MPI.Comm) -> Iterator[None]:
    """Be the only one that writes to an existing folder. Collective.

    Raises:
        InputError: Somebody else is, or the folder cannot be written.
    """
    held: list[IO] = []
    on_root(comm, lambda: held.append(_locked(folder)), InputError)
    try:
        yield
    finally:
        for lock in held:
            # While it is held, so that nobody locks what is not there any more; see `_current`.
            with suppress(OSError):  # of a disk that is gone, whose own error is to be heard
                (folder / LOCK).unlink(missing_ok=True)
            lock.close()


def _locked(folder: Path) -> IO:
    path, end = folder / LOCK, time.monotonic() + PATIENCE
    while True:
        lock = open(path, "a+", encoding="utf-8")  # noqa: SIM115 it stays open
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            if time.monotonic() < end:
                time.sleep(LOOK_AGAIN)
                continue
            raise InputError(
                f"{folder}: {holder.named(folder)} is writing to it; wait for its end, stop it, or "
                "choose another folder with -o."
            ) from None
        except OSError as error:  # some clusters' disks have no locks
            log.logger.warning(f"{folder}: nobody else may write to it: no lock: {error.strerror}.")
            return lock
        if _current(lock, path):
            lock.truncate(0)
            lock.write(f"process {os.getpid()} on {socket.gethostname()}")
            lock.flush()
            return lock
        lock.close()


def _current(lock: IO, path: Path) -> bool:
    """Whether the file that was locked still is the one of that name."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), os.stat(path))
    except FileNotFoundError:
        return False
