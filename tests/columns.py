# SPDX-License-Identifier: MIT
"""Whole arrays as the columns of a file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Slices
from solver.output import chunks
from solver.output.chunks import Column


def columns(arrays: dict[str, np.ndarray], comm: MPI.Comm = MPI.COMM_SELF) -> Iterator[Column]:
    """Columns of arrays that every rank has, of which each gives its slice."""
    for name, values in arrays.items():
        slices: Slices = chunks.whole(comm, len(values))
        yield Column(slices, name, "", values[slices.first :][: slices.count])
