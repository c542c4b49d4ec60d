# SPDX-License-Identifier: MIT
"""A run of ion transport from config to results."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver.base import log
from solver.base.errors import DendriteError, SolverError, Stopped
from solver.base.parallel import on_root
from solver.base.signals import StopRequest
from solver.cell import domain
from solver.check import ions_limits
from solver.equations.ions_model import IonModel
from solver.equations.ions_observe import Observer
from solver.input.ions_checks import ELECTRODES
from solver.input.ions_config import TransportConfig
from solver.output import ions_files, provenance, run_folder
from solver.pictures import ions_figure
from solver.schemes.ions_newton import Newton, StageFailed
from solver.stepping.ions_stepping import Step, Stepping
from solver.stepping.stepper import Stepper

FIRST_STEP = 1e-4
"""Default first step, in diffusion times of the stack."""
SMALLEST_STEP = 1e-6
"""Step that ends the run when it is rejected, in first steps."""
SETTLED = 1e-9
"""Change of the unknowns in a step of a diffusion time or more that counts as steady."""
USED_UP = 1e-3
"""Share of c0 below which a species that cannot follow the prescribed flux counts as used up."""


def run(
    config: TransportConfig,
    config_text: str,
    folder: Path,
    overrides: Sequence[str] = (),
    force: bool = False,
) -> None:
    """Run a config and leave its results in a folder (collective over MPI's world).

    Args:
        config: The validated config.
        config_text: Its text as given.
        folder: Where the results go.
        overrides: The `--set` arguments, which are in `config` already.
        force: Replace earlier results there.

    Raises:
        InputError: The folder cannot be used or the cell cannot be meshed.
        SolverError: There is no further step; the last good state has been written.
        Stopped: Likewise, by a signal or the limit of wall time.
    """
    comm = MPI.COMM_WORLD
    with run_folder.begun(folder, config, config_text, force, comm):
        Simulation(config, folder, comm).run()


class Simulation:
    """The objects of a run and its time loop."""

    def __init__(self, config: TransportConfig, folder: Path, comm: MPI.Comm):
        self.config, self.folder, self.comm = config, folder, comm
        self.clock = time.perf_counter()
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        log.logger.info(config.title)
        self.domain = domain.build(config, comm)
        log.logger.info(f"mesh: {self.domain.nodes} nodes, {self.domain.cells} triangles")
        self.model = IonModel(config, self.domain)
        self.stepping = Stepping(self.model, Newton(self.model))
        self.limit = ions_limits.prescribed(config)
        self.steady = config.time.mode == "steady"
        self.diffusion_time = ions_limits.diffusion_time(config)
        first = config.time.dt_initial or FIRST_STEP * self.diffusion_time
        count = 0 if self.steady else config.output.snapshots
        self.outputs = np.linspace(0, config.time.end, count + 1)[1:]
        self.stepper = Stepper(
            first, SMALLEST_STEP * first, np.inf, config.time.tolerance, list(self.outputs)
        )

    def run(self) -> None:
        """Run to the end; see `run` for what it raises."""
        self._start()
        failure: DendriteError | None = None
        with StopRequest(self.comm, self.clock, self.config.time.max_wall) as stop:
            try:
                while not self.done:
                    self._step()
                    self._heed(stop)
            except DendriteError as error:
                failure = error
                self.stepping.undo()
        self._close(failure)
        if failure:
            raise failure

    def _start(self) -> None:
        self.t, self.steps, self.done = 0.0, 0, False
        self.model.initialise()
        self.observer = Observer(self.model)
        nothing = {side: np.zeros(self.model.charge_row) for side in ELECTRODES}
        self.rows = [self.observer.row(0, 0.0, 0.0, nothing)]
        observer, opened = self.observer, []
        layer = observer.order.cell_values(self.model.layer_number)
        series = ions_files.Series
        on_root(self.comm, lambda: opened.append(series(self.folder, observer.order, layer)))
        self.series = opened[0] if opened else None
        self._snapshot()

    def _step(self) -> None:
        """Advance by one accepted step."""
        while True:
            dt = self.stepper.propose(self.t)
            try:
                step = self.stepping.step(dt)
            except StageFailed as reason:
                self._cut(dt, str(reason))
                continue
            if self.stepper.accept(dt, step.error):
                break
            self.stepping.undo()
        self.t += dt
        self.steps += 1
        self.rows.append(self.observer.row(self.steps, self.t, dt, step.inflow))
        self._refuse_depletion()
        self.done = self._finished(dt, step)
        if not self.steady and any(abs(self.t - x) <= 1e-9 * x for x in self.outputs):
            self._snapshot()

    def _finished(self, dt: float, step: Step) -> bool:
        if self.steady:
            return step.change <= SETTLED and dt >= self.diffusion_time
        return self.t >= self.config.time.end * (1 - 1e-12)

    def _cut(self, dt: float, reason: str) -> None:
        try:
            self.stepper.fail(dt, reason)
        except SolverError as error:
            raise SolverError(self._explained(str(error))) from None

    def _refuse_depletion(self) -> None:
        """End a run whose flux the layers cannot carry, once there is nothing left to carry it."""
        first = self.config.species[0].name
        left = self.rows[-1][f"c_{first}_min_mol_m3"] / self.model.c_ref[0]
        if self._too_much() and left < USED_UP:
            raise SolverError(self._explained(""))

    def _too_much(self) -> bool:
        return self.limit is not None and self.limit.flux >= self.limit.limit * (1 - 1e-9)

    def _explained(self, otherwise: str) -> str:
        if not self._too_much():
            return otherwise
        first = self.config.species[0].name
        return (
            f"the layers cannot carry the prescribed flux of {first}, {self.limit.flux:.4g} "
            f"mol/m^2/s: their limiting flux is {self.limit.limit:.4g} mol/m^2/s, and {first} is "
            f"used up at an electrode after {self.t:.4g} s; lower boundary.*.flux.{first}"
        )

    def _heed(self, stop: StopRequest) -> None:
        reason = stop.reason()
        if reason and not self.done:
            raise Stopped(f"stopped by {reason} at t = {self.t:.6g} s; a new run starts again")

    def _snapshot(self) -> None:
        fields = self.observer.corners()

        def write() -> None:
            self.series.write(self.t, fields)
            ions_files.write_table(self.folder / "scalars.csv", self.rows)

        on_root(self.comm, write)

    def _close(self, failure: DendriteError | None) -> None:
        """Leave the last state and the records of the run."""
        reason, code = (str(failure), failure.exit_code) if failure else ("done", 0)
        self._snapshot()
        profile = self.observer.profile()
        wall = time.perf_counter() - self.clock
        log.logger.info(f"{reason}: t = {self.t:.6g} s, {self.steps} steps, {wall:.1f} s")
        nodes, cells = self.domain.nodes, self.domain.cells

        def write() -> None:
            ions_files.write_profile(self.folder / "profile.csv", profile)
            record = {
                "title": self.config.title,
                "physics": self.config.physics,
                "exit_reason": reason,
                "exit_code": code,
                "versions": provenance.versions(),
                "git_revision": provenance.git_revision(),
                "ranks": self.comm.size,
                "nodes": nodes,
                "triangles": cells,
                "started": self.started,
                "wall_time_s": round(wall, 2),
                "peak_memory_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "t_s": self.t,
                "steps": self.steps,
                "rejected_steps": self.stepper.rejected,
            }
            provenance.write(self.folder / "run.json", record)
            ions_figure.figure(self.folder)
            log.logger.info(f"results in {self.folder}")

        on_root(self.comm, write)
