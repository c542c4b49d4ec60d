# SPDX-License-Identifier: MIT
"""What a sweep compares of its runs, by their physics."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from solver.base.errors import InputError


class Curve(NamedTuple):
    """A number of a run over time [s]."""

    t: np.ndarray
    values: np.ndarray


class Outcome(NamedTuple):
    """A number that is followed in time, and one that sums up a run.

    Attributes:
        columns: Columns of scalars.csv that it is made of.
        value: Takes them to the number that is followed.
        label: Of that number.
        summary: Name of the one that sums up, with its unit, in summary.csv.
        summary_label: Its label.
        sum_up: Makes it of the curve; nan if that says nothing.
    """

    columns: tuple[str, ...]
    value: Callable[..., np.ndarray]
    label: str
    summary: str
    summary_label: str
    sum_up: Callable[[Curve], float]

    def curve(self, path: Path) -> Curve:
        """Read the curve of a run from its scalars.csv.

        Raises:
            InputError: The file is missing or odd.
        """
        rows = read_rows(path)
        try:
            t, *columns = (
                np.array([float(row[name]) for row in rows]) for name in ("t_s", *self.columns)
            )
        except (KeyError, TypeError, ValueError):
            raise InputError(
                f"{path}: every row must have the numbers t_s, {', '.join(self.columns)}."
            ) from None
        return Curve(t, self.value(*columns))


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read the rows of a scalars.csv.

    Raises:
        InputError: The file cannot be read or has no rows.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
    if rows and None in rows[-1].values():
        rows.pop()  # a killed run may leave half a line
    if not rows:
        raise InputError(f"{path}: there are no time steps in it.")
    return rows


def has_rows(path: Path) -> bool:
    """Whether a run has come to its first row: one that cannot start has none."""
    return path.exists() and path.read_text(encoding="utf-8").count("\n") > 1


def _mean_rate(curve: Curve) -> float:
    span = curve.t[-1] - curve.t[0]
    return (curve.values[-1] - curve.values[0]) / span if span > 0 else float("nan")


TIP = Outcome(
    ("tip_um",), lambda tip: tip, "height of the tip (µm)",
    "tip_speed_um_per_s", "mean speed of the tip (µm/s)", _mean_rate,
)  # fmt: skip
"""Of a dendrite: its tip, and how fast that grew from the start to the last step."""

DROP = Outcome(
    ("phi_min_V", "phi_max_V"), lambda low, high: 1e3 * (high - low), "potential drop (mV)",
    "potential_drop_mV", "potential drop at the end (mV)", lambda curve: float(curve.values[-1]),
)  # fmt: skip
"""Of ion transport: the range of the potential, and what it is at the end."""
