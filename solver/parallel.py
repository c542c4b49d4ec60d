# SPDX-License-Identifier: MIT
"""Things that rank 0 does for all: an error there becomes the same error everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mpi4py import MPI

from solver.errors import DendriteError, SolverError

T = TypeVar("T")


def on_root(comm: MPI.Comm, action: Callable[[], T]) -> T:
    """Run `action` on rank 0 and return its result on every rank.

    Raises:
        DendriteError: What rank 0 raised; an OSError becomes a SolverError naming the file.
    """
    outcome: tuple[T | None, DendriteError | None] = (None, None)
    if comm.rank == 0:
        try:
            outcome = (action(), None)
        except DendriteError as error:
            outcome = (None, error)
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            outcome = (None, SolverError(f"cannot write{where}: {error.strerror or error}"))
    result, error = comm.bcast(outcome, root=0)
    if error is not None:
        raise error
    return result
