# SPDX-License-Identifier: MIT
"""Files that are whole or absent: written under a temporary name, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Let the body write a file so that a reader, or a kill at any time, finds the old or the new.

    Yields:
        The path that it is written at, all of it on the disk at the end.

    Raises:
        OSError: The disk is full or the folder cannot be written.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        yield aside
        os.replace(aside, path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        error.filename = str(path)  # write() does not name it, open() names the temporary one
        raise


def replace(path: Path, content: bytes) -> None:
    """Write a file of a content so, see `replaced`."""
    with replaced(path) as aside, open(aside, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
