# SPDX-License-Identifier: MIT
"""Runs of the small cell that note what the studies need."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver.base import log
from solver.input import loading
from solver.output import run_folder
from solver.run.checkpointing import Source
from solver.run.simulation import Simulation

CELL = Path(__file__).with_name("cell.yaml")


class Noted(Simulation):
    """A run that keeps its rows, and the tip before and after every remesh.

    Attributes:
        rows: Lines of scalars.csv.
        shifts: By how much each remesh moved the tip [m].
        processor: Processor time of every step, a remesh before it included [s].
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.rows, self.shifts, self.processor = [], [], []

    def _observe(self, dt: float, inflow: float) -> None:
        super()._observe(dt, inflow)
        self.rows.append(self.row)

    def _step(self) -> None:
        start = time.process_time()
        super()._step()
        self.processor.append(time.process_time() - start)

    def _remesh(self) -> None:
        before = self.observer.tip()
        super()._remesh()
        self.shifts.append(abs(self.observer.tip() - before))

    def column(self, name: str) -> np.ndarray:
        """A column of scalars.csv."""
        return np.array([row[name] for row in self.rows])


def run(overrides: list[str], config: Path = CELL, kind: type[Noted] = Noted) -> Noted:
    """Run a config to its end in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        log.setup(0)
        parsed = loading.load(config, overrides)
        run_folder.prepare(Path(folder), "", loading.resolved_yaml(parsed), force=True)
        simulation = kind(parsed, Source(""), Path(folder), MPI.COMM_WORLD)
        simulation.run()
    return simulation
