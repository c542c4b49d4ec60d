# SPDX-License-Identifier: MIT
"""Arrays on their way into HDF5 files: a chunk at a time, whichever rank it comes from.

A rank holds a slice of the rows, of whole chunks, and compresses them. Rank 0 takes them one after
the other and puts them into the file as they are, so that it never has more than its own slice and
one chunk of another, and the file does not depend on the number of ranks.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence

import h5py
import numpy as np
from mpi4py import MPI

from solver.base.disk import Disk
from solver.base.errors import SolverError
from solver.base.parallel import on_root

ROWS = 32768
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


class Column:
    """An array that is written: its rows, in global order, over all ranks.

    Attributes:
        name: Of the array.
        unit: Of its values.
        count: Number of rows over all ranks.
        dtype: Of its values.
        shape: Of a row.
    """

    def __init__(self, comm: MPI.Comm, name: str, unit: str, count: int, own: np.ndarray):
        """Compress this rank's slice.

        Args:
            comm: All ranks.
            name: Of the array.
            unit: Of its values.
            count: Rows over all ranks.
            own: Rows of this rank, `share(count, ranks)` at most, those of lower ranks before them.
        """
        self.name, self.unit, self.count = name, unit, count
        self.dtype, self.shape = own.dtype, own.shape[1:]
        self._comm, self._left = comm, 0
        self._own = [encoded(own[i : i + ROWS], ROWS) for i in range(0, len(own), ROWS)]

    def digests(self) -> list[bytes]:
        """SHA-256 of this rank's chunks."""
        return [hashlib.sha256(chunk).digest() for chunk in self._own]

    def send(self) -> None:
        """Hand this rank's chunks to rank 0, as it takes them; there nothing is done yet."""
        if self._comm.rank > 0:
            for chunk in self._own:
                self._comm.send(chunk, dest=0)
        self._left = -(-self.count // ROWS)

    def chunks(self) -> Iterator[bytes]:
        """Take all chunks after `send`, on rank 0."""
        total = -(-self.count // ROWS)
        each = share(self.count, self._comm.size) // ROWS
        while self._left:
            number = total - self._left
            self._left -= 1
            owner = number // each
            yield self._comm.recv(source=owner) if owner else self._own[number]

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
        unit: Of the values.
        flat: Rows that a row of the column becomes.
    """
    made = group.create_dataset(
        name, (0, *shape), dtype, maxshape=(None, *shape), chunks=(flat * ROWS, *shape),
        compression="gzip", compression_opts=LEVEL, shuffle=True,
    )  # fmt: skip
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
                for _ in column.chunks():
                    pass

    on_root(comm, taken, SolverError)
