# SPDX-License-Identifier: MIT
"""The page of a run, from the files of its folder, of a run that failed or goes on too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from solver.base import files
from solver.base.errors import InputError
from solver.output import provenance, snapshots
from solver.pages import curves, drawing, recipe, repeating, stills
from solver.pages.contents import Contents
from solver.pages.markup import facts, folded, number, section, table, text
from solver.pages.page import Page

NAME = "report.html"
TALL = 1.5
"""Height over width of a cell from which on its pictures stand in more columns."""
CYCLES = 200
"""Last rows of cycles.csv that a page has."""


def write(folder: Path) -> Path:
    """Write the page of a run into its folder.

    Args:
        folder: Run folder with `resolved.yaml`; what else is there is shown.

    Returns:
        The path of `report.html`.

    Raises:
        InputError: A file is odd, the page cannot be written, or plotly is not installed.
    """
    path = Path(folder) / NAME
    try:
        files.replace(path, content(Path(folder)).encode())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}.") from None
    return path


def content(folder: Path, live: str | None = None) -> str:
    """The page of a run folder; `live` as for `Page`.

    Raises:
        InputError: A file is odd, or plotly is not installed.
    """
    run = Contents(folder)
    page = Page(run.title, live=live)
    sections = [
        *_doubts(run),
        _fields(run, page),
        _histories(run, page),
        _profiles(run, page),
        _cycles(run),
        recipe.config(run),
        recipe.cost(run),
        recipe.provenance(run),
        repeating.section_of(run),
        recipe.log(run),
        "<footer>Written by dendrite. The file is complete: it loads nothing from elsewhere. "
        "Curves are drawn by plotly.js (MIT licence).</footer>",
    ]
    body = "\n".join(filter(None, sections))
    return page.whole(_header(run, live is not None, body) + body)


# --- what comes first -------------------------------------------------------------------------


def _header(run: Contents, live: bool, body: str) -> str:
    """Title, state, the numbers to see first, and links to what is below."""
    state, words = _status(run, live)
    links = {"fields": "Fields", "histories": "Histories", "config": "Config", "cost": "Cost",
             "provenance": "Provenance", "repeat": "Repeat it"}  # fmt: skip
    nav = "".join(f'<a href="#{name}">{title}</a>' for name, title in links.items()
                  if f'<section id="{name}"' in body)  # fmt: skip
    return (
        f'<header><p class="sub">{text(run.kind.title)} · {text(run.folder.resolve().name)}</p>'
        f"<h1>{text(run.title)}</h1>"
        f'<p><span class="status {state}">{state}</span> {text(words)}'
        '<span id="contact"></span></p>'
        f'<div class="key">{facts(_key(run))}</div>'
        f'<nav aria-label="Sections">{nav}</nav></header>'
    )


def _status(run: Contents, live: bool) -> tuple[str, str]:
    """One word, and why."""
    if not run.ended:
        words = f"last step written at {run.written}" if run.rows else "no step yet"
        return ("running" if live else "not ended"), words
    reason = str(run.record.get("exit_reason", ""))
    state = provenance.outcome(run.record)
    return state, "" if reason == state else reason


def _key(run: Contents) -> Iterator[tuple[str, str]]:
    """The numbers that people ask for first."""
    if run.rows:
        yield "simulated time", run.time(run.scalars["t_s"][-1])
        for group in curves.GROUPS[:3]:
            unit = drawing.named(group.axis)[1]
            for name, values in curves.matching(run.scalars, group):
                yield text(name), f"{number(values[-1])} {text(unit)}"
        if (drop := _drop(run)) is not None:
            yield "potential drop", f"{number(drop)} mV"
    if "wall_time_s" in run.record:
        yield "wall time", _duration(run.record["wall_time_s"])


def _drop(run: Contents) -> float | None:
    """Range of the potential of ion transport at the end [mV]."""
    if run.kind.name != "transport":
        return None
    return 1e3 * (run.scalars["phi_max_V"][-1] - run.scalars["phi_min_V"][-1])


def _duration(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:.0f} s" if minutes else f"{rest:.1f} s"


def _doubts(run: Contents) -> Iterator[str]:
    """What `check` finds doubtful before a run, and what the run itself has come to."""
    titles = {
        "judgements": "What <code>check</code> finds doubtful",
        "remarks": "What the run remarks on itself",
    }
    for name, title in titles.items():
        lines = "".join(f"<li>{text(x)}</li>" for x in run.record.get(name, ()))
        yield section(name, title, lines and f'<ul class="judgements">{lines}</ul>')


# --- fields and curves ------------------------------------------------------------------------


def _fields(run: Contents, page: Page) -> str:
    there = snapshots.path(run.folder).exists()
    if not there or not (written := snapshots.entries(run.folder)):
        return ""
    series = stills.series(run.folder, run.kind.load("panels")(written[-1].attributes))
    times = [t / run.unit[1] for t in series.times]
    page.show(series, times, [f"t = {run.time(t)}" for t in series.times])
    last = len(times) - 1
    control = (
        '<div class="time"><label for="time">Time</label>'
        f'<input id="time" type="range" min="0" max="{last}" step="1" value="{last}" '
        f'autocomplete="off" aria-valuetext="t = {run.time(series.times[-1])}">'
        f'<output id="now" for="time">t = {run.time(series.times[-1])}</output>'
        '<button id="play" type="button">Play</button></div>'
    )
    figures = "".join(drawing.figure(field, series) for field in series.fields)
    deposit = any(field.panel.field == "xi" for field in series.fields)
    some = f"{len(times)} of {series.written} snapshots" if last + 1 < series.written else (
        f"{series.written} snapshots"
    )  # fmt: skip
    edges = "the edge of the deposit (ξ = 0.5), and of layers" if deposit else "the edges of layers"
    note = (
        f'<p class="sub">{some}; colours are the same at all times. White lines: {edges}. Point at '
        "a picture to read its value there.</p>"
    )
    shape = "fields tall" if series.size[1] > TALL * series.size[0] else "fields"
    return section("fields", "Fields", control, f'<div class="{shape}">{figures}</div>', note)


def _histories(run: Contents, page: Page) -> str:
    charts = "".join(page.chart(c) for c in curves.histories(run.scalars, *run.unit))
    note = (
        '<p class="sub">Drag to zoom, double-click to go back, click to move the pictures to that '
        "time. Curves of many steps are thinned; their extremes stay.</p>"
    )
    every = table("Columns of scalars.csv", ("column", "at the end", "least", "largest"),
                  _columns(run)) if run.rows else ""  # fmt: skip
    return section(
        "histories", "Histories",
        charts and f'<div class="charts">{charts}</div>{note}',
        every and folded("Every column: its last, least and largest value", every),
    )  # fmt: skip


def _columns(run: Contents) -> Iterator[tuple[str, ...]]:
    for name, values in run.scalars.items():
        yield text(name), *(number(x, 7) for x in (values[-1], values.min(), values.max()))


def _profiles(run: Contents, page: Page) -> str:
    path = run.folder / "profile.csv"
    if not path.exists():
        return ""
    charts = "".join(page.chart(c) for c in curves.profiles(curves.read(path)))
    return section("profile", "Along the axis, at the end", f'<div class="charts">{charts}</div>')


def _cycles(run: Contents) -> str:
    rows = list(csv.reader(io.StringIO(run.text("cycles.csv") or "")))
    if len(rows) < 2:
        return ""
    shown = [[text(x) for x in row] for row in rows[1:][-CYCLES:]]
    return section(
        "cycles", "Cycles", table("Rows of cycles.csv", [text(x) for x in rows[0]], shown)
    )
