# SPDX-License-Identifier: MIT
"""What the critical current density of a cell depends on: nuclei, width, interface length.

    docker/run python3 -m benchmarks.ccd.study            # LLZO, half cycles of 15 min; 10 min

The currents are those around the one from which on a flat front fills the gap in a half cycle.
"""

from __future__ import annotations

from pathlib import Path

import solver
from benchmarks.ccd.ramp import CONFIGS, HEAD, RAMP, line, ramp

COARSE = {f"{RAMP}.start": "20 mA/cm2", f"{RAMP}.step": "5 mA/cm2", f"{RAMP}.stop": "50 mA/cm2"}
VARIED = {
    "as it is: a finger in 20 um": {},
    "a finger in 10 um": {"nuclei.positions": ["0 um", "10 um"]},
    "a finger in 40 um": {"width": "20 um"},
    "a nucleus of 3 um": {"nuclei.radius": "3 um"},
    "l = 0.88 um": {"phase_field.interface_length": "0.88 um", "nuclei.film": "5 um"},
    "l = 0.33 um": {"phase_field.interface_length": "0.33 um"},
}
"""Name -> what differs from the config."""


def main() -> None:
    """Run the ramps and print the table."""
    base = solver.load(CONFIGS / "llzo.yaml", set=COARSE)
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    for number, (what, changes) in enumerate(VARIED.items()):
        folder = Path("results/ccd") / f"study_{number}"
        print(line(ramp(what, base.with_(changes), folder)), flush=True)


if __name__ == "__main__":
    main()
