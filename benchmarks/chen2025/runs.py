# SPDX-License-Identifier: MIT
"""Doing the runs: each in a process of its own, several at a time, none twice."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.chen2025.cases import CONFIGS, Case
from solver.base.errors import InputError
from solver.input import loading

ROOT = Path(__file__).parents[2]


def finished(case: Case, folder: Path) -> bool:
    """Whether a folder holds this very run, done.

    The folder's own config is read again, so that keys which came into the program since stand at
    their defaults: a run is not done twice because the program can do more.
    """
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        did = loading.resolved_yaml(loading.load(folder / "resolved.yaml"))
    except (OSError, ValueError, InputError):
        return False
    wanted = loading.resolved_yaml(loading.load(CONFIGS / case.config, list(case.overrides)))
    return record.get("exit_code") == 0 and did == wanted


def run_all(cases: list[Case], results: Path, jobs: int, launcher: str) -> list[str]:
    """Do the runs that are not done yet.

    Args:
        cases: The runs.
        results: Parent of their folders.
        jobs: How many at a time.
        launcher: Command to put before each, such as that of a batch system.

    Returns:
        Names of the runs that failed.
    """
    results.mkdir(parents=True, exist_ok=True)
    left = [case for case in cases if not finished(case, results / case.name)]
    print(f"{len(cases)} runs, {len(cases) - len(left)} of them done already", flush=True)
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda case: _run(case, results / case.name, launcher), left))
    return [case.name for case in left if not finished(case, results / case.name)]


def _run(case: Case, folder: Path, launcher: str) -> None:
    words = [*shlex.split(launcher), sys.executable, "-m", "solver", "run"]
    words += [str(CONFIGS / case.config), "-o", str(folder), "--force"]
    for override in case.overrides:
        words += ["--set", override]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    last = (done.stderr or done.stdout).strip().splitlines()[-1:]
    print(case.name, "done" if finished(case, folder) else f"failed: {last}", flush=True)
