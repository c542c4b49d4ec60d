# SPDX-License-Identifier: MIT
"""Models 1-3 with the quantitative interface: python3 -m benchmarks.chen2025.quantitative.

The ionic reading in the cell of 50 um, by `solver.converge`: two interface lengths, and checks of
mesh and time step. Runs are kept in results/chen2025/quantitative and not done again. Prints the
table of times with error bars.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import solver
from benchmarks.chen2025.cases import CONFIGS, MODELS, config_of
from benchmarks.chen2025.tables import GOAL, percent, table
from solver.sweep.convergence import Number

LEVELS = 2
"""Interface lengths: 0.44 and 0.22 um."""
SET = {
    "kinetics.interface": "quantitative",
    "phase_field.interface_length": "0.44 um",
    "time.stop_tip": f"{GOAL:g} um",
    "output.snapshots": 4,
}


def studied(model: int, folder: Path) -> Number:
    """Run a model refined; the time to `GOAL` with its error bar."""
    config = solver.load(CONFIGS / config_of("ionic", model), set=SET)
    found = solver.converge(config, folder / f"model{model}", levels=LEVELS, jobs=1)
    return found.numbers[0]


def times_table(times: Mapping[int, Number]) -> str:
    """Times of the models, by run and extrapolated, and their changes against Model 1.

    Args:
        times: Number of a model -> its time [s].
    """
    names = list(times[1].values)
    rows = []
    for model, time in times.items():
        values = [
            f"{time.values[name]:.0f} ({percent(time.values[name] / times[1].values[name] - 1)})"
            for name in names
        ]
        rows.append([f"Model {model}", *values, time.text.replace("+-", "±")])
    head = [f"{times[1].name} (s)", *(name.replace("_", " ") for name in names), "extrapolated"]
    return table(head, rows)


def main() -> int:
    """Run the three studies and print their table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path("results/chen2025/quantitative"))
    args = parser.parse_args()
    print(times_table({model: studied(model, args.results) for model in MODELS}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
