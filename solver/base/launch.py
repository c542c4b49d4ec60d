# SPDX-License-Identifier: MIT
"""How the program ends: exit codes, one message whatever the number of ranks, no hang."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from solver.base.errors import EXIT_INTERNAL, DendriteError, InputError

RANK_VARIABLES = ("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK")
"""Set by Open MPI, other PMIx launchers (srun), and MPICH; known before MPI is initialised."""

HEAVY_LIBRARIES = ("basix", "dolfinx", "ffcx", "gmsh", "h5py", "mpi4py", "petsc4py", "ufl")

FIRST_WORD = 5.0
"""Seconds that the other ranks leave rank 0 to report an error that all of them see."""


def rank() -> int:
    """Return the MPI rank of this process without initialising MPI; 0 outside mpirun."""
    values = (os.environ.get(name, "") for name in RANK_VARIABLES)
    return next((int(value) for value in values if value.isdecimal()), 0)


def under_mpi() -> bool:
    """Tell whether an MPI launcher started this process."""
    return any(name in os.environ for name in RANK_VARIABLES)


def guarded(action: Callable[[], int], verbose: bool = False) -> int:
    """Run the program and turn what it raises into messages and an exit code.

    A user's mistake is one sentence without traceback. Anything unexpected is a defect of the
    program: the traceback is what a report needs, and all other ranks are brought down with us,
    since they would wait for us forever.

    Args:
        action: The program; returns its exit code.
        verbose: Print the traceback of a user's mistake too.

    Returns:
        The exit code.
    """
    try:
        code = action()
        sys.stdout.flush()
        return code
    except DendriteError as error:
        if verbose:
            traceback.print_exc()
        _tell(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader (`| head`) has gone; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("dendrite: interrupted", file=sys.stderr)
        _bring_down_other_ranks(130)
        return 130
    except Exception:
        traceback.print_exc()
        print(
            "dendrite: internal error: please report it with the lines above and the config",
            file=sys.stderr,
        )
        _bring_down_other_ranks(EXIT_INTERNAL)
        return EXIT_INTERNAL


def _tell(error: DendriteError) -> None:
    """Print the message once, from rank 0.

    Once MPI is up, a DendriteError is raised by all ranks together. Before that every rank meets
    bad input on its own: the first to exit makes mpirun kill the others, so the others wait for
    rank 0 to speak, and speak themselves only if it did not see the error (a file that is missing
    on one machine).
    """
    prefix = "dendrite: error:"
    if rank() > 0:
        if _mpi() is not None:
            return
        time.sleep(FIRST_WORD)
        prefix = f"dendrite: error on rank {rank()}:"
    for line in str(error).splitlines():
        print(prefix, line, file=sys.stderr)
    sys.stderr.flush()


def _mpi():
    """Return mpi4py.MPI if it is in use, without importing it."""
    MPI = sys.modules.get("mpi4py.MPI")
    in_use = MPI is not None and MPI.Is_initialized() and not MPI.Is_finalized()
    return MPI if in_use else None


def _bring_down_other_ranks(code: int) -> None:
    MPI = _mpi()
    if MPI is not None and MPI.COMM_WORLD.size > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        MPI.COMM_WORLD.Abort(code)


@contextmanager
def needs_libraries() -> Iterator[None]:
    """Turn a missing library of the simulation's environment into a sentence.

    Raises:
        InputError: DOLFINx, Gmsh or one of their companions cannot be imported.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in HEAVY_LIBRARIES:
            raise
        raise InputError(
            f"this verb needs {library}, which this Python does not have; "
            "start the program with docker/run."
        ) from None
