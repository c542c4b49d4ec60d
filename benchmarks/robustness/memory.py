# SPDX-License-Identifier: MIT
"""Resident memory over many cheap steps: flat after warm-up, growth below 5 %.

docker/run python3 benchmarks/robustness/memory.py [--steps 400]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from mpi4py import MPI

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from solver.base import log  # noqa: E402
from solver.input import loading  # noqa: E402
from solver.run.checkpointing import Source  # noqa: E402
from solver.run.simulation import Simulation  # noqa: E402

CONFIG = ROOT / "tests" / "system" / "small.yaml"
WARM_UP = 100
"""Steps after which growth counts."""
PAGE_MB = 4096 / 2**20


def resident() -> float:
    """Resident memory of this process [MB]."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB


def main() -> int:
    """Run the test; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=400)
    args = parser.parse_args()
    overrides = ["time.dt_max=0.05 s", "time.end=1000 s", "output.snapshots=2000",
                 "output.checkpoint_steps=10"]  # fmt: skip
    config = loading.load(CONFIG, overrides)
    log.setup(0)
    with tempfile.TemporaryDirectory() as folder:
        memory = []
        for standing in Simulation(config, Source(""), Path(folder), MPI.COMM_WORLD):
            memory.append(resident())
            if standing.steps == args.steps:
                break
    before, after = memory[WARM_UP], max(memory[WARM_UP:])
    growth = after / before - 1
    print(f"{before:.1f} MB after {WARM_UP} steps, at most {after:.1f} MB in the next "
          f"{args.steps - WARM_UP}: {growth:+.2%}")  # fmt: skip
    return 0 if growth < 0.05 else 1


if __name__ == "__main__":
    sys.exit(main())
