# SPDX-License-Identifier: MIT
"""A remesh before every step, a hundred times: lithium, the tip's place and memory.

docker/run python3 -m benchmarks.adaptive.hundred
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.adaptive.common import Noted, run
from benchmarks.robustness.memory import resident

CONFIG = Path(__file__).parents[2] / "tests" / "system" / "adaptive.yaml"
REMESHES, WARM_UP = 100, 30
BALANCE, SHIFT, GROWTH = 1e-6, 0.1, 0.05
"""Relative lithium balance, shift of the tip by a remesh in h, growth of resident memory."""


class Restless(Noted):
    """A run that remeshes before every step and ends after some."""

    def __init__(self, *args):
        super().__init__(*args)
        self.remesher.due = lambda model: True
        self.memory = []

    def _step(self) -> None:
        super()._step()
        self.memory.append(resident())
        if self.remeshes == REMESHES:
            time = self.config.time.model_copy(update={"end": self.t})
            self.config = self.config.model_copy(update={"time": time})


def main() -> int:
    """Print the figures; returns the exit code."""
    r = run(["time.dt_max=0.05 s", "output.checkpoint_steps=10"], CONFIG, Restless)
    size = r.remesher.resolution.size
    balance, shift = max(abs(r.column("li_balance_rel"))), max(r.shifts) / size
    growth = max(r.memory[WARM_UP:]) / r.memory[WARM_UP] - 1
    print(f"{r.remeshes} remeshes in {r.steps} steps, tip {r.rows[0]['tip_um']:.2f} -> "
          f"{r.rows[-1]['tip_um']:.2f} um: lithium balance within {balance:.1e}, no remesh moved "
          f"the tip by more than {shift:.1e} h, memory grew by {growth:.1%} after {WARM_UP} "
          "remeshes")  # fmt: skip
    return 0 if balance < BALANCE and shift < SHIFT and growth < GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
