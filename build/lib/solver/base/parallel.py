# SPDX-License-Identifier: MIT
"""Things that rank 0 does for all: an error there becomes the same error everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mpi4py import MPI

from solver.base.errors import DendriteError, SolverError

T = TypeVar("T")


def on_root(
    comm: MPI.Comm, action: Callable[[], T], error_type: type[DendriteError] = SolverError
) -> T:
    """Run `action` on rank 0 and return its result on every rank; no rank is left waiting.

    Args:
        comm: All ranks of it must call this function.
        action: Function that works with files.
        error_type: Error of the program that an OSError becomes.

    Raises:
        DendriteError: What rank 0 raised, or what its OSError became.
    """
    result, failure = None, None
    if comm.rank == 0:
        try:
            result = action()
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            failure = error_type(f"{place}cannot be written: {error.strerror or error}.")
        except Exception as error:
            failure = error
    result, failure = comm.bcast((result, failure), root=0)
    if failure is not None:
        raise failure
    return result
