# SPDX-License-Identifier: MIT
"""Fields of one or several runs side by side, at any time, with common colours."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

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
    """Width of a page of figures [inch], size of the text [point], resolution [dots per inch]."""

    width: float
    font: float
    dpi: int


SIZES = {
    "column": Size(86 * MM, 6.5, 400),
    "page": Size(178 * MM, 7.5, 400),
    "slide": Size(254 * MM, 11.0, 160),
}
"""One column and the full width of a journal page (86 and 178 mm), a slide (254 mm)."""


class Cell(NamedTuple):
    """A picture of the grid: which run, which field, and what is written at its edges."""

    run: int
    panel: panels.Panel
    title: str
    bar: bool
    first_in_row: bool
    last_in_column: bool


Scale = dict[str, tuple[float, float]]
"""Ends of the colours of every field."""


def common_scale(shown: Iterable[snapshots.Snapshot], fields: Iterable[panels.Panel]) -> Scale:
    """Return colours that hold for all snapshots together; fields that none has are left out."""
    fields, scale = tuple(fields), {}
    for snapshot in shown:
        for panel in fields:
            if panel.field in snapshot.fields:
                low, high = panels.colour_range(panel, snapshot)
                before = scale.get(panel.field, (low, high))
                scale[panel.field] = min(low, before[0]), max(high, before[1])
    return scale


def arrange(names: list[str], fields: tuple[panels.Panel, ...]) -> list[list[Cell | None]]:
    """Place the pictures in rows.

    One run: its fields, in up to two columns from four fields on. One field: the runs, in a grid
    that is about square. Otherwise a row for each field and a column for each run.

    Args:
        names: What to call the runs.
        fields: What to show of each.

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
        columns = len(fields) if len(fields) < 4 else 2
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
        bar = len(names) == 1 or last
        cell = Cell(run, panel, title, bar, first, n + columns >= count)
        if first:
            rows.append([])
        rows[-1].append(cell)
    rows[-1] += [None] * (columns - len(rows[-1]))
    return rows


def _measure(
    rows: list[list[Cell | None]], extents: list[np.ndarray], size: Size
) -> tuple[float, float]:
    """Return the width of a picture and the height of the page [inch]."""
    line = 1.4 * size.font / 72
    bars = sum(cell.bar for cell in rows[0] if cell)
    # Beside the pictures: labels at the left, and colour bars with their numbers.
    width = (size.width - (3 + 2.5 * bars) * line) / (len(rows[0]) + 0.1 * bars)
    height = 4 * line  # heading and labels at the bottom
    for row in rows:
        cells = [cell for cell in row if cell]
        titles = max(_wrapped(cell.title, width, size).count("\n") + 1 for cell in cells)
        aspect = max(np.ptp(extents[c.run][:, 1]) / np.ptp(extents[c.run][:, 0]) for c in cells)
        height += width * aspect + (titles + 0.6) * line
    return width, height


def _wrapped(title: str, width: float, size: Size) -> str:
    characters = max(12, round(width * 72 / size.font * 1.7))
    return "\n".join(textwrap.fill(line, characters) for line in title.splitlines())


class Page:
    """A figure whose frame stays while the snapshots in it change."""

    def __init__(
        self,
        names: list[str],
        fields: tuple[panels.Panel, ...],
        extents: list[np.ndarray],
        scale: Scale,
        size: Size,
    ):
        """Make the frame.

        Args:
            names: What to call the runs.
            fields: What to show of each.
            extents: For each run, points that span its cell, shape (n, 2) [um].
            scale: Ends of the colours.
            size: Of the page.

        Raises:
            InputError: There would be too many pictures.
        """
        self._size, self._drawn = size, []
        rows = arrange(names, fields)
        width, height = _measure(rows, extents, size)
        self._figure = Figure((size.width, height), dpi=size.dpi, layout="constrained")
        self._figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0.02, hspace=0.02)
        self._cells: list[tuple[Axes, Cell, Normalize]] = []
        with self._style():
            axes = self._figure.subplots(len(rows), len(rows[0]), squeeze=False)
            for ax, cell in zip(axes.flat, sum(rows, []), strict=True):
                if cell is None:
                    ax.set_visible(False)
                    continue
                norm = Normalize(*scale.get(cell.panel.field, (0, 1)))
                self._frame(ax, cell, norm, extents[cell.run], width)
                self._cells.append((ax, cell, norm))
            self._heading = self._figure.suptitle("t = 0 s", color=panels.INK)

    def _style(self):
        text = self._size.font
        style = {"font.size": text, "axes.titlesize": text, "figure.titlesize": 1.2 * text}
        style |= {"svg.fonttype": "none", "pdf.fonttype": 42}  # text stays text, as journals ask
        return matplotlib.rc_context(panels.STYLE | style)

    def _frame(self, ax: Axes, cell: Cell, norm: Normalize, points: np.ndarray, width: float):
        panels.frame(ax, points)
        ax.set_title(_wrapped(cell.title, width, self._size), parse_math=False)
        if not cell.first_in_row:
            ax.set_ylabel("")
            ax.tick_params(labelleft=False)
        if not cell.last_in_column:
            ax.set_xlabel("")
            ax.tick_params(labelbottom=False)
        if cell.bar:
            panels.colour_bar(ax, cell.panel, norm, beyond=cell.panel.robust < 100)

    def show(self, t: float, shown: list[snapshots.Snapshot]) -> None:
        """Replace what is drawn by these snapshots, one per run, at time t [s]."""
        for artist in self._drawn:
            artist.remove()
        with self._style():
            self._drawn: list[Artist] = [
                artist
                for ax, cell, norm in self._cells
                for artist in panels.draw(ax, cell.panel, shown[cell.run], norm)
            ]
        self._heading.set_text(f"t = {panels.time_text(t)}")

    def pixels(self) -> np.ndarray:
        """Return the picture, shape (height, width, 4), bytes; even sizes, as films want them."""
        canvas = FigureCanvasAgg(self._figure)
        with self._style():
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
        buffer = io.BytesIO()
        with self._style():
            self._figure.savefig(buffer, dpi=SCREEN_DPI, format="png")
        return buffer.getvalue()

    def save(self, path: str | Path) -> None:
        """Write the picture; the ending of the name says in which format.

        Raises:
            InputError: The file cannot be written.
        """
        with self._style():
            panels.save(self._figure, Path(path))
