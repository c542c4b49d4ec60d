# SPDX-License-Identifier: MIT
"""run.json: which program, where, what is doubtful, how large, how long, how it ended."""

from __future__ import annotations

import importlib
import json
import platform
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import solver
from solver.base import files
from solver.base.errors import EXIT_DONE, EXIT_STOPPED, InputError
from solver.input.run_config import RunConfig
from solver.stepping.cycler import DONE

if TYPE_CHECKING:  # reading run.json needs no h5py
    from solver.output.checkpoint import Standing

# MPI first: PETSc and DOLFINx from PyPI can be imported only after it.
MODULES = ("mpi4py.MPI", "petsc4py.PETSc", "dolfinx", "gmsh", "numpy", "h5py", "pydantic")
LIBRARIES = ("mpi4py", "petsc", "hypre", *MODULES[2:])
"""What `versions` tells besides the program and Python, where it is installed."""
COMPLETE = ("done", DONE)
"""Beginnings of the reasons of runs that have done all that they were asked for."""


def versions() -> dict[str, str]:
    """Versions of the program, Python and the libraries; for hypre whether PETSc has it.

    They are asked of the modules: one library comes in distributions of several names.
    """
    found = {"dendrite": solver.__version__, "python": platform.python_version()}
    for name in MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        package = name.partition(".")[0]
        if package == "petsc4py":
            found["petsc"] = ".".join(map(str, module.Sys.getVersion()))
            found["hypre"] = "yes" if module.Sys.hasExternalPackage("hypre") else "no"
        else:
            found[package] = sys.modules[package].__version__
    return found


def git_revision() -> str | None:
    """Revision of the checkout the program runs from, with `+` for local changes."""
    here = Path(solver.__file__).resolve().parent
    command = ["git", "-C", str(here), "describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def of_beginning(config: RunConfig, ranks: int) -> dict:
    """Return what run.json says of a run from its beginning on.

    Args:
        config: Its config.
        ranks: Number of MPI ranks.
    """
    return {
        "title": config.title,
        "physics": config.physics,
        "versions": versions(),
        "git_revision": git_revision(),
        "ranks": ranks,
    }


def of_way(standing: Standing) -> dict:
    """Return what run.json says of what has happened to a run so far."""
    return {
        "started": standing.started,
        "restarts": standing.restarts,
        "forced": standing.forced,
        "remarks": list(standing.remarks.values()),
    }


def of_end(standing: Standing, nodes: int, cells: int, end: tuple[str, int]) -> dict:
    """Return what run.json says of a run that has ended; `exit_code` tells that it has.

    Args:
        standing: Where it stands.
        nodes: Of the last mesh.
        cells: Of the last mesh.
        end: Why it ended, and its exit code.
    """
    node_passes = max(1, standing.node_passes)
    return {
        "exit_reason": end[0],
        "exit_code": end[1],
        "nodes": nodes,
        "nodes_mean": round(node_passes / max(1, standing.passes)),
        "triangles": cells,
        "remeshes": standing.remeshes,
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


def outcome(record: dict) -> str:
    """One word on a run by its run.json, empty while it goes on.

    It is `done`, `ended` by something else such as a short circuit, `stopped` or `failed`.
    """
    code, reason = record.get("exit_code"), str(record.get("exit_reason", ""))
    if code is None:
        return ""
    if code == EXIT_DONE:
        return "done" if reason.partition(",")[0] in COMPLETE else "ended"
    return "stopped" if code == EXIT_STOPPED else "failed"


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
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder}: there is no run.json yet.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise InputError(f"{path}: is no record of a run; without that file the rest can be read.")
    return record
