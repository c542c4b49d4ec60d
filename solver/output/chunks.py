# SPDX-License-Identifier: MIT
"""Arrays on their way into HDF5 files and back: a chunk at a time, whichever rank it comes from.

A rank holds a slice of the rows, of whole chunks, and compresses them. Rank 0 takes them one after
the other and puts them into the file as they are, so that it never has more than its own slice and
one chunk of another, and the file does not depend on the number of ranks.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import h5py
import numpy as np
from mpi4py import MPI

from solver.base.disk import Disk
from solver.base.errors import InputError, SolverError
from solver.base.exchange import Slices
from solver.base.parallel import on_root

ROWS = 4096
"""Rows of a chunk."""
LEVEL = 4
"""Of compression, from 1 to 9."""


def encoded(rows: np.ndarray, count: int) -> bytes:
    """Return rows as HDF5's filters shuffle and deflate store them, with zeros up to `count`."""
    whole = np.zeros((count, *rows.shape[1:]), rows.dtype)
    whole[: len(rows)] = rows
    by_byte = whole.view(np.uint8).reshape(-1, rows.dtype.itemsize).T
    return zlib.compress(np.ascontiguousarray(by_byte), LEVEL)


def share(count: int, ranks: int) -> int:
    """Return how many of `count` rows every rank holds, but the last ones: whole chunks."""
    return ROWS * max(1, -(-count // (ROWS * ranks)))


def whole(comm: MPI.Comm, count: int) -> Slices:
    """Cut rows into slices of whole chunks, as many for every rank, but for the last ones."""
    return Slices(comm, np.minimum(share(count, comm.size) * np.arange(comm.size + 1), count))


class Column:
    """An array that is written: its rows, in global order, over all ranks.

    Attributes:
        name: Of the array.
        unit: Of its values.
        count: Number of rows over all ranks.
        dtype: Of its values.
        shape: Of a row.
    """

    def __init__(self, slices: Slices, name: str, unit: str, own: np.ndarray):
        """Compress this rank's slice.

        Args:
            slices: Which rows each rank has; they begin with a chunk.
            name: Of the array.
            unit: Of its values.
            own: Rows of this rank.
        """
        self.name, self.unit, self.count = name, unit, int(slices.starts[-1])
        self.dtype, self.shape = own.dtype, own.shape[1:]
        self._slices, self._left = slices, 0
        self._own = [encoded(own[i : i + ROWS], ROWS) for i in range(0, len(own), ROWS)]

    def digests(self) -> list[bytes]:
        """SHA-256 of this rank's chunks."""
        return [hashlib.sha256(chunk).digest() for chunk in self._own]

    def send(self) -> None:
        """Hand this rank's chunks to rank 0, as it takes them; there nothing is done yet."""
        comm = self._slices.comm
        if comm.rank > 0:
            for chunk in self._own:
                comm.send(chunk, dest=0)
        self._left = -(-self.count // ROWS)

    def chunks(self) -> Iterator[bytes]:
        """Take all chunks after `send`, on rank 0."""
        total = -(-self.count // ROWS)
        while self._left:
            number = total - self._left
            self._left -= 1
            owner = int(self._slices.holder(number * ROWS))
            yield self._slices.comm.recv(source=owner) if owner else self._own[number]

    def drain(self) -> None:
        """Take what is left of them, on rank 0."""
        for _ in self.chunks():
            pass

    def append(self, dataset: h5py.Dataset, disk: Disk) -> int:
        """Write all chunks to a dataset of `dataset_of`, behind what is in it, on rank 0.

        Returns:
            The row where they begin, the first of a chunk. Of a dataset that has been flattened
            this counts rows of the column too.

        Raises:
            OSError: The disk has refused something.
        """
        flat = dataset.chunks[0] // ROWS
        start = -(-len(dataset) // dataset.chunks[0]) * ROWS
        dataset.resize(flat * (start + self.count), axis=0)
        others = (0,) * (dataset.ndim - 1)
        for number, chunk in enumerate(self.chunks()):
            disk.require()
            place = flat * (start + number * ROWS)
            dataset.id.write_direct_chunk((place, *others), chunk)
        return start


def dataset_of(
    group: h5py.Group, name: str, dtype: np.dtype, shape: tuple[int, ...], unit: str, flat: int = 1
) -> h5py.Dataset:
    """Make an empty dataset that columns can be appended to.

    Args:
        group: Where it goes.
        name: Of the dataset.
        dtype: Of the values.
        shape: Of a row.
        unit: Of the values; none is noted if it is empty.
        flat: Rows that a row of the column becomes.
    """
    made = group.create_dataset(
        name, (0, *shape), dtype, maxshape=(None, *shape), chunks=(flat * ROWS, *shape),
        compression="gzip", compression_opts=LEVEL, shuffle=True,
    )  # fmt: skip
    if unit:
        made.attrs["unit"] = unit
    return made


def identity(columns: Sequence[Column], comm: MPI.Comm) -> str | None:
    """Return a checksum of some columns; None except on rank 0. Collective.

    Another version of zlib may have another, so that a mesh may be written again.
    """
    parts = comm.gather([column.digests() for column in columns])
    if parts is None:
        return None
    whole = hashlib.sha256()
    for number, column in enumerate(columns):
        whole.update(f"{column.name} {column.dtype} {column.shape} {column.count}".encode())
        for digests in parts:
            whole.update(b"".join(digests[number]))
    return whole.hexdigest()


def carried(comm: MPI.Comm, columns: Sequence[Column], action: Callable[[], None]) -> None:
    """Let rank 0 write columns, which `action` takes in this order. Collective.

    Raises:
        SolverError: What the OSError of rank 0 became; no rank is left waiting.
    """
    for column in columns:
        column.send()

    def taken() -> None:
        try:
            action()
        finally:
            for column in columns:
                column.drain()

    on_root(comm, taken, SolverError)


def carried_singly(
    comm: MPI.Comm, columns: Iterable[Column], action: Callable[[Iterator[Column]], None]
) -> None:
    """Let rank 0 write columns that are made together one after the other. Collective.

    So that there is never more than one of them.

    Raises:
        SolverError: What the OSError of rank 0 became; no rank is left waiting.
    """

    def sent() -> Iterator[Column]:
        for column in columns:  # which makes it, when the one before has gone
            column.send()
            yield column
            column.drain()

    def taken() -> None:
        left = sent()
        try:
            action(left)
        finally:
            for _ in left:
                pass

    if comm.rank > 0:
        for column in columns:
            column.send()
    on_root(comm, taken, SolverError)


def handed_out(slices: Slices, path: Path, name: str) -> np.ndarray:
    """Let rank 0 read an array of a file and hand it out; returns this rank's rows. Collective.

    Raises:
        InputError: The file cannot be read; no rank is left waiting.
    """
    comm, reader = slices.comm, _Reader(path, name)
    dtype, shape = on_root(comm, reader.open)
    own = np.empty((slices.count, *shape), dtype)
    for rank in range(comm.size) if comm.rank == 0 else [comm.rank]:
        begin, end = slices.starts[rank : rank + 2]
        for first in range(begin, end, ROWS):
            last = min(first + ROWS, end)
            rows = reader.rows(first, last) if comm.rank == 0 else comm.recv(source=0)
            if rank == comm.rank:
                own[first - begin : last - begin] = rows
            else:
                comm.send(rows, dest=rank)
    on_root(comm, reader.close)
    return own


class _Reader:
    """Rank 0's file, of which the first failure is told at the end."""

    def __init__(self, path: Path, name: str):
        self._path, self._name, self._failure = path, name, None

    def open(self) -> tuple[np.dtype, tuple[int, ...]]:
        try:
            self._file = h5py.File(self._path, "r", locking=False)
            dataset = self._file[self._name]
        except (OSError, KeyError) as error:
            raise self._failed(error) from None
        return dataset.dtype, dataset.shape[1:]

    def rows(self, first: int, last: int) -> np.ndarray | float:
        try:
            return self._file[self._name][first:last]
        except OSError as error:
            self._failure = self._failed(error)
            return 0

    def close(self) -> None:
        self._file.close()
        if self._failure:
            raise self._failure

    def _failed(self, error: Exception) -> InputError:
        return InputError(f"{self._path}: cannot be read: {error}.")
