# SPDX-License-Identifier: MIT
"""run.json: which program, where, how large, how long, how it ended."""

from __future__ import annotations

import json
import platform
import resource
import subprocess
from importlib import metadata
from pathlib import Path

import solver
from solver.base import files
from solver.base.errors import InputError
from solver.input.run_config import RunConfig
from solver.output.checkpoint import Standing

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


def of_run(
    config: RunConfig, standing: Standing, nodes: int, cells: int, ranks: int, end: tuple[str, int]
) -> dict:
    """Return what run.json says of a run.

    Args:
        config: Its config.
        standing: Where the run stands.
        nodes: Of the last mesh.
        cells: Of the last mesh.
        ranks: Number of MPI ranks.
        end: Why the run ended, and its exit code.
    """
    node_passes = max(1, standing.node_passes)
    return {
        "title": config.title,
        "physics": config.physics,
        "exit_reason": end[0],
        "exit_code": end[1],
        "versions": versions(),
        "git_revision": git_revision(),
        "ranks": ranks,
        "nodes": nodes,
        "nodes_mean": round(node_passes / max(1, standing.passes)),
        "triangles": cells,
        "remeshes": standing.remeshes,
        "started": standing.started,
        "restarts": standing.restarts,
        "wall_time_s": round(standing.wall, 2),
        "peak_memory_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "t_s": standing.t,
        "steps": standing.steps,
        "rejected_steps": standing.stepper["rejected"],
        "passes": standing.passes,
        "cost_s": {name: round(s, 3) for name, s in standing.cost.items()},
        "cost_us_per_node_and_pass": {
            name: round(1e6 * s / node_passes, 4) for name, s in standing.cost.items()
        },
    }


def write(path: Path, record: dict) -> None:
    """Write a record as JSON; the file is complete or absent at any time."""
    files.replace(path, (json.dumps(record, indent=2) + "\n").encode())


def read(folder: Path) -> dict:
    """Read the record of a run folder.

    Raises:
        InputError: The folder has no readable `run.json`.
    """
    path = folder / "run.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder}: holds no run.json, so it is no run folder.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
