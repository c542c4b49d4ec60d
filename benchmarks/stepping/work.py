# SPDX-License-Identifier: MIT
"""Error in time against work of the methods, on two fingers in a narrow cell.

    docker/run python3 -m benchmarks.stepping.work [PNG]

Every method goes through its tolerances, and the methods take turns. The error is that of the
tip's way against the last row of `REFERENCE`. A pass solves all fields once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.adaptive.common import run

CELL = Path(__file__).with_name("cell.yaml")
RUNS = {
    "sdirk2": (0.32, 0.16, 0.08, 0.04, 0.02, 0.01, 0.005),
    "sdirk3": (0.32, 0.16, 0.08, 0.04, 0.02, 0.01, 0.005),
    "backward_euler": (0.16, 0.04, 0.01),
}
START = 0.1
"""Another `time.dt_initial` for sdirk2 [s]."""
REFERENCE = ("time.scheme=sdirk3", "time.tolerance=0.001", "solver.pass_tolerance=1e-4")


class Work(NamedTuple):
    """What a run has cost and found.

    Attributes:
        name: Of the method.
        tolerance: `time.tolerance`.
        steps: Accepted steps.
        rejected: Rejected ones.
        passes: Of all stages, rejected steps left out.
        seconds: Processor time of the time loop [s].
        way: How far the tip has come [um].
    """

    name: str
    tolerance: float
    steps: int
    rejected: int
    passes: int
    seconds: float
    way: float


def work(name: str, overrides: list[str]) -> Work:
    """Run the cell once."""
    notes = run(overrides, CELL)
    standing = notes.standing
    return Work(
        name,
        notes.problem.config.time.tolerance,
        standing.steps,
        standing.stepper["rejected"],
        standing.passes,
        sum(notes.processor),
        notes.rows[-1]["tip_um"] - notes.problem.config.nuclei.top * 1e6,
    )


def measured() -> list[Work]:
    """Run everything, the methods in turns."""
    turns = max(map(len, RUNS.values()))
    found = []
    for turn in range(turns):
        for name, tolerances in RUNS.items():
            if turn < len(tolerances):
                values = [f"time.scheme={name}", f"time.tolerance={tolerances[turn]}"]
                found.append(work(name, values))
    for tolerance in RUNS["sdirk2"][1:4]:
        values = [f"time.tolerance={tolerance}", f"time.dt_initial={START}"]
        found.append(work(f"sdirk2, first step {START:g} s", values))
    return found


def main(words: list[str]) -> int:
    """Print the table, and draw it if a file is named; returns the exit code."""
    exact = work("reference", list(REFERENCE)).way
    found = measured()
    print(f"\nway of the tip {exact:.5f} um\n")
    print("| method | tolerance | steps (rejected) | passes | processor s | error of the way |")
    print("|---|---|---|---|---|---|")
    for w in sorted(found, key=lambda w: (w.name, -w.tolerance)):
        print(f"| {w.name} | {w.tolerance:g} | {w.steps} ({w.rejected}) | {w.passes} | "
              f"{w.seconds:.2f} | {100 * (w.way / exact - 1):+.3f} % |")  # fmt: skip
    if words:
        _draw(Path(words[0]), found, exact)
    return 0


def _draw(path: Path, found: list[Work], exact: float) -> None:
    from matplotlib.figure import Figure

    fig = Figure(figsize=(6.4, 4.4), layout="constrained")
    ax = fig.subplots()
    for name, mark in zip(dict.fromkeys(w.name for w in found), "os^D", strict=False):
        mine = [w for w in found if w.name == name]
        errors = [100 * abs(w.way / exact - 1) for w in mine]
        ax.plot([w.passes for w in mine], errors, marker=mark, label=name)
    ax.set(xscale="log", yscale="log", xlabel="passes over the fields")
    ax.set_ylabel("error of the tip's way (%)")
    ax.grid(which="both", color="#dddddd", linewidth=0.5)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    fig.savefig(path, dpi=150)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
