# SPDX-License-Identifier: MIT
"""Small pictures of every field at the times of the snapshots, with colours for all times."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from PIL import Image

from solver.fields.record import Panel
from solver.output import light, snapshots
from solver.pages.raster import Raster
from solver.pictures import panels

PIXELS = 280
"""Of the longer side of a picture."""
MOST = 60
"""Times shown; of more snapshots so many are taken, evenly."""
SHADES = 250
"""Colours of a picture that stand for values; the palette's others are these."""
EDGE, INERT, OUTSIDE = 253, 254, 255
MARKS = {EDGE: (255, 255, 255), INERT: (170, 170, 170), OUTSIDE: (255, 255, 255)}
"""Edge of the deposit or of a layer; where the field has no meaning; outside the cell."""


class Stills(NamedTuple):
    """Pictures of one field.

    Attributes:
        panel: How it is shown.
        low: Value of the first colour, in the unit of the panel's title.
        high: Value of the last one; larger values are shown in the same colour.
        colours: Of values from `low` to `high`, shape (SHADES, 3), bytes.
        pictures: One for each time, PNG.
    """

    panel: Panel
    low: float
    high: float
    colours: np.ndarray
    pictures: list[bytes]


class Series(NamedTuple):
    """The pictures of a run.

    Attributes:
        times: Of the pictures [s].
        written: Snapshots there are, of which `times` may be some.
        size: Width and height of the cell [um].
        pixels: Columns and rows of a picture.
        fields: The fields.
    """

    times: list[float]
    written: int
    size: tuple[float, float]
    pixels: tuple[int, int]
    fields: list[Stills]


def chosen(count: int, most: int = MOST) -> list[int]:
    """Numbers of the snapshots that are shown: the first, the last and some between, evenly."""
    if count <= most:
        return list(range(count))
    return np.unique(np.linspace(0, count - 1, most).round().astype(int)).tolist()


def series(folder: Path, shown: Sequence[Panel]) -> Series:
    """Make the pictures of a run folder.

    Args:
        folder: With a field series.
        shown: How to show its fields.

    Raises:
        InputError: The folder has no series, or it cannot be read.
    """
    times = snapshots.times(folder)
    numbers = chosen(len(times))
    grids, ranges = [], [[] for _ in shown]
    for raster, snapshot in _rasters(snapshots.each(folder, numbers)):
        edges = _edges(raster, snapshot)
        grids.append([_values(raster, snapshot, panel, edges) for panel in shown])
        for panel, found in zip(shown, ranges, strict=True):
            with np.errstate(invalid="ignore"):
                found.append(panels.colour_range(panel, snapshot))
    fields = []
    for place, (panel, found) in enumerate(zip(shown, ranges, strict=True)):
        # A run that failed may have left numbers that are none.
        ends = [pair for pair in found if np.isfinite(pair).all()] or [(0.0, 1.0)]
        low, high = min(x for x, _ in ends), max(x for _, x in ends)
        fields.append(_stills(panel, low, high, [grid[place] for grid in grids]))
    width, height = np.ptp(snapshot.points, axis=0)
    size = float(width), float(height)
    return Series([times[n] for n in numbers], len(times), size, raster.shape[::-1], fields)


def _rasters(
    shown: Iterable[snapshots.Snapshot],
) -> Iterator[tuple[Raster, snapshots.Snapshot]]:
    """Every snapshot with the pixels of its mesh, which most share with the one before."""
    before = raster = None
    for snapshot in shown:
        if before is None or not _same_mesh(before, snapshot):
            raster = Raster(snapshot.points, snapshot.triangles, PIXELS)
        before = snapshot
        yield raster, snapshot


def _same_mesh(a: snapshots.Snapshot, b: snapshots.Snapshot) -> bool:
    pairs = ((a.points, b.points), (a.triangles, b.triangles))
    return all(np.array_equal(*pair) for pair in pairs)


class _Edges(NamedTuple):
    """Pixels of the deposit, on its edge, between layers, and where no field has a meaning."""

    metal: np.ndarray
    front: np.ndarray
    layers: np.ndarray
    inert: np.ndarray


def _edges(raster: Raster, snapshot: snapshots.Snapshot) -> _Edges:
    layer = np.nan_to_num(raster.of(snapshot.fields[light.LAYER]), nan=-1.0)
    metal = np.zeros(raster.shape, dtype=bool)
    if "xi" in snapshot.fields:
        metal = raster.of(snapshot.fields["xi"]) > 0.5
    return _Edges(metal, _changes(metal), _changes(layer), layer == 0)


def _changes(image: np.ndarray) -> np.ndarray:
    """Pixels that differ from the one above or to the right."""
    found = np.zeros(image.shape, dtype=bool)
    found[1:] = image[1:] != image[:-1]
    found[:, :-1] |= image[:, 1:] != image[:, :-1]
    return found


def _values(
    raster: Raster, snapshot: snapshots.Snapshot, panel: Panel, edges: _Edges
) -> tuple[np.ndarray, np.ndarray]:
    """Values of a field at the pixels, and what the palette's marks cover, 0 where nothing."""
    values = raster.of(snapshot.fields[panel.field] * panel.factor)
    marks = np.zeros(raster.shape, dtype=np.uint8)
    if not panel.in_metal:
        marks[edges.metal] = INERT
    marks[edges.layers] = EDGE
    if panel.field != "xi":
        marks[edges.front] = EDGE
    if not panel.everywhere:
        marks[edges.inert] = INERT
    marks[~np.isfinite(values)] = OUTSIDE
    return values.astype(np.float32), marks


def _stills(
    panel: Panel, low: float, high: float, grids: list[tuple[np.ndarray, np.ndarray]]
) -> Stills:
    colours = matplotlib.colormaps[panel.colours](np.linspace(0, 1, SHADES), bytes=True)[:, :3]
    palette = np.zeros((256, 3), dtype=np.uint8)
    palette[:SHADES] = colours
    for number, colour in MARKS.items():
        palette[number] = colour
    pictures = []
    for values, marks in grids:
        share = (values - low) / (high - low) if high > low else np.zeros_like(values)
        shade = np.rint(np.nan_to_num(share).clip(0, 1) * (SHADES - 1)).astype(np.uint8)
        pictures.append(_png(np.where(marks, marks, shade), palette))
    return Stills(panel, float(low), float(high), colours, pictures)


def _png(image: np.ndarray, palette: np.ndarray) -> bytes:
    picture = Image.fromarray(image, mode="P")
    picture.putpalette(palette.tobytes())
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()


def encoded(picture: bytes) -> str:
    """A picture as text."""
    return base64.b64encode(picture).decode("ascii")
