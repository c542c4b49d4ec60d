# SPDX-License-Identifier: MIT
"""A run from config to results: build, step, observe, write, close."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver.base import log
from solver.base.errors import DendriteError, SolverError, Stopped
from solver.base.parallel import on_root
from solver.base.profile import Profile
from solver.base.signals import StopRequest
from solver.cell.order import InputOrder
from solver.check import groups, judging
from solver.equations.model import Model
from solver.equations.observe import Observer, ScalarFile
from solver.input.config import Config
from solver.output import run_folder
from solver.output.checkpoint import Checkpoint, Standing
from solver.output.xdmf import XdmfSeries
from solver.run import checkpointing, closing
from solver.run.checkpointing import Checkpoints, Source
from solver.run.progress import Progress
from solver.run.remesher import Remesher
from solver.schemes import factory
from solver.schemes.split import StageRejected
from solver.stepping import history
from solver.stepping.integrator import Integrator
from solver.stepping.stepper import Stepper


def run(
    config: Config,
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
        overrides: The `--set` arguments that are in `config` but not in its text.
        force: Replace earlier results there.

    Raises:
        InputError: The folder cannot be used or the cell cannot be meshed.
        SolverError: The time loop cannot go on; the last good state has been written.
        Stopped: Likewise, by a signal or the limit of wall time.
    """
    comm = MPI.COMM_WORLD
    with run_folder.begun(folder, config, config_text, force, comm):
        Simulation(config, Source(config_text, tuple(overrides)), folder, comm).run()


def finished(config: Config, t: float, tip: float) -> bool:
    """Whether a run is over at time `t` [s] with the tip at height `tip` [m]."""
    goal = config.time.stop_tip
    return (goal is not None and tip >= goal) or t >= config.time.end * (1 - 1e-12)


class Simulation:
    """The objects of a run and its time loop."""

    def __init__(
        self,
        config: Config,
        source: Source,
        folder: Path,
        comm: MPI.Comm,
        saved: Checkpoint | None = None,
    ):
        """Build everything for a run from the start, or from a checkpoint."""
        self.config, self.folder, self.comm, self.saved = config, folder, comm, saved
        self.clock, self.profile = time.perf_counter(), Profile()
        log.logger.info(config.title)
        with self.profile.part("mesh"):
            self.remesher = Remesher(config, comm, saved)
        d, ranks = self.remesher.domain, f"{comm.size} rank" + ("s" if comm.size > 1 else "")
        log.logger.info(f"mesh: {d.nodes} nodes, {d.cells} triangles, {ranks}")
        with self.profile.part("forms"):
            self._assemble()
        self.checkpoints = Checkpoints(config, source, folder, self.remesher)
        t = config.time
        self.outputs = np.linspace(0, t.end, config.output.snapshots + 1)
        self.stepper = Stepper(t.dt_initial, t.dt_min, t.dt_max, t.tolerance, list(self.outputs))

    def _assemble(self) -> None:
        """Make everything that belongs to the present mesh."""
        self.model = Model(self.config, self.remesher.domain)
        self.scheme = factory.create(self.model, self.profile)
        self.integrator = Integrator(self.model, self.scheme)

    def run(self) -> None:
        """Run to the end; see `run` for what it raises."""
        if self.saved is None:
            self._start()
        else:
            self._resume(self.saved)
        failure: DendriteError | None = None
        max_wall = self.config.time.max_wall
        with (
            StopRequest(self.comm, self.clock, max_wall) as stop,
            Progress(self.config, self.comm, self.t, self.tip) as progress,
        ):
            try:
                self._write()
                while not finished(self.config, self.t, self.tip):
                    self._step()
                    self._write()
                    progress.update(self.t, self.tip, self.steps)
                    self._heed(stop)
            except DendriteError as error:
                failure = self._explained(error)
                self.integrator.undo()
            failure = self._save(failure)
            self._close(failure)
        if failure:
            raise failure

    def _start(self) -> None:
        self.t, self.steps, self.passes, self.last_snapshot = 0.0, 0, 0, -1.0
        self.wall_before, self.restarts, self.remeshes, self.node_passes = 0.0, 0, 0, 0
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self.model.initialise()
        self.scheme.settle()
        self.integrator.start(self.t)
        self.observer = Observer(self.model)
        self.series = XdmfSeries(self.folder, self.model)
        self.scalars = self._open_scalars(rows=0)
        self._observe(0.0, 0.0)

    def _resume(self, saved: Checkpoint) -> None:
        s = saved.record.standing
        self.t, self.steps, self.passes = s.t, s.steps, s.passes
        self.last_snapshot = s.last_snapshot
        self.wall_before, self.restarts, self.started = s.wall, s.restarts + 1, s.started
        self.remeshes, self.node_passes, self.row = s.remeshes, s.node_passes, s.row
        self.profile.add(s.cost)
        self.stepper.dt, self.stepper.hold, self.stepper.rejected = s.dt, s.hold, s.rejected
        checkpointing.restore_states(self.integrator, saved)
        self.observer = Observer(self.model)
        self.observer.resume(s.content_expected, s.area_before)
        # A snapshot of where the run was stopped is not one that the config asks for: it goes.
        self.series = XdmfSeries.resume(self.folder, self.model, s.last_snapshot)
        # The line of this step may be torn: `_write` writes it again.
        self.scalars = self._open_scalars(rows=self.steps)
        self.checkpoints.written(self.steps)

    def _open_scalars(self, rows: int) -> ScalarFile | None:
        opened = []
        on_root(self.comm, lambda: opened.append(ScalarFile(self.folder / "scalars.csv", rows)))
        return opened[0] if opened else None

    @property
    def tip(self) -> float:
        """Height of the tip [m]."""
        return self.row["tip_um"] * 1e-6

    def _step(self) -> None:
        """Advance by one accepted step, on a new mesh if it is time for one."""
        with self.profile.part("adapt"):
            if self.remesher.due(self.model):
                self._remesh()
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
        self.node_passes += step.passes * self.remesher.domain.nodes
        self.integrator.keep(self.t)
        self._observe(dt, step.inflow)

    def _remesh(self) -> None:
        """Go on with the same states on a new mesh."""
        old = self.remesher.domain.nodes
        states = self.remesher.remesh(self.integrator)
        content_expected = self.observer.content_expected
        self.scheme.destroy()
        self._assemble()
        history.scatter(self.integrator, InputOrder(self.remesher.domain.mesh), states)
        self.observer = Observer(self.model)
        self.observer.resume(content_expected, self.observer.deposit_area())
        self.remeshes += 1
        new = self.remesher.domain.nodes
        log.logger.info(f"step {self.steps}: t = {self.t:.6g} s: {old} nodes become {new}")

    def _observe(self, dt: float, inflow: float) -> None:
        with self.profile.part("scalars"):
            self.row = self.observer.row(self.steps, self.t, dt, inflow)

    def _write(self) -> None:
        """Write what is due after a step."""
        with self.profile.part("scalars"):
            on_root(self.comm, lambda: self.scalars.write(self.row))
        due = any(abs(self.t - time) <= 1e-9 * time for time in self.outputs)
        if due and self.last_snapshot != self.t:
            self._snapshot()
            self.last_snapshot = self.t
        if self.steps == 0 or self.checkpoints.due(self.steps):
            self._checkpoint()

    def _snapshot(self) -> None:
        with self.profile.part("output"):
            self.series.write_mesh(self.model)
            self.series.write(self.t)

    def _checkpoint(self) -> None:
        if self.checkpoints.last_step == self.steps:
            return
        with self.profile.part("output"):
            on_root(self.comm, lambda: self.scalars.secure())
            self.checkpoints.write(self._standing(), self.integrator)

    def _standing(self) -> Standing:
        return Standing(
            t=self.t,
            steps=self.steps,
            rejected=self.stepper.rejected,
            passes=self.passes,
            dt=self.stepper.dt,
            hold=self.stepper.hold,
            row=self.row,
            last_snapshot=self.last_snapshot,
            content_expected=self.observer.content_expected,
            area_before=self.observer.area_before,
            wall=self.wall_before + time.perf_counter() - self.clock,
            cost=dict(self.profile.seconds),
            started=self.started,
            restarts=self.restarts,
            remeshes=self.remeshes,
            node_passes=self.node_passes,
        )

    def _heed(self, stop: StopRequest) -> None:
        reason = stop.reason()
        if reason and not finished(self.config, self.t, self.tip):
            raise Stopped(
                f"stopped by {reason} at t = {self.t:.6g} s; "
                f"go on with: dendrite restart {self.folder}"
            )

    def _explained(self, error: DendriteError) -> DendriteError:
        """Add to a failure of the solver what `check` says against the config."""
        sentence = judging.obstacle(self.config, groups.groups(self.config))
        if sentence and isinstance(error, SolverError):
            return SolverError(f"{error}; this config {sentence.rstrip('.')}")
        return error

    def _save(self, failure: DendriteError | None) -> DendriteError | None:
        """Leave a checkpoint and a snapshot of the last state; return why the run ends."""
        last = (self._checkpoint, self._snapshot)
        for write in last if self.last_snapshot != self.t else last[:1]:
            try:
                write()
            except SolverError as error:
                if failure is None or isinstance(failure, Stopped):
                    failure = error  # no use in a promise that the run can go on from here
                else:
                    log.logger.warning(str(error))
        return failure

    def _close(self, failure: DendriteError | None) -> None:
        if self.scalars:
            self.scalars.close()
        reason, code = (str(failure), failure.exit_code) if failure else ("done", 0)
        mesh = self.remesher.domain
        closing.write(self.folder, self.config, mesh, self._standing(), (reason, code))
