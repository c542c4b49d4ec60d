# SPDX-License-Identifier: MIT
"""SIGTERM, SIGINT and SIGUSR1 end a run after the current step."""

from __future__ import annotations

import signal

from mpi4py import MPI

CAUGHT = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


class StopRequest:
    """Remembers a signal until the time loop asks for it; restores the handlers on exit."""

    def __init__(self, comm: MPI.Comm):
        self._comm, self._number, self._before = comm, 0, {}

    def __enter__(self) -> StopRequest:
        for number in CAUGHT:
            self._before[number] = signal.signal(number, self._remember)
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _remember(self, number: int, _frame) -> None:
        self._number = number

    def name(self) -> str | None:
        """Name of a signal that any rank has received (collective)."""
        number = self._comm.allreduce(self._number, MPI.MAX)
        return signal.Signals(number).name if number else None
