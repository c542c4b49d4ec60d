# SPDX-License-Identifier: MIT
"""What the verb `info` prints: versions, or the summary of a run folder."""

from __future__ import annotations

from pathlib import Path

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
    return "\n".join(_lines(provenance.read(folder), ""))


def _lines(value, name: str) -> list[str]:
    if isinstance(value, dict):
        inner = name and f"{name}."
        return [line for key, item in value.items() for line in _lines(item, f"{inner}{key}")]
    return [f"{name}: {value}"]
