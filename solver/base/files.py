# SPDX-License-Identifier: MIT
"""Files that are whole or absent: written under a temporary name, then renamed."""

from __future__ import annotations

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a kill at any time, finds the old or the new one.

    Raises:
        OSError: The disk is full or the folder cannot be written.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        with open(aside, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        error.filename = str(path)  # write() does not name it, open() names the temporary one
        raise
