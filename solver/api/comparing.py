# SPDX-License-Identifier: MIT
"""Two runs side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.api import tables
from solver.api.running import Run
from solver.base.errors import InputError
from solver.input.comparison import Difference, differences

if TYPE_CHECKING:
    import pandas

STEPS = ("step", "t_s", "dt_s")
"""Columns of scalars.csv that belong to the steps and not to the state."""


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs.

    Attributes:
        config: Values that differ, with their `key`, `before` (of the first) and `now`.
        scalars: Second run minus first, one row per time [s] of the first run up to the end of the
            shorter one; of the second run by linear interpolation between its steps.
        heights: When the tips first come to equal heights: one row per height `tip_um` that the
            first run reached and the second one too, with the times `first_s` and `second_s`. None
            for ion transport, which has no tip.
    """

    config: list[Difference]
    scalars: pandas.DataFrame
    heights: pandas.DataFrame | None

    def __str__(self) -> str:
        changes = [f"  {change}" for change in self.config] or ["  nothing"]
        last = self.scalars.iloc[-1]
        units = self.scalars.attrs["units"]
        names = (name for name in self.scalars if name != "t_s")
        ends = [f"  {name}: {last[name]:+.6g} {units[name]}" for name in names]
        at = f"second minus first at t = {last['t_s']:.6g} s"
        return "\n".join(["configs differ in", *changes, at, *ends, *self._last_height()])

    def _last_height(self) -> list[str]:
        if self.heights is None or self.heights.empty:
            return []
        tip, first, second = self.heights.iloc[-1]
        return [f"tip first at {tip:.6g} um", f"  {first:.6g} s and {second:.6g} s"]


def compare(run_a: Run, run_b: Run) -> Comparison:
    """Compare two runs of the same physics: configs, scalars by time, times by height of the tip.

    Raises:
        InputError: They are of different physics, have no common times, or cannot be read.
    """
    if not (isinstance(run_a, Run) and isinstance(run_b, Run)):
        raise InputError("compare: two runs are needed; open_run(folder) opens one.")
    before, now = run_a.config, run_b.config
    if before.physics != now.physics:
        raise InputError(
            f"{run_a.folder} and {run_b.folder} cannot be compared: they are of physics "
            f"{before.physics} and {now.physics}."
        )
    a, b = run_a.scalars, run_b.scalars
    common = a[(a["t_s"] >= b["t_s"].min()) & (a["t_s"] <= b["t_s"].max())]
    if common.empty:
        raise InputError(f"{run_a.folder} and {run_b.folder} have no times in common.")
    names = [name for name in a.columns if name in b.columns and name not in STEPS]
    table = common[["t_s", *names]].reset_index(drop=True)
    for name in names:
        table[name] = np.interp(table["t_s"], b["t_s"], b[name]) - table[name]
    table.attrs["units"] = {name: tables.unit_of(name) for name in table.columns}
    old, new = (config.model_dump(mode="json") for config in (before, now))
    heights = _heights(a, b) if "tip_um" in names else None
    return Comparison(differences(old, new), table, heights)


def _heights(a: pandas.DataFrame, b: pandas.DataFrame) -> pandas.DataFrame:
    """Times at which the tips of two runs first reach the heights of the first one's steps."""
    import pandas  # which has read the tables

    (tips, first), (others, second) = _first_times(a), _first_times(b)
    common = (tips >= others[0]) & (tips <= others[-1])
    again = np.interp(tips[common], others, second)
    found = pandas.DataFrame(
        {"tip_um": tips[common], "first_s": first[common], "second_s": again}
    )
    found.attrs["units"] = {name: tables.unit_of(name) for name in found.columns}
    return found


def _first_times(table: pandas.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the heights that a tip reached, ascending [um], and when it first did [s]."""
    highest = np.maximum.accumulate(table["tip_um"].to_numpy())
    heights, steps = np.unique(highest, return_index=True)
    return heights, table["t_s"].to_numpy()[steps]
