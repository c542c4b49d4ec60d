# SPDX-License-Identifier: MIT
"""From the rows that ranks own to slices of a global order, without any rank that has all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mpi4py import MPI

from solver.output.chunks import Column, share


class Numbering:
    """Places of numbered things among all of them, by number; there may be gaps between numbers.

    Attributes:
        count: How many there are on all ranks.
    """

    def __init__(self, comm: MPI.Comm, numbers: np.ndarray):
        """Order what ranks own, every number on one rank only. Collective."""
        self.comm = comm
        highest = comm.allreduce(int(numbers.max(initial=0)), MPI.MAX)
        # Every rank looks after an interval of the numbers.
        self._interval = highest // comm.size + 1
        parts = _split(numbers, numbers // self._interval, comm.size)[1]
        self._here = np.sort(np.concatenate(comm.alltoall(parts)))
        self.count = comm.allreduce(len(self._here))
        self._before = comm.scan(len(self._here)) - len(self._here)

    def places(self, numbers: np.ndarray) -> np.ndarray:
        """Return the places of any that are somewhere. Collective."""
        order, parts = _split(numbers, numbers // self._interval, self.comm.size)
        asked = self.comm.alltoall(parts)
        answers = [self._before + np.searchsorted(self._here, part) for part in asked]
        found = np.empty(len(numbers), dtype=np.int64)
        found[order] = np.concatenate(self.comm.alltoall(answers))
        return found


class Slices:
    """Which of a rank's rows go to which slice."""

    def __init__(self, comm: MPI.Comm, places: np.ndarray, count: int):
        """Prepare the ways of rows. Collective.

        Args:
            comm: All ranks.
            places: Where this rank's rows stand in the global order.
            count: Rows on all ranks.
        """
        self.comm, self.count = comm, count
        each = share(count, comm.size)
        self._order, parts = _split(places, places // each, comm.size)
        self._ends = np.cumsum([len(part) for part in parts])[:-1]
        self._places = np.concatenate(comm.alltoall(parts)) - comm.rank * each

    def column(self, name: str, unit: str, values: np.ndarray) -> Column:
        """Bring an array, one row per row of this rank, into the global order. Collective."""
        parts = np.split(values[self._order], self._ends)
        received = np.concatenate(self.comm.alltoall(parts))
        own = np.empty_like(received)
        own[self._places] = received
        return Column(self.comm, name, unit, self.count, own)


def _split(
    values: np.ndarray, ranks: np.ndarray, count: int
) -> tuple[np.ndarray, Sequence[np.ndarray]]:
    """Return the order of rows by rank, and the rows for every one of `count` ranks."""
    order = np.argsort(ranks, kind="stable")
    ends = np.searchsorted(ranks[order], np.arange(1, count))
    return order, np.split(values[order], ends)
