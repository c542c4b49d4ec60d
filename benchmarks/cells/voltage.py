# SPDX-License-Identifier: MIT
"""Which voltage a cell shows at a current and a temperature: a table and a figure.

    docker/run python3 -m benchmarks.cells.voltage docs/figures/voltage.png   # 15 s

Lines are what `check` predicts for a flat front, points are runs of configs/voltage.yaml.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import solver
from solver.check.cell import Cell, at
from solver.pictures import panels

CONFIG = Path(__file__).parents[2] / "configs" / "voltage.yaml"
ZERO = 273.15
RUNS, LINE = (25.0, 40.0, 60.0), np.linspace(20.0, 80.0, 31)
"""Temperatures of runs and of the lines [degC]."""
CURRENTS = np.geomspace(0.01, 100.0, 81)
"""Of the current-voltage curves [mA/cm^2]."""


def config(celsius: float) -> solver.Config:
    """The cell at a temperature."""
    return solver.load(CONFIG, set={"constants.T": celsius + ZERO})


def predicted(celsius: float, current: float, film: float | None = None) -> Cell:
    """What `check` says of it at a current [mA/cm^2], with a film of a thickness [m]."""
    return at(config(celsius), "current", 10 * current, film)


def run(celsius: float, folder: Path):
    """The rows of a run."""
    return solver.simulate(config(celsius), folder / f"{celsius:g}", progress=False).scalars


def main(path: Path) -> None:
    """Run, print and draw."""
    with tempfile.TemporaryDirectory() as folder:
        rows = {celsius: run(celsius, Path(folder)) for celsius in RUNS}
    print("| T | first step | predicted | after 1 h | predicted | resistance at a small current |")
    print("|---|---|---|---|---|---|")
    for celsius, found in rows.items():
        first, last = found.iloc[1], found.iloc[-1]
        pairs = [
            (
                1e3 * row.cell_voltage_V,
                1e3 * predicted(celsius, 1, 1e-6 * row.front_mean_um).voltage,
            )
            for row in (first, last)
        ]
        shown = " | ".join(f"{a:.4f} mV | {b:.4f} mV" for a, b in pairs)
        print(
            f"| {celsius:g} degC | {shown} | {1e4 * predicted(celsius, 1).resistance:.4f} ohm cm2 |"
        )
    with matplotlib.rc_context(panels.STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(10.6, 4.2), layout="constrained")
        _against_temperature(left, rows)
        _against_current(right)
        figure.savefig(path, dpi=150)


def _against_temperature(ax, rows) -> None:
    cells = [predicted(celsius, 1) for celsius in LINE]
    ohmic = np.array([10 * cell.ohmic for cell in cells])
    total = np.array([cell.voltage for cell in cells])
    ax.fill_between(LINE, 1e3 * ohmic, color="#c7d3e3", lw=0, label="electrolyte")
    ax.fill_between(LINE, 1e3 * ohmic, 1e3 * total, color="#f1dcae", lw=0, label="both electrodes")
    ax.plot(LINE, 1e3 * total, color=panels.INK, lw=1.4, label="check")
    points = [1e3 * found.cell_voltage_V.iloc[1] for found in rows.values()]
    ax.plot(list(rows), points, "o", color="#b3261e", label="runs, first step")
    ax.set(xlabel="temperature (°C)", ylabel="cell voltage at 1 mA/cm² (mV)", xlim=LINE[[0, -1]])
    ax.set_ylim(0, None)
    ax.legend(frameon=False)


def _against_current(ax) -> None:
    for celsius, colour in zip((25.0, 60.0), ("#2b5c9e", "#b3261e"), strict=True):
        volts = [1e3 * predicted(celsius, i).voltage for i in CURRENTS]
        ax.loglog(CURRENTS, volts, color=colour, lw=1.4, label=f"{celsius:g} °C")
        small = 1e4 * predicted(celsius, 1).resistance * CURRENTS
        ax.loglog(CURRENTS, small, color=colour, lw=0.8, ls=":")
    ax.set(xlabel="current density (mA/cm²)", ylabel="cell voltage (mV)")
    ax.legend(frameon=False, title="dotted: resistance at a small current")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
