# SPDX-License-Identifier: MIT
"""How the program ends: exit codes, one message whatever the number of ranks, no hang."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.base.errors import EXIT_INTERNAL, DendriteError, InputError
from solver.base.text import visible

RANK_VARIABLES = ("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK")
"""Set by Open MPI, other PMIx launchers (srun), and MPICH; known before MPI is initialised."""

RANKS_AND_THOSE_HERE = (
    ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"), ("PMI_SIZE", "MPI_LOCALNRANKS"),
)  # fmt: skip
"""Numbers of ranks, all and on this machine, as Open MPI and MPICH tell them."""

HEAVY_LIBRARIES = (
    "PIL", "basix", "dolfinx", "ffcx", "gmsh", "h5py", "matplotlib", "mpi4py", "pandas", "petsc4py",
    "pyvista", "ufl",
)  # fmt: skip

SIGNAL_OF_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

DEAF_AT_START = ("sh", "-c", "trap '' USR1; exec \"$@\"", "sh")
"""Words before a command that SIGUSR1 does not end before it listens to it: what is ignored stays
so over exec."""

FIRST_WORD = 5.0
"""Seconds that a rank waits for the others to come to the error that it has met."""


def rank() -> int:
    """Return the MPI rank of this process without initialising MPI; 0 outside mpirun."""
    values = (os.environ.get(name, "") for name in RANK_VARIABLES)
    return next((int(value) for value in values if value.isdecimal()), 0)


def under_mpi() -> bool:
    """Tell whether an MPI launcher started this process."""
    return any(name in os.environ for name in RANK_VARIABLES)


def machines() -> int:
    """Return the number of machines that this job has, as far as Slurm or the launcher say it."""
    found = [os.environ.get("SLURM_JOB_NUM_NODES", "")]
    for ranks, here in RANKS_AND_THOSE_HERE:
        counts = os.environ.get(ranks, ""), os.environ.get(here, "")
        if all(count.isdecimal() and int(count) for count in counts):
            found.append(str(-(-int(counts[0]) // int(counts[1]))))
    return max((int(count) for count in found if count.isdecimal()), default=1)


def die_with_parent() -> None:
    """Have the system end this rank as soon as the launcher that started it is gone (Linux).

    Launchers that are killed leave ranks that work on, or wait for each other, forever. What they
    have written is whole: files are written under another name and renamed.
    """
    if under_mpi() and sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(SIGNAL_OF_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def require_connected() -> None:
    """Refuse tasks that Slurm has started side by side without telling them of each other.

    Each would be a run of its own, on one rank, in the same folder. A shell on a terminal
    (`srun --pty`) is one task, whatever it was given.

    Raises:
        InputError: This is such a task.
    """
    tasks = os.environ.get("SLURM_STEP_NUM_TASKS", "1")
    if tasks != "1" and not under_mpi() and "SLURM_PTY_PORT" not in os.environ:
        raise InputError(
            f"srun has started {tasks} tasks that do not know of each other: use "
            "`srun --mpi=pmix`, or `srun -n 1` for one rank."
        )


def guarded(action: Callable[[], int], verbose: bool = False, together: bool = False) -> int:
    """Run the program and turn what it raises into messages and an exit code.

    A user's mistake is one sentence without traceback. Anything unexpected is a defect of the
    program: the traceback is what a report needs, and all other ranks are brought down with us,
    since they would wait for us forever.

    Args:
        action: The program; returns its exit code.
        verbose: Print the traceback of a user's mistake too.
        together: All ranks run the same program; else rank 0 alone does.

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
        _tell(error, together and under_mpi())
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
        if together and under_mpi():
            _started_mpi()  # without this rank the others would wait for MPI's start forever
        _bring_down_other_ranks(EXIT_INTERNAL)
        return EXIT_INTERNAL


def _tell(error: DendriteError, together: bool) -> None:
    """Print the message once, from rank 0.

    Once MPI is up, a DendriteError is raised by all ranks together. Before that every rank meets
    bad input on its own: the others speak only if not all have met it (a file that is missing on
    one machine), and then all are brought down.
    """
    if rank() == 0:
        _print(error, "dendrite: error:")
    if together and _mpi() is None and not _met_by_all():
        if rank() > 0:
            _print(error, f"dendrite: error on rank {rank()}:")
        _bring_down_other_ranks(error.exit_code)


def _print(error: DendriteError, prefix: str) -> None:
    for line in visible(str(error)).splitlines():
        print(prefix, line, file=sys.stderr)
    sys.stderr.flush()


def _met_by_all() -> bool:
    """Start MPI and tell whether all ranks call this within `FIRST_WORD` seconds.

    Launchers differ in what they do to the others when a rank ends with an error before it has
    started MPI: Open MPI's kills them, MPICH's leaves them alone.
    """
    MPI = _started_mpi()
    if MPI is None:
        time.sleep(FIRST_WORD)
        return False
    arrival, end = MPI.COMM_WORLD.Ibarrier(), time.monotonic() + FIRST_WORD
    while not arrival.Test():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _started_mpi():
    """Return mpi4py.MPI, started if need be; None without mpi4py."""
    try:
        from mpi4py import MPI
    except ImportError:
        return None
    return MPI


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
        # MPICH drops what it has not passed on yet.
        time.sleep(0.5)
        MPI.COMM_WORLD.Abort(code)


def mpirun() -> str | None:
    """Path of the launcher that belongs to this Python's mpi4py; None if there is none.

    Wheels of MPI put theirs beside the interpreter; another MPI's would start lone ranks.
    """
    beside = Path(sys.executable).parent
    return shutil.which("mpirun", path=beside) or shutil.which("mpirun")


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
            f"this verb needs {library}, which this Python does not have; with Python 3.12 to 3.14 "
            "on x86-64 Linux `pip install '.[run]'` in the checkout brings it, elsewhere start the "
            "program with docker/run."
        ) from None
