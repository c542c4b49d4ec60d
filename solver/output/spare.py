# SPDX-License-Identifier: MIT
"""An HDF5 file that grows by and by, and that a reader or a kill at any time finds whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from solver.base import disk
from solver.base.disk import Disk

BLOCK = 2**20
"""Bytes that are copied at once."""


def beside(path: Path) -> Path:
    """Return the path of a file's copy."""
    return path.with_name(f".{path.name}.spare")


class SpareFile:
    """A file with a copy of it beside: the copy is changed, and takes the file's place by its name.

    HDF5 changes what is in a file when something is added, so that a kill meanwhile may leave
    nothing that can be read. The file that was replaced is the next copy; it lacks what was
    written last, and gets it before the next change. So a change costs twice what it writes,
    however large the file is, and the disk holds the file twice while it is written to.
    """

    def __init__(self, path: Path):
        """Begin with a file that is there, or not yet; a copy that a kill has left goes."""
        self.path, self._spare = path, beside(path)
        self._former = self._spare.with_suffix(".former")
        self._lacking: list[tuple[int, int]] | None = None  # None: there is no copy
        self.close()

    def close(self) -> None:
        """Remove the copy; another change makes it anew."""
        self._spare.unlink(missing_ok=True)
        self._former.unlink(missing_ok=True)
        self._lacking = None

    @contextmanager
    def changed(self) -> Iterator[tuple[h5py.File, Disk]]:
        """Change the file, or make it; nothing has happened if the body or the disk fails.

        Raises:
            OSError: It cannot be written.
        """
        try:
            self._bring_up_to_date()
            mode = "r+" if self._spare.exists() else "w"
            with disk.hdf5(self._spare, mode) as (file, written):
                yield file, written
            self._exchange(written.written)
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                error.filename = str(self.path)
            raise

    def _bring_up_to_date(self) -> None:
        if not self.path.exists():
            return
        if self._lacking is None or not self._spare.exists():
            shutil.copyfile(self.path, self._spare)
            return
        with open(self.path, "rb") as source, open(self._spare, "r+b") as target:
            for begin, length in self._lacking:
                source.seek(begin)
                target.seek(begin)
                for at in range(0, length, BLOCK):
                    target.write(source.read(min(BLOCK, length - at)))
            target.truncate(os.fstat(source.fileno()).st_size)

    def _exchange(self, written: list[tuple[int, int]]) -> None:
        self._lacking = None
        try:
            os.link(self.path, self._former)
        except OSError:  # there is no file yet, or the disk has no second names
            os.replace(self._spare, self.path)
        else:
            os.replace(self._spare, self.path)
            os.replace(self._former, self._spare)
            self._lacking = written
