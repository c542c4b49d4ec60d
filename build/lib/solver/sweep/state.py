# SPDX-License-Identifier: MIT
"""How far a run of a sweep is, told from its folder alone."""

from __future__ import annotations

import enum
import json

from solver.base.errors import EXIT_DONE, EXIT_SOLVER_FAILED, InputError
from solver.input import loading
from solver.input.comparison import differences
from solver.output import checkpoint
from solver.sweep.plan import Run


class State(enum.Enum):
    """States of a run; a killed one has a checkpoint but no end."""

    WAITING = "waiting"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do."""
        return self in (State.DONE, State.FAILED)


def state(run: Run) -> State:
    """Return the state of a run.

    Raises:
        InputError: The folder holds a run of other values.
    """
    code = record(run).get("exit_code")
    if code is None and not checkpoint.all_in(run.folder):
        return State.WAITING
    _require_same_values(run)
    return {EXIT_DONE: State.DONE, EXIT_SOLVER_FAILED: State.FAILED}.get(code, State.STOPPED)


def record(run: Run) -> dict:
    """Return what the run's `run.json` says; nothing while it has none."""
    try:
        return json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _require_same_values(run: Run) -> None:
    there = loading.read_section(run.folder / "resolved.yaml")
    # JSON both ways: tuples are lists in the file.
    found = differences(there, json.loads(run.config.model_dump_json()))
    if found:
        raise InputError(
            f"{run.folder}: holds a run of other values ({found[0]}); choose another folder for "
            "the sweep with -o, or remove that one."
        )
