# SPDX-License-Identifier: MIT
"""A remesh before every step, a hundred times: lithium, the tip's place and memory.

docker/run python3 -m benchmarks.adaptive.hundred
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.adaptive.common import Noted, run

CONFIG = Path(__file__).parents[2] / "tests" / "system" / "adaptive.yaml"
REMESHES, WARM_UP = 100, 30
BALANCE, SHIFT, GROWTH = 1e-6, 0.1, 0.05
"""Relative lithium balance, shift of the tip by a remesh in h, growth of resident memory."""


class Restless(Noted):
    """A dendrite that remeshes before every step."""

    def due(self) -> bool:
        """It always is time."""
        return True


def main() -> int:
    """Print the figures; returns the exit code."""
    r = run(["time.dt_max=0.05 s", "output.checkpoint_steps=10"], CONFIG, Restless,
            until=lambda standing: standing.remeshes == REMESHES)  # fmt: skip
    size = r.problem.remesher.resolution.size
    balance, shift = max(abs(r.column("li_balance_rel"))), max(r.problem.shifts) / size
    growth = max(r.memory[WARM_UP:]) / r.memory[WARM_UP] - 1
    s = r.standing
    print(f"{s.remeshes} remeshes in {s.steps} steps, tip {r.rows[0]['tip_um']:.2f} -> "
          f"{r.rows[-1]['tip_um']:.2f} um: lithium balance within {balance:.1e}, no remesh moved "
          f"the tip by more than {shift:.1e} h, memory grew by {growth:.1%} after {WARM_UP} "
          "remeshes")  # fmt: skip
    return 0 if balance < BALANCE and shift < SHIFT and growth < GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
