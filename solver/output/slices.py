# SPDX-License-Identifier: MIT
"""From the rows that ranks own to slices of a global order, without any rank that has all."""

from __future__ import annotations

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
        self._here = np.sort(_Ways(comm, numbers // self._interval).there(numbers))
        self.count = comm.allreduce(len(self._here))
        self._before = comm.scan(len(self._here)) - len(self._here)

    def places(self, numbers: np.ndarray) -> np.ndarray:
        """Return the places of any that are somewhere. Collective."""
        ways = _Ways(self.comm, numbers // self._interval)
        return ways.back(self._before + np.searchsorted(self._here, ways.there(numbers)))


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
        self._ways = _Ways(comm, places // each)
        self._places = self._ways.there(places) - comm.rank * each

    def column(self, name: str, unit: str, values: np.ndarray) -> Column:
        """Bring an array, one row per row of this rank, into the global order. Collective."""
        received = self._ways.there(values)
        own = np.empty_like(received)
        own[self._places] = received
        del received  # before as much is compressed
        return Column(self.comm, name, unit, self.count, own)


class _Ways:
    """Rows that go to other ranks, and answers that come back."""

    def __init__(self, comm: MPI.Comm, ranks: np.ndarray):
        self.comm = comm
        self._order = np.argsort(ranks, kind="stable")
        self._out = np.bincount(ranks, minlength=comm.size)
        self._in = np.empty_like(self._out)
        comm.Alltoall(self._out, self._in)

    def there(self, rows: np.ndarray) -> np.ndarray:
        """Send every row to its rank; returns those that came here, by the rank that sent them."""
        return self._sent(rows[self._order], self._out, self._in)

    def back(self, answers: np.ndarray) -> np.ndarray:
        """Send an answer to every row that came here; returns those to this rank's rows."""
        received = self._sent(answers, self._in, self._out)
        found = np.empty_like(received)
        found[self._order] = received
        return found

    def _sent(self, rows: np.ndarray, out: np.ndarray, into: np.ndarray) -> np.ndarray:
        found = np.empty((into.sum(), *rows.shape[1:]), rows.dtype)
        row = MPI.BYTE.Create_contiguous(rows.itemsize * int(np.prod(rows.shape[1:]))).Commit()
        self.comm.Alltoallv([np.ascontiguousarray(rows), out, row], [found, into, row])
        row.Free()
        return found
