# SPDX-License-Identifier: MIT
"""Run the verification ladder: python3 benchmarks/verification/run.py [RUNG ...].

Prints one line per number and ends with exit code 1 if any is out of its bound. A run of all rungs
also rewrites docs/verification.md and its figures.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # started as a script from anywhere
    sys.path.insert(0, str(ROOT))

from benchmarks.verification import page  # noqa: E402
from benchmarks.verification.common import Result, Row  # noqa: E402

RUNGS = (
    "planar_front",
    "eshelby",
    "cracks",
    "nernst",
    "circle",
    "manufactured",
    "transport",
    "wulff",
    "mullins_sekerka",
    "pfhub",
    "conservation",
    "cell_manufactured",
)
WIDTHS = (16, 39, 11, 12, 8, 6)


def main(arguments: list[str] | None = None) -> int:
    """Run the named rungs, or all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rungs", nargs="*", metavar="RUNG", help=f"of: {', '.join(RUNGS)}")
    names = parser.parse_args(arguments).rungs or list(RUNGS)
    if unknown := set(names) - set(RUNGS):
        parser.error(f"no such rung: {', '.join(sorted(unknown))}")
    print(_line(*page.HEADER), flush=True)
    results, seconds = {}, {}
    for name in names:
        results[name], seconds[name] = _run(name)
    failed = [row for result in results.values() for row in result.rows if not row.passed]
    print(f"{len(failed)} out of bound; {sum(seconds.values()):.0f} s")
    if set(names) == set(RUNGS):
        page.write(ROOT / "docs", results, seconds)
    return 1 if failed else 0


def _run(name: str) -> tuple[Result, float]:
    start = time.perf_counter()
    result = importlib.import_module(f"benchmarks.verification.{name}").rung()
    for row in result.rows:
        print(_line(*page.cells(row)) + _verdict(row), flush=True)
    return result, time.perf_counter() - start


def _verdict(row: Row) -> str:
    return "" if row.passed else "   OUT OF BOUND"


def _line(*cells: str) -> str:
    padded = (text.ljust(width) for text, width in zip(cells, WIDTHS, strict=False))
    return " | ".join((*padded, *cells[len(WIDTHS) :]))


if __name__ == "__main__":
    sys.exit(main())
