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

    def collect(self, numbers: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Bring rows from where they are to the slices. Collective.

        Args:
            numbers: Number of each of this rank's rows; a number on two ranks has equal rows.
            rows: The rows.

        Returns:
            This rank's slice.
        """
        post = Post(self.comm, self.holder(numbers))
        at = post.send(numbers) - self.first
        found = np.empty((self.count, *rows.shape[1:]), dtype=rows.dtype)
        found[at] = post.send(rows)
        return found

    def fetch(self, numbers: np.ndarray, held: np.ndarray) -> np.ndarray:
        """Bring rows from the slices to where they are wanted. Collective.

        Args:
            numbers: Numbers of the rows that this rank wants.
            held: This rank's slice.
        """
        post = Post(self.comm, self.holder(numbers))
        return post.answer(held[post.send(numbers) - self.first])
