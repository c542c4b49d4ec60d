# SPDX-License-Identifier: MIT
"""How far a run is: a bar on a terminal, a line now and then in a batch log."""

from __future__ import annotations

import sys
import time

from mpi4py import MPI

from solver.base import launch, log
from solver.input.config import Config

LINE_EVERY = 10.0
"""Seconds of wall time between lines in a batch log."""


class Progress:
    """Shows simulated time, tip and remaining wall time on rank 0."""

    def __init__(self, config: Config, comm: MPI.Comm, t: float, tip: float):
        """Start at time `t` [s] with the tip at height `tip` [m]: where a restart goes on."""
        self.config, self.active = config, comm.rank == 0
        self.bar = None
        self.start = self.last_line = time.perf_counter()
        self.first_t, self.first_tip = t, tip

    def __enter__(self) -> Progress:
        # Open MPI gives its ranks a terminal of their own even where the output goes to a file.
        if self.active and sys.stdout.isatty() and not launch.under_mpi():
            from rich.progress import BarColumn, TextColumn
            from rich.progress import Progress as RichProgress

            text = "t {task.fields[t]:.4g} s  tip {task.fields[tip]:.1f} um  {task.fields[left]}"
            self.bar = RichProgress(BarColumn(), TextColumn(text))
            self.task = self.bar.add_task("", total=1.0, t=0.0, tip=0.0, left="")
            self.bar.start()
        return self

    def __exit__(self, *_) -> None:
        if self.bar:
            self.bar.stop()

    def update(self, t: float, tip: float, steps: int) -> None:
        """Tell how far the run is: time [s], tip height [m], steps done."""
        if not self.active:
            return
        fraction = self._fraction(t, tip)
        now = time.perf_counter()
        left = (now - self.start) * (1 / fraction - 1) if fraction > 0.01 else None
        text = f"about {_duration(left)} left" if left is not None else "estimating"
        if self.bar:
            self.bar.update(self.task, completed=fraction, t=t, tip=tip * 1e6, left=text)
        elif now - self.last_line >= LINE_EVERY:
            self.last_line = now
            log.logger.info(
                f"step {steps}: t = {t:.4g} s, tip {tip * 1e6:.2f} um, "
                f"{_duration(now - self.start)} gone, {text}"
            )

    def _fraction(self, t: float, tip: float) -> float:
        time_done = (t - self.first_t) / (self.config.time.end - self.first_t)
        goal = self.config.time.stop_tip
        if goal is None or goal <= self.first_tip:
            return min(1.0, time_done)
        # Whichever comes first ends the run.
        return min(1.0, max(time_done, (tip - self.first_tip) / (goal - self.first_tip)))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
