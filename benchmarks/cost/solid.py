# SPDX-License-Identifier: MIT
"""What lithium that flows, and a notch, add to the cost of a step.

    docker/run python3 -m benchmarks.cost.solid [ROUNDS] [CASE ...]

A run and the same one without take turns; printed are processor seconds of a step, the first one
left out, their ratio, and the ratio of the least steps of all rounds: other work on the machine
only adds to them, and disturbs the ratio of a round by half on a bad day.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.adaptive.common import run

CONFIGS = Path(__file__).parents[2] / "configs"
MINUTE = ("time.end=60 s", "time.stop_tip=null", "output.snapshots=1")
STACK = ("mechanics.sides.counter=pressure", "mechanics.stack_pressure=5 MPa")
# Triangles of the notch's size everywhere, so that the mesh without it is the same.
FINE = ("adapt.enabled=false", "mesh.size_min=0.1 um", "mesh.size_max=0.1 um", "time.end=8 s")


class Case(NamedTuple):
    """A run, and the same one without.

    Attributes:
        config: Of both.
        without: Overrides of the one without.
        within: Overrides of the other.
        column: What the other's last line of scalars.csv is to have, printed to show what has
            happened.
    """

    config: str
    without: tuple[str, ...]
    within: tuple[str, ...]
    column: str


CASES = {
    "norton": Case(
        "quickstart", (*MINUTE, *STACK), (*MINUTE, *STACK, "lithium.flow=norton"), "lithium_flowing"
    ),
    "plastic": Case(
        "quickstart",
        (*MINUTE, *STACK),
        (*MINUTE, *STACK, "lithium.flow=plastic", "lithium.yield_stress=0.8 MPa"),
        "lithium_flowing",
    ),
    "notch": Case(
        "notch_plating",
        (*FINE, "fracture=null"),
        (*FINE, "fracture.length=0.3 um"),
        "crack_um",
    ),
}


class Cost(NamedTuple):
    """What a run has cost.

    Attributes:
        nodes: Of its mesh at the end.
        steps: How many have been timed.
        step: Processor time of one [s].
        last: Its last line of scalars.csv.
    """

    nodes: int
    steps: int
    step: float
    last: dict[str, float]

    @classmethod
    def of(cls, config: str, overrides: tuple[str, ...]) -> Cost:
        """Of a run."""
        notes = run(list(overrides), CONFIGS / f"{config}.yaml")
        later = notes.processor[1:]
        return cls(notes.problem.domain.nodes, len(later), sum(later) / len(later), notes.rows[-1])


def main(rounds: int = 3, *names: str) -> None:
    """Print a table."""
    names_of = "case | nodes | steps | s per step, without | with | ratio of the rounds | median"
    print(f"| {names_of} | of the least |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names or CASES:
        case, pairs = CASES[name], []
        for _ in range(rounds):
            pairs.append([Cost.of(case.config, x) for x in (case.without, case.within)])
        ratios = [b.step / a.step for a, b in pairs]
        a, b = pairs[-1]
        steps = [median(pair[k].step for pair in pairs) for k in (0, 1)]
        least = [min(pair[k].step for pair in pairs) for k in (0, 1)]
        print(
            f"| {name} ({case.column} {b.last[case.column]:.4g}) | {a.nodes}, {b.nodes} "
            f"| {a.steps}, {b.steps} | {steps[0]:.3f} | {steps[1]:.3f} "
            f"| {', '.join(f'{x:.2f}' for x in ratios)} | {median(ratios):.2f} "
            f"| {least[1] / least[0]:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
