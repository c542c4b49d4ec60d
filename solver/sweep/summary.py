# SPDX-License-Identifier: MIT
"""The outcome of a sweep: one line per run, and a figure."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

from solver.base import files, physics
from solver.base.errors import InputError
from solver.input.section import Section
from solver.output import rows
from solver.sweep import state
from solver.sweep.plan import Run, Sweep

CSV, FIGURE = "summary.csv", "summary.png"


def write(sweep: Sweep) -> None:
    """Write `summary.csv` and `report.html`, and `summary.png` as soon as one run is done.

    Raises:
        InputError: A file cannot be read or written.
    """
    from solver.sweep import figure, page  # matplotlib is slow to import

    lines = [row(run) for run in sweep.runs]
    columns = list(dict.fromkeys(key for one in lines for key in one))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    try:
        files.replace(sweep.folder / CSV, buffer.getvalue().encode())
        if any(one["state"] == state.State.DONE.value for one in lines):
            files.replace(sweep.folder / FIGURE, figure.png(sweep))
        if sweep.runs[0].config.output.report:
            files.replace(sweep.folder / page.NAME, page.content(sweep, lines).encode())
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be written: {error.strerror}.") from None


def row(run: Run) -> dict[str, Any]:
    """Return the line of a run: its varied values in SI, how it ended, its outcome and last step.

    Raises:
        InputError: Its scalars.csv cannot be used.
    """
    now, record = state.state(run), state.record(run)
    line = {"run": run.folder.name, "state": now.value}
    line |= {key: _varied(run, key) for key in run.values}
    line |= {"end": record.get("exit_reason", "")}
    line |= {"steps": record.get("steps", ""), "wall_time_s": record.get("wall_time_s", "")}
    path = run.folder / "scalars.csv"
    if now is state.State.DONE or (now is state.State.FAILED and rows.has_any(path)):
        compared = physics.of(run.config).load("outcome")
        number = compared.sum_up(compared.curve(path))
        line[compared.summary] = f"{number:.6g}" if math.isfinite(number) else ""
        line |= {key: value for key, value in rows.read(path)[-1].items() if key != "step"}
        line |= _cycled(run.folder / "cycles.csv")
    return line


def _varied(run: Run, key: str) -> Any:
    """A varied value in SI; a whole section, such as a line of a protocol, as it was written."""
    found = value_of(run.config, key)
    return run.values[key] if isinstance(found, Section) else found


def _cycled(path: Path) -> dict[str, str]:
    """What a cell has plated and stripped in all its cycles, and the efficiency of the last one."""
    if not path.exists():
        return {}
    table = rows.read(path)
    sums = {
        f"{way}_mAh_per_cm2": f"{sum(float(row[f'{way}_mAh_per_cm2']) for row in table):.10g}"
        for way in ("plated", "stripped")
    }
    return sums | {"last_coulombic_efficiency": table[-1]["coulombic_efficiency"]}


def standing(run: Run) -> str:
    """Say where a run that is going on stands."""
    compared = physics.of(run.config).load("outcome")
    try:
        curve = compared.curve(run.folder / "scalars.csv")
    except InputError:  # it has no steps yet
        return "begins"
    return f"t = {curve.t[-1]:.4g} s, {compared.label.replace('µ', 'u')} {curve.values[-1]:.4g}"


def value_of(config: Any, key: str) -> Any:
    """Return a value of a config by its dotted key, such as `layers.0.D` or `layers.0.D.Li`."""
    for part in key.split("."):
        if part.isdecimal():
            config = config[int(part)]
        else:
            config = config[part] if isinstance(config, dict) else getattr(config, part)
    return config
