# SPDX-License-Identifier: MIT
"""Runs of the small cell that note what the studies need."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from mpi4py import MPI

from benchmarks.robustness.memory import resident
from solver.base import log
from solver.input import loading
from solver.output import run_folder
from solver.output.checkpoint import Standing
from solver.run.checkpointing import Source
from solver.run.dendrite import Dendrite
from solver.run.simulation import Simulation

CELL = Path(__file__).with_name("cell.yaml")


class Noted(Dendrite):
    """A dendrite that notes the tip before and after every remesh.

    Attributes:
        shifts: By how much each remesh moved the tip [m].
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.shifts = []

    def remesh(self) -> None:
        """Go on with the same states on a new mesh."""
        before = self.observer.tip()
        super().remesh()
        self.shifts.append(abs(self.observer.tip() - before))


class Notes(NamedTuple):
    """What was noted of a run.

    Attributes:
        problem: Its model at the end.
        standing: Where it stood at the end.
        rows: Lines of scalars.csv, the initial state left out.
        processor: Processor time of every step, a remesh before it included [s].
        memory: Resident memory after every step [MB].
    """

    problem: Noted
    standing: Standing
    rows: list[dict[str, float]]
    processor: list[float]
    memory: list[float]

    def column(self, name: str) -> np.ndarray:
        """A column of scalars.csv."""
        return np.array([row[name] for row in self.rows])


def run(
    overrides: list[str],
    config: Path = CELL,
    kind: type[Noted] = Noted,
    until: Callable[[Standing], bool] = lambda standing: False,
) -> Notes:
    """Run a config to its end, or until a step says so, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        log.setup(0)
        parsed = loading.load(config, overrides)
        run_folder.prepare(Path(folder), "", loading.resolved_yaml(parsed), force=True)
        simulation = Simulation(parsed, Source(""), Path(folder), MPI.COMM_WORLD, problem=kind)
        notes = Notes(simulation.problem, simulation.standing, [], [], [])
        start = time.process_time()
        for standing in simulation:
            notes.processor.append(time.process_time() - start)
            notes.rows.append(standing.row)
            notes.memory.append(resident())
            if until(standing):
                break
            start = time.process_time()
    return notes
