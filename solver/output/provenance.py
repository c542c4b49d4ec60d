# SPDX-License-Identifier: MIT
"""run.json: which program, where, how large, how long, how it ended."""

from __future__ import annotations

import json
import platform
import subprocess
from importlib import metadata
from pathlib import Path

import solver

PACKAGES = ("fenics-dolfinx", "petsc4py", "mpi4py", "gmsh", "numpy", "h5py", "pydantic")


def versions() -> dict[str, str]:
    """Versions of the program, Python and the libraries that are installed."""
    found = {"dendrite": solver.__version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            module_version = _module_version(name)
            if module_version:
                found[name] = module_version
    return found


def _module_version(name: str) -> str | None:
    # Debian's gmsh module carries no package metadata.
    import importlib

    try:
        return getattr(importlib.import_module(name), "__version__", None)
    except ImportError:
        return None


def git_revision() -> str | None:
    """Revision of the checkout the program runs from, with `+` for local changes."""
    here = Path(solver.__file__).resolve().parent
    command = ["git", "-C", str(here), "describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def write(path: Path, record: dict) -> None:
    """Write a record as JSON; the file is complete or absent at any time."""
    aside = path.with_suffix(".json.tmp")
    aside.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    aside.rename(path)
