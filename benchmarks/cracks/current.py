# SPDX-License-Identifier: MIT
"""Critical current of a notch by its length, as `check` has it, beside the exponent of Lowack 2026.

docker/run python3 -m benchmarks.cracks.current          # a second

The cells of configs/notch_plating.yaml and notch_plating_llzo.yaml (a garnet), thick enough.
No mesh is made: Griffith's pressure over F c_Li is eta(i) and the ohmic drop up to the end.
"""

from __future__ import annotations

from math import log
from pathlib import Path

import solver
from solver.check import pressed

CONFIGS = Path(__file__).parents[2] / "configs"
CELLS = {"Li6PS5Cl": "notch_plating", "LLZO": "notch_plating_llzo"}
LENGTHS = (1, 4, 16, 64, 256, 1024)
"""Of notches [um]."""
STEP = 1.01
"""Ratio of two lengths that an exponent is taken between."""
LOWACK = -1.5
"""J_crit ~ c_max^(-3/2) (arXiv 2603.20113), of its abstract."""


def critical_current(name: str, length: float) -> float:
    """Critical current of a notch of a length [um] in a cell [A/m^2]."""
    config = solver.load(CONFIGS / f"{name}.yaml")
    film = config.nuclei.film
    notch = {"x": config.width / 2, "y": film, "length": length * 1e-6}
    longer = config.with_(
        {"layers.0.thickness": film + 2e-6 * length, "fracture.notches": [notch]}
    )
    found = pressed.first(longer, pressed.Drive(1.0))
    return pressed.critical_current(longer, found)


def main() -> None:
    """Print the table."""
    print("material  length um  critical mA/cm2  exponent  Lowack")
    for material, name in CELLS.items():
        for length in LENGTHS:
            low, high = (critical_current(name, x) for x in (length, STEP * length))
            exponent = log(high / low) / log(STEP)
            print(f"{material:8s} {length:10d} {low / 10:16.3g} {exponent:9.2f} {LOWACK:7.1f}")


if __name__ == "__main__":
    main()
