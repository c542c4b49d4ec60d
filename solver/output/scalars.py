# SPDX-License-Identifier: MIT
"""The numbers of a run, one row per step, and tables of the same form."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

from solver.base import files
from solver.base.errors import InputError


class ScalarFile:
    """`scalars.csv`, flushed after every row so that a killed run loses nothing."""

    def __init__(self, path: Path, columns: Sequence[str], digits: int, rows: int = 0):
        """Start the file, or keep the first rows of an earlier one.

        Args:
            path: Where to.
            columns: Names of the columns, the first one `step`.
            digits: Significant digits of the numbers.
            rows: Rows to keep.

        Raises:
            InputError: The earlier file does not have these rows, or has other columns.
            OSError: The file cannot be written.
        """
        self._path, self._digits = path, digits
        head = ",".join(columns) + "\r\n"
        kept = _first_rows(path, rows, head) if rows else head
        files.replace(path, kept.encode())
        self._file: IO[str] = path.open("a", newline="", encoding="utf-8")
        self._writer = csv.DictWriter(self._file, columns)

    def write(self, row: dict[str, float]) -> None:
        """Append a row."""
        text = {k: v if isinstance(v, int) else f"{v:.{self._digits}g}" for k, v in row.items()}
        try:
            self._writer.writerow(text)
            self._file.flush()
        except OSError as error:
            error.filename = str(self._path)  # a file that was opened earlier is not named
            raise

    def secure(self) -> None:
        """Have the rows on the disk before a checkpoint that builds on them."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; a row that could not be written has been reported when it was."""
        with contextlib.suppress(OSError):
            self._file.close()


def _first_rows(path: Path, rows: int, head: str) -> str:
    """Head and first rows of a scalars.csv, which number the steps from 0."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            lines = [line for line, _ in zip(file, range(rows + 1), strict=False)]
    except FileNotFoundError:
        lines = []
    numbers = [line.partition(",")[0] for line in lines if line.endswith("\n")]
    if numbers != ["step", *map(str, range(rows))]:
        raise InputError(f"{path}: not every step before {rows} is there; it cannot be continued.")
    if lines[0] != head:
        raise InputError(
            f"{path}: has the columns of another version or config; it cannot be continued."
        )
    return "".join(lines)


def write_profile(path: Path, columns: Mapping[str, Iterable[float]]) -> None:
    """Write columns of equal length as a CSV, whole or not at all.

    Raises:
        OSError: The file cannot be written.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(f"{v:.12g}" if isinstance(v, float) else v for v in row)
    files.replace(path, stream.getvalue().encode())
