# SPDX-License-Identifier: MIT
"""Where the wall time goes."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import contextmanager


class Profile:
    """Seconds and calls by part, on this rank."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)

    def add(self, seconds: dict[str, float]) -> None:
        """Add the times of an earlier part of the run."""
        for name, value in seconds.items():
            self.seconds[name] += value

    @contextmanager
    def part(self, name: str):
        """Add the time spent inside to `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - start
            self.calls[name] += 1
