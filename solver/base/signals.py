# SPDX-License-Identifier: MIT
"""SIGTERM, SIGINT, SIGUSR1 and the limit of wall time end a run after the current step."""

from __future__ import annotations

import signal
import time

from mpi4py import MPI

CAUGHT = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
OUT_OF_TIME = signal.NSIG
"""Stands for the limit among the signal numbers."""


class StopRequest:
    """Remembers a signal until the time loop asks for it; restores the handlers on exit.

    But SIGUSR1, once heard, is ignored from then on.
    """

    def __init__(self, comm: MPI.Comm, started: float, max_wall: float | None):
        """Prepare.

        Args:
            comm: All ranks.
            started: When the run started, by time.perf_counter().
            max_wall: Limit of wall time from then on [s]; None for no limit.
        """
        self._comm, self._number, self._before = comm, 0, {}
        self._started, self._max_wall = started, max_wall

    def __enter__(self) -> StopRequest:
        for number in CAUGHT:
            self._before[number] = signal.signal(number, self._remember)
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._before.items():
            # A job script says it until the program has gone, which has files to write.
            heard = number == self._number == signal.SIGUSR1
            signal.signal(number, signal.SIG_IGN if heard else handler)

    def _remember(self, number: int, _frame) -> None:
        self._number = number

    def reason(self) -> str | None:
        """Why any rank has to stop (collective); None if none has to."""
        number = self._number
        if self._max_wall is not None and time.perf_counter() - self._started >= self._max_wall:
            number = OUT_OF_TIME
        number = self._comm.allreduce(number, MPI.MAX)
        if number == OUT_OF_TIME:
            return f"the limit of {self._max_wall:.6g} s of wall time"
        return signal.Signals(number).name if number else None
