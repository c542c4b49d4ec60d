# SPDX-License-Identifier: MIT
"""Error in time against work of the methods, on two fingers in a narrow cell.

    docker/run python3 -m benchmarks.stepping.work [PNG]

Every method goes through its tolerances, and the methods take turns: three minutes. The error is
that of the tip's way against that with `REFERENCE`. A pass solves all fields once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.adaptive.common import run

CELL = Path(__file__).with_name("cell.yaml")
FINE = (0.32, 0.16, 0.08, 0.04, 0.02, 0.01)
STRICT = "solver.pass_tolerance=1e-4"
RUNS = {
    "sdirk2": ((), (*FINE, 0.005)),
    "sdirk3": (("time.scheme=sdirk3",), FINE),
    "backward_euler": (("time.scheme=backward_euler",), (0.16, 0.04, 0.01)),
    "sdirk2, first step 0.02 s": (("time.dt_initial=0.02",), (0.16, 0.08)),
    "sdirk2, passes to 1e-4": ((STRICT,), (0.16, 0.02)),
    "sdirk3, passes to 1e-4": (("time.scheme=sdirk3", STRICT), (0.16, 0.04)),
}
"""Name -> overrides and tolerances."""
REFERENCE = ("time.scheme=sdirk3", "time.tolerance=0.0025", STRICT)


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
    turns = max(len(tolerances) for _, tolerances in RUNS.values())
    found = []
    for turn in range(turns):
        for name, (overrides, tolerances) in RUNS.items():
            if turn < len(tolerances):
                found.append(work(name, [*overrides, f"time.tolerance={tolerances[turn]}"]))
    return found


def table(found: list[Work], exact: float) -> str:
    """Write the runs as a table; `exact` is the way of the tip [um]."""
    lines = [
        "| method | tolerance | steps (rejected) | passes | processor s | error of the way |",
        "|---|---|---|---|---|---|",
    ]
    for w in found:
        cost = f"{w.steps} ({w.rejected}) | {w.passes} | {w.seconds:.1f}"
        error = f"{100 * (w.way / exact - 1):+.2f} %"
        lines.append(f"| `{w.name}` | {w.tolerance:g} | {cost} | {error} |")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Print the table, and draw it if a file is named; returns the exit code."""
    exact = work("reference", list(REFERENCE)).way
    found = sorted(measured(), key=lambda w: (list(RUNS).index(w.name), -w.tolerance))
    print(f"\nway of the tip {exact:.5f} um\n\n{table(found, exact)}")
    if words:
        draw(Path(words[0]), found, exact)
    return 0


def draw(path: Path, found: list[Work], exact: float) -> None:
    """Draw the errors against the passes."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, NullFormatter

    fig = Figure(figsize=(6.4, 4.4), layout="constrained")
    ax = fig.subplots()
    for name, mark in zip(dict.fromkeys(w.name for w in found), "os^DvP", strict=True):
        mine = [w for w in found if w.name == name]
        errors = [100 * abs(w.way / exact - 1) for w in mine]
        ax.plot([w.passes for w in mine], errors, marker=mark, label=name)
    ax.set(xscale="log", yscale="log", xlabel="passes over the fields")
    ax.set_ylabel("error of the tip's way (%)")
    ax.set_xticks([80, 100, 150, 200, 300], ["80", "100", "150", "200", "300"])
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.grid(color="#dddddd", linewidth=0.5)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    fig.savefig(path, dpi=150)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
