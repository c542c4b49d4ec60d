# SPDX-License-Identifier: MIT
"""Fields of one or several runs side by side, at any time, with common colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from solver.base import text
from solver.output import snapshots
from solver.pictures import arrangement, panels

SCREEN_DPI = 90
"""Dots per inch of a page in a notebook."""
SETTLING = 6
"""Layouts of a page before its first picture. Each starts from the one before, and the first of a
slender cell leaves labels beyond the edges: how high its pictures are is what they leave free."""
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


class Page:
    """A figure whose frame stays while the snapshots in it change."""

    def __init__(
        self,
        names: list[str],
        fields: tuple[panels.Panel, ...],
        extents: list[np.ndarray],
        scales: Sequence[Scale],
        size: arrangement.Size,
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
        rows = arrangement.arrange([text.one_line(name) for name in names], fields, aspect, own)
        measures = arrangement.measure(rows, extents, size)
        self._figure = Figure((size.width, measures.height), dpi=size.dpi, layout="constrained")
        self._figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0.02, hspace=0.02)
        self._cells: list[tuple[Axes, arrangement.Cell, Normalize]] = []
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
            for _ in range(SETTLING):
                self._figure.draw_without_rendering()

    def _style(self):
        points = self._size.font
        style = {"font.size": points, "axes.titlesize": points, "figure.titlesize": 1.2 * points}
        style |= {"svg.fonttype": "none", "pdf.fonttype": 42}  # text stays text, as journals ask
        return matplotlib.rc_context(panels.STYLE | style)

    def _frame(
        self,
        ax: Axes,
        cell: arrangement.Cell,
        norm: Normalize,
        points: np.ndarray,
        measures: arrangement.Measures,
    ) -> None:
        panels.frame(ax, points)
        ax.set_title(arrangement.wrapped(cell.title, measures.width, self._size), parse_math=False)
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
        slender = np.ptp(ax.get_ylim()) > arrangement.SLENDER * np.ptp(ax.get_xlim())
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
