# SPDX-License-Identifier: MIT
"""The section `protocol`: what the cell is made to do, and its steps one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator, model_validator

from solver.base.units import quantity
from solver.input import protocol_file
from solver.input.construction import validated
from solver.input.protocol_amounts import Sample
from solver.input.protocol_order import MisplacedRepeat, count, cycles, nested
from solver.input.protocol_ramp import Ramping
from solver.input.protocol_sections import Current, Item, Rest, Tag, Voltage
from solver.input.protocol_steps import End, Step
from solver.input.section import Section

DAY = 86400.0
"""Time of a step that may never reach its end [s], as in PyBaMM."""
MOST_STEPS = 100_000
"""Steps of a protocol with all repeats; unicycler stops at 10,000."""


class Record(Section):
    """When a row is written besides the end of every step; whichever comes first."""

    every: quantity("s", gt=0) | None = None
    """Time from one record to the next; null: as the time loop steps."""
    dU: quantity("V", gt=0) | None = None
    """Change of the cell voltage; null: none."""
    dI: quantity("A/m^2", gt=0) | None = None
    """Change of the current density; null: none."""


class Safety(Section):
    """Limits that end the whole protocol."""

    U_max: quantity("V") | None = None
    """Highest cell voltage; null: none."""
    U_min: quantity("V") | None = None
    """Lowest cell voltage; null: none."""
    I_max: quantity("A/m^2") | None = None
    """Highest current density; null: none."""
    I_min: quantity("A/m^2") | None = None
    """Lowest current density, which may be negative; null: none."""

    @model_validator(mode="after")
    def _limits_in_order(self) -> Safety:
        for key, unit in (("U", "V"), ("I", "A/m^2")):
            low, high = getattr(self, f"{key}_min"), getattr(self, f"{key}_max")
            if low is not None and high is not None and low >= high:
                raise ValueError(
                    f"has {key}_min {low:g} {unit}, which must be below {key}_max {high:g} {unit}"
                )
        return self

    @property
    def ends(self) -> dict[str, End]:
        """The limits that are given, by their keys, as the cell's control reads them."""
        kinds = {"U_max": "voltage_above", "U_min": "voltage_below"}
        kinds |= {"I_max": "current_over", "I_min": "current_under"}
        found = {key: (kind, getattr(self, key)) for key, kind in kinds.items()}
        return {key: End(*end) for key, end in found.items() if end[1] is not None}


class Electrode(Section):
    """What currents of a cell and rates refer to."""

    area_cm2: quantity("", gt=0) | None = None
    """Area of the electrode [cm^2], for currents in mA; null: only currents per area."""
    capacity: quantity("C/m^2", gt=0) | None = None
    """Capacity per area that a rate of 1 C passes in an hour; null: no rates."""

    @property
    def sample(self) -> Sample:
        """The same, for conversions."""
        return Sample(self.area_cm2, self.capacity)


class Protocol(Electrode):
    """Steps of current, voltage and rest: as sections, as lines of text, or from a file."""

    file: str | None = None
    """JSON file of aurora-unicycler, instead of `steps`; its content takes its place."""
    record: Record = Record()
    safety: Safety = Safety()
    steps: Annotated[tuple[Item, ...], Field(min_length=1)]
    """The list: a step, a line of text, a repeat, a ramp or a tag each."""

    @model_validator(mode="before")
    @classmethod
    def _file_is_read(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("file"), str):
            return data
        return _from_file(data)

    @field_validator("steps")
    @classmethod
    def _repeats_have_their_place(cls, steps: tuple[Item, ...]) -> Any:
        try:
            tree = nested(steps)
        except MisplacedRepeat as error:
            raise _at((error.index, "of"), str(error)) from None
        total = sum(count(node, _length) for node in tree)
        if total > MOST_STEPS:
            raise ValueError(
                f"must not be more than {MOST_STEPS} steps with all repeats, but are {total}"
            )
        if total == 0:
            raise ValueError("must have at least one step of current, voltage or rest")
        return steps


def flat(protocol: Protocol) -> tuple[Step, ...]:
    """Return the steps of a protocol one after the other, repeats and ramps spelt out.

    A new cycle begins with every pass of a repeat, with every current of a ramp and behind both,
    if current can have passed since the cycle before began: a rest at the start belongs to the
    first cycle.
    """
    return tuple(cycles(nested(protocol.steps), _spelt_out))


def longest(steps: Sequence[Step]) -> float:
    """Time that some steps take at most [s]; a day each where neither clock nor charge tells."""
    return sum(DAY if step.duration == inf else step.duration for step in steps)


def _at(place: tuple, sentence: str) -> ValidationError:
    """An error at a place inside of what is validated."""
    error = {"type": "value_error", "loc": place, "input": None}
    error["ctx"] = {"error": ValueError(sentence)}
    return ValidationError.from_exception_data("steps", [error])


def _from_file(data: dict) -> dict:
    """Replace `file` by what is in it; what the section says itself wins."""
    given = {k: v for k, v in data.items() if k != "file"}
    if "steps" in given:
        raise ValueError("must have either steps or file")
    electrode = {k: v for k, v in given.items() if k in Electrode.model_fields}
    sample = validated(Electrode, electrode, "protocol").sample
    found = protocol_file.read(Path(data["file"]), sample)
    # What does not fit together is said of the file, where it stands, and not of this section.
    validated(Protocol, found, data["file"])
    return {**found, **given}


def _length(item: Item) -> int:
    """How many steps an item is."""
    return sum(len(group) for group in _spelt_out(0, item))


def _spelt_out(number: int, item: Item) -> Sequence[tuple[Step, ...]]:
    """The steps of an item, in groups of a cycle each."""
    match item:
        case Tag():
            return ()
        case Ramping():
            return [tuple(_half_cycles(number, item.ramp, i)) for i in item.ramp.currents]
        case Rest():
            held, slope = 0.0, 0.0
        case Current() | Voltage():
            held, slope = item.value, item.slope
    pressed = item.stack_pressure
    step = Step(item.control, held, slope, item.ends, item.period, number, stack_pressure=pressed)
    return [(step,)]


def _half_cycles(number: int, ramp, current: float) -> Iterator[Step]:
    end = (End(ramp.mode, ramp.half_cycle),)
    for value in (current, -current):
        yield Step("current", value, 0.0, end, ramp.period, number)
        if ramp.rest is not None:
            yield Step("rest", 0.0, 0.0, (End("time", ramp.rest),), ramp.period, number)
