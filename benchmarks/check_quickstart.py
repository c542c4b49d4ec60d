# SPDX-License-Identifier: MIT
"""Check the invariants of a finished quickstart run: `check_quickstart.py RUN_FOLDER`.

xi within [-1e-6, 1 + 1e-6], c > 0, lithium balance below 1e-6 and a growing tip, in every step.
Exit code 1 if one does not hold.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def main(folder: Path) -> int:
    """Print the extremes over all steps and return the exit code."""
    with (folder / "scalars.csv").open() as file:
        rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]
    tips = [row["tip_um"] for row in rows]
    xi_min, xi_max = min(r["xi_min"] for r in rows), max(r["xi_max"] for r in rows)
    c_min = min(r["c_min_mol_m3"] for r in rows)
    balance = max(abs(r["li_balance_rel"]) for r in rows)
    print(f"{len(rows) - 1} steps, tip {tips[0]:.3f} -> {tips[-1]:.3f} um")
    print(f"xi in [{xi_min:.3e}, 1 - {1 - xi_max:.3e}], c >= {c_min:.3e} mol/m^3")
    print(f"lithium balance within {balance:.1e}")
    grows = all(later > earlier for earlier, later in zip(tips, tips[1:], strict=False))
    good = xi_min >= -1e-6 and xi_max <= 1 + 1e-6 and c_min > 0 and balance < 1e-6 and grows
    print("all hold" if good else "NOT all hold")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
