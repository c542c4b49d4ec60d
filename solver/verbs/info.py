# SPDX-License-Identifier: MIT
"""What the verb `info` prints: versions, or what a run has come to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from solver.api import tables
from solver.base.text import one_line
from solver.base.units import si_text
from solver.input import loading
from solver.input.comparison import Difference
from solver.output import holder, place, provenance, rows

SAID = ("title", "exit_reason", "exit_code", "restarts", "t_s", "judgements", "remarks", "forced")
"""Keys of run.json that are said in words."""
DONE = "done"
"""Reason of a run that has come to what its config asks for."""
WORDS = {"islands_um2": "area of islands"}
"""What columns are called whose name without its unit is that of another."""
BESIDES = ("step", "t_s", "dt_s")
"""Columns that are no result."""


def versions() -> str:
    """Return the versions of the program, Python and the libraries, one per line."""
    found = provenance.versions()
    missing = {name: "not installed" for name in provenance.LIBRARIES if name not in found}
    return "\n".join(f"{name:<15} {version}" for name, version in (found | missing).items())


def summary(folder: Path, cost: bool = False) -> str:
    """Say what a run has come to, also one that is going on: its end, and its last state.

    Args:
        folder: The run folder.
        cost: Add what else its `run.json` says: mesh, steps, wall time by part, versions.

    Raises:
        InputError: It is no run folder, or a file of it cannot be read.
    """
    place.require_run(folder)
    record = provenance.read(folder) if (folder / "run.json").exists() else {}
    lines = [*_standing(folder, record), *_results(folder), *_remarks(record)]
    if cost:
        lines += _plain({key: value for key, value in record.items() if key not in SAID}, "")
    return "\n".join(lines)


def _standing(folder: Path, record: dict) -> Iterator[str]:
    """Title, why it has ended, or who goes on with it, and how far it has come."""
    section = loading.read_section(folder / place.MARK)
    time, table = section.get("time") or {}, _last(folder / "scalars.csv")
    yield one_line(str(record.get("title", section.get("title", folder))))
    if "exit_reason" in record:
        reason = record["exit_reason"]
        why = f", {_reached(time, table)}" if reason == DONE and time and table else ""
        yield f"end: {reason}{why} (exit code {record['exit_code']})"
    elif writing := holder.holder(folder):
        yield f"going on: {writing} is writing to it"
    else:
        yield f"no end: nobody is writing to it; go on with: dendrite restart {folder}"
    if record.get("restarts"):
        yield f"restarts: {record['restarts']}"
    if not table:
        yield "no states yet"
        return
    asked = time.get("end")
    of = f" of {si_text(float(asked), 's')}" if asked is not None else ""
    yield f"t = {si_text(float(table['t_s']), 's')}{of}, step {table['step']}"


def _reached(time: dict, table: dict[str, str]) -> str:
    """Which of the ends that its config asks for a run has come to."""
    if time.get("mode") == "steady":
        return "a steady state"
    stop = time.get("stop_tip")
    if stop is not None and float(table["tip_um"]) >= float(stop) * 1e6 * (1 - 1e-9):
        return "time.stop_tip reached"
    return "time.end reached"


def _results(folder: Path) -> Iterator[str]:
    """Every number of the last state, and of the last cycle, with its unit."""
    for name, head in (("scalars.csv", ""), ("cycles.csv", "last cycle:")):
        last = _last(folder / name)
        yield from [head] * bool(last and head)
        for column, value in last.items():
            if column not in BESIDES:
                unit = tables.unit_of(column)
                words = WORDS.get(column, tables.without_unit(column).replace("_", " "))
                yield f"{words:<22} {float(value):.6g} {'' if unit == '1' else unit}".rstrip()


def _last(path: Path) -> dict[str, str]:
    """The last whole row of a table; empty if there is none."""
    return rows.read(path)[-1] if rows.has_any(path) else {}


def _remarks(record: dict) -> Iterator[str]:
    """What it was forced to, what `check` finds doubtful, and what the run has come to."""
    for forced in record.get("forced", ()):
        for x in forced["changes"]:
            change = Difference(x["key"], x["from"], x["to"])
            yield f"forced from t = {si_text(forced['t_s'], 's')} on: {change}"
    for sentence in record.get("judgements", ()):
        yield f"check: {sentence}"
    for sentence in record.get("remarks", ()):
        yield f"remark: {sentence}"


def _plain(value, name: str) -> list[str]:
    """Plain values, one per line, with dotted names."""
    if isinstance(value, dict):
        inner = name and f"{name}."
        return [line for key, item in value.items() for line in _plain(item, f"{inner}{key}")]
    return [f"{name}: {value}"]
