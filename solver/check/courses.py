# SPDX-License-Identifier: MIT
"""Where the end of a run is not that of what it follows in time."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from solver.base.units import si_text
from solver.check import protocol
from solver.check.groups import Groups
from solver.input import electrochemistry
from solver.input.config import Config
from solver.input.sections import Point

EVEN = 1e-9
"""Relative difference up to which two times are one."""


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Say of courses and protocols what time.end leaves of them, or leaves behind them."""
    yield from _course(config, "boundary.anode_course", config.boundary.anode_course)
    if config.fracture is not None:
        course = config.fracture.overpotential_course
        yield from _course(config, "fracture.overpotential_course", course)
    if config.protocol is not None:
        yield from _protocol(config)


def _course(config: Config, key: str, points: tuple[Point, ...] | None) -> Iterator[str]:
    end = config.time.end
    if points is None:
        return
    last, value = points[-1]
    if last < end * (1 - EVEN):
        yield (
            f"{key} ends at {si_text(last, 's')}, before time.end, {si_text(end, 's')}: its last "
            f"value, {si_text(value, 'V')}, holds from then on."
        )
    if last > end * (1 + EVEN):
        yield (
            f"{key} goes on to {si_text(last, 's')}, beyond time.end, {si_text(end, 's')}: what is "
            "after that does nothing."
        )


def _protocol(config: Config) -> Iterator[str]:
    """A step counts as long as its clock or its charge takes, if nothing else can end it."""
    steps = electrochemistry.steps(config)
    known = (x.duration for x in steps if x.duration < inf and not protocol.ends_otherwise(x))
    least, end = sum(known), config.time.end
    if least > end * (1 + EVEN):
        yield (
            f"time.end {si_text(end, 's')} ends the run within its protocol, which takes "
            f"{si_text(least, 's')} at least."
        )
