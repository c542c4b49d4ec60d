# SPDX-License-Identifier: MIT
"""Files that are whole or absent: written under a temporary name, then renamed."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np


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


def hdf5(arrays: dict[str, np.ndarray], units: dict[str, str]) -> bytes:
    """Return the content of an HDF5 file with one compressed dataset per array.

    The file is made in memory because HDF5 cannot close a file on a full disk, which would
    leave the process with a broken library; it also keeps HDF5's file locks off network disks.
    """
    import h5py  # here, for those who read a run's tables without it

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, values in arrays.items():
            data = file.create_dataset(name, data=values, compression="gzip", shuffle=True)
            data.attrs["unit"] = units[name]
    return buffer.getvalue()
