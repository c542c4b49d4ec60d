# SPDX-License-Identifier: MIT
"""Reproduce Chen et al. (2025): python3 -m benchmarks.chen2025.run quick|full.

Runs what is not done yet (a stopped reproduction goes on where it was), then draws the figures and
writes docs/reproduction/chen2025.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.chen2025 import page, runs
from benchmarks.chen2025.cases import LEVELS, cases
from benchmarks.chen2025.tables import Results


def main() -> int:
    """Run, draw, write; 1 if a run failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("level", choices=LEVELS)
    parser.add_argument("--results", type=Path, default=Path("results/chen2025"))
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time (default 2)")
    parser.add_argument("--launcher", default="", help="command to put before every run")
    parser.add_argument("--only", metavar="TEXT", help="do only runs whose names contain it")
    args = parser.parse_args()
    level, results = LEVELS[args.level], args.results / args.level
    wanted = [case for case in cases(level) if (args.only or "") in case.name]
    failed = runs.run_all(wanted, results, args.jobs, args.launcher)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    # Runs that failed or were left out are named in the report.
    page.write(Results(results, level), args.level)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
