# SPDX-License-Identifier: MIT
"""The page of a study of convergence: its numbers over the size, each run linked to its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solver.pages import run_page
from solver.pages.markup import number, section, table, text
from solver.pages.page import Page
from solver.sweep.convergence import Convergence, Number, order_text
from solver.sweep.plan import Run, Sweep

NAME = run_page.NAME
UM = 1e6


def content(found: Convergence, sweep: Sweep) -> str:
    """The page of a study.

    Args:
        found: Its outcome.
        sweep: Its runs.

    Raises:
        InputError: plotly is not installed.
    """
    page, runs = Page(found.title), {run.folder.name: run for run in sweep.runs}
    charts = "".join(page.plot(n.name, _chart(n, found, runs)) for n in found.numbers)
    note = (
        '<p class="sub">At size 0 the extrapolated value without what the checks shift it by. A '
        "click on a point opens the page of its run.</p>"
    )
    doubts = "".join(f"<li>{text(sentence)}</li>" for sentence in found.sentences)
    return page.whole(
        f'<header><p class="sub">convergence · {text(sweep.folder.resolve().name)}</p>'
        f"<h1>{text(found.title)}</h1></header>"
        + section("numbers", "Numbers", _table(found, runs))
        + section("doubts", "What is doubtful", doubts and f'<ul class="judgements">{doubts}</ul>')
        + section("levels", "Levels", f'<div class="charts">{charts}</div>{note}')
        + "<footer>Written by dendrite. Links lead to the pages in the folders of the runs, which "
        "must be moved along with this file.</footer>"
    )


def _chart(n: Number, found: Convergence, runs: dict[str, Run]) -> dict[str, Any]:
    levels = list(found.sizes)
    curve = {
        "name": n.name, "mode": "lines+markers",
        "x": [*(UM * found.sizes[name] for name in levels), 0.0],
        "y": [*(n.values[name] for name in levels), n.limit.value],
        "text": [*levels, "extrapolated"], "links": [*(_link(runs[x]) for x in levels), None],
    }  # fmt: skip
    return {"x": f"{found.size} (um)", "y": f"{n.name} ({n.unit})", "points": True,
            "curves": [curve]}  # fmt: skip


def _link(run: Run) -> str | None:
    """Where the page of a run is, seen from that of the study."""
    return f"{run.folder.name}/{NAME}" if (run.folder / NAME).exists() else None


def _table(found: Convergence, runs: dict[str, Run]) -> str:
    first = found.numbers[0]
    parts = [f"± {text(name)}" for name in first.errors]
    head = ["number", *_runs(first, found, runs), "order", "extrapolated", *parts]
    rows = [
        (
            text(f"{n.name} ({n.unit})"), *(number(value) for value in n.values.values()),
            text(order_text(n)), text(n.text.replace("+-", "±")),
            *(number(n.errors[name], 2) for name in first.errors),
        )
        for n in found.numbers
    ]  # fmt: skip
    return table("Numbers of the runs, and what they tend to", head, rows)


def _runs(n: Number, found: Convergence, runs: dict[str, Run]) -> Iterator[str]:
    """Headings of the runs: their names, linked to their pages, and sizes of levels."""
    for name in n.values:
        link, shown = _link(runs[name]), text(name)
        size = f"<br>{number(UM * found.sizes[name])} um" if name in found.sizes else ""
        yield (f'<a href="{text(link)}">{shown}</a>' if link else shown) + size
