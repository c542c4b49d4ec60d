# SPDX-License-Identifier: MIT
"""The text of a file that some other program has written, whatever its encoding."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NamedTuple

from solver.base.errors import InputError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
LARGEST = 50_000_000
"""Bytes of a file that is read as a table."""


class Text(NamedTuple):
    """Lines, and the name of the encoding they were in."""

    lines: list[str]
    encoding: str


def read(path: Path) -> Text:
    """Read a text file in UTF-8 or UTF-16, or in the Western code page of Windows.

    Raises:
        InputError: The file is missing, too large or not text.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path}: is larger than 50 MB, which no table of measurements is.")
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    text, encoding = _decoded(path, content)
    if "\0" in text:
        raise InputError(f"{path}: is not a text file; export the data as text.")
    return Text(text.splitlines(), encoding)


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    for mark, codec, name in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(codec), name
            except UnicodeDecodeError:
                raise InputError(f"{path}: begins as {name} and does not go on so.") from None
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        # Any byte is a character there: degree signs of instruments' programs are.
        return content.decode("cp1252", errors="replace"), "Windows-1252"
