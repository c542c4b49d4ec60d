# SPDX-License-Identifier: MIT
"""Waiting for other ranks without keeping a core from whoever else wants it.

A rank that waits asks over and over. Alone on its core that is the fastest; beside another process
it uses up the time in which it could have worked, so that two ranks beside two busy processes take
four times as long, not twice. Of the two MPIs that DOLFINx comes with here it is Open MPI that
needs help: told to yield (`mpi_yield_when_idle`) it gives its core away with every question, which
takes longer still. It is made to ask for a while, then to sleep for moments between questions.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sysconfig
import tempfile
from pathlib import Path

from mpi4py import MPI

from dolfinx import jit

LIBRARY = "libopen-pal.so.80"
"""Of Open MPI 5.0; others may differ in the two names below."""
CHOSEN = "OMPI_MCA_mpi_yield_when_idle"
"""Set in the environment, it says what this user wants of a wait."""
YIELD, WHETHER = "opal_threads_pthreads_yield_fn", "opal_progress_set_yield_when_idle"
"""What a rank calls when it has asked in vain, a pointer; and the function that has it called."""
SOURCE = """
#include <time.h>

/* Questions less than ONE_WAIT apart are those of one wait. What takes longer than ASKING is not
   the wait for a message on an idle machine, and the end of a nap is noticed late anyway. */
enum { ONE_WAIT = 5000, ASKING = 100000, NAP = 20000 };  /* ns */

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

void asked_in_vain(void) {
    static long begun, last;
    long t = now();
    if (t - last > ONE_WAIT) begun = t;
    if (t - begun > ASKING) {
        struct timespec nap = {0, NAP};
        nanosleep(&nap, 0);
        t = now();
    }
    last = t;
}
"""


def begin(comm: MPI.Comm) -> bool:
    """Have this rank nap in long waits; tells whether it will. Collective.

    Nothing changes on one rank, with another MPI, where nothing can be compiled, and where the
    environment says whether to yield.
    """
    if comm.size == 1 or not comm.allreduce(_applies(), MPI.LAND):
        return False
    here = comm.Split_type(MPI.COMM_TYPE_SHARED)
    path = _compiled() if here.rank == 0 else None
    path = here.bcast(path)
    here.Free()
    return path is not None and _replaced(path)


def _applies() -> bool:
    return CHOSEN not in os.environ and _loaded() is not None


def _replaced(path: str) -> bool:
    """Have Open MPI call the function of a library; tells whether that can be loaded."""
    try:
        asked_in_vain = ctypes.CDLL(path).asked_in_vain
    except (OSError, AttributeError):
        return False
    open_mpi = _loaded()
    called = ctypes.c_void_p.in_dll(open_mpi, YIELD)
    called.value = ctypes.cast(asked_in_vain, ctypes.c_void_p).value
    getattr(open_mpi, WHETHER)(True)
    return True


def _loaded() -> ctypes.CDLL | None:
    """The part of Open MPI that waits, if that is the MPI of this process and has the names."""
    try:
        found = ctypes.CDLL(LIBRARY, mode=os.RTLD_NOLOAD | os.RTLD_NOW)
    except OSError:
        return None
    return found if hasattr(found, YIELD) and hasattr(found, WHETHER) else None


def _compiled() -> str | None:
    """Path of the compiled function, beside compiled forms; None if there is no compiler."""
    from cffi import FFI

    name = f"dendrite_patience_{hashlib.sha256(SOURCE.encode()).hexdigest()[:12]}"
    folder = Path(jit.get_options()["cache_dir"])
    # Machines of several kinds may share the folder.
    found = folder / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
    if not found.exists():
        maker = FFI()
        maker.cdef("void asked_in_vain(void);")
        maker.set_source(name, SOURCE)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as made:
                os.replace(maker.compile(tmpdir=made), found)
        except Exception:  # setuptools and compilers have errors of their own
            return None
    return str(found)
