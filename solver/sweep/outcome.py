# SPDX-License-Identifier: MIT
"""What a sweep compares of its runs, by their physics."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from solver.output import rows


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
        t, *columns = rows.columns(path, "t_s", *self.columns)
        return Curve(t, self.value(*columns))


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
