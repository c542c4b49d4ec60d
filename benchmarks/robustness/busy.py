# SPDX-License-Identifier: MIT
"""Two ranks alone and beside two busy processes, with ranks that nap while they wait and without.

    docker/run python3 benchmarks/robustness/busy.py [CONFIG] [--rounds 3] [--set KEY=VALUE ...]

For a machine of two cores with nothing else to do. The four take turns; printed are the seconds of
a run's time loop, by the clock, and the ratios of their medians.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from solver.base.launch import mpirun  # noqa: E402

RANKS = BUSY = 2
BUSILY = [sys.executable, "-c", "while True: pass"]
IMPATIENT = """
import sys
from solver.base import patience
from solver.verbs import cli
patience.begin = lambda comm: False
sys.exit(cli.main())
"""
PROGRAM = {"napping": ["-m", "solver"], "asking": ["-c", IMPATIENT]}


def seconds(how: str, beside: int, words: list[str]) -> float:
    """The time loop of a run beside so many busy processes [s]."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        for _ in range(beside):
            busy = stack.enter_context(subprocess.Popen(BUSILY))
            stack.callback(busy.kill)
        command = [mpirun() or "mpirun", "-n", str(RANKS), sys.executable, *PROGRAM[how], "run"]
        done = subprocess.run(
            [*command, *words, "--force", "-o", folder], cwd=ROOT, capture_output=True, text=True
        )
    found = re.search(r"^done: .* passes, (\S+) s$", done.stdout, re.MULTILINE)
    if found is None:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    return float(found[1])


def main() -> None:
    """Run the four in turns and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("config", nargs="?", default="configs/quickstart.yaml")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    args = parser.parse_args()
    words = [args.config, *(x for text in args.overrides for x in ("--set", text))]
    took: dict[tuple[str, int], list[float]] = {}
    for number in range(args.rounds):
        for beside in (0, BUSY):
            for how in PROGRAM:
                found = seconds(how, beside, words)
                took.setdefault((how, beside), []).append(found)
                print(f"round {number + 1}, {how}, beside {beside}: {found:.1f} s", flush=True)
    alone = median(took["asking", 0])
    for (how, beside), all_of_them in took.items():
        print(f"{how}, beside {beside}: {median(all_of_them) / alone:.2f} of asking alone")


if __name__ == "__main__":
    main()
