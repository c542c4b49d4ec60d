# SPDX-License-Identifier: MIT
"""Rows of arrays from every rank to every other, without one that sees them all."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI


class Post:
    """Rows that go to other ranks, and answers that come back. All methods are collective.

    What a rank receives is sorted by the rank that sent it, and in the order in which that one
    had it.
    """

    def __init__(self, comm: MPI.Comm, ranks: np.ndarray):
        """Agree on how many rows go where.

        Args:
            comm: All ranks.
            ranks: Rank that each of this rank's rows goes to.
        """
        self.comm = comm
        self._order = np.argsort(ranks, kind="stable")
        self._out = np.bincount(ranks, minlength=comm.size)
        self._in = np.empty_like(self._out)
        comm.Alltoall(self._out, self._in)

    def send(self, rows: np.ndarray) -> np.ndarray:
        """Send one row for each of `ranks`; returns the rows that came here."""
        return _all_to_all(self.comm, rows[self._order], self._out, self._in)

    def answer(self, rows: np.ndarray) -> np.ndarray:
        """Answer every row that came here; returns the answers to `ranks`, in their order."""
        answers = _all_to_all(self.comm, rows, self._in, self._out)
        out = np.empty_like(answers)
        out[self._order] = answers
        return out

    def senders(self) -> np.ndarray:
        """Rank that each row that came here was sent by."""
        return np.repeat(np.arange(self.comm.size), self._in)


def _all_to_all(
    comm: MPI.Comm, rows: np.ndarray, out: np.ndarray, into: np.ndarray
) -> np.ndarray:
    found = np.empty((into.sum(), *rows.shape[1:]), dtype=rows.dtype)
    row = MPI.BYTE.Create_contiguous(rows.dtype.itemsize * int(np.prod(rows.shape[1:]))).Commit()
    try:
        sent = np.ascontiguousarray(rows)
        comm.Alltoallv([sent, (out, _begins(out)), row], [found, (into, _begins(into)), row])
    finally:
        row.Free()
    return found


def _begins(counts: np.ndarray) -> np.ndarray:
    return np.cumsum(counts) - counts


class Slices:
    """Rows that are numbered through all ranks, of which each holds a contiguous slice.

    Attributes:
        comm: All ranks.
        starts: First row of every rank, then the number of rows; shape (ranks + 1,).
    """

    def __init__(self, comm: MPI.Comm, starts: np.ndarray):
        self.comm, self.starts = comm, starts

    @classmethod
    def of(cls, comm: MPI.Comm, count: int) -> Slices:
        """Number rows of which this rank holds so many. Collective."""
        return cls(comm, np.append(0, np.cumsum(comm.allgather(count))))

    @classmethod
    def equal(cls, comm: MPI.Comm, count: int) -> Slices:
        """As many rows on every rank, but for one."""
        return cls(comm, count * np.arange(comm.size + 1) // comm.size)

    @classmethod
    def on_root(cls, comm: MPI.Comm, count: int) -> Slices:
        """All rows on rank 0."""
        return cls(comm, count * (np.arange(comm.size + 1) > 0))

    @property
    def first(self) -> int:
        """This rank's first row."""
        return int(self.starts[self.comm.rank])

    @property
    def count(self) -> int:
        """How many rows this rank holds."""
        return int(self.starts[self.comm.rank + 1]) - self.first

    def holder(self, numbers: np.ndarray) -> np.ndarray:
        """Rank that holds each row."""
        return np.searchsorted(self.starts, numbers, side="right") - 1

    def at(self, numbers: np.ndarray) -> Places:
        """Find out where rows are held that this rank has or wants. Collective."""
        return Places(self, numbers)


class Places:
    """Where rows of `Slices` are held. All methods are collective.

    Args:
        slices: The rows.
        numbers: Numbers of those that this rank has or wants, in its own order.
    """

    def __init__(self, slices: Slices, numbers: np.ndarray):
        self._count = slices.count
        self._post = Post(slices.comm, slices.holder(numbers))
        self._at = self._post.send(numbers) - slices.first

    def collect(self, rows: np.ndarray) -> np.ndarray:
        """Bring rows to their slices; returns this rank's. A row on two ranks is equal on both."""
        found = np.empty((self._count, *rows.shape[1:]), dtype=rows.dtype)
        found[self._at] = self._post.send(rows)
        return found

    def fetch(self, held: np.ndarray) -> np.ndarray:
        """Bring rows from their slices, of which this rank gives its own."""
        return self._post.answer(held[self._at])
