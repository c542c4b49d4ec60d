# SPDX-License-Identifier: MIT
"""How far a run is: a bar on a terminal, a line now and then in a batch log."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from mpi4py import MPI

from solver.base import launch, log
from solver.output.checkpoint import Standing
from solver.run.problem import Goal

LINE_EVERY = 10.0
"""Seconds of wall time between lines in a batch log."""


class Progress:
    """Shows simulated time, the number to watch and remaining wall time on rank 0."""

    def __init__(self, comm: MPI.Comm, goals: Sequence[Goal], quiet: bool = False):
        """Start from these values of the goals: where a restart goes on."""
        self.active = comm.rank == 0 and not quiet
        self.bar = None
        self.start = self.last_line = time.perf_counter()
        self.first = [goal.value for goal in goals]

    def __enter__(self) -> Progress:
        # Open MPI gives its ranks a terminal of their own even where the output goes to a file.
        if self.active and sys.stdout.isatty() and not launch.under_mpi():
            from rich.progress import BarColumn, TextColumn
            from rich.progress import Progress as RichProgress

            text = "t {task.fields[t]:.4g} s  {task.fields[brief]}  {task.fields[left]}"
            self.bar = RichProgress(BarColumn(), TextColumn(text))
            self.task = self.bar.add_task("", total=1.0, t=0.0, brief="", left="")
            self.bar.start()
        return self

    def __exit__(self, *_) -> None:
        if self.bar:
            self.bar.stop()

    def update(self, goals: Sequence[Goal], brief: str, standing: Standing) -> None:
        """Tell how far the run is.

        Args:
            goals: Its goals, as many as at the start.
            brief: The number to watch, in words.
            standing: Where it stands.
        """
        if not self.active:
            return
        fraction = self.fraction(goals)
        now = time.perf_counter()
        left = (now - self.start) * (1 / fraction - 1) if fraction > 0.01 else None
        text = f"about {_duration(left)} left" if left is not None else "estimating"
        if self.bar:
            self.bar.update(self.task, completed=fraction, t=standing.t, brief=brief, left=text)
        elif now - self.last_line >= LINE_EVERY:
            self.last_line = now
            log.logger.info(
                f"step {standing.steps}: t = {standing.t:.4g} s, {brief}, "
                f"{_duration(now - self.start)} gone, {text}"
            )

    def fraction(self, goals: Sequence[Goal]) -> float:
        """Share of the way to the nearest goal, which ends the run; 0 if there is none."""
        shares = [
            (goal.value - first) / (goal.target - first)
            for goal, first in zip(goals, self.first, strict=True)
            if goal.target > first
        ]
        return min(1.0, max(shares, default=0.0))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
