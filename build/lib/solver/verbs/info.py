# SPDX-License-Identifier: MIT
"""What the verb `info` prints: versions, or the summary of a run folder."""

from __future__ import annotations

import json
from pathlib import Path

from solver.base.errors import InputError
from solver.output import provenance


def versions() -> str:
    """Return the versions of the program, Python and the libraries, one per line."""
    found = provenance.versions()
    missing = {name: "not installed" for name in provenance.LIBRARIES if name not in found}
    return "\n".join(f"{name:<15} {version}" for name, version in (found | missing).items())


def summary(folder: Path) -> str:
    """Return the plain values of a run folder's `run.json`, one per line.

    Raises:
        InputError: The folder has no readable `run.json`.
    """
    path = folder / "run.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder}: holds no run.json, so it is no run folder.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
    return "\n".join(_lines(record, ""))


def _lines(value, name: str) -> list[str]:
    if isinstance(value, dict):
        inner = name and f"{name}."
        return [line for key, item in value.items() for line in _lines(item, f"{inner}{key}")]
    return [f"{name}: {value}"]
