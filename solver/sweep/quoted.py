# SPDX-License-Identifier: MIT
"""The numbers of runs that are quoted, read off them at a place that all of them have reached."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from solver.base.errors import InputError
from solver.base.units import si_text
from solver.input.config import Config
from solver.input.ions_config import TransportConfig
from solver.output import rows

CLOSE = 1e-9
"""Ends of runs that are as close as this, relatively, are the same."""


class Quoted(NamedTuple):
    """Numbers of runs.

    Attributes:
        numbers: Name -> unit and the values, one per run.
        remarks: What keeps the runs from being compared as they should be; whole sentences.
    """

    numbers: dict[str, tuple[str, list[float]]]
    remarks: list[str]


class Course:
    """The rows of a run's scalars.csv as columns.

    Raises:
        InputError: The file cannot be used.
    """

    def __init__(self, folder: Path):
        self.name, self._path = folder.name, folder / "scalars.csv"
        table = rows.read(self._path)
        try:
            self._columns = {k: np.array([float(row[k]) for row in table]) for k in table[0]}
        except (TypeError, ValueError):
            raise InputError(f"{self._path}: has values that are no numbers.") from None
        self.end = float(self["t_s"][-1])

    def __getitem__(self, name: str) -> np.ndarray:
        try:
            return self._columns[name]
        except KeyError:
            raise InputError(
                f"{self._path}: has no column {name}; a run of an older version has to be made "
                "again."
            ) from None

    def at(self, name: str, t: float) -> float:
        """A column at a time [s], linear between steps."""
        return float(np.interp(t, self["t_s"], self[name]))

    def mean_at(self, name: str, t: float) -> float:
        """A column that holds means over the steps, at a time [s]: a line through two of them."""
        middle = (self["t_s"] - 0.5 * self["dt_s"])[1:]
        means = self[name][1:]
        if len(means) < 2:
            return float(means[-1]) if len(means) else float("nan")
        i = int(np.clip(np.searchsorted(middle, t), 1, len(middle) - 1))
        slope = (means[i] - means[i - 1]) / (middle[i] - middle[i - 1])
        return float(means[i] + slope * (t - middle[i]))

    def arrival(self, height: float) -> float:
        """When the tip first reaches a height [um], within the step linearly [s]."""
        tip, t = self["tip_um"], self["t_s"]
        i = int(np.argmax(tip >= height))
        if i == 0:
            return float(t[0])
        return float(np.interp(height, tip[i - 1 : i + 1], t[i - 1 : i + 1]))


def of_dendrite(config: Config, folders: list[Path]) -> Quoted:
    """Numbers of dendrites: where the tip is asked to stop, or else at the end of the time.

    Raises:
        InputError: A scalars.csv cannot be used, or the runs have nothing in common.
    """
    runs = [Course(folder) for folder in folders]
    remarks: list[str] = []
    if config.time.stop_tip is None:
        t = _common_end(config.time.end, runs, remarks)
        times, first = [t] * len(runs), ("tip", "um", [run.at("tip_um", t) for run in runs])
    else:
        height = _common_height(config.time.stop_tip * 1e6, runs, remarks)
        times = [run.arrival(height) for run in runs]
        first = (f"time to {height:.4g} um", "s", times)
    pairs = list(zip(runs, times, strict=True))
    numbers = {
        first[0]: first[1:],
        "mean height": ("um", [run.at("front_mean_um", t) for run, t in pairs]),
        "deposition": ("A/m^2", [run.mean_at("deposition_A_per_m2", t) for run, t in pairs]),
    }
    if config.is_cell:
        numbers["cell voltage"] = ("mV", [1e3 * run.at("cell_voltage_V", t) for run, t in pairs])
    return Quoted(numbers, remarks)


def _common_height(wanted: float, runs: list[Course], remarks: list[str]) -> float:
    """Return the height that every tip has reached, at most the wanted one [um]."""
    lowest, start = min(run["tip_um"].max() for run in runs), max(r["tip_um"][0] for r in runs)
    for run in runs:
        tip = run["tip_um"].max()
        if tip < wanted * (1 - CLOSE):
            remarks.append(
                f"{run.name} ended at {si_text(run.end, 's')} with its tip at {tip:.4g} um, below "
                f"stop_tip {wanted:.4g} um; all numbers are for the height that every run has "
                "reached."
            )
    if lowest <= start:
        raise InputError("the runs have no height in common that their tips have grown to.")
    return float(min(lowest, wanted))


def _common_end(wanted: float, runs: list[Course], remarks: list[str]) -> float:
    """Return the time that every run has reached, at most the wanted one [s]."""
    for run in runs:
        if run.end < wanted * (1 - CLOSE):
            remarks.append(
                f"{run.name} ended at {si_text(run.end, 's')}, before time.end "
                f"{si_text(wanted, 's')}; all numbers are for the time that every run has reached."
            )
    return min(wanted, *(run.end for run in runs))


def of_ions(config: TransportConfig, folders: list[Path]) -> Quoted:
    """Numbers of ion transport at its end: potential drop and flux at the anode.

    Raises:
        InputError: A scalars.csv cannot be used.
    """
    runs, remarks = [Course(folder) for folder in folders], []
    ends = [run.end for run in runs]
    if config.time.mode == "transient":
        ends = [_common_end(config.time.end, runs, remarks)] * len(runs)
    pairs = list(zip(runs, ends, strict=True))
    drops = [1e3 * (run.at("phi_max_V", t) - run.at("phi_min_V", t)) for run, t in pairs]
    name = config.species[0].name
    fluxes = [run.at(f"flux_{name}_anode_mol_m2_s", t) for run, t in pairs]
    numbers = {"potential drop": ("mV", drops), f"flux of {name}": ("mol/m^2/s", fluxes)}
    return Quoted(numbers, remarks)
