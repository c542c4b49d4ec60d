# SPDX-License-Identifier: MIT
"""A run from config to results: build, step, observe, write, close."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver import domain, loading, log, run_folder
from solver.config import Config
from solver.errors import DendriteError, SolverError, StoppedBySignal
from solver.geometry import cell_geometry
from solver.integrator import Integrator
from solver.model import Model
from solver.observe import Observer, ScalarFile
from solver.output import plots, provenance
from solver.output.xdmf import XdmfSeries
from solver.parallel import on_root
from solver.profile import Profile
from solver.progress import Progress
from solver.schemes import factory
from solver.schemes.split import StageRejected
from solver.signals import StopRequest
from solver.stepper import Stepper


def run(config: Config, config_text: str, folder: Path, force: bool = False) -> None:
    """Run a config and leave its results in a folder (collective over MPI's world).

    Args:
        config: The validated config.
        config_text: Its text as given.
        folder: Where the results go.
        force: Replace earlier results there.

    Raises:
        InputError: The folder cannot be used or the cell cannot be meshed.
        SolverError: The time loop cannot go on; the last good state has been written.
        StoppedBySignal: Likewise, after a signal.
    """
    comm = MPI.COMM_WORLD
    cell_geometry(config)  # an impossible mesh must not leave a folder behind
    resolved = loading.resolved_yaml(config)
    on_root(comm, lambda: run_folder.prepare(folder, config_text, resolved, force))
    log.setup(comm.rank)
    handler = log.to_file(folder / "log.txt") if comm.rank == 0 else None
    try:
        Simulation(config, folder, comm).run()
    finally:
        if handler:
            log.logger.removeHandler(handler)
            handler.close()


class Simulation:
    """The objects of a run and its time loop."""

    def __init__(self, config: Config, folder: Path, comm: MPI.Comm):
        self.config, self.folder, self.comm = config, folder, comm
        self.started, self.wall = datetime.now(UTC), time.perf_counter()
        self.profile = Profile()
        log.logger.info(config.title)
        with self.profile.part("mesh"):
            self.domain = domain.build(config, comm)
        ranks = f"{comm.size} rank" + ("s" if comm.size > 1 else "")
        log.logger.info(f"mesh: {self.domain.nodes} nodes, {self.domain.cells} triangles, {ranks}")
        with self.profile.part("forms"):
            self.model = Model(config, self.domain)
            self.scheme = factory.create(self.model, self.profile)
        self.integrator = Integrator(self.model, self.scheme)
        t = config.time
        outputs = np.linspace(0, t.end, config.output.snapshots + 1)[1:]
        self.stepper = Stepper(t.dt_initial, t.dt_min, t.dt_max, t.tolerance, list(outputs))
        self.t, self.steps, self.passes, self.last_snapshot = 0.0, 0, 0, -1.0

    def run(self) -> None:
        """Run to the end; see `run` for what it raises."""
        self.model.initialise()
        self.scheme.settle()
        self.integrator.start(self.t)
        self.observer = Observer(self.model)
        self.series = XdmfSeries(self.folder, self.model)
        self.scalars = self._open_scalars()
        failure: DendriteError | None = None
        with StopRequest(self.comm) as stop, Progress(self.config, self.comm) as progress:
            try:
                self._record(0.0, 0.0)
                self._snapshot()
                while not self._finished():
                    self._step()
                    progress.update(self.t, self.tip, self.steps)
                    if name := stop.name():
                        raise StoppedBySignal(f"stopped by {name} at t = {self.t:.6g} s")
            except DendriteError as error:
                failure = error
        self._close(failure)
        if failure:
            raise failure

    def _open_scalars(self) -> ScalarFile | None:
        opened = None

        def action():
            nonlocal opened
            opened = ScalarFile(self.folder / "scalars.csv")

        on_root(self.comm, action)
        return opened

    def _finished(self) -> bool:
        time = self.config.time
        reached = time.stop_tip is not None and self.tip >= time.stop_tip
        return reached or self.t >= time.end * (1 - 1e-12)

    def _step(self) -> None:
        """Advance by one accepted step."""
        while True:
            dt = self.stepper.propose(self.t)
            try:
                step = self.integrator.step(dt)
            except StageRejected as reason:
                self.stepper.fail(dt, str(reason))
                continue
            if self.stepper.accept(dt, step.error):
                break
            self.integrator.undo()
        self.t += dt
        self.steps += 1
        self.passes += step.passes
        self.integrator.keep(self.t)
        self._record(dt, step.inflow)
        if any(abs(self.t - m) <= 1e-9 * m for m in self.stepper.milestones):
            self._snapshot()

    def _record(self, dt: float, inflow: float) -> None:
        with self.profile.part("scalars"):
            row = self.observer.row(self.steps, self.t, dt, inflow)
            self.tip = row["tip_um"] * 1e-6
            on_root(self.comm, lambda: self.scalars.write(row))

    def _snapshot(self) -> None:
        if self.last_snapshot == self.t:
            return
        with self.profile.part("output"):
            self.series.write(self.t)
        self.last_snapshot = self.t

    def _close(self, failure: DendriteError | None) -> None:
        reason = "done" if failure is None else str(failure)
        try:
            self._snapshot()
        except SolverError as error:
            # The run's own failure is the news; that its last snapshot failed too is a detail.
            log.logger.warning(str(error))
        wall = time.perf_counter() - self.wall
        log.logger.info(
            f"{reason}: t = {self.t:.6g} s, tip {self.tip * 1e6:.4g} um, {self.steps} steps "
            f"({self.stepper.rejected} rejected), {self.passes} passes, {wall:.1f} s"
        )
        exit_code = failure.exit_code if failure else 0
        on_root(self.comm, lambda: self._write_closing_files(reason, exit_code, wall))

    def _write_closing_files(self, reason: str, exit_code: int, wall: float) -> None:
        self.scalars.close()
        provenance.write(self.folder / "run.json", self._provenance(reason, exit_code, wall))
        try:
            plots.figure(self.folder)
        except DendriteError as error:
            log.logger.warning(f"no figure: {error}")
        log.logger.info(f"results in {self.folder}")

    def _provenance(self, reason: str, exit_code: int, wall: float) -> dict:
        node_passes = max(1, self.passes * self.domain.nodes)
        return {
            "title": self.config.title,
            "exit_reason": reason,
            "exit_code": exit_code,
            "versions": provenance.versions(),
            "git_revision": provenance.git_revision(),
            "ranks": self.comm.size,
            "nodes": self.domain.nodes,
            "triangles": self.domain.cells,
            "started": self.started.isoformat(timespec="seconds"),
            "wall_time_s": round(wall, 2),
            "peak_memory_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "t_s": self.t,
            "steps": self.steps,
            "rejected_steps": self.stepper.rejected,
            "passes": self.passes,
            "cost_s": {name: round(s, 3) for name, s in self.profile.seconds.items()},
            "cost_us_per_node_and_pass": {
                name: round(1e6 * s / node_passes, 4) for name, s in self.profile.seconds.items()
            },
        }
