# SPDX-License-Identifier: MIT
"""What the critical current density of a cell depends on: nuclei, width, interface length.

    docker/run python3 -m benchmarks.ccd.study            # LLZO, half cycles of 5 min; 10 min
    docker/run python3 -m benchmarks.ccd.study lpsc       # another cell of configs/ccd

The currents are those around the one from which on a flat front fills the gap in a half cycle.
"""

from __future__ import annotations

import sys
from pathlib import Path

import solver
from benchmarks.ccd.ramp import CONFIGS, HEAD, RAMP, line, ramp

COARSE = {f"{RAMP}.start": "60 mA/cm2", f"{RAMP}.step": "10 mA/cm2", f"{RAMP}.stop": "120 mA/cm2"}
VARIED = {
    "as it is: a finger in 20 um": {},
    "a finger in 10 um": {"nuclei.positions": ["0 um", "10 um"]},
    "a finger in 40 um": {"width": "20 um"},
    "a nucleus of 3 um": {"nuclei.radius": "3 um"},
    "l = 0.88 um": {"phase_field.interface_length": "0.88 um", "nuclei.film": "5 um"},
    "l = 0.33 um": {"phase_field.interface_length": "0.33 um"},
}
"""Name -> what differs from the config."""


def main(names: list[str]) -> None:
    """Run the ramps and print the table."""
    name = names[0] if names else "llzo"
    base = solver.load(CONFIGS / f"{name}.yaml", set=COARSE)
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    for number, (what, changes) in enumerate(VARIED.items()):
        folder = Path("results/ccd") / f"{name}_study_{number}"
        print(line(ramp(what, base.with_(changes), folder), "5 min"), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
