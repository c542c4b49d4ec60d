# SPDX-License-Identifier: MIT
"""Kill a run 20 times at random moments, restart it each time, and compare with an undisturbed one.

    docker/run python3 benchmarks/robustness/kill.py [CONFIG] [--kills 20] [--seed 1]

The moments are spread over the whole life of a process: start, steps, writing and end. All of
these must hold, or the exit code is 1: after every kill every snapshot can be read; in the end
scalars.csv has every step once, and it and the field series equal the undisturbed ones.
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from solver.output import checkpoint, snapshots  # noqa: E402

CONFIG = ROOT / "tests" / "system" / "small.yaml"


def start(words: list[str]) -> subprocess.Popen:
    """Start the program."""
    return subprocess.Popen(
        [sys.executable, "-m", "solver", *words], cwd=ROOT, stdout=subprocess.DEVNULL
    )


def wait_for_rows(process: subprocess.Popen, scalars: Path) -> None:
    """Wait until the process writes scalars.csv, or ends."""
    old = scalars.stat().st_mtime_ns if scalars.exists() else 0
    while process.poll() is None and not (scalars.exists() and scalars.stat().st_mtime_ns != old):
        time.sleep(0.005)


def undisturbed(words: list[str], scalars: Path) -> tuple[float, float] | None:
    """Run to the end; returns the seconds before the first row and after it, None if it fails."""
    process, begin = start(words), time.monotonic()
    wait_for_rows(process, scalars)
    first = time.monotonic()
    done = process.wait() == 0
    return (first - begin, time.monotonic() - first) if done else None


def killed(words: list[str], scalars: Path, seconds: float, from_start: bool) -> bool:
    """Start the program and kill it after some time, counted from its start or its first row.

    Returns:
        False if it was done before.
    """
    process = start(words)
    if not from_start:
        wait_for_rows(process, scalars)
    try:
        return process.wait(timeout=seconds) != 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def readable(folder: Path) -> int:
    """Read every snapshot of a run folder; returns their number."""
    if not snapshots.path(folder).exists():
        return 0
    count = len(snapshots.times(folder))
    for index in range(count):
        snapshots.load(folder, index)
    return count


def files(folder: Path) -> dict[str, bytes]:
    """Results of a run that must not depend on kills."""
    paths = [folder / "scalars.csv", folder / "fields.xdmf", *(folder / "fields").iterdir()]
    return {path.name: path.read_bytes() for path in paths}


def main() -> int:
    """Run the test; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", type=Path, nargs="?", default=CONFIG)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as scratch:
        whole, folder = Path(scratch) / "whole", Path(scratch) / "killed"
        often = ["--set", "output.checkpoint_steps=1"]
        times = undisturbed(["run", str(args.config), "-o", str(whole), *often],
                            whole / "scalars.csv")  # fmt: skip
        if times is None:
            return 1
        before, after = times
        kills = 0
        while kills < args.kills:
            go_on = checkpoint.all_in(folder)
            words = ["restart", str(folder)] if go_on else ["run", str(args.config), "-o",
                     str(folder), "--force", *often]  # fmt: skip
            # One in four hits the start; the others come so soon that the run lasts for all.
            early = chance.random() < 0.25
            longest = before if early else 2 * after / args.kills
            if not killed(words, folder / "scalars.csv", chance.uniform(0, longest), early):
                break
            kills += 1
            found = checkpoint.all_in(folder)
            newest = found[-1].name if found else "no checkpoint"
            print(f"kill {kills}: {newest}, {readable(folder)} snapshots readable")
        ended = start(["restart", str(folder)]).wait()
        with (folder / "scalars.csv").open() as file:
            steps = [int(row["step"]) for row in csv.DictReader(file)]
        once, equal = steps == list(range(len(steps))), files(folder) == files(whole)
        print(f"{kills} kills; last restart ended with {ended}; every step once: {once}; "
              f"equal to the undisturbed run: {equal}")  # fmt: skip
        return 0 if ended == 0 and once and equal else 1


if __name__ == "__main__":
    sys.exit(main())
