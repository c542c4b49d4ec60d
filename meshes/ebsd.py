# SPDX-License-Identifier: MIT
"""A map of crystal orientations (EBSD): the files of microscopes, and its points as pixels.

The files are read by orix, which knows their conventions of axes, angles and symmetry.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ENDINGS = (".ang", ".ctf")
UNITS = {"um": 1.0, "nm": 1e-3}
"""Units of length that orix names, in um."""
OFF = 0.1
"""A point is on the grid within this share of a step."""
SQUARE = 0.01
"""Steps along and across that differ by less make square pixels."""


GRIDLESS = "has points that are on no grid of squares, rectangles or hexagons"
"""What is wrong with a map whose points lie in no regular rows."""


class NoMap(ValueError):
    """A file that holds no map that can be used; the text says why."""


@dataclass(frozen=True, eq=False)
class OrientationMap:
    """Points in rows, the first row uppermost as on the microscope's screen.

    Attributes:
        pixel: Edge of a pixel [um].
        point: Number of the point that every pixel belongs to, shape (rows, columns), the first row
            uppermost.
        rotation: Unit quaternions from the sample to the crystal, shape (points, 4), the scalar
            first.
        phase: Number of the phase of every point, -1 where it is not indexed, shape (points,).
        phases: Names of the phases.
        symmetry: Rotations of every phase's Laue group as unit quaternions, shape (rotations, 4).
    """

    pixel: float
    point: np.ndarray
    rotation: np.ndarray
    phase: np.ndarray
    phases: tuple[str, ...]
    symmetry: tuple[np.ndarray, ...]


def read(path: Path) -> OrientationMap:
    """Read a map.

    Raises:
        NoMap: orix is missing, the file cannot be read, or its points are on no complete grid.
    """
    if path.suffix.lower() not in ENDINGS:
        raise NoMap("is no map that can be read: its name must end in .ang (EDAX) or .ctf (Oxford)")
    found = _loaded(path)
    scale = UNITS.get(found.scan_unit)
    if scale is None:
        raise NoMap(f"has coordinates in '{found.scan_unit}', which is not known")
    if found.x is None or found.y is None:
        raise NoMap("has one row of points only")
    kinds = [number for number in found.phases.ids if number >= 0]
    if not kinds:
        raise NoMap("has no point that is indexed")
    for number in kinds:
        if found.phases[number].point_group is None:
            raise NoMap(f"does not say the symmetry of the phase '{found.phases[number].name}'")
    phase = np.full(found.phase_id.max() + 2, -1)
    phase[kinds] = np.arange(len(kinds))
    pixel, point = pixels(scale * np.column_stack([found.x, found.y]))
    return OrientationMap(
        pixel,
        point,
        np.asarray(found.rotations.data).reshape(found.size, -1, 4)[:, 0],
        phase[found.phase_id],
        tuple(found.phases[number].name for number in kinds),
        tuple(np.asarray(found.phases[number].point_group.laue_proper_subgroup.data)
              for number in kinds),
    )  # fmt: skip


def _loaded(path: Path):
    """What orix makes of a file."""
    try:
        from orix.io.plugins import ang, ctf
    except ImportError:
        raise NoMap(
            "is read by orix, which is not installed: pip install orix, or DENDRITE_ENV=venv with "
            "docker/run"
        ) from None
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            if path.suffix.lower() == ".ctf":
                return ctf.file_reader(str(path))
            # Otherwise phases are called by their formula, not by the name that the file has.
            return ang.file_reader(str(path), autogen_names=False)
    except OSError as error:
        raise NoMap(f"cannot be read: {error.strerror or error}") from None
    except Exception as error:  # of any kind: orix does not check what it reads
        reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "no map"
        raise NoMap(f"is no map that orix can read: {reason}") from None


def pixels(at: np.ndarray) -> tuple[float, np.ndarray]:
    """Square pixels for points on a grid of squares, rectangles or hexagons.

    Squares are the pixels. Otherwise a pixel is half of a step in a row of hexagons, or half of the
    shorter step of rectangles, and belongs to the nearest point.

    Args:
        at: Coordinates, y downwards, shape (points, 2).

    Returns:
        Edge of a pixel, and the number of the point of every pixel, shape (rows, columns).

    Raises:
        NoMap: The points are on no such grid, or some are missing.
    """
    from scipy.spatial import cKDTree

    at = at - at.min(axis=0)
    row, across, down = _rows(at)
    column = _columns(at, row, across)
    hexagons = (column % 2).any()
    if not hexagons and abs(across / down - 1) < SQUARE:
        point = np.empty((row.max() + 1, column.max() // 2 + 1), dtype=int)
        point[row, column // 2] = np.arange(len(at))
        return float(across), point
    size = at.max(axis=0) + [across, down]
    count = np.round(2 * size / (across if hexagons else min(across, down))).astype(int)
    x, y = ((np.arange(n) + 0.5) * whole / n for n, whole in zip(count, size, strict=True))
    middles = np.stack(np.meshgrid(x - 0.5 * across, y - 0.5 * down), axis=-1)
    return float(size[0] / count[0]), cKDTree(at).query(middles)[1]


def _rows(at: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Number of every point's row, the step in a row, and that from row to row."""
    from scipy.spatial import cKDTree

    apart = float(np.median(cKDTree(at).query(at, 2)[0][:, 1]))
    levels = np.sort(at[:, 1])
    rows = 1 + np.count_nonzero(np.diff(levels) > 0.3 * apart)
    if rows < 2:
        raise NoMap(GRIDLESS)
    down = levels[-1] / (rows - 1)
    row = np.round(at[:, 1] / down).astype(int)
    order = np.lexsort((at[:, 0], row))
    steps = np.diff(at[order, 0])[np.diff(row[order]) == 0]
    if apart <= 0 or not len(steps) or (np.abs(at[:, 1] / down - row) > OFF).any():
        raise NoMap(GRIDLESS)
    longest = np.ptp(at[row == 0, 0])
    return row, float(longest / max(1, round(longest / np.median(steps)))), float(down)


def _columns(at: np.ndarray, row: np.ndarray, across: float) -> np.ndarray:
    """Place of every point in its row, in half steps from the left.

    Raises:
        NoMap: Rows are not shifted by nothing or, in turn, by half a step; or points are missing.
    """
    place = 2 * at[:, 0] / across
    column = np.round(place).astype(int)
    first = np.full(row.max() + 1, column.max())
    np.minimum.at(first, row, column)
    shifted = first % 2
    on_grid = (np.abs(place - column) < 2 * OFF).all() and (column % 2 == shifted[row]).all()
    if not on_grid or (shifted.any() and (np.abs(np.diff(shifted)) != 1).any()):
        raise NoMap(GRIDLESS)
    expected = int(((column.max() - shifted) // 2 + 1).sum())
    different = len(np.unique(row * (column.max() + 1) + column))
    if different < len(at):
        raise NoMap(f"has {len(at) - different} points twice")
    if different < expected:
        raise NoMap(f"has {different} points where its grid has {expected}; export the whole map")
    return column
