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
from matplotlib.collections import LineCollection, TriMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator
from matplotlib.tri import Triangulation
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from solver.errors import InputError
from solver.output import files, light, snapshots

DPI = 180
ROBUST = 99.5
"""Percentile of the stress at which its colours end: single cells at corners are far above it."""
TIP, MEAN, INK, FAINT = "#c1440e", "#3b6ea5", "#222222", "#8a8a8a"
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
}


class Layout(NamedTuple):
    """Places of the panels, size of the figure [inch], longest title [characters]."""

    mosaic: list[list[str]]
    size: tuple[float, float]
    title: int = 40


class Panel(NamedTuple):
    """How a field is shown: `factor` takes its SI values to the unit in the title.

    `limits` are the ends of the colours, None where the values decide.
    """

    field: str
    title: str
    colours: str
    factor: float = 1.0
    limits: tuple[float | None, float | None] = (None, None)


PANELS = (
    Panel("xi", "Phase field ξ", "cividis", limits=(0.0, 1.0)),
    Panel("c", "Li⁺ concentration c (mol/m³)", "viridis", limits=(0.0, None)),
    Panel("phi", "Potential φ (mV)", "plasma", 1e3),
    Panel("von_mises", "Von Mises stress (MPa)", "magma", 1e-6, limits=(0.0, None)),
)


HISTORY = ("t_s", "tip_um", "front_mean_um")


class History(NamedTuple):
    """Columns of `scalars.csv`: time [s], tip and mean front height [um]."""

    t: np.ndarray
    tip: np.ndarray
    mean: np.ndarray


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
    _require_finite(snapshot, folder / light.SERIES)
    buffer = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        _draw(snapshot, history, title).savefig(buffer, dpi=DPI, format="png")
    path = folder / "figure.png"
    try:
        files.replace(path, buffer.getvalue())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}.") from None
    return path


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
    try:
        columns = [[float(row[name]) for row in rows] for name in HISTORY]
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: every row must have the numbers {', '.join(HISTORY)}.") from None
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


def _require_finite(snapshot: snapshots.Snapshot, path: Path) -> None:
    for name, values in snapshot.fields.items():
        if not np.isfinite(values).all():
            raise InputError(f"{path}: {name} has values that are not finite numbers.")


# --- drawing -------------------------------------------------------------------------------


def _draw(snapshot: snapshots.Snapshot, history: History, title: str) -> Figure:
    width, height = np.ptp(snapshot.points, axis=0)
    layout = _layout(height / width)
    fig = Figure(figsize=layout.size, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.04)
    axes = fig.subplot_mosaic(layout.mosaic)
    triangulation = Triangulation(*snapshot.points.T, snapshot.triangles)
    first_in_row = {row[0] for row in layout.mosaic}
    for panel in PANELS:
        ax = axes[panel.field]
        _frame(ax, snapshot.points, panel.field in first_in_row)
        ax.set_title(textwrap.fill(panel.title, layout.title))
        if panel.field in snapshot.fields:
            _draw_field(ax, panel, triangulation, snapshot)
        else:
            ax.text(0.5, 0.5, "not solved for", color=FAINT, ha="center", transform=ax.transAxes)
    _draw_history(axes["tip"], history)
    heading = "\n".join(textwrap.wrap(title, 90))
    fig.suptitle(
        f"{heading}\nt = {_time_text(snapshot.time)}", fontsize=14, color=INK, parse_math=False
    )
    return fig


def _layout(aspect: float) -> Layout:
    """Choose the layout for a cell of height/width `aspect`."""
    if aspect > 1.5:
        mosaic = [["xi", "c", "phi", "von_mises", "tip", "tip"]]
        return Layout(mosaic, (11, min(2 + 1.2 * aspect, 6)), title=20)
    if aspect < 0.5:
        mosaic = [["xi", "c"], ["phi", "von_mises"], ["tip", "tip"]]
        return Layout(mosaic, (10.6, 5 + 8 * aspect))
    return Layout([["xi", "c", "phi"], ["von_mises", "tip", "tip"]], (10.6, 2.2 + 4.4 * aspect))


def _frame(ax: Axes, points: np.ndarray, first_in_row: bool) -> None:
    # Rounded: a corner at 49.999999999 would lose the tick at 50.
    (x0, y0), (x1, y1) = points.min(axis=0).round(6), points.max(axis=0).round(6)
    ax.set(xlim=(x0, x1), ylim=(y0, y1), aspect="equal", xlabel="x (µm)")
    steps = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(0, max(x1 - x0, y1 - y0))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MultipleLocator(steps[1] - steps[0]))
    if first_in_row:
        ax.set_ylabel("y (µm)")
    else:
        ax.tick_params(labelleft=False)


def _draw_field(
    ax: Axes, panel: Panel, triangulation: Triangulation, snapshot: snapshots.Snapshot
) -> None:
    values = snapshot.fields[panel.field] * panel.factor
    low, high = _colour_range(panel, values)
    if len(values) == len(snapshot.triangles):
        # One colour per triangle: shading between three corners of its own, all alike.
        corners = snapshot.points[snapshot.triangles].reshape(-1, 2)
        shown = Triangulation(*corners.T, np.arange(len(corners)).reshape(-1, 3))
        values = np.repeat(values, 3)
    else:
        shown = triangulation
    # Not tripcolor: it makes a Python object per triangle, 20 s for 250,000 nodes.
    image = TriMesh(shown, array=values, cmap=panel.colours, norm=Normalize(low, high))
    image.set(in_layout=False, rasterized=True)
    ax.add_collection(image, autolim=False)
    beside = ax.inset_axes((1.03, 0, 0.045, 1))
    bar = ax.figure.colorbar(image, cax=beside, extend="max" if high < values.max() else "neither")
    bar.outline.set_linewidth(0.6)
    inert = snapshot.fields[light.LAYER] == 0
    if inert.any() and panel.field != "von_mises":
        _draw_inert(ax, snapshot, inert)
    _draw_interfaces(ax, snapshot)
    xi = snapshot.fields["xi"]
    if panel.field != "xi" and xi.min() < 0.5 < xi.max():
        ax.tricontour(triangulation, xi, levels=[0.5], colors="white", linewidths=0.7)


def _draw_inert(ax: Axes, snapshot: snapshots.Snapshot, inert: np.ndarray) -> None:
    """Cover the triangles in which the field has no meaning: those of the skeleton."""
    covered = Triangulation(*snapshot.points.T, snapshot.triangles[inert])
    grey = TriMesh(
        covered, array=np.zeros(len(snapshot.points)), cmap="Greys", norm=Normalize(-1, 1)
    )
    grey.set(in_layout=False, rasterized=True)
    ax.add_collection(grey, autolim=False)


def _colour_range(panel: Panel, values: np.ndarray) -> tuple[float, float]:
    low, high = panel.limits
    if high is None:
        high = np.percentile(values, ROBUST) if panel.field == "von_mises" else values.max()
    return values.min() if low is None else low, high


def _draw_interfaces(ax: Axes, snapshot: snapshots.Snapshot) -> None:
    """Draw the edges between triangles of different layers."""
    t = snapshot.triangles
    edges = np.sort(np.vstack([t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]]), axis=1)
    layer = np.tile(snapshot.fields[light.LAYER], 3)
    order = np.lexsort(edges.T)
    edges, layer = edges[order], layer[order]
    between = (edges[1:] == edges[:-1]).all(axis=1) & (layer[1:] != layer[:-1])
    segments = snapshot.points[edges[1:][between]]
    ax.add_collection(LineCollection(segments, colors="white", linewidths=0.5, alpha=0.6))


def _draw_history(ax: Axes, history: History) -> None:
    unit, seconds = _time_unit(history.t[-1])
    t = history.t / seconds
    # The labels at the ends stand away from each other: the tip is never below the mean.
    for values, label, colour, side, shift in (
        (history.tip, "tip", TIP, "bottom", -6),
        (history.mean, "mean front", MEAN, "top", 6),
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


def _time_unit(t: float) -> tuple[str, float]:
    return ("h", 3600.0) if t >= 7200 else ("s", 1.0)


def _time_text(t: float) -> str:
    unit, seconds = _time_unit(t)
    return f"{t / seconds:.4g} {unit}"
