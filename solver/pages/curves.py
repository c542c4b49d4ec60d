# SPDX-License-Identifier: MIT
"""What a page draws as curves: tables of a run folder by the units of their columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from solver.base.errors import InputError

POINTS = 1500
"""Most points of a curve on a page; see `thinned`."""

Table = dict[str, np.ndarray]
"""Columns by name, of equal length."""


class Group(NamedTuple):
    """Columns of one unit, which share axes.

    Attributes:
        title: What they are.
        columns: Pattern of their names; what it captures is the name of the curve.
        axis: Label of the axis, with the unit.
        factor: Takes the numbers of the table to that unit.
        logarithmic: Whether the axis is.
    """

    title: str
    columns: str
    axis: str
    factor: float = 1.0
    logarithmic: bool = False


GROUPS = (
    Group("Height of the deposit", r"(tip|front_mean)_um", "height (µm)"),
    Group("Current density", r"(.+)_A_per_m2", "current density (A/m²)"),
    Group("Cell voltage", r"(cell_voltage)_V", "voltage (mV)", 1e3),
    Group("Capacity of the step", r"(capacity)_mAh_per_cm2", "capacity (mAh/cm²)"),
    Group("Concentration", r"(.+)_mol_m3", "concentration (mol/m³)"),
    Group("Potential", r"(phi_.+)_V", "potential (mV)", 1e3),
    Group("Flux", r"flux_(.+)_mol_m2_s", "flux (mol/m²/s)"),
    Group("Area", r"(.+)_um2", "area (µm²)"),
    Group("Stress", r"(.+)_MPa", "stress (MPa)"),
    Group("Balance", r"(.+)_rel", "relative error (1)"),
    Group("Time step", r"(dt)_s", "size of the step (s)", logarithmic=True),
)
"""The histories, in order."""
PROFILES = (
    Group("Concentration along the axis", r"c_(.+)_mol_m3", "concentration (mol/m³)"),
    Group("Potential along the axis", r"(phi)_V", "potential (mV)", 1e3),
)
"""What `profile.csv` of ion transport shows."""


class Curve(NamedTuple):
    """A line of a chart."""

    name: str
    x: np.ndarray
    y: np.ndarray


class Chart(NamedTuple):
    """Curves on common axes; `along` tells whether x is time."""

    title: str
    x: str
    y: str
    logarithmic: bool
    along: bool
    curves: list[Curve]


def read(path: Path) -> Table:
    """Read a table of numbers; a last line that a run has not finished is left out.

    Raises:
        InputError: It is missing or odd.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
    names, lines = (rows[0], rows[1:]) if rows else ([], [])
    if lines and len(lines[-1]) != len(names):
        lines.pop()
    try:
        columns = np.array(lines, dtype=float).reshape(len(lines), len(names)).T
    except ValueError:
        raise InputError(f"{path}: every row must have {len(names)} numbers.") from None
    return dict(zip(names, columns, strict=True))


def histories(table: Mapping[str, np.ndarray], unit: str, seconds: float) -> list[Chart]:
    """Charts over time of a `scalars.csv`; none where it has a single row.

    Args:
        table: Its columns.
        unit: Of time on the axis.
        seconds: What that is in s.
    """
    t = table.get("t_s", np.zeros(0)) / seconds
    if len(t) < 2:
        return []
    found = [(group, matching(table, group)) for group in GROUPS]
    return [
        Chart(group.title, f"time ({unit})", group.axis, group.logarithmic, True,
              [Curve(name, *thinned(t, values)) for name, values in curves])
        for group, curves in found if curves
    ]  # fmt: skip


def profiles(table: Mapping[str, np.ndarray]) -> list[Chart]:
    """Charts along the axis of a `profile.csv`, interrupted where a quantity jumps."""
    y, layer = table["y_um"], table["layer"]
    jumps = np.flatnonzero(np.diff(layer)) + 1
    x = np.insert(y, jumps, np.nan)
    charts = []
    for group in PROFILES:
        curves = [Curve(n, x, np.insert(v, jumps, np.nan)) for n, v in matching(table, group)]
        charts.append(Chart(group.title, "distance from the anode (µm)", group.axis, False, False,
                            curves))  # fmt: skip
    return charts


def matching(table: Mapping[str, np.ndarray], group: Group) -> list[tuple[str, np.ndarray]]:
    """Names and values of the columns of a group, in its unit."""
    found = [(re.fullmatch(group.columns, name), values) for name, values in table.items()]
    return [(m[1].replace("_", " "), group.factor * values) for m, values in found if m]


def thinned(t: np.ndarray, values: np.ndarray, most: int = POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Leave out points of a curve that cannot be told apart, but no extreme.

    Args:
        t: Where, ascending.
        values: The curve.
        most: Points that may be left, at least 4.

    Returns:
        The first and the last point, and of equal numbers of points between them each time the
        least and the largest.
    """
    if len(t) <= most:
        return t, values
    kept = {0, len(t) - 1}
    for part in np.array_split(np.arange(1, len(t) - 1), (most - 2) // 2):
        kept |= {part[np.argmin(values[part])], part[np.argmax(values[part])]}
    places: Sequence[int] = sorted(kept)
    return t[places], values[places]
