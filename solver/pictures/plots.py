# SPDX-License-Identifier: MIT
"""The figure of a run, from the files of its folder alone: four fields at the end, and the tip."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from solver.base.errors import InputError
from solver.output import rows, snapshots
from solver.pictures import panels
from solver.pictures.panels import FAINT

DPI = 180
TIP, MEAN = "#c1440e", "#3b6ea5"


class Layout(NamedTuple):
    """Places of the panels, size of the figure [inch], titles.

    Attributes:
        mosaic: Names of the panels by place.
        size: Of the figure [inch].
        title: Longest line of a title [characters].
        pad: Distance of a title from its panel [point]. Beside a narrow panel it stands over the
            number at the end of the colour bar.
    """

    mosaic: list[list[str]]
    size: tuple[float, float]
    title: int = 40
    pad: float = 6.0


HISTORY = ("t_s", "tip_um", "front_mean_um")


class Curve(NamedTuple):
    """A line of a panel: column of scalars.csv, label, colour."""

    column: str
    label: str
    colour: str


class Chart(NamedTuple):
    """One of those that stand above each other in a panel.

    Attributes:
        label: With its unit.
        factor: From the columns' unit.
        curves: Its lines.
        begins: Share of the time before which values may be beyond the chart.
    """

    label: str
    factor: float
    curves: tuple[Curve, ...]
    begins: float = 0.0


CELL = (
    Chart("voltage\n(mV)", 1e3, (Curve("cell_voltage_V", "", TIP),)),
    Chart("current\n(mA/cm²)", 0.1, (Curve("cell_current_A_per_m2", "", MEAN),)),
)
DEPOSITION = "deposition_A_per_m2"
GROWTH = (
    Chart("deposition\n(mA/cm²)", 0.1, (Curve(DEPOSITION, "", TIP),), begins=0.01),
    Chart(
        "electrodes\n(mA/cm²)", 0.1,
        (
            Curve("counter_current_A_per_m2", "counter", MEAN),
            Curve("anode_current_A_per_m2", "anode", FAINT),
        ),
    ),
)  # fmt: skip
"""What a cell with a current and a voltage shows against time, and what others do: while a front
finds its profile, in the first moments, they deposit a multiple of what they do afterwards."""


class History(NamedTuple):
    """Columns of `scalars.csv`: time [s], tip and mean front height [um].

    And what else is drawn against time: a title, charts, and the values of their columns.
    """

    t: np.ndarray
    tip: np.ndarray
    mean: np.ndarray
    title: str
    charts: tuple[Chart, ...]
    values: dict[str, np.ndarray]


def figure(folder: Path) -> Path:
    """Draw the state at the end of a run and the growth of its tip.

    Args:
        folder: Run folder with a field series, `scalars.csv` and `resolved.yaml`.

    Returns:
        The path of `figure.png` in the folder.

    Raises:
        InputError: A file is missing or odd, or the figure cannot be written.
    """
    folder = Path(folder)
    snapshot = snapshots.load(folder)
    history = read_history(folder / "scalars.csv")
    title = read_title(folder / "resolved.yaml")
    panels.require_finite(snapshot, folder)
    with matplotlib.rc_context(panels.STYLE):
        return panels.save(_draw(snapshot, history, title), folder / "figure.png", DPI)


def read_history(path: Path) -> History:
    """Read the columns of `scalars.csv` that the figure shows.

    Raises:
        InputError: The file is missing or odd.
    """
    there = rows.names(path)
    is_cell = CELL[0].curves[0].column in there
    title, wanted = ("Voltage and current", CELL) if is_cell else ("Current", GROWTH)
    charts = tuple(c for c in wanted if {x.column for x in c.curves} <= there)
    names = [curve.column for chart in charts for curve in chart.curves]
    t, tip, mean, *others = rows.columns(path, *HISTORY, *names)
    values = dict(zip(names, others, strict=True))
    if DEPOSITION in values:
        values[DEPOSITION][0] = np.nan  # a mean over the step before, of which there is none
    return History(t, tip, mean, title, charts, values)


def read_title(path: Path) -> str:
    """Read the title of a run from its `resolved.yaml`.

    The rest is not validated: a figure can be drawn of a run of another version.

    Raises:
        InputError: The file is missing or has no title.
    """
    try:
        return str(YAML(typ="safe", pure=True).load(_text(path))["title"])
    except (YAMLError, KeyError, TypeError):
        raise InputError(f"{path}: it has no title.") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None


# --- drawing -------------------------------------------------------------------------------


def _draw(snapshot: snapshots.Snapshot, history: History, title: str) -> Figure:
    width, height = np.ptp(snapshot.points, axis=0)
    shown = [panel for panel in panels.PANELS if panel.field in snapshot.fields]
    series = ["tip", "current"] if history.charts else ["tip"]
    layout = _layout([panel.field for panel in shown], series, height / width)
    fig = Figure(figsize=layout.size, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.04)
    axes = fig.subplot_mosaic(layout.mosaic)
    first_in_row = {row[0] for row in layout.mosaic}
    for panel in shown:
        ax = axes[panel.field]
        panels.frame(ax, snapshot.points)
        if panel.field not in first_in_row:
            ax.set_ylabel("")
            ax.tick_params(labelleft=False)
        ax.set_title(textwrap.fill(panel.title, layout.title), pad=layout.pad)
        _draw_field(ax, panel, snapshot)
    _draw_history(axes["tip"], history)
    if history.charts:
        _draw_charts(axes["current"], history)
    panels.head(fig, title, 90, below=f"t = {panels.time_text(snapshot.time)}")
    return fig


def _draw_field(ax: Axes, panel: panels.Panel, snapshot: snapshots.Snapshot) -> None:
    norm = Normalize(*panels.colour_range(panel, snapshot))
    highest = snapshot.fields[panel.field].max() * panel.factor
    panels.colour_bar(ax, panel, norm, beyond=highest > norm.vmax)
    panels.draw(ax, panel, snapshot, norm)


def _layout(fields: list[str], series: list[str], aspect: float) -> Layout:
    """Choose the layout of fields and of series in time for a cell of height/width `aspect`."""
    if aspect > 1.5:
        wide = [name for name in series for _ in range(2)]
        return Layout([[*fields, *wide]], (11, min(2 + 1.2 * aspect, 6)), title=20, pad=10)
    if aspect < 0.5:
        rows = _rows(fields, 2)
        # The charts stand above each other, and have the room of two.
        mosaic = [*rows, *([name, name] for name in series), *([name, name] for name in series[1:])]
        return Layout(mosaic, (10.6, (2 * len(mosaic) - 1) + 4 * len(rows) * aspect))
    mosaic = _rows([*fields, *series], 3)
    return Layout(mosaic, (10.6, 2.2 + 2.2 * len(mosaic) * aspect))


def _rows(names: list[str], columns: int) -> list[list[str]]:
    """Rows of so many places; the last name takes what is left of the last row."""
    filled = [*names, *[names[-1]] * (-len(names) % columns)]
    return [filled[i : i + columns] for i in range(0, len(filled), columns)]


def _draw_history(ax: Axes, history: History) -> None:
    unit, seconds = panels.time_unit(history.t[-1])
    t = history.t / seconds
    # The labels at the ends stand away from each other: the tip is never below the mean.
    for values, label, colour, side, shift in (
        (history.tip, "tip", TIP, "bottom", 1),
        (history.mean, "mean front", MEAN, "top", -1),
    ):
        ax.plot(t, values, color=colour, linewidth=2)
        ax.plot(t[-1], values[-1], "o", color=colour, markersize=6, clip_on=False, zorder=3)
        ax.annotate(
            f"{label}\n{values[-1]:.1f} µm",
            (t[-1], values[-1]),
            xytext=(9, shift),
            textcoords="offset points",
            va=side,
            color=colour,
        )
    span = t[-1] - t[0] or 1.0
    ax.set(xlabel=f"time ({unit})", ylabel="height (µm)")
    ax.set(xlim=(t[0], t[-1] + 0.18 * span), ylim=(0, 1.15 * max(history.tip.max(), 0.1)))
    ax.set_title("Height of the deposit")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#dddddd", linewidth=0.5)


def _draw_charts(ax: Axes, history: History) -> None:
    unit, seconds = panels.time_unit(history.t[-1])
    t = history.t / seconds
    ax.set_axis_off()
    ax.set_title(history.title)
    # One above the other: what one shows may be a multiple of what the other does.
    count = len(history.charts)
    height = (1 - 0.08 * (count - 1)) / count
    for i, chart in enumerate(history.charts):
        axis = ax.inset_axes((0.0, (count - 1 - i) * (height + 0.08), 1.0, height))
        drawn = [chart.factor * history.values[curve.column] for curve in chart.curves]
        for curve, values in zip(chart.curves, drawn, strict=True):
            axis.plot(t, values, color=curve.colour, linewidth=1.5, label=curve.label)
        late = np.concatenate(drawn)[np.tile(t >= t[0] + chart.begins * (t[-1] - t[0]), len(drawn))]
        low, high = (f.reduce(late, initial=0.0) for f in (np.fmin, np.fmax))
        axis.set(ylabel=chart.label, xlim=(t[0], t[-1] or 1.0))
        axis.set_ylim(1.15 * low, 1.15 * high if high > low else 1.0)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", color="#dddddd", linewidth=0.5)
        if len(chart.curves) > 1:
            axis.legend(loc="lower right", frameon=False, fontsize="small")
        if i < count - 1:
            axis.tick_params(labelbottom=False)
        else:
            axis.set_xlabel(f"time ({unit})")
