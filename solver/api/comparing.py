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
    """

    config: list[Difference]
    scalars: pandas.DataFrame

    def __str__(self) -> str:
        changes = [f"  {change}" for change in self.config] or ["  nothing"]
        last = self.scalars.iloc[-1]
        units = self.scalars.attrs["units"]
        names = (name for name in self.scalars if name != "t_s")
        ends = [f"  {name}: {last[name]:+.6g} {units[name]}" for name in names]
        at = f"second minus first at t = {last['t_s']:.6g} s"
        return "\n".join(["configs differ in", *changes, at, *ends])


def compare(run_a: Run, run_b: Run) -> Comparison:
    """Compare two runs of the same physics: their configs, and their scalars at common times.

    Raises:
        InputError: They are of different physics, have no common times, or cannot be read.
    """
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
    return Comparison(differences(old, new), table)
