# SPDX-License-Identifier: MIT
"""Fields of one or several runs side by side, at any time, with common colours."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from solver.base import text
from solver.base.errors import InputError
from solver.output import snapshots
from solver.pictures import panels

MM = 1 / 25.4
"""A millimetre in inches."""
SCREEN_DPI = 90
"""Dots per inch of a page in a notebook."""
MAX_CELLS = 36
"""More pictures on a page cannot be read."""


class Size(NamedTuple):
    """A page of figures: width and largest height [inch], text [point], dots per inch."""

    width: float
    height: float
    font: float
    dpi: int


SIZES = {
    "column": Size(86 * MM, 230 * MM, 6.5, 400),
    "page": Size(178 * MM, 230 * MM, 7.5, 400),
    "slide": Size(254 * MM, 254 * MM, 11.0, 160),
}
"""One column and the full width of a journal page (86 and 178 mm), a slide (254 mm)."""
SLENDER = 2.5
"""Height over width of a cell from which on the fields of one run stand in one row."""
LEAST = 0.15
"""Least height of a picture in widths of its place, however many rows a page has."""


class Cell(NamedTuple):
    """A picture of the grid: which run, which field, and what is written at its edges."""

    run: int
    panel: panels.Panel
    title: str
    bar: bool
    first_in_row: bool
    last_in_column: bool


OWN_TIMES = "each at the time that is written in it"
"""Heading of a page of unlike times."""
Scale = dict[str, tuple[float, float]]
"""Ends of the colours of every field."""


def common_scale(shown: Iterable[snapshots.Snapshot], fields: Iterable[panels.Panel]) -> Scale:
    """Return colours that hold for all snapshots together; fields that none has are left out."""
    fields = tuple(fields)
    return joined(
        {p.field: panels.colour_range(p, snapshot) for p in fields if p.field in snapshot.fields}
        for snapshot in shown
    )


def joined(scales: Iterable[Scale]) -> Scale:
    """Return the colours that hold for everything that has any of these."""
    found: Scale = {}
    for scale in scales:
        for field, (low, high) in scale.items():
            before = found.get(field, (low, high))
            found[field] = min(low, before[0]), max(high, before[1])
    return found


def arrange(
    names: list[str],
    fields: tuple[panels.Panel, ...],
    aspect: float = 1.0,
    own_colours: bool = False,
) -> list[list[Cell | None]]:
    """Place the pictures in rows.

    One run: its fields, in two columns from four fields on, unless the cell is slender. One field:
    the runs, in a grid that is about square. Otherwise a row for each field and a column for each
    run.

    Args:
        names: What to call the runs.
        fields: What to show of each.
        aspect: Height over width of the tallest cell.
        own_colours: Every run has colours of its own, and so a bar in every picture.

    Raises:
        InputError: There would be more than `MAX_CELLS` pictures.
    """
    count = len(names) * len(fields)
    if count > MAX_CELLS:
        raise InputError(
            f"{len(names)} runs with {len(fields)} fields make {count} pictures; at most "
            f"{MAX_CELLS} fit on a page, so show fewer runs or fewer fields."
        )
    if len(names) == 1:
        columns = len(fields) if len(fields) < 4 or aspect > SLENDER else 2
        order = [(0, panel, panel.title) for panel in fields]
    elif len(fields) == 1:
        columns = math.ceil(math.sqrt(len(names)))
        order = [(i, fields[0], name) for i, name in enumerate(names)]
    else:
        columns = len(names)
        order = [
            (i, panel, f"{name}\n{panel.title}" if panel is fields[0] else panel.title)
            for panel in fields
            for i, name in enumerate(names)
        ]
    rows: list[list[Cell | None]] = []
    for n, (run, panel, title) in enumerate(order):
        first, last = n % columns == 0, n % columns == columns - 1 or n == count - 1
        bar = own_colours or len(names) == 1 or last
        cell = Cell(run, panel, title, bar, first, n + columns >= count)
        if first:
            rows.append([])
        rows[-1].append(cell)
    rows[-1] += [None] * (columns - len(rows[-1]))
    return rows


class _Measures(NamedTuple):
    """Width of the place of a picture and height of the page [inch], and whose axes have labels."""

    width: float
    height: float
    own_axes: bool


def _measure(rows: list[list[Cell | None]], extents: list[np.ndarray], size: Size) -> _Measures:
    """Measure a page of pictures.

    Cells that are unlike have axes of their own. Where the page would be taller than it may be, the
    pictures are lower, and narrower than their places.
    """
    spans = [np.ptp(points, axis=0) for points in extents]
    own = not all(np.allclose(span, spans[0], rtol=1e-6) for span in spans)
    line, count = 1.4 * size.font / 72, len(rows[0])
    aspects = [span[1] / span[0] for span in spans]
    # As wide as `panels.colour_bar` makes them, in widths of a picture.
    bars = sum(cell.bar for cell in rows[0] if cell)
    bar = 0.1 * max(1.0, *aspects)
    # Beside the pictures: labels at the left, and colour bars with their numbers.
    labels = 3 * count if own else 3
    width = (size.width - (labels + 2.5 * bars) * line) / (count + bar * bars)
    words, pictures = 4 * line, 0.0  # heading and labels at the bottom
    for row in rows:
        cells = [cell for cell in row if cell]
        titles = max(_wrapped(cell.title, width, size).count("\n") + 1 for cell in cells)
        words += (titles + 0.6 + 2.5 * own) * line
        pictures += width * max(aspects[c.run] for c in cells)
    room = max(size.height - words, LEAST * width * len(rows))
    return _Measures(width, words + min(pictures, room), own)


def _wrapped(title: str, width: float, size: Size) -> str:
    characters = max(14, round(width * 72 / size.font * 1.7))
    return "\n".join(textwrap.fill(line, characters) for line in title.splitlines())


class Page:
    """A figure whose frame stays while the snapshots in it change."""

    def __init__(
        self,
        names: list[str],
        fields: tuple[panels.Panel, ...],
        extents: list[np.ndarray],
        scales: Sequence[Scale],
        size: Size,
    ):
        """Make the frame.

        Args:
            names: What to call the runs.
            fields: What to show of each.
            extents: For each run, points that span its cell, shape (n, 2) [um].
            scales: Ends of the colours of every run; where all are alike a row has one bar.
            size: Of the page.

        Raises:
            InputError: There would be too many pictures.
        """
        self._size, self._drawn = size, []
        aspect = max(np.ptp(x[:, 1]) / np.ptp(x[:, 0]) for x in extents)
        own = any(scale != scales[0] for scale in scales)
        rows = arrange([text.one_line(name) for name in names], fields, aspect, own)
        measures = _measure(rows, extents, size)
        self._figure = Figure((size.width, measures.height), dpi=size.dpi, layout="constrained")
        self._figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0.02, hspace=0.02)
        self._cells: list[tuple[Axes, Cell, Normalize]] = []
        with self._style():
            axes = self._figure.subplots(len(rows), len(rows[0]), squeeze=False)
            for ax, cell in zip(axes.flat, sum(rows, []), strict=True):
                if cell is None:
                    ax.set_visible(False)
                    continue
                norm = Normalize(*scales[cell.run].get(cell.panel.field, (0, 1)))
                self._frame(ax, cell, norm, extents[cell.run], measures)
                self._cells.append((ax, cell, norm))
            self._heading = self._figure.suptitle("t = 0 s", color=panels.INK)

    def _style(self):
        points = self._size.font
        style = {"font.size": points, "axes.titlesize": points, "figure.titlesize": 1.2 * points}
        style |= {"svg.fonttype": "none", "pdf.fonttype": 42}  # text stays text, as journals ask
        return matplotlib.rc_context(panels.STYLE | style)

    def _frame(
        self, ax: Axes, cell: Cell, norm: Normalize, points: np.ndarray, measures: _Measures
    ) -> None:
        panels.frame(ax, points)
        ax.set_title(_wrapped(cell.title, measures.width, self._size), parse_math=False)
        if not (cell.first_in_row or measures.own_axes):
            ax.set_ylabel("")
            ax.tick_params(labelleft=False)
        if not (cell.last_in_column or measures.own_axes):
            ax.set_xlabel("")
            ax.tick_params(labelbottom=False)
        if cell.bar:
            panels.colour_bar(ax, cell.panel, norm, beyond=cell.panel.robust < 100)

    def show(self, t: float | None, shown: list[snapshots.Snapshot]) -> None:
        """Replace what is drawn by these snapshots, one per run.

        Args:
            t: The time of the page [s], in its heading: a picture of another time says so. None if
                it has none: where the times differ each picture says its own.
            shown: What to draw.
        """
        times = [panels.time_text(snapshot.time) for snapshot in shown]
        common = panels.time_text(t) if t is not None else times[0]
        if t is None and len(set(times)) > 1:
            common = ""
        for artist in self._drawn:
            artist.remove()
        with self._style():
            self._drawn: list[Artist] = [
                artist
                for ax, cell, norm in self._cells
                for artist in (
                    *panels.draw(ax, cell.panel, shown[cell.run], norm),
                    *self._own_time(ax, times[cell.run], common),
                )
            ]
        self._heading.set_text(f"t = {common}" if common else OWN_TIMES)

    @staticmethod
    def _own_time(ax: Axes, own: str, common: str) -> list[Artist]:
        """Write the time of a picture into it where that is not the page's."""
        if own == common:
            return []
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        slender = np.ptp(ax.get_ylim()) > SLENDER * np.ptp(ax.get_xlim())
        place = {"transform": ax.transAxes, "ha": "left", "va": "top", "bbox": box}
        place |= {"rotation": 90 if slender else 0, "in_layout": False, "color": panels.INK}
        return [ax.text(0.02, 0.98, f"t = {own}", **place)]

    def __repr__(self) -> str:
        fields = ", ".join(dict.fromkeys(cell.panel.field for _, cell, _ in self._cells))
        return (
            f"Page of {fields} at {self._heading.get_text()}: a notebook shows it, save(path) "
            "writes it"
        )

    def pixels(self) -> np.ndarray:
        """Return the picture, shape (height, width, 4), bytes; even sizes, as films want them."""
        canvas = FigureCanvasAgg(self._figure)
        with self._style(), panels.any_glyphs():
            canvas.draw()
        image = np.asarray(canvas.buffer_rgba())
        rows, columns = image.shape[:2]
        return image[: rows // 2 * 2, : columns // 2 * 2]

    @property
    def figure(self) -> Figure:
        """The figure, to change or to add to."""
        return self._figure

    def _repr_png_(self) -> bytes:
        """Show the page in a notebook."""
        with self._style():
            return panels.rendered(self._figure, SCREEN_DPI)

    def save(self, path: str | Path) -> None:
        """Write the picture; the ending of the name says in which format.

        Raises:
            InputError: The file cannot be written.
        """
        with self._style():
            panels.save(self._figure, Path(path))
