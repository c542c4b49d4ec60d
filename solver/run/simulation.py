# SPDX-License-Identifier: MIT
"""A run from config to results, whatever the physics: build, step, observe, write, close."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mpi4py import MPI

from solver.base import log, patience, physics
from solver.base.errors import DendriteError, InputError, SolverError, Stopped
from solver.base.parallel import on_root
from solver.base.signals import StopRequest
from solver.input.run_config import RunConfig
from solver.output.checkpoint import Checkpoint, Standing
from solver.output.scalars import ScalarFile
from solver.output.series import FieldSeries
from solver.run import closing, judged
from solver.run.checkpointing import Checkpoints, Source
from solver.run.problem import Problem
from solver.run.progress import Progress
from solver.run.recording import Recording
from solver.stepping.advance import advance


class Simulation:
    """The objects of a run and its time loop.

    `run` does all of it; `for standing in simulation:` gives the caller a turn after every
    accepted step, and a caller who leaves that loop ends the run as a signal would, with its last
    state saved.

    Attributes:
        config: The config.
        folder: The run folder.
        problem: Model, scheme and mesh; `problem.domain` is the present mesh.
        standing: Where the run stands.
    """

    def __init__(
        self,
        config: RunConfig,
        source: Source,
        folder: Path,
        comm: MPI.Comm,
        saved: Checkpoint | None = None,
        quiet: bool = False,
        problem: Callable[[RunConfig, MPI.Comm, Checkpoint | None], Problem] | None = None,
    ):
        """Build everything for a run from the start, or from a checkpoint.

        Args:
            config: The validated config.
            source: What was asked for.
            folder: The run folder, which exists.
            comm: All ranks.
            saved: The checkpoint to go on from.
            quiet: Show no progress.
            problem: What to step; by default that of the config's physics.

        Raises:
            InputError: Gmsh cannot mesh the cell.
        """
        self.config, self.folder, self.comm, self.saved = config, folder, comm, saved
        self.quiet, self.clock = quiet, time.perf_counter()
        patience.begin(comm)
        log.logger.info(config.title)
        judgements = judged.say(config)
        self.standing = _standing(saved)
        self.recording = Recording(folder, config, source.overrides, judgements, comm)
        self.recording.write(self.standing)
        make = problem or physics.of(config).load("problem")
        self.problem: Problem = make(config, comm, saved)
        self.profile = self.problem.profile
        self.checkpoints = Checkpoints(config, source, folder, self.problem.domain)
        self.stepper = self.problem.stepper()
        self.wall_before = 0.0
        self.series: FieldSeries | None = None
        self.scalars: ScalarFile | None = None  # on rank 0 only

    @property
    def t(self) -> float:
        """Time [s]."""
        return self.standing.t

    @property
    def steps(self) -> int:
        """Accepted steps."""
        return self.standing.steps

    @property
    def row(self) -> dict[str, float]:
        """The line of scalars.csv that belongs to the state."""
        return self.standing.row

    def run(self, on_step: Callable[[Simulation], None] | None = None) -> None:
        """Run to the end; see `launching.run` for what it raises."""
        for _ in self:
            if on_step:
                on_step(self)

    def __iter__(self) -> Iterator[Standing]:
        """Run; yields after every accepted step, when what is due has been written."""
        failure: DendriteError | None = None
        left = False
        with StopRequest(self.comm, self.clock, self.config.time.max_wall) as stop:
            try:
                self._begin()
                with Progress(self.comm, self._goals(), self.quiet) as progress:
                    self._write()
                    while not self.finished:
                        self._step(stop)
                        self._write()
                        with self._explaining():
                            self.problem.require_sound(self.standing)
                        progress.update(self._goals(), self._brief(), self.standing)
                        yield self.standing
                        self._heed(stop)
            except InputError:
                raise  # nothing has begun
            except GeneratorExit:
                left = True
                failure = None if self.finished else self._stopped("its caller")
            except DendriteError as error:
                failure = error
                if self.series:
                    self.problem.undo()
            if self.series:
                failure = self._tried(self.series.close, self._save(failure))
            self._close(failure)
        if failure and not left:
            raise failure

    @property
    def finished(self) -> bool:
        """Whether the run is over."""
        return self.problem.finished(self.config, self.standing)

    # --- the beginning ---------------------------------------------------------------------

    def _begin(self) -> None:
        if self.saved is None:
            self._start()
        else:
            self._resume(self.saved)

    def _start(self) -> None:
        with self._explaining():
            self.problem.start()
        self.scalars = self._open_scalars(rows=0)
        self._observe(0.0, None)
        self.series = FieldSeries(self.folder, self.problem.shown, self.config.output.format)

    def _resume(self, saved: Checkpoint) -> None:
        s = self.standing
        self.wall_before = s.wall
        self.profile.add(s.cost)
        self.stepper.recall(s.stepper)
        self.problem.resume(saved)
        # The line of this step may be torn: `_write` writes it again.
        self.scalars = self._open_scalars(rows=s.steps)
        # A snapshot of where the run was stopped is not one that the config asks for: it goes.
        self.series = FieldSeries.resume(
            self.folder, self.problem.shown, s.last_snapshot, self.config.output.format
        )
        self.checkpoints.written(s.steps)

    def _open_scalars(self, rows: int) -> ScalarFile | None:
        path, p, opened = self.folder / "scalars.csv", self.problem, []
        columns = p.columns
        on_root(self.comm, lambda: opened.append(ScalarFile(path, columns, p.digits, rows)))
        return opened[0] if opened else None

    # --- a step ----------------------------------------------------------------------------

    def _step(self, stop: StopRequest) -> None:
        """Advance by one accepted step, on a new mesh if it is time for one."""
        s, p = self.standing, self.problem
        # A mesh before what holds from here on: the state belongs to what has held until now.
        old = p.domain.nodes
        if p.adapt(self.stepper):
            s.remeshes += 1
            log.logger.info(f"step {s.steps}: t = {s.t:.6g} s: {old} nodes become {p.domain.nodes}")
        p.turn(s, self.stepper)
        with self._explaining():
            dt, step = advance(self.stepper, p, s.t, lambda: self._heed(stop))
            s.t += dt
            s.steps += 1
            s.passes += step.passes
            s.node_passes += step.passes * p.domain.nodes
            p.keep(s.t, step, s)
            self._observe(dt, step)
            self._remark()

    def _remark(self) -> None:
        """Say, once of each thing, what the state has come to that its laws are not made for."""
        said, new = self.standing.remarks, False
        for name, sentence in self.problem.remarks(said, self.standing.row):
            said[name], new = f"from t = {self.t:.6g} s on {sentence}.", True
            log.logger.warning(said[name])
        if new:
            self.recording.write(self.standing)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Let the problem say more of a failure."""
        try:
            yield
        except SolverError as error:
            raise self.problem.explained(error, self.standing) from None

    def _observe(self, dt: float, step) -> None:
        with self.profile.part("scalars"):
            self.standing.row = self.problem.row(self.standing, dt, step)

    def _goals(self):
        return self.problem.goals(self.config, self.standing)

    def _brief(self) -> str:
        return self.problem.brief(self.standing.row)

    def _heed(self, stop: StopRequest) -> None:
        reason = stop.reason()
        if reason and not self.finished:
            raise self._stopped(reason)

    def _stopped(self, reason: str) -> Stopped:
        return Stopped(
            f"stopped by {reason} at t = {self.t:.6g} s; go on with: dendrite restart {self.folder}"
        )

    # --- what is written -------------------------------------------------------------------

    def _write(self) -> None:
        """Write what is due after a step."""
        s = self.standing
        with self.profile.part("scalars"):
            on_root(self.comm, lambda: self.scalars.write(s.row))
        due = any(abs(s.t - time) <= 1e-9 * time for time in self.stepper.milestones)
        if (due or self.problem.marked(s)) and s.last_snapshot != s.t:
            self._snapshot()
            s.last_snapshot = s.t
        if s.steps == 0 or self.checkpoints.due(s.steps):
            self._checkpoint()

    def _snapshot(self) -> None:
        with self.profile.part("output"):
            self.series.write(self.problem.shown, self.t)

    def _checkpoint(self) -> None:
        if self.checkpoints.last_step == self.steps:
            return
        with self.profile.part("output"):
            on_root(self.comm, lambda: self.scalars.secure())
            self._take_stock()
            self.checkpoints.write(self.standing, self.problem)

    def _take_stock(self) -> None:
        """Bring up to date what the standing copies from others."""
        s = self.standing
        s.stepper, s.cost = self.stepper.memory(), dict(self.profile.seconds)
        s.wall = self.wall_before + time.perf_counter() - self.clock
        if s.row:
            s.balance = self.problem.balance()

    # --- the end ---------------------------------------------------------------------------

    def _save(self, failure: DendriteError | None) -> DendriteError | None:
        """Leave a checkpoint and a snapshot of the last state; return why the run ends."""
        last = (self._checkpoint, self._snapshot)
        for write in last if self.standing.last_snapshot != self.t else last[:1]:
            failure = self._tried(write, failure)
        return self._tried(lambda: self.problem.leave(self.folder), failure)

    def _tried(
        self, write: Callable[[], None], failure: DendriteError | None
    ) -> DendriteError | None:
        try:
            write()
        except SolverError as error:
            if failure is None or isinstance(failure, Stopped):
                return error  # no use in a promise that the run can go on from here
            log.logger.warning(str(error))
        return failure

    def _close(self, failure: DendriteError | None) -> None:
        if self.scalars:
            self.scalars.close()
        end = (str(failure), failure.exit_code) if failure else (self.problem.ending, 0)
        self._take_stock()
        brief = self._brief() if self.row else "not started"
        mesh, recording = self.problem.domain, self.recording
        closing.write(self.folder, self.config, recording, mesh, self.standing, brief, end)


def _standing(saved: Checkpoint | None) -> Standing:
    """Where a run stands that begins, or goes on from a checkpoint."""
    if saved is None:
        return Standing(started=datetime.now(UTC).isoformat(timespec="seconds"))
    found = saved.record.standing
    found.restarts += 1
    return found
