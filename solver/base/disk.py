# SPDX-License-Identifier: MIT
"""HDF5 files on disks that may be full."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import h5py


class Disk(io.RawIOBase):
    """A file for HDF5 that takes everything, and says afterwards what the disk has refused.

    HDF5 cannot close a file on a full disk, which would leave the process with a broken library:
    from the first failure on, what it writes stays in memory, so whoever writes much looks at
    `require` before every piece. Doing without HDF5's own access also keeps its file locks off
    network disks.

    Attributes:
        written: Begin and length of everything that has been written.
        failure: What the disk has refused first.
    """

    def __init__(self, path: Path, mode: str):
        """Open a file of that path; mode `w` empties it, `r+` leaves its content.

        Raises:
            OSError: It cannot be opened.
        """
        super().__init__()
        flags = os.O_CREAT | os.O_TRUNC if mode == "w" else 0
        self._number = os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o666)
        self.written: list[tuple[int, int]] = []
        self.failure: OSError | None = None
        self._held: list[tuple[int, bytes]] = []
        self._place, self._end = 0, os.fstat(self._number).st_size

    def require(self) -> None:
        """Raise the OSError of what the disk has refused, if it has."""
        if self.failure is not None:
            raise self.failure

    def secure(self) -> None:
        """Wait until all that was written is on the disk.

        Raises:
            OSError: It is not.
        """
        self.require()
        os.fsync(self._number)

    # --- what HDF5 calls -------------------------------------------------------------------

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place of the file."""
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._end}[whence]
        self._place = begin + offset
        return self._place

    def tell(self) -> int:
        """Return the place in the file."""
        return self._place

    def readinto(self, buffer: memoryview) -> int:
        """Read into all of a buffer; zeros where nothing has been written."""
        view = memoryview(buffer).cast("B")
        found = os.preadv(self._number, [view], self._place)
        view[found:] = bytes(len(view) - found)
        for begin, held in self._held:
            low = max(begin, self._place)
            high = min(begin + len(held), self._place + len(view))
            if low < high:
                view[low - self._place : high - self._place] = held[low - begin : high - begin]
        self._place += len(view)
        return len(view)

    def write(self, data: memoryview) -> int:
        """Write all of a buffer."""
        view = memoryview(data).cast("B")
        self.written.append((self._place, len(view)))
        self._keep(view)
        self._place += len(view)
        self._end = max(self._end, self._place)
        return len(view)

    def _keep(self, view: memoryview) -> None:
        place = self._place
        try:
            while self.failure is None and len(view):
                count = os.pwrite(self._number, view, place)
                place, view = place + count, view[count:]
        except OSError as error:
            self.failure = error
        if len(view):
            self._held.append((place, bytes(view)))

    def truncate(self, size: int | None = None) -> int:
        """Set the end of the file."""
        self._end = self._place if size is None else size
        try:
            if self.failure is None:
                os.ftruncate(self._number, self._end)
        except OSError as error:
            self.failure = error
        return self._end

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            os.close(self._number)
        super().close()


@contextmanager
def hdf5(path: Path, mode: str) -> Iterator[tuple[h5py.File, Disk]]:
    """Open an HDF5 file to write to; at the end all of it is on the disk.

    Args:
        path: The file.
        mode: `w` for a new one, `r+` to change one.

    Raises:
        OSError: It cannot be opened, or something could not be written.
    """
    import h5py  # here, for those who read a run's tables without it

    disk = Disk(path, mode)
    try:
        with h5py.File(disk, mode) as file:
            yield file, disk
        disk.secure()
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
    finally:
        disk.close()
