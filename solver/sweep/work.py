# SPDX-License-Identifier: MIT
"""Doing the runs of a sweep: as many at once as there are free cores, each exactly once.

A run that is being worked on is marked by a lock on a file, which the run's own processes hold:
it is free again when the last of them has ended, however it ended. So any number of sweeps, on one
machine or as tasks of a job array on a shared disk, may work in the same folder.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

from solver.base import launch, log
from solver.base.errors import EXIT_BAD_INPUT, EXIT_STOPPED, InputError, SolverError, Stopped
from solver.run import judged
from solver.sweep import state, summary
from solver.sweep.plan import Run, Sweep
from solver.sweep.state import State

TELL_EVERY = 60.0
"""Seconds between messages on how far a run is."""
LOOK_AGAIN = 0.5
"""Seconds between looks at a run that another process works on."""


class Means(NamedTuple):
    """What the runs are done with.

    Attributes:
        ranks: MPI ranks of each run; None for one without mpirun.
        workers: Runs at once; None for as many as there are free cores.
        anyway: Run what `check` says cannot run.
    """

    ranks: int | None = None
    workers: int | None = None
    anyway: bool = False


def free_cores() -> int:
    """Cores that this process may use and that are idle, at least one.

    The load of the last minute counts as cores in use, where the system tells it.
    """
    return max(1, len(os.sched_getaffinity(0)) - round(os.getloadavg()[0]))


def do(sweep: Sweep, numbers: list[int], means: Means) -> None:
    """Finish runs, those of another process too, and write the summary.

    Args:
        sweep: The plan.
        numbers: Which of its runs.
        means: What they are done with.

    Raises:
        InputError: A run folder holds something else, or cannot be written.
        Stopped: A signal ended the work; the same command goes on.
        SolverError: All runs are over, and some have failed.
    """
    runs = [sweep.runs[number] for number in numbers]
    stopped_by = finish(sweep, runs, means)
    summary.write(sweep)
    judge(runs, stopped_by)


def finish(sweep: Sweep, runs: Sequence[Run], means: Means) -> str | None:
    """Do what is left of some runs of a sweep; the rest is as for `do`.

    Returns:
        The name of the signal that ended the work, if one did.

    Raises:
        InputError: A run folder holds something else, or cannot be written.
    """
    open_runs = [run for run in runs if not state.state(run).over]
    workers = means.workers or max(1, free_cores() // (means.ranks or 1))
    workers = min(workers, max(1, len(open_runs)))
    log.logger.info(
        f"{sweep.title}: {len(runs)} runs, {len(runs) - len(open_runs)} of them over, "
        f"{workers} at once; results in {sweep.folder}"
    )
    try:
        sweep.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{sweep.folder}: cannot be used ({error.strerror}).") from None
    with _Workers(sweep.base, means) as work, ThreadPoolExecutor(workers) as pool:
        # First what nobody works on; then the others, should they be left unfinished.
        for wait in (False, True):
            list(pool.map(lambda run, wait=wait: work.finish(run, wait), open_runs))
    return work.stopped_by


def judge(runs: Sequence[Run], stopped_by: str | None) -> None:
    """Raise what is to be said of runs that are not all done.

    Raises:
        Stopped: A signal ended the work; the same command goes on.
        SolverError: All runs are over, and some have failed.
    """
    states = [state.state(run) for run in runs]
    over = sum(one.over for one in states)
    if stopped_by and over < len(runs):
        raise Stopped(
            f"stopped by {stopped_by}: {over} of {len(runs)} runs are over; "
            "the same command goes on."
        )
    bad = [run.folder.name for run, one in zip(runs, states, strict=True) if one is not State.DONE]
    if bad:
        raise SolverError(f"{len(bad)} of {len(runs)} runs failed: {', '.join(bad)}.")


class _Workers:
    """Runs the program once per run; SIGINT, SIGTERM and SIGUSR1 end all runs with a checkpoint."""

    CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)

    def __init__(self, base: Path, means: Means):
        self.stopped_by: str | None = None
        self._base, self._means = base, means
        self._alive: set[subprocess.Popen] = set()
        self._refused: set[Path] = set()
        self._said: set[str] = set()
        self._guard = threading.Lock()

    def __enter__(self) -> _Workers:
        self._before = {number: signal.signal(number, self._stop) for number in self.CAUGHT}
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number: int, _frame) -> None:
        self.stopped_by = signal.Signals(number).name
        for process in list(self._alive):
            # mpirun passes this one on to its ranks, and kills them for the others.
            process.send_signal(signal.SIGUSR1)

    def finish(self, run: Run, wait: bool) -> None:
        """Do what is left of a run; `wait` for another process that works on it.

        What has been refused once is refused again, so this call does not ask a second time; the
        next one may find a disk with room.
        """
        if run.folder in self._refused:
            return
        with open(run.folder.with_name(f".{run.folder.name}.lock"), "a") as lock:
            while not _locked(lock):
                if not wait or self.stopped_by:
                    return
                time.sleep(LOOK_AGAIN)
            now = state.state(run)
            if not now.over and not self.stopped_by:
                self._do(run, now, lock)

    def _do(self, run: Run, now: State, lock: IO) -> None:
        log.logger.info(f"{run.name}: {'goes on' if now is State.STOPPED else 'starts'}")
        self._say(run, _by_check(judged.judgements(run.config)))
        before = time.monotonic()
        with self._guard:
            process = subprocess.Popen(
                [*launch.DEAF_AT_START, *self._command(run, now)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                pass_fds=[lock.fileno()],
                start_new_session=True,  # Ctrl-C comes to the runs through _stop alone
            )
            self._alive.add(process)
        if self.stopped_by:  # the signal came between the last look and now
            process.send_signal(signal.SIGUSR1)
        complaint = self._watched(run, process)
        self._alive.discard(process)
        if process.returncode == EXIT_BAD_INPUT:
            self._refused.add(run.folder)
        took = f"{time.monotonic() - before:.0f} s"
        # A launcher that is told to stop while its run ends by itself has a code of its own.
        if process.returncode in (0, EXIT_STOPPED) or state.state(run) is State.DONE:
            record = state.record(run)
            after = record.get("exit_reason", "done").partition(";")[0]
            self._say(run, _by_check(record.get("judgements", ())))
            self._say(run, record.get("remarks", ()))
            log.logger.info(f"{run.name}: {after}, after {took}")
        else:
            last = complaint.splitlines()[-1] if complaint else f"exit code {process.returncode}"
            log.logger.warning(f"{run.name}: failed after {took}: {last}")

    def _say(self, run: Run, sentences: Sequence[str]) -> None:
        """Write what is doubtful about a run, unless it has been said of another."""
        with self._guard:
            for sentence in dict.fromkeys(sentences):
                if sentence not in self._said:
                    log.logger.warning(f"{run.name}: {sentence}")
            self._said.update(sentences)

    def _watched(self, run: Run, process: subprocess.Popen) -> str:
        """Wait for a run, tell now and then how far it is; return what it has complained of."""
        while True:
            try:
                return process.communicate(timeout=TELL_EVERY)[1].strip()
            except subprocess.TimeoutExpired:
                if self.stopped_by:  # while it started it did not listen
                    process.send_signal(signal.SIGUSR1)
                log.logger.info(f"{run.name}: {summary.standing(run)}")

    def _command(self, run: Run, now: State) -> list[str]:
        program = [sys.executable, "-m", "solver"]
        ranks = ["-n", str(self._means.ranks)] if self._means.ranks else []
        if now is State.STOPPED:
            return [*program, "restart", str(run.folder), *ranks]
        sets = [word for override in run.overrides for word in ("--set", override)]
        # --force: what a run that was killed before its first checkpoint has left.
        flags = ["--force", *["--anyway"] * self._means.anyway]
        return [*program, "run", str(self._base), "-o", str(run.folder), *flags, *ranks, *sets]


def _by_check(sentences: Sequence[str]) -> list[str]:
    return [f"check: {sentence}" for sentence in sentences]


def _locked(lock: IO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
