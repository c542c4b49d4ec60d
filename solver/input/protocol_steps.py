# SPDX-License-Identifier: MIT
"""What a cell is made to do, as a flat list of steps: the same from every source, all in SI.

A current that is positive plates at the anode; the voltage is that of the counter electrode against
the anode, which such a current makes positive.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import Literal, NamedTuple

Control = Literal["current", "voltage", "rest"]
EndKind = Literal[
    "time", "voltage_above", "voltage_below", "current_below", "capacity", "tip", "short",
    "current_over", "current_under", "tip_above", "island_above", "bare",
    "crack_counter", "crack_left", "crack_right",
]  # fmt: skip

ENDS: dict[str, tuple[EndKind, ...]] = {
    "current": ("time", "voltage_above", "voltage_below", "capacity", "tip", "short"),
    "voltage": ("time", "current_below", "capacity", "tip", "short"),
    "rest": ("time", "voltage_above", "voltage_below"),
}
"""The ends that a step can have, by its control."""


class Moment(NamedTuple):
    """The cell at a time of a step.

    Attributes:
        time: Since the step began [s].
        voltage: Of the cell [V].
        current: Through the cell, per area [A/m^2].
        charge: That has passed since the step began, per area and with its sign [C/m^2].
        tip: Height of the highest metal above the anode [m], of what hangs together with it.
        shorted: Whether metal connects the electrodes.
        rising: Whether the step began with a current that raises the tip; None: as it does now.
        island: Height of the highest metal without a connection to the anode [m]; 0: none.
        dead: Charge of such metal, per area [C/m^2].
        cracked: Sides of the cell that cracks have reached.
    """

    time: float
    voltage: float
    current: float
    charge: float
    tip: float
    shorted: bool
    rising: bool | None = None
    island: float = 0.0
    dead: float = 0.0
    cracked: tuple[str, ...] = ()


class End(NamedTuple):
    """One of the conditions that end a step; the first that is met counts.

    Attributes:
        kind: What is compared. Limits of the whole protocol are also `current_over` and
            `current_under`, which heed the sign, `tip_above` and `island_above`, whatever the
            current does, `bare`, a tip that is so low while it dissolves, and `crack_SIDE`, a crack
            that has reached a side.
        value: Against what, in SI; of a current and a charge the amount, 0 for a short circuit.
    """

    kind: EndKind
    value: float = 0.0

    def beyond(self, moment: Moment) -> float:
        """How far the cell is beyond this end, in the unit of its value; met from 0 on."""
        match self.kind:
            case "time":
                return moment.time - self.value
            case "voltage_above":
                return moment.voltage - self.value
            case "voltage_below":
                return self.value - moment.voltage
            case "current_below":
                return self.value - abs(moment.current)
            case "current_over":
                return moment.current - self.value
            case "current_under":
                return self.value - moment.current
            case "capacity":
                return abs(moment.charge) - self.value
            case "tip":
                # On a scan the current turns; the tip that is waited for is still the same.
                rising = moment.current >= 0 if moment.rising is None else moment.rising
                return moment.tip - self.value if rising else self.value - moment.tip
            case "tip_above":
                return moment.tip - self.value
            case "island_above":
                return moment.island - self.value
            case "bare":
                return self.value - moment.tip if moment.current < 0 else -1.0
            case "short":
                return 0.0 if moment.shorted else -1.0
            case "crack_counter" | "crack_left" | "crack_right":
                return 0.0 if self.kind.removeprefix("crack_") in moment.cracked else -1.0


class Step(NamedTuple):
    """A step of a protocol.

    Attributes:
        control: What is held.
        value: At which value when the step begins [A/m^2 or V]; 0 in a rest.
        slope: Its change in time [A/m^2/s or V/s].
        ends: What ends the step, at least one.
        period: From one record to the next [s]; None: that of the protocol.
        number: Of the step in its source, from 1; tags and repeats count.
        cycle: Cycle that the step belongs to, from 1.
        stack_pressure: On the sides that are under pressure [Pa]; None: that of the mechanics.
    """

    control: Control
    value: float
    slope: float
    ends: tuple[End, ...]
    period: float | None
    number: int
    cycle: int = 1
    stack_pressure: float | None = None

    def at(self, time: float) -> float:
        """The held value at a time after the step's beginning [A/m^2 or V]."""
        return self.value + self.slope * time

    @property
    def duration(self) -> float:
        """Time after which the clock or the charge ends the step, if nothing else does before [s].

        Infinite where neither will.
        """
        times = [end.value for end in self.ends if end.kind == "time"]
        if self.control == "current":
            charges = (end.value for end in self.ends if end.kind == "capacity")
            times += [_passed(self.value, self.slope, charge) for charge in charges]
        return min(times, default=inf)

    @property
    def charge(self) -> float | None:
        """Charge per area that passes within `duration` [C/m^2].

        None where it is not known beforehand: at a held voltage, or without such a duration.
        """
        if self.control == "voltage" or self.duration == inf:
            return None
        return self.duration * (self.value + 0.5 * self.slope * self.duration)


def _passed(current: float, slope: float, charge: float) -> float:
    """First time at which |current t + slope t^2/2| reaches a charge > 0; infinite if it does not.

    Args:
        current: At the beginning [A/m^2].
        slope: Its change in time [A/m^2/s].
        charge: Per area [C/m^2].
    """
    found = []
    for target in (charge, -charge):
        root = current * current + 2 * slope * target
        if root >= 0:
            # 2 Q/(i + sqrt(i^2 + 2 s Q)): the root that stays where the slope vanishes.
            for divisor in (current + sqrt(root), current - sqrt(root)):
                if divisor * target > 0:
                    found.append(2 * target / divisor)
    return min(found, default=inf)
