# SPDX-License-Identifier: MIT
"""How long electrons that leak take to feed a seed from 1 to 2 um: a run against the closed form.

docker/run python3 -m benchmarks.islands.fed      # half a minute
"""

from __future__ import annotations

from math import pi
from pathlib import Path

import numpy as np

import solver
from solver.laws import island

CONFIG, FOLDER = Path(__file__).parent / "fed.yaml", Path("results/islands/fed")
START, END = 1e-6, 2e-6
"""Radii [m]."""
DRIVE = 0.1
"""Potential of the seed against the mean of the electrodes' [V]."""


def radii(area: np.ndarray, length: float) -> np.ndarray:
    """Radius of a half-disk from its deposit's area; the profile adds pi^2 l^2/3 to a^2 [m]."""
    return np.sqrt(2 * area / pi - pi**2 * length**2 / 3)


def hours(run: solver.Run) -> float:
    """Time between the two radii in the run [h]."""
    length = solver.load(CONFIG).phase_field.interface_length
    grown = radii(run.scalars["islands_um2"].to_numpy() * 1e-12, length)
    # The area grows evenly enough for a straight line from step to step.
    start, end = np.interp([START, END], grown, run.scalars["t_s"])
    return (end - start) / 3600


def expected() -> float:
    """The closed form's, between electrodes without an end [h]."""
    config = solver.load(CONFIG)
    (seed,), layer = config.nuclei.islands, config.layers[0]
    ring = island.reach(config.cell_height, seed.y)
    charge = config.constants.F * config.lithium.c_Li
    return island.time_to(END, START, layer.sigma_el * DRIVE, ring, charge) / 3600


if __name__ == "__main__":
    found = hours(solver.simulate(solver.load(CONFIG), FOLDER, force=True))
    print(f"from 1 to 2 um: {found:.3f} h, closed form {expected():.3f} h ", end="")
    print(f"({found / expected() - 1:+.2%})")
