# SPDX-License-Identifier: MIT
"""The folder of a run: made once, never overwritten silently."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mpi4py import MPI

from solver.base import compat, files, log
from solver.base.errors import InputError
from solver.base.parallel import on_root
from solver.cell.geometry import cell_geometry
from solver.input import loading
from solver.input.run_config import RunConfig

OURS = ("config.yaml", "resolved.yaml", "run.json", "log.txt", "scalars.csv", "fields.xdmf",
        "fields", "checkpoints", "figure.png", "profile.csv", "cycles.csv")  # fmt: skip


def prepare(folder: Path, config_text: str, resolved: str, force: bool) -> Path:
    """Make the run folder and put the config into it.

    Args:
        folder: Where the run goes.
        config_text: Config as given.
        resolved: Every value in SI.
        force: Replace the results of an earlier run.

    Raises:
        InputError: The folder holds results or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            if not force:
                raise InputError(
                    f"{folder}: holds results already; choose another folder with -o or replace "
                    "them with --force."
                )
            remove_results(folder)
        if not os.access(folder, os.W_OK):
            raise InputError(f"{folder}: the output folder is not writable.")
        (folder / "config.yaml").write_text(config_text, encoding="utf-8")
        (folder / "resolved.yaml").write_text(resolved, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{folder}: cannot be used as output folder ({reason}).") from None
    return folder


def prepare_restart(folder: Path, resolved: str) -> None:
    """Bring the folder of a run up to date for its continuation.

    Raises:
        OSError: The folder cannot be written.
    """
    files.replace(folder / "resolved.yaml", resolved.encode())
    # It says how the run ended; from now on that is not yet known.
    (folder / "run.json").unlink(missing_ok=True)


@contextmanager
def begun(
    folder: Path,
    config: RunConfig,
    config_text: str,
    force: bool,
    comm: MPI.Comm,
    quiet: bool = False,
) -> Iterator[None]:
    """Make the folder of a new run, and copy its messages to the log.txt there. Collective.

    Raises:
        InputError: The folder cannot be used, the cell would have too many nodes, PETSc is not a
            real one, or there is no C compiler.
    """
    # What cannot be run must not leave a folder behind.
    compat.require_real()
    compat.require_compiler(comm)
    cell_geometry(config)
    resolved = loading.resolved_yaml(config)
    on_root(comm, lambda: prepare(folder, config_text, resolved, force))
    log.setup(comm.rank, quiet)
    with logged(folder, comm):
        yield


@contextmanager
def logged(folder: Path, comm: MPI.Comm) -> Iterator[None]:
    """Copy messages of rank 0 to the folder's log.txt.

    Raises:
        InputError: The folder cannot be written.
    """

    def open_log() -> logging.Handler:
        if not folder.is_dir():
            raise InputError(f"{folder}: no such run folder.")
        return log.to_file(folder / "log.txt")

    handlers = []
    on_root(comm, lambda: handlers.append(open_log()), InputError)
    try:
        yield
    finally:
        for handler in handlers:
            log.logger.removeHandler(handler)
            handler.close()


def remove_results(folder: Path) -> None:
    """Remove what an earlier run has left in its folder.

    Raises:
        OSError: Something cannot be removed.
    """
    # Only what a run writes: a folder given by mistake keeps everything else.
    for name in OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
