# SPDX-License-Identifier: MIT
"""The figure of a run, from the files of its folder alone: four fields at the end, and the tip."""

from __future__ import annotations

import csv
import io
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
from solver.output import snapshots
from solver.pictures import panels

DPI = 180
TIP, MEAN = "#c1440e", "#3b6ea5"


class Layout(NamedTuple):
    """Places of the panels, size of the figure [inch], longest title [characters]."""

    mosaic: list[list[str]]
    size: tuple[float, float]
    title: int = 40


HISTORY = ("t_s", "tip_um", "front_mean_um")
CELL = ("cell_voltage_V", "cell_current_A_per_m2")


class History(NamedTuple):
    """Columns of `scalars.csv`: time [s], tip and mean front height [um].

    And voltage [V] and current density [A/m^2] of a cell that has them.
    """

    t: np.ndarray
    tip: np.ndarray
    mean: np.ndarray
    voltage: np.ndarray | None = None
    current: np.ndarray | None = None


def figure(folder: Path) -> Path:
    """Draw the state at the end of a run and the growth of its tip.

    Args:
        folder: Run folder with `fields.xdmf`, `scalars.csv` and `resolved.yaml`.

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
    rows = list(csv.DictReader(io.StringIO(_text(path))))
    if rows and None in rows[-1].values():
        rows.pop()  # a killed run may leave half a line
    if not rows:
        raise InputError(f"{path}: there are no time steps in it.")
    names = (*HISTORY, *(CELL if set(CELL) <= set(rows[0]) else ()))
    try:
        columns = [[float(row[name]) for row in rows] for name in names]
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: every row must have the numbers {', '.join(names)}.") from None
    return History(*map(np.array, columns))


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
    series = ["tip"] if history.voltage is None else ["tip", "cell"]
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
        ax.set_title(textwrap.fill(panel.title, layout.title))
        _draw_field(ax, panel, snapshot)
    _draw_history(axes["tip"], history)
    if history.voltage is not None:
        _draw_cell(axes["cell"], history)
    heading = "\n".join(textwrap.wrap(title, 90))
    fig.suptitle(
        f"{heading}\nt = {panels.time_text(snapshot.time)}",
        fontsize=14,
        color=panels.INK,
        parse_math=False,
    )
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
        return Layout([[*fields, *wide]], (11, min(2 + 1.2 * aspect, 6)), title=20)
    if aspect < 0.5:
        rows = _rows(fields, 2)
        mosaic = [*rows, *([name, name] for name in series)]
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


def _draw_cell(ax: Axes, history: History) -> None:
    unit, seconds = panels.time_unit(history.t[-1])
    t = history.t / seconds
    # One above the other: at a resistance that hardly changes they have the same shape.
    ax.set_axis_off()
    ax.set_title("Voltage and current")
    upper, lower = (ax.inset_axes((0.0, bottom, 1.0, 0.46)) for bottom in (0.54, 0.0))
    for axis, values, label, colour in (
        (upper, 1e3 * history.voltage, "voltage (mV)", TIP),
        (lower, 0.1 * history.current, "current (mA/cm²)", MEAN),
    ):
        axis.plot(t, values, color=colour, linewidth=1.5)
        low, high = min(values.min(), 0.0), max(values.max(), 0.0)
        axis.set(ylabel=label, xlim=(t[0], t[-1] or 1.0))
        axis.set_ylim(1.15 * low, 1.15 * high if high > low else 1.0)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", color="#dddddd", linewidth=0.5)
    upper.tick_params(labelbottom=False)
    lower.set_xlabel(f"time ({unit})")
