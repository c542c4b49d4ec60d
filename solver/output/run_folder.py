# SPDX-License-Identifier: MIT
"""The folder of a run: made once, never overwritten silently."""

from __future__ import annotations

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
from solver.output.writer import LOCK, alone

OURS = ("config.yaml", "resolved.yaml", "run.json", "log.txt", "scalars.csv", "fields.xdmf",
        "fields", "fields.vtkhdf", ".fields.vtkhdf.spare", ".fields.vtkhdf.former",
        "checkpoints", "figure.png", "report.html", "profile.csv", "cycles.csv")  # fmt: skip
"""What a run leaves."""
MARKS = ("run.json", "resolved.yaml")
"""What every folder of a run has from its beginning or has at its end."""


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
    make(folder)
    try:
        if any(path.name != LOCK for path in folder.iterdir()):
            if not force:
                raise InputError(
                    f"{folder}: holds results already; choose another folder with -o or replace "
                    "them with --force."
                )
            require_ours(folder)
            remove_results(folder)
        (folder / "config.yaml").write_text(config_text, encoding="utf-8")
        (folder / "resolved.yaml").write_text(resolved, encoding="utf-8")
    except OSError as error:
        raise _unusable(folder, error) from None
    return folder


def _unusable(folder: Path, error: OSError) -> InputError:
    reason = error.strerror or error
    return InputError(f"{folder}: cannot be used as output folder ({reason}).")


def make(folder: Path) -> None:
    """Make the folder of a run.

    Raises:
        InputError: It cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise InputError(f"{folder}: the output folder is not writable.")
    except OSError as error:
        raise _unusable(folder, error) from None


def require_ours(folder: Path) -> None:
    """Refuse to replace what no run has left: files of ours without those of a run's beginning.

    Raises:
        InputError: There are such files.
    """
    found = [name for name in OURS if (folder / name).exists()]
    if found and not any((folder / name).exists() for name in MARKS):
        raise InputError(
            f"{folder}: holds {found[0]}, but neither {' nor '.join(MARKS)}, so it is not a run's; "
            "nothing is removed: choose another folder with -o."
        )


def prepare_restart(folder: Path, resolved: str) -> None:
    """Bring the folder of a run up to date for its continuation.

    Raises:
        OSError: The folder cannot be written.
    """
    files.replace(folder / "resolved.yaml", resolved.encode())
    # They say how the run ended; from now on that is not yet known.
    for name in ("run.json", "report.html"):
        (folder / name).unlink(missing_ok=True)


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
    on_root(comm, lambda: make(folder))
    with alone(folder, comm):
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
    handlers = []
    on_root(comm, lambda: handlers.append(log.to_file(folder / "log.txt")), InputError)
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
