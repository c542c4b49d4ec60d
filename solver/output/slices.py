# SPDX-License-Identifier: MIT
"""From the rows that ranks own to slices of a global order, without any rank that has all."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Post, Slices
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
        self._here = np.sort(Post(comm, numbers // self._interval).send(numbers))
        self.count = comm.allreduce(len(self._here))
        self._before = comm.scan(len(self._here)) - len(self._here)

    def places(self, numbers: np.ndarray) -> np.ndarray:
        """Return the places of any that are somewhere. Collective."""
        post = Post(self.comm, numbers // self._interval)
        return post.answer(self._before + np.searchsorted(self._here, post.send(numbers)))


class Placed:
    """A rank's rows by their places in a global order."""

    def __init__(self, comm: MPI.Comm, places: np.ndarray, count: int):
        """Prepare the ways of rows. Collective.

        Args:
            comm: All ranks.
            places: Where this rank's rows stand in the global order.
            count: Rows on all ranks.
        """
        self.comm, self.count = comm, count
        starts = np.minimum(share(count, comm.size) * np.arange(comm.size + 1), count)
        self._rows = Slices(comm, starts).at(places)

    def column(self, name: str, unit: str, values: np.ndarray) -> Column:
        """Bring an array, one row per row of this rank, into the global order. Collective."""
        return Column(self.comm, name, unit, self.count, self._rows.collect(values))
