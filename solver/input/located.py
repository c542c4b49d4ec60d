# SPDX-License-Identifier: MIT
"""Files that a config names: their paths are relative to the folder of the config."""

from __future__ import annotations

from pathlib import Path


def located(data: dict, folder: Path) -> dict:
    """Return the unvalidated data of a config with the paths of its files from a folder.

    Args:
        data: As the user wrote it; left as it is where it names no file.
        folder: That the paths in it are relative to, the folder of the config.
    """
    found = dict(data)
    protocol, materials, geometry = (data.get(k) for k in ("protocol", "materials", "geometry"))
    if isinstance(protocol, dict) and isinstance(protocol.get("file"), str):
        found["protocol"] = {**protocol, "file": str(folder / protocol["file"])}
    if isinstance(materials, str):
        found["materials"] = str(folder / materials)
    if isinstance(geometry, dict):
        found["geometry"] = {
            kind: {**part, "file": str((folder / part["file"]).absolute())}
            if isinstance(part, dict) and isinstance(part.get("file"), str) else part
            for kind, part in geometry.items()
        }  # fmt: skip
    return found
