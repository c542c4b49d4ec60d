# SPDX-License-Identifier: MIT
"""The figure of a sweep: its outcome against time, and summed up against the first varied value."""

from __future__ import annotations

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from solver.base import physics, text
from solver.pictures import panels
from solver.sweep import state
from solver.sweep.outcome import Curve, Outcome
from solver.sweep.plan import Run, Sweep

DPI = 180
STYLES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
SHOWN = 8
"""More values than this are not named one by one in a legend."""
LETTERS, KEY = 60, 7
"""About as many letters fit into a line above one of two axes, and are as wide as a line's key."""
BELOW, LINES = 40, 4
"""Letters from the first tick below the right axes to the last, and lines of a name there."""


def png(sweep: Sweep) -> bytes:
    """Return the figure of a sweep as the content of a file."""
    with matplotlib.rc_context(panels.STYLE):
        return panels.rendered(drawn(sweep), DPI)


def drawn(sweep: Sweep) -> Figure:
    """Draw the runs that are done: colour by the first varied key, line and mark by the second."""
    done = [run for run in sweep.runs if state.state(run) is state.State.DONE]
    compared: Outcome = physics.of(sweep.runs[0].config).load("outcome")
    curves = {run.number: compared.curve(run.folder / "scalars.csv") for run in done}
    keys = list(sweep.runs[0].values)
    choices = [list(dict.fromkeys(run.values[key] for run in sweep.runs)) for key in keys]
    fig = Figure(figsize=(10.6, 4.5), layout="constrained")
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    left, right = fig.subplots(1, 2, width_ratios=[1.15, 1])
    look = _Look(keys, choices)
    _draw_curves(left, done, curves, look)
    left.set_ylabel(compared.label)
    _draw_summaries(right, done, [compared.sum_up(curves[run.number]) for run in done], look)
    right.set_ylabel(compared.summary_label)
    _draw_legends(left, right, look)
    count = f"{len(done)} of {len(sweep.runs)} runs"
    panels.head(fig, f"{sweep.title} ({count})", 90)
    return fig


class _Look:
    """Colour, line and mark of a run."""

    def __init__(self, keys: list[str], choices: list[list[str]]):
        self.keys, self.choices = keys, choices
        # Up to 0.9: the yellow end of cividis is too light for lines on white.
        shades = np.linspace(0, 0.9, len(choices[0]))
        self.colours = matplotlib.colormaps["cividis"](shades)

    def of(self, run: Run) -> dict:
        first = self.choices[0].index(run.values[self.keys[0]])
        second = self.second(run)
        return {"color": self.colours[first], "linestyle": STYLES[second % len(STYLES)]}

    def second(self, run: Run) -> int:
        return 0 if len(self.keys) < 2 else self.choices[1].index(run.values[self.keys[1]])


def _draw_curves(ax: Axes, runs: list[Run], curves: dict[int, Curve], look: _Look) -> None:
    unit, seconds = panels.time_unit(max(curves[run.number].t[-1] for run in runs))
    for run in runs:
        curve = curves[run.number]
        ax.plot(curve.t / seconds, curve.values, linewidth=1.5, **look.of(run))
    ax.set(xlabel=f"time ({unit})", xlim=(0, None), ylim=(0, None))
    tidy(ax)


def _draw_summaries(ax: Axes, runs: list[Run], numbers: list[float], look: _Look) -> None:
    names = look.choices[0]
    ordered = len(look.keys) <= 2
    for second in sorted({look.second(run) for run in runs}):
        mine = [i for i, run in enumerate(runs) if look.second(run) == second]
        x = [names.index(runs[i].values[look.keys[0]]) for i in mine]
        y = [numbers[i] for i in mine]
        if ordered:
            style = STYLES[second % len(STYLES)]
            ax.plot(x, y, color=panels.FAINT, linestyle=style, linewidth=1, zorder=1)
        colours = [look.of(runs[i])["color"] for i in mine]
        mark = MARKERS[second % len(MARKERS)]
        ax.scatter(x, y, c=colours, marker=mark, s=45, zorder=2)
    name_ticks(ax, names)
    ax.set(xlabel=look.keys[0], ylim=(0, None))
    ax.margins(x=0.1)
    tidy(ax)


def name_ticks(ax: Axes, names: list[str]) -> None:
    """Put names below axes, in lines and as many of them as do not meet."""
    every = max(1, len(names) // SHOWN)
    if max(map(len, names)) > _room(names, every):
        word = max(len(word) for name in names for word in name.split())
        while every < len(names) and _room(names, every) < word:
            every += 1
    lines = [text.heading(name, _room(names, every), LINES) for name in names[::every]]
    ax.set_xticks(range(0, len(names), every), lines)


def _room(names: list[str], every: int) -> int:
    """Letters from the tick of a name to that of the next one shown, but for a space."""
    return BELOW * every // max(1, len(names) - 1) - 1


def _draw_legends(left: Axes, right: Axes, look: _Look) -> None:
    """Name the values of the first key above the curves and of the second above the marks."""
    if len(look.choices[0]) <= SHOWN:
        lines = [Line2D([], [], color=colour, linewidth=3) for colour in look.colours]
        legend_above(left, lines, look.choices[0], look.keys[0])
    if len(look.keys) > 1 and len(look.choices[1]) <= SHOWN:
        marks = [
            Line2D([], [], color=panels.FAINT, linestyle=STYLES[n % len(STYLES)],
                   marker=MARKERS[n % len(MARKERS)])
            for n in range(len(look.choices[1]))
        ]  # fmt: skip
        legend_above(right, marks, look.choices[1], look.keys[1])


def legend_above(ax: Axes, lines: list[Line2D], names: list[str], title: str = "") -> None:
    """Name lines above the axes, where they cover no curve, in as many columns as fit."""
    columns = max(1, min(len(names), LETTERS // (max(map(len, names)) + KEY)))
    ax.legend(
        lines, names, title=title or None, alignment="left", ncols=columns, frameon=False,
        loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, borderpad=0.2,
    )  # fmt: skip


def tidy(ax: Axes) -> None:
    """Leave away what carries no number."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#dddddd", linewidth=0.5)
