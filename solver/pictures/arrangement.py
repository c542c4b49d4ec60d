# SPDX-License-Identifier: MIT
"""Where the pictures of a page stand and how large they are; nothing is drawn."""

from __future__ import annotations

import math
import textwrap
from typing import NamedTuple

import numpy as np

from solver.base.errors import InputError
from solver.pictures import panels

MM = 1 / 25.4
"""A millimetre in inches."""
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


class Measures(NamedTuple):
    """Width of the place of a picture and height of the page [inch], and whose axes have labels."""

    width: float
    height: float
    own_axes: bool


def measure(rows: list[list[Cell | None]], extents: list[np.ndarray], size: Size) -> Measures:
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
        titles = max(wrapped(cell.title, width, size).count("\n") + 1 for cell in cells)
        words += (titles + 0.6 + 2.5 * own) * line
        pictures += width * max(aspects[c.run] for c in cells)
    room = max(size.height - words, LEAST * width * len(rows))
    return Measures(width, words + min(pictures, room), own)


def wrapped(title: str, width: float, size: Size) -> str:
    """Break a title into lines about as wide as the place of a picture [inch]."""
    characters = max(14, round(width * 72 / size.font * 1.7))
    return "\n".join(textwrap.fill(line, characters) for line in title.splitlines())
