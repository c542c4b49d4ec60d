# SPDX-License-Identifier: MIT
"""What a step costs beside one of an earlier version of the program.

    git worktree add --detach ../then 2bbd25d
    docker/run python3 -m benchmarks.cost.against ../then [ROUNDS]

The earlier version's quickstart for a minute on its uniform mesh, by it and by this version: as it
is, with lithium that creeps under a stack, and with a notch at rest, for which stress does not act
on the front. Runs take turns; a step is the processor time of all steps but the first ones, those
of a run that ends at once.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

HERE = Path(__file__).parents[2]
MINUTE, AT_ONCE = "time.end=60 s", "time.end=0.01 s"
OURS = "this version"
NOTCH = (
    "fracture.length=0.6 um",
    "layers.0.K_IC=0.23 MPa*m**0.5",
    "mechanics.feedback=false",
    "fracture.notches=[{x: 25 um, y: 3 um, length: 6 um}]",
)
CASES = {
    "earlier version": (),
    OURS: (),
    "creep": (
        "mechanics.sides.counter=pressure",
        "mechanics.stack_pressure=5 MPa",
        "lithium.flow=norton",
    ),
    "notch at rest": (*NOTCH, "fracture.overpotential=5 mV"),
}


def ran(version: Path, config: Path, overrides: tuple[str, ...]) -> tuple[float, int]:
    """Run a config; returns processor seconds and steps.

    Raises:
        RuntimeError: The run has failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        given = [part for x in overrides for part in ("--set", x)]
        line = [sys.executable, "-m", "solver", "run", config, "-o", f"{folder}/run", *given]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(line, cwd=version, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    steps = re.search(r"(\d+) steps", done.stdout)
    if done.returncode or steps is None:
        raise RuntimeError(done.stderr)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, int(steps.group(1))


def step(version: Path, config: Path, overrides: tuple[str, ...]) -> float:
    """Processor time of a step [s]."""
    always = ("time.stop_tip=null", "output.snapshots=1")
    first, whole = (ran(version, config, (*always, *overrides, end)) for end in (AT_ONCE, MINUTE))
    return (whole[0] - first[0]) / (whole[1] - first[1])


def main(version: str, rounds: str = "3") -> None:
    """Print a table."""
    earlier = Path(version).resolve()
    config = earlier / "configs" / "quickstart.yaml"
    found: dict[str, list[float]] = {name: [] for name in CASES}
    for number in range(int(rounds)):
        for name, overrides in CASES.items():
            of = earlier if name == next(iter(CASES)) else HERE
            found[name].append(step(of, config, overrides))
            print(f"round {number + 1}, {name}: {found[name][-1]:.3f} s", flush=True)
    print("| run | s per step | over the earlier version's | over this version's |")
    print("|---|---|---|---|")
    then, now = (found[name] for name in list(CASES)[:2])
    for name, times in found.items():
        over = [
            ", ".join(f"{a / b:.2f}" for a, b in zip(times, base, strict=True))
            for base in (then, now)
        ]
        print(f"| {name} | {median(times):.3f} | {over[0]} | {over[1]} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
