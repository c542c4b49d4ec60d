# SPDX-License-Identifier: MIT
"""A protocol as a run follows it: the step it is in, where that ends, what has passed.

Nothing here knows of fields: it sees the cell as a cycler does, by voltage, current and charge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from solver.input.protocol_steps import End, Moment, Step

RESOLVED = 1e-3
"""How close a state is to an end that belongs to it, relative to the end's value."""
COARSEST_VOLTAGE, FINEST_VOLTAGE = 1e-4, 1e-6
"""Bounds of the same for voltages [V]."""
TRIES = 3
"""Times that a step in time is shortened to land on an end; then it is taken as it is."""
DONE = "end of the protocol"
"""Why a protocol stops that has run to its end."""
UNKNOWN = 0.1
"""Part of a step in time that is tried where only its own end is known."""
AT_ONCE = 1e-3
"""Time [s] after which an end that is passed already counts as met when its step began."""


class Records(NamedTuple):
    """How far apart rows are at most, besides the ends of steps.

    Attributes:
        every: In time [s], where a step says nothing else.
        dU: In cell voltage [V].
        dI: In current density [A/m^2].
    """

    every: float = inf
    dU: float = inf
    dI: float = inf


class Limit(NamedTuple):
    """What ends the whole protocol, in any step, and what is said then."""

    end: End
    reason: str


@dataclass
class Place:
    """Where a run stands in its protocol: plain values, which a checkpoint takes.

    Attributes:
        index: Of the present step, from 0.
        begun: Time at which it began [s].
        charge: That has passed since then, per area [C/m^2]; positive plates at the anode.
        last: Voltage [V] and current density [A/m^2] of the last state in it; empty at its start.
        beyond: How far that was beyond its ends and limits.
        rising: Whether the step began with a current that raises the tip; None before it is known.
        ended: Whether the step has.
        stopped: Why the protocol has; empty while it goes on.
        cycles: Of every cycle so far its number, when it ended [s], and what has been plated and
            stripped at the anode in it, and what is dead at its end [C/m^2].
    """

    index: int = 0
    begun: float = 0.0
    charge: float = 0.0
    last: list[float] = field(default_factory=list)
    beyond: list[float] = field(default_factory=list)
    rising: bool | None = None
    ended: bool = False
    stopped: str = ""
    cycles: list[list[float]] = field(default_factory=list)


class Cycler:
    """Follows the steps of a protocol.

    Args:
        steps: One after the other.
        limits: What ends all of it.
        records: How far apart rows are at most.
        place: Where it stands; changed in place.
    """

    def __init__(
        self, steps: Sequence[Step], limits: Sequence[Limit], records: Records, place: Place
    ):
        self.steps, self.limits, self.records, self.place = steps, limits, records, place
        self._tries = 0

    @property
    def step(self) -> Step:
        """The present step."""
        return self.steps[self.place.index]

    @property
    def edge(self) -> float:
        """Time at which the clock ends the present step [s]; infinite if it does not."""
        return self.place.begun + self.step.duration

    def landmark(self, t: float) -> float:
        """Time after t to land on [s]: of a record, or the edge; infinite if there is none."""
        period = self.step.period or self.records.every
        count = int((t - self.place.begun) / period + 1e-9) + 1
        record = self.place.begun + count * period
        return record if record < self.edge * (1 - 1e-12) else self.edge

    @property
    def _watched(self) -> tuple[End, ...]:
        """Ends of the present step that no clock tells beforehand, and the limits behind them."""
        told = {"time", "capacity"} if self.step.control == "current" else {"time"}
        own = (end for end in self.step.ends if end.kind not in told)
        return (*own, *(limit.end for limit in self.limits))

    def moment(self, t: float, passed: float, **seen) -> Moment:
        """The cell at a time.

        Args:
            t: Time [s].
            passed: Charge since the last state that was taken [C/m^2].
            seen: What else a Moment has.
        """
        place = self.place
        return Moment(t - place.begun, charge=place.charge + passed, rising=place.rising, **seen)

    def landing(self, moment: Moment, dt: float) -> float | None:
        """Return what to try instead of a step in time that goes too far beyond an end.

        By the secant, so that its state is the one at the end. The first step in time, which has
        no state before it, becomes shorter until it ends before the end, or is as good as none.

        Args:
            moment: The cell after the step.
            dt: Size of the step [s].

        Returns:
            A smaller size [s]; None: the step is right, or has been tried often enough.
        """
        known = bool(self.place.beyond)
        # Without a state before there is no secant that might fail.
        if known and self._tries == TRIES:
            return None
        parts = [1.0]
        if self.place.last:
            changes = abs(moment.voltage - self.place.last[0]) / self.records.dU
            changes = max(changes, abs(moment.current - self.place.last[1]) / self.records.dI)
            parts.append(1 / changes if changes > 1 + RESOLVED else 1.0)
        for i, end in enumerate(self._watched):
            beyond = end.beyond(moment)
            if beyond > resolved(end):
                if known:
                    before = self.place.beyond[i]
                    parts.append(before / (before - beyond))
                elif dt > AT_ONCE:
                    parts.append(UNKNOWN)
        if min(parts) == 1.0:
            return None
        self._tries += 1
        return min(parts) * dt

    def take(self, t: float, moment: Moment) -> None:
        """Take note of an accepted state.

        Args:
            t: Its time [s].
            moment: The cell then.
        """
        place, self._tries = self.place, 0
        self._count(t, moment.charge - place.charge, moment.dead)
        place.charge = moment.charge
        if place.rising is None:
            place.rising = bool(moment.current >= 0)
        watched = self._watched
        place.last = [moment.voltage, moment.current]
        place.beyond = [end.beyond(moment) for end in watched]
        met = [x >= -resolved(end) for end, x in zip(watched, place.beyond, strict=True)]
        own = len(watched) - len(self.limits)
        place.ended = any(met[:own]) or t >= self.edge * (1 - 1e-12)
        for limit, reached in zip(self.limits, met[own:], strict=True):
            if reached:
                place.stopped = place.stopped or limit.reason
        if place.ended and place.index == len(self.steps) - 1:
            place.stopped = place.stopped or DONE

    def turn(self, t: float) -> bool:
        """Begin the next step at time t [s] if the present one has ended; tell whether it has."""
        place = self.place
        if not place.ended or place.stopped:
            return False
        place.index += 1
        place.begun, place.charge, place.ended = t, 0.0, False
        place.last, place.beyond, place.rising = [], [], None
        return True

    def _count(self, t: float, charge: float, dead: float) -> None:
        """Add to the cycle what has passed in a step in time, and note what is dead [C/m^2]."""
        cycles, number = self.place.cycles, self.step.cycle
        if not cycles or cycles[-1][0] != number:
            cycles.append([number, t, 0.0, 0.0, 0.0])
        cycles[-1][1], cycles[-1][4] = t, dead
        if self.step.control != "rest":  # in which only round-off passes
            cycles[-1][2 if charge > 0 else 3] += abs(charge)


def resolved(end: End) -> float:
    """How close to an end counts as there, in the unit of its value."""
    share = RESOLVED * abs(end.value)
    if end.kind in ("voltage_above", "voltage_below"):
        return min(COARSEST_VOLTAGE, max(FINEST_VOLTAGE, share))
    return share
