# SPDX-License-Identifier: MIT
"""Make docs/reproduction/zhang2024.md: python3 benchmarks/zhang2024/run.py [-o FOLDER].

Results go to a folder and are taken from it where a dendrite's run is there already. Takes about
8 minutes on one core; ends with exit code 1 if a number is out of its bound.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # started as a script from anywhere
    sys.path.insert(0, str(ROOT))

from benchmarks.zhang2024 import page, skeleton, stacks  # noqa: E402
from benchmarks.zhang2024.checks import CHECKS, Check  # noqa: E402

FIGURES = ROOT / "docs" / "figures"


def main(arguments: list[str] | None = None) -> int:
    """Run everything; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("results/zhang2024"))
    folder = parser.parse_args(arguments).output
    checks = _checks(folder / "checks")
    runs = {name: stacks.run(folder / "stacks", name) for name in stacks.NAMES}
    stacks.figure(runs["peo_thin"], runs["plm"], FIGURES / "zhang2024_stacks.png")
    dendrites = {
        (case, label): skeleton.run(folder / "skeleton", case, size)
        for label, size in skeleton.SIZES.items()
        for case in skeleton.CASES
    }
    finest = list(skeleton.SIZES)[-1]
    shown = {case: dendrites[case, finest] for case in skeleton.CASES}
    skeleton.figure(shown, FIGURES / "zhang2024_skeleton.png")
    measured = {key: skeleton.numbers(path) for key, path in dendrites.items()}
    tables = page.Tables(
        stacks.table(runs), skeleton.table(measured), skeleton.printed(folder / "skeleton")
    )
    text = page.text(checks, tables, _compared(runs), 2.5e-10 / 7.5e-13)
    path = ROOT / "docs" / "reproduction" / "zhang2024.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    out = [check for check in checks if not check.error < check.bound]
    print(f"{path}: {len(checks)} numbers, {len(out)} out of bound")
    return 1 if out else 0


def _checks(folder: Path) -> list[Check]:
    found: list[Check] = []
    for name, check in CHECKS.items():
        numbers = check(folder / name)
        found += numbers if isinstance(numbers, list) else [numbers]
    return found


def _compared(runs: dict) -> str:
    totals = {name: stacks.total(runs[name]) for name in ("peo_thin", "plm")}
    return (
        f"a lithium electrode rises by {totals['peo_thin']:.1f} mV across 20 um of PEO and by "
        f"{totals['plm']:.1f} mV across the layers of PLM."
    )


if __name__ == "__main__":
    sys.exit(main())
