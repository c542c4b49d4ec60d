# SPDX-License-Identifier: MIT
"""The outcome of a sweep: one line per run, and a figure."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from solver.base import files
from solver.base.errors import InputError
from solver.sweep import state
from solver.sweep.plan import Run, Sweep

CSV, FIGURE = "summary.csv", "summary.png"


def write(sweep: Sweep) -> None:
    """Write `summary.csv`, and `summary.png` as soon as one run is over.

    Raises:
        InputError: A file cannot be read or written.
    """
    from solver.sweep import figure  # matplotlib is slow to import

    rows = [row(run) for run in sweep.runs]
    columns = list(dict.fromkeys(key for one in rows for key in one))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    try:
        files.replace(sweep.folder / CSV, buffer.getvalue().encode())
        if any(one["state"] == state.State.DONE.value for one in rows):
            files.replace(sweep.folder / FIGURE, figure.png(sweep))
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be written: {error.strerror}.") from None


def row(run: Run) -> dict[str, Any]:
    """Return the line of a run: its varied values in SI, how it ended, its last step.

    `tip_speed_um_per_s` is the mean over the whole run, from the start to its last step.
    """
    now, record = state.state(run), state.record(run)
    line = {"run": run.folder.name, "state": now.value}
    line |= {key: value_of(run.config, key) for key in run.values}
    line |= {"steps": record.get("steps", ""), "wall_time_s": record.get("wall_time_s", "")}
    if now.over:
        steps = list(csv.DictReader(io.StringIO(_text(run.folder / "scalars.csv"))))
        first, last = steps[0], steps[-1]
        t, grown = float(last["t_s"]), float(last["tip_um"]) - float(first["tip_um"])
        line["tip_speed_um_per_s"] = f"{grown / t:.6g}" if t > 0 else ""
        line |= {key: value for key, value in last.items() if key != "step"}
    return line


def value_of(config: Any, key: str) -> Any:
    """Return a value of a config by its dotted key, such as `layers.0.D`."""
    for part in key.split("."):
        config = config[int(part)] if part.isdecimal() else getattr(config, part)
    return config


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
