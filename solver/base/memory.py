# SPDX-License-Identifier: MIT
"""Memory that the process holds and no longer uses, or could do without."""

from __future__ import annotations

import ctypes
import gc
import weakref
from collections.abc import Callable

import numpy as np

MANY = 1_000_000
"""Nodes of a rank from which on memory is short, and spared for more time: 4 GB of a rank."""


def is_short(nodes: int, ranks: int) -> bool:
    """Tell whether so many nodes on so many ranks are too many to keep what can be made again."""
    return nodes >= MANY * ranks


def keep() -> None:
    """Leave what is there now out of `give_back`: the libraries, a tenth of a second to look at.

    What goes later is not noticed if it is in a cycle, nor is it looked for what has gone: imports
    leave a hundred objects. So it is for a process without meshes: the communicators of a lost one
    would never be freed, and MPICH has 2048.
    """
    gc.freeze()


def give_back() -> None:
    """Free objects that only refer to each other, and return free memory to the system.

    The arrays of one mesh leave holes that the larger ones of the next do not fit. Only the C
    library of GNU can be asked to return them; others keep them.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


M_MMAP_THRESHOLD, M_MMAP_MAX = -3, -4
"""What glibc's mallopt calls the size from which on arrays are mapped, and the most that are."""
LARGE, MOST = 1 << 20, 1 << 16


def map_large() -> None:
    """Have what is larger than `LARGE` bytes returned to the system as soon as it is freed.

    MPI and what it brings turn that off for the whole process, so that all that was ever taken
    stays, with holes that nothing fits. Each such array then costs the time to map its pages, which
    smaller meshes are better without. Only the C library of GNU can be asked.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_MAX, MOST)
        mallopt(M_MMAP_THRESHOLD, LARGE)


def compact(values: np.ndarray) -> np.ndarray:
    """The same values, to be read alone: one number for all where all are equal."""
    if len(values) and (values == values[0]).all():
        return np.broadcast_to(values[0], values.shape)
    return values


def weakly(method: Callable) -> Callable:
    """A method of an object that the answer does not keep alive.

    For what PETSc calls back: Python does not see that PETSc holds it, so an object that holds its
    solver and is held by it would stay, with all its communicators.
    """
    held = weakref.WeakMethod(method)
    return lambda *arguments: held()(*arguments)
