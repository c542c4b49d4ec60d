# SPDX-License-Identifier: MIT
"""One field of one snapshot on matplotlib axes: what every figure and movie is made of."""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection, TriMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator
from matplotlib.tri import Triangulation

from solver.base import files
from solver.base.errors import InputError
from solver.output import light, snapshots

ROBUST = 99.5
"""Percentile of the stress at which its colours end: single cells at corners are far above it."""
INK, FAINT = "#222222", "#8a8a8a"
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
"""The lightness of all these colour maps grows evenly, so they can be read in grey and by the
colour-blind."""


def named(fields: list[str]) -> tuple[Panel, ...]:
    """Return the panels of these fields, in this order.

    Raises:
        InputError: There is no picture of one of them.
    """
    known = {panel.field: panel for panel in PANELS}
    for field in fields:
        if field not in known:
            raise InputError(f"'{field}' is no field with a picture; allowed: {', '.join(known)}.")
    return tuple(known[field] for field in fields)


def require_finite(snapshot: snapshots.Snapshot, folder: Path) -> None:
    """Refuse a snapshot that cannot be drawn.

    Raises:
        InputError: A field of the run folder has values that are not finite numbers.
    """
    for name, values in snapshot.fields.items():
        if not np.isfinite(values).all():
            raise InputError(
                f"{folder / light.SERIES}: {name} has values that are not finite numbers."
            )


def colour_range(panel: Panel, snapshot: snapshots.Snapshot) -> tuple[float, float]:
    """Return the ends of the colours for a field of one snapshot, in the panel's unit."""
    values = snapshot.fields[panel.field] * panel.factor
    low, high = panel.limits
    if high is None:
        high = np.percentile(values, ROBUST) if panel.field == "von_mises" else values.max()
    return values.min() if low is None else low, high


def frame(ax: Axes, points: np.ndarray) -> None:
    """Give axes the extent of a cell, ticks at the same distances in x and y, and labels."""
    # Rounded: a corner at 49.999999999 would lose the tick at 50.
    (x0, y0), (x1, y1) = points.min(axis=0).round(6), points.max(axis=0).round(6)
    ax.set(xlim=(x0, x1), ylim=(y0, y1), aspect="equal", xlabel="x (µm)", ylabel="y (µm)")
    steps = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(0, max(x1 - x0, y1 - y0))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MultipleLocator(steps[1] - steps[0]))


def draw(ax: Axes, panel: Panel, snapshot: snapshots.Snapshot, norm: Normalize) -> list[Artist]:
    """Draw a field with the edge of the deposit and of the layers; return what was drawn."""
    if panel.field not in snapshot.fields:
        place = {"ha": "center", "transform": ax.transAxes}
        return [ax.text(0.5, 0.5, "not solved for", color=FAINT, **place)]
    triangulation = Triangulation(*snapshot.points.T, snapshot.triangles)
    drawn = [_draw_values(ax, panel, triangulation, snapshot, norm)]
    inert = snapshot.fields[light.LAYER] == 0
    if inert.any() and panel.field != "von_mises":
        drawn.append(_draw_inert(ax, snapshot, inert))
    drawn.append(_draw_layers(ax, snapshot))
    xi = snapshot.fields["xi"]
    if panel.field != "xi" and xi.min() < 0.5 < xi.max():
        drawn.append(ax.tricontour(triangulation, xi, levels=[0.5], colors="white", linewidths=0.7))
    return drawn


def _draw_values(
    ax: Axes,
    panel: Panel,
    triangulation: Triangulation,
    snapshot: snapshots.Snapshot,
    norm: Normalize,
) -> TriMesh:
    values = snapshot.fields[panel.field] * panel.factor
    if len(values) == len(snapshot.triangles):
        # One colour per triangle: shading between three corners of its own, all alike.
        corners = snapshot.points[snapshot.triangles].reshape(-1, 2)
        shown = Triangulation(*corners.T, np.arange(len(corners)).reshape(-1, 3))
        values = np.repeat(values, 3)
    else:
        shown = triangulation
    # Not tripcolor: it makes a Python object per triangle, 20 s for 250,000 nodes.
    image = TriMesh(shown, array=values, cmap=panel.colours, norm=norm)
    image.set(in_layout=False, rasterized=True)
    ax.add_collection(image, autolim=False)
    return image


def _draw_inert(ax: Axes, snapshot: snapshots.Snapshot, inert: np.ndarray) -> TriMesh:
    """Cover the triangles in which the field has no meaning: those of the skeleton."""
    covered = Triangulation(*snapshot.points.T, snapshot.triangles[inert])
    values = np.zeros(len(snapshot.points))
    grey = TriMesh(covered, array=values, cmap="Greys", norm=Normalize(-1, 1))
    grey.set(in_layout=False, rasterized=True)
    ax.add_collection(grey, autolim=False)
    return grey


def colour_bar(ax: Axes, panel: Panel, norm: Normalize, beyond: bool = False) -> None:
    """Draw the colours of a panel beside its axes; `beyond`: there are values above the end."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    tall = max(1.0, (y1 - y0) / (x1 - x0))  # else the bar of a narrow cell would be a line
    beside = ax.inset_axes((1 + 0.03 * tall, 0, 0.045 * tall, 1))
    colours = ScalarMappable(norm, panel.colours)
    bar = ax.figure.colorbar(colours, cax=beside, extend="max" if beyond else "neither")
    bar.outline.set_linewidth(0.6)


def _draw_layers(ax: Axes, snapshot: snapshots.Snapshot) -> LineCollection:
    """Draw the edges between triangles of different layers."""
    t = snapshot.triangles
    edges = np.sort(np.vstack([t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]]), axis=1)
    layer = np.tile(snapshot.fields[light.LAYER], 3)
    order = np.lexsort(edges.T)
    edges, layer = edges[order], layer[order]
    between = (edges[1:] == edges[:-1]).all(axis=1) & (layer[1:] != layer[:-1])
    segments = snapshot.points[edges[1:][between]]
    lines = LineCollection(segments, colors="white", linewidths=0.5, alpha=0.6)
    return ax.add_collection(lines)


def save(figure: Figure, path: Path, dpi: float | None = None) -> Path:
    """Write a figure in the format of its name's ending, and return the path.

    Args:
        figure: The figure.
        path: Where to.
        dpi: Its resolution; None: the figure's own.

    Raises:
        InputError: The file cannot be written.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=dpi or "figure", format=path.suffix[1:])
    try:
        files.replace(path, buffer.getvalue())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}.") from None
    return path


def time_unit(t: float) -> tuple[str, float]:
    """Return the unit to show times up to t [s] in, and its length in s."""
    return ("h", 3600.0) if t >= 7200 else ("s", 1.0)


def time_text(t: float) -> str:
    """Return a time [s] as people write it."""
    unit, seconds = time_unit(t)
    return f"{t / seconds:.4g} {unit}"
