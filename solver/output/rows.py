# SPDX-License-Identifier: MIT
"""Reading the tables of a run folder, also of a run that is going on or was killed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from solver.base.errors import InputError

FORMER = {"deposition_A_per_m2": "current_A_per_m2"}
"""What older versions called a column."""


def whole_lines(path: Path) -> str:
    """Return the text of a table without a last line that was not written to its end.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
    return text[: text.rfind("\n") + 1]


def read(path: Path) -> list[dict[str, str]]:
    """Read the rows of a table, as texts by column.

    Raises:
        InputError: The file cannot be read or has no rows.
    """
    rows = list(csv.DictReader(io.StringIO(whole_lines(path), newline="")))
    if not rows:
        raise InputError(f"{path}: there are no time steps in it.")
    return rows


def has_any(path: Path) -> bool:
    """Whether a run has come to its first row: one that cannot start has none."""
    return path.exists() and whole_lines(path).count("\n") > 1


def names(path: Path) -> set[str]:
    """Return the columns that a table has, by what they are called now.

    Raises:
        InputError: The file cannot be read or has no rows.
    """
    there = set(read(path)[0])
    return there | {now for now, before in FORMER.items() if before in there}


def columns(path: Path, *wanted: str) -> list[np.ndarray]:
    """Read columns of numbers; those that older versions called otherwise are found too.

    Raises:
        InputError: The file cannot be read, or a row lacks one of them.
    """
    rows = read(path)
    named = [name if name in rows[0] else FORMER.get(name, name) for name in wanted]
    try:
        return [np.array([float(row[name]) for row in rows]) for name in named]
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: every row must have the numbers {', '.join(wanted)}.") from None
