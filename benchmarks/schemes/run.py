# SPDX-License-Identifier: MIT
"""The split scheme against Newton's method for all fields at once, on the quickstart.

    docker/run python3 benchmarks/schemes/run.py whole       # coarser, from start to end, 30 min
    docker/run python3 benchmarks/schemes/run.py quickstart  # steps of its own, 25 min

`whole` takes both schemes from the start to the end with the same steps, on a mesh and interface
twice as coarse. `quickstart` takes them a few steps on from states of the quickstart itself: the
first, an early one and one half-way. Passes are converged to 1e-9. Exit code 1 if the tip, or the
2-norm of a field, differs by more than 1e-6 of itself.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mpi4py import MPI

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.verification.common import Run  # noqa: E402
from solver.cell import domain  # noqa: E402
from solver.cell.domain import Domain  # noqa: E402
from solver.equations.observe import Observer  # noqa: E402
from solver.input import loading  # noqa: E402

BOUND = 1e-6
CONVERGED = ("solver.pass_tolerance=1e-9", "solver.max_passes=100")
UNIFORM = (
    "adapt.enabled=false",
    "mesh.size_min=0.22 um",
    "mesh.fine_height=41 um",
    "mesh.growth=0.2",
)
"""Both schemes step on one mesh."""
COARSE = ("mesh.size_min=0.44 um", "phase_field.interface_length=0.88 um")
TIMES = (0.0, 100.0, 600.0)
"""Times of the quickstart's states to go on from [s]."""
STEPS = 2
"""Steps to take from each."""


class Pair:
    """Both schemes on one mesh.

    Attributes:
        worst: Largest relative differences so far, by field and of the tip.
    """

    def __init__(self, overrides: Sequence[str], cell: Domain | None = None):
        config = self.config(*overrides)
        cell = cell or domain.build(config, MPI.COMM_WORLD)
        self.split = Run(config, cell)
        self.whole = Run(self.config(*overrides, "solver.scheme=monolithic"), cell)
        self.worst: dict[str, float] = {}
        print(f"{cell.nodes} nodes", flush=True)

    @staticmethod
    def config(*overrides: str):
        """Return the quickstart's config with overrides."""
        text = (ROOT / "configs" / "quickstart.yaml").read_text()
        return loading.parse(text, [*UNIFORM, *overrides])

    def start(self) -> None:
        """Begin both at the initial state."""
        for run in (self.split, self.whole):
            run.scheme.settle()
            run.start()

    def resume(self, other: Run) -> None:
        """Begin both at the state of another run."""
        for run in (self.split, self.whole):
            run.integrator.resume(list(other.integrator.history))
            run.t = other.t

    def step(self, dt: float) -> None:
        """Let the monolithic scheme take the step that the split one has taken; compare."""
        for _ in self.whole.march(dt, 1):
            pass
        differences = self.differences()
        self.worst = {k: max(self.worst.get(k, 0.0), v) for k, v in differences.items()}
        shown = "  ".join(f"{name} {value:.1e}" for name, value in differences.items())
        print(f"t = {self.split.t:9.3f} s  dt = {dt:8.3g} s  {shown}", flush=True)

    def differences(self) -> dict[str, float]:
        """Relative differences in 2-norm of every field, and of the tip."""
        a, b = self.split, self.whole
        out = {}
        for one, other in zip(a.state.functions, b.state.functions, strict=True):
            difference = np.linalg.norm(one.x.array - other.x.array)
            out[one.name] = float(difference / np.linalg.norm(other.x.array))
        out["tip"] = abs(Observer(a.model).tip() / Observer(b.model).tip() - 1)
        return out


def whole() -> dict[str, float]:
    """Both schemes through the coarser quickstart."""
    pair = Pair((*CONVERGED, *COARSE))
    pair.start()
    config, before = pair.split.config, 0.0
    for t in pair.split.adapt(config.time.end, config.time.tolerance):
        pair.step(t - before)
        before = t
        if Observer(pair.split.model).tip() >= config.time.stop_tip:
            break
    return pair.worst


def quickstart() -> dict[str, float]:
    """Both schemes a few steps on from states of the quickstart."""
    worst: dict[str, float] = {}
    run = Run(Pair.config())
    run.scheme.settle()
    run.start()
    for begin in TIMES:
        if begin > 0:
            for _ in run.adapt(begin, run.config.time.tolerance):
                pass
        # A scheme remembers how good its guesses were: each state gets one that knows nothing.
        pair = Pair(CONVERGED, run.model.domain)
        pair.resume(run)
        history = run.integrator.history
        dt = history[-1][0] - history[-2][0] if len(history) > 1 else run.config.time.dt_initial
        for _ in range(STEPS):
            for _ in pair.split.march(dt, 1):
                pair.step(dt)
        worst = {name: max(worst.get(name, 0.0), value) for name, value in pair.worst.items()}
    return worst


def main(words: list[str]) -> int:
    """Run one comparison and return the exit code."""
    known = {"whole": whole, "quickstart": quickstart}
    if len(words) != 1 or words[0] not in known:
        print(f"usage: run.py {' | '.join(known)}", file=sys.stderr)
        return 2
    clock = time.perf_counter()
    worst = known[words[0]]()
    for name, value in worst.items():
        print(f"{name:4} {value:.1e}  {'ok' if value <= BOUND else 'OUT'}")
    print(f"{time.perf_counter() - clock:.0f} s")
    return 0 if worst and max(worst.values()) <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
