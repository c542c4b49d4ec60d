# SPDX-License-Identifier: MIT
"""One field of one snapshot on matplotlib axes: what every figure and movie is made of."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection, TriMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, MultipleLocator
from matplotlib.tri import Triangulation

from solver.base import files, text
from solver.base.errors import InputError
from solver.fields.known import PANELS
from solver.fields.potential import FIELD as POTENTIAL
from solver.fields.record import Panel
from solver.output import light, snapshots

LINES = 3
"""Lines that a title takes at most."""
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


def of_dendrite(attributes: Iterable[light.Attribute]) -> tuple[Panel, ...]:
    """The panels of the fields that a run has written.

    A run without c is one of a single-ion conductor, whose phi is the ions' and in the deposit only
    what goes on from the front.
    """
    written = {a.name for a in attributes}
    found = tuple(panel for panel in PANELS if panel.field in written)
    if "c" in written:
        return found
    ions = POTENTIAL.name
    return tuple(x._replace(in_metal=False) if x.field == ions else x for x in found)


def of_ions(attributes: Iterable[light.Attribute]) -> tuple[Panel, ...]:
    """The potential and the concentration of every species."""
    species = [a.name.removeprefix("c_") for a in attributes if a.name.startswith("c_")]
    titles = {name: f"{name} concentration (mol/m³)" for name in species}
    shown = (Panel(f"c_{n}", titles[n], "viridis", limits=(0.0, None)) for n in species)
    return (*shown, POTENTIAL.panel)


def named(fields: list[str], among: Iterable[Panel] = PANELS) -> tuple[Panel, ...]:
    """Return the panels of these fields, in this order.

    Raises:
        InputError: There is no picture of one of them.
    """
    known = {panel.field: panel for panel in among}
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
                f"{snapshots.path(folder)}: {name} has values that are not finite numbers."
            )


def colour_range(panel: Panel, snapshot: snapshots.Snapshot) -> tuple[float, float]:
    """Return the ends of the colours for a field of one snapshot, in the panel's unit."""
    values = snapshot.fields[panel.field] * panel.factor
    if not panel.in_metal and (outside := snapshot.fields["xi"] <= 0.5).any():
        values = values[outside]
    low, high = panel.limits
    if high is None:
        high = np.percentile(values, panel.robust)
    return values.min() if low is None else low, high


def frame(ax: Axes, points: np.ndarray) -> None:
    """Give axes the extent of a cell, ticks at the same distances in x and y, and labels."""
    # Rounded: a corner at 49.999999999 would lose the tick at 50.
    (x0, y0), (x1, y1) = points.min(axis=0).round(6), points.max(axis=0).round(6)
    ax.set(xlim=(x0, x1), ylim=(y0, y1), aspect="equal", xlabel="x (µm)", ylabel="y (µm)")
    first, second, *_ = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(0, max(x1 - x0, y1 - y0))
    step = second - first
    for axis, extent in ((ax.xaxis, (x0, x1)), (ax.yaxis, (y0, y1))):
        few = extent[1] - extent[0] < step  # a tick at 0 alone has no scale
        axis.set_major_locator(FixedLocator(extent) if few else MultipleLocator(step))


def draw(ax: Axes, panel: Panel, snapshot: snapshots.Snapshot, norm: Normalize) -> list[Artist]:
    """Draw a field with the edge of the deposit and of the layers; return what was drawn."""
    if panel.field not in snapshot.fields:
        place = {"ha": "center", "transform": ax.transAxes}
        return [ax.text(0.5, 0.5, "not solved for", color=FAINT, **place)]
    triangulation = Triangulation(*snapshot.points.T, snapshot.triangles)
    drawn = [_draw_values(ax, panel, triangulation, snapshot, norm)]
    inert = snapshot.fields[light.LAYER] == 0
    if inert.any() and not panel.everywhere:
        drawn.append(_draw_cover(ax, snapshot, inert))
    if not panel.in_metal:
        metal = (snapshot.fields["xi"] > 0.5)[snapshot.triangles].all(axis=1)
        drawn.append(_draw_cover(ax, snapshot, metal))
    if np.ptp(snapshot.fields[light.LAYER]) > 0:
        drawn.append(_draw_layers(ax, snapshot))
    xi = snapshot.fields.get("xi")
    if xi is not None and panel.field != "xi" and xi.min() < 0.5 < xi.max():
        drawn.append(_draw_front(ax, snapshot, xi))
    return drawn


def _draw_front(ax: Axes, snapshot: snapshots.Snapshot, xi: np.ndarray) -> Artist:
    """Draw the edge of the deposit, from the triangles that it crosses alone."""
    metal = (xi > 0.5)[snapshot.triangles]
    crossed = snapshot.triangles[metal.any(axis=1) & ~metal.all(axis=1)]
    triangulation = Triangulation(*snapshot.points.T, crossed)
    return ax.tricontour(triangulation, xi, levels=[0.5], colors="white", linewidths=0.7)


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


def _draw_cover(ax: Axes, snapshot: snapshots.Snapshot, covered: np.ndarray) -> TriMesh:
    """Cover triangles in which the field has no meaning: of the skeleton, or of the metal."""
    covered = Triangulation(*snapshot.points.T, snapshot.triangles[covered])
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
    if len(snapshot.points) == t.size:  # corners of their own: those at one place are one node
        _, node = np.unique(snapshot.points, axis=0, return_inverse=True)
        t = node.reshape(-1)[t]
    edges = np.sort(np.vstack([t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]]), axis=1)
    layer = np.tile(snapshot.fields[light.LAYER], 3)
    order = np.lexsort(edges.T)
    edges, layer = edges[order], layer[order]
    between = (edges[1:] == edges[:-1]).all(axis=1) & (layer[1:] != layer[:-1])
    points = np.empty_like(snapshot.points)
    points[t] = snapshot.points[snapshot.triangles]
    segments = points[edges[1:][between]]
    lines = LineCollection(segments, colors="white", linewidths=0.5, alpha=0.6)
    return ax.add_collection(lines)


def head(figure: Figure, title: str, width: int, below: str = "", size: int = 14) -> None:
    """Put a title above a figure, at most `LINES` lines of it.

    Args:
        figure: The figure.
        title: Any text.
        width: Characters of a line.
        below: A line below it.
        size: Of the text [point].
    """
    lines = [text.heading(title, width, LINES), *([below] if below else [])]
    figure.suptitle("\n".join(lines), fontsize=size, color=INK, parse_math=False)


@contextmanager
def any_glyphs() -> Iterator[None]:
    """Let a font lack letters of a title, which are boxes then, without a word on the terminal."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def rendered(figure: Figure, dpi: float | None = None, kind: str = "png") -> bytes:
    """Return a figure as the content of a file; arguments as for `save`, `kind` the ending."""
    buffer = io.BytesIO()
    with any_glyphs():
        figure.savefig(buffer, dpi=dpi or "figure", format=kind)
    return buffer.getvalue()


def save(figure: Figure, path: Path, dpi: float | None = None) -> Path:
    """Write a figure in the format of its name's ending, and return the path.

    Args:
        figure: The figure.
        path: Where to.
        dpi: Its resolution; None: the figure's own.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        files.replace(path, rendered(figure, dpi, path.suffix[1:]))
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
