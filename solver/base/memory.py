# SPDX-License-Identifier: MIT
"""Memory that the process holds and no longer uses."""

from __future__ import annotations

import ctypes
import gc


def keep() -> None:
    """Leave what is there now out of `give_back`: the libraries, a tenth of a second to look at.

    For a process that runs one thing and ends: what goes later is not noticed if it is in a cycle.
    Nor is it looked for what has gone: imports leave a hundred objects.
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
