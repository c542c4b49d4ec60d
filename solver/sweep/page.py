# SPDX-License-Identifier: MIT
"""The page of a sweep: its outcome over the first varied value, each run linked to its own page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from solver.base import physics
from solver.base.errors import EXIT_DONE
from solver.output import provenance
from solver.pages import run_page
from solver.pages.markup import facts, number, section, table, text
from solver.pages.page import Page
from solver.sweep.outcome import Outcome
from solver.sweep.plan import Run, Sweep, short
from solver.sweep.state import State

NAME = run_page.NAME
AT_END = ("t_s", "steps", "wall_time_s")
"""Columns of summary.csv that the table has besides the outcome."""


def content(sweep: Sweep, rows: Sequence[dict[str, Any]]) -> str:
    """The page of a sweep.

    Args:
        sweep: The plan.
        rows: The lines of its summary, one for each run.

    Raises:
        InputError: plotly is not installed.
    """
    compared: Outcome = physics.of(sweep.runs[0].config).load("outcome")
    page = Page(sweep.title)
    count = {state: sum(row["state"] == state.value for row in rows) for state in State}
    key = facts((state.value, str(number)) for state, number in count.items() if number)
    return page.whole(
        f'<header><p class="sub">sweep · {text(sweep.folder.resolve().name)}</p>'
        f'<h1>{text(sweep.title)}</h1><div class="key">{key}</div></header>'
        + _outcome(sweep, rows, compared, page)
        + section("runs", "Runs", _table(sweep, rows, compared))
        + "<footer>Written by dendrite. Links lead to the pages in the folders of the runs, which "
        "must be moved along with this file.</footer>"
    )


def _outcome(sweep: Sweep, rows: Sequence[dict[str, Any]], compared: Outcome, page: Page) -> str:
    pairs = list(zip(sweep.runs, rows, strict=True))
    done = [
        (run, value)
        for run, row in pairs
        if row["state"] == State.DONE.value and (value := _value(row, compared)) is not None
    ]
    failed = [run for run, row in pairs if row["state"] == State.FAILED.value]
    if not done and not failed:
        return ""
    first, *others = sweep.runs[0].values
    groups: dict[str, list[tuple[Run, float]]] = {}
    for run, value in done:
        name = ", ".join(f"{short(key, run.values)} {run.values[key]}" for key in others)
        groups.setdefault(name or compared.summary_label, []).append((run, value))
    curves = [_curve(name, points, first) for name, points in groups.items()]
    if failed:
        # They have no outcome: on the axis, where they are seen.
        lost = _curve("failed: no outcome", [(run, 0.0) for run in failed], first, "markers")
        curves.append(lost | {"failed": True})
    plot = page.plot(
        compared.summary_label,
        {"x": first, "y": compared.summary_label, "points": True, "category": True,
         "order": list(dict.fromkeys(run.values[first] for run in sweep.runs)), "curves": curves},
    )  # fmt: skip
    note = '<p class="sub">A click on a point opens the page of its run.</p>'
    return section("outcome", "Outcome", f'<div class="charts one">{plot}</div>{note}')


def _value(row: dict[str, Any], compared: Outcome) -> float | None:
    """The number that sums up a run, if it has one."""
    found = row.get(compared.summary, "")
    return float(found) if found != "" and math.isfinite(float(found)) else None


def _curve(
    name: str, points: list[tuple[Run, float]], first: str, mode: str = "lines+markers"
) -> dict[str, Any]:
    return {
        "name": name, "mode": mode,
        "x": [run.values[first] for run, _ in points], "y": [value for _, value in points],
        "text": [run.name for run, _ in points], "links": [_link(run) for run, _ in points],
    }  # fmt: skip


def _link(run: Run) -> str | None:
    """Where the page of a run is, seen from that of the sweep."""
    return f"{run.folder.name}/{NAME}" if (run.folder / NAME).exists() else None


def _table(sweep: Sweep, rows: Sequence[dict[str, Any]], compared: Outcome) -> str:
    keys = list(sweep.runs[0].values)
    there = [name for name in AT_END if any(name in row for row in rows)]
    head = ["run", "state", *keys, compared.summary, *there]
    lines = []
    for run, row in zip(sweep.runs, rows, strict=True):
        link, (state, why) = _link(run), _ending(row)
        name = text(run.folder.name)
        lines.append((
            f'<a href="{text(link)}">{name}</a>' if link else name,
            f'<span class="status {state}">{state}</span> {text(why)}',
            *(text(run.values[key]) for key in keys),
            *(_shown(row.get(column, "")) for column in (compared.summary, *there)),
        ))  # fmt: skip
    return table("Values as in the sweep file; the rest is in summary.csv",
                 [text(x) for x in head], lines)  # fmt: skip


def _ending(row: dict[str, Any]) -> tuple[str, str]:
    """One word on a run, and what has ended it where that was not what it was asked for."""
    state, reason = row["state"], row.get("end", "")
    if state == State.DONE.value:
        state = provenance.outcome({"exit_code": EXIT_DONE, "exit_reason": reason})
    return state, "" if state in (reason, State.DONE.value) else reason


def _shown(value: Any) -> str:
    return number(float(value)) if value != "" else ""
