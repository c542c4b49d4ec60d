# SPDX-License-Identifier: MIT
"""Critical current of a notch by its length, by `check` and by the principle of Lowack 2026.

docker/run python3 -m benchmarks.cracks.current          # a second

The cells of configs/notch_plating.yaml and notch_plating_llzo.yaml (a garnet), thick enough.
No mesh is made: Griffith's pressure over F c_Li is eta(i) and the ohmic drop up to the end.
"""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import NamedTuple

import solver
from solver.check import pressed

CONFIGS = Path(__file__).parents[2] / "configs"
CELLS = {"Li6PS5Cl": "notch_plating", "LLZO": "notch_plating_llzo"}
LENGTHS = (1, 4, 16, 64, 256, 1024)
"""Of notches [um]."""
STEP = 1.01
"""Ratio of two lengths that an exponent is taken between."""


class Critical(NamedTuple):
    """Currents at which a notch runs [A/m^2].

    Attributes:
        ours: Where p_c = F c_Li (eta(i) + 3/4 i a/sigma): K of its end, with the pressure of every
            place along it.
        detour: Where the ohmic drop to the end alone does, i = sigma p_c/(F c_Li a): what a detour
            of the current wastes on the way to the flat electrode, over the lithium that goes in,
            is the work of opening. The principle of Lowack (arXiv 2603.20113) as its abstract has
            it.
    """

    ours: float
    detour: float


def critical(name: str, length: float) -> Critical:
    """Critical currents of a notch of a length [um] in a cell."""
    config = solver.load(CONFIGS / f"{name}.yaml")
    film = config.nuclei.film
    notch = {"x": config.width / 2, "y": film, "length": length * 1e-6}
    longer = config.with_({"layers.0.thickness": film + 2e-6 * length, "fracture.notches": [notch]})
    found = pressed.first(longer, pressed.Drive(1.0))
    overpotential = found.critical / (longer.constants.F * longer.lithium.c_Li)
    detour = overpotential / pressed.Drive(0.0, 1.0).at(longer, found.top)
    return Critical(pressed.critical_current(longer, found), detour)


def main() -> None:
    """Print the table."""
    print("material  length um   ours mA/cm2  exponent  detour mA/cm2  exponent  ours/detour")
    for material, name in CELLS.items():
        for length in LENGTHS:
            low, high = critical(name, length), critical(name, STEP * length)
            powers = [log(b / a) / log(STEP) for a, b in zip(low, high, strict=True)]
            print(
                f"{material:8s} {length:10d} {low.ours / 10:13.3g} {powers[0]:9.2f} "
                f"{low.detour / 10:14.3g} {powers[1]:9.2f} {low.ours / low.detour:12.3f}"
            )


if __name__ == "__main__":
    main()
