# SPDX-License-Identifier: MIT
"""What is in a file of aurora-unicycler, as version 0.4.6 reads it itself.

Its charge is a positive current, as here. Loops go to a tag or to a number, which counts all steps
from 1, tags and loops too; `cycle_count` is all passes. A rate wins over a current where both are
given, and 0 of either, of an end and of a capacity counts as not given.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from solver.base.units import NUMBER, quantity, whole
from solver.input.complaints import shown
from solver.input.protocol_sections import known_keys
from solver.input.section import Section

FRACTION = re.compile(
    rf"(?P<over>(?:{NUMBER.pattern})?)(?P<sign>[CD]?)/(?P<under>{NUMBER.pattern})"
)
"""A rate as 1/5, C/3, 2C/3 or, of a discharge, D/2."""


def _given(value: Any) -> Any:
    """Unicycler's empty text is nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def _rate(value: Any) -> Any:
    found = FRACTION.fullmatch(value.replace(" ", "")) if isinstance(value, str) else None
    if found is None or not (found["over"] or found["sign"]) or float(found["under"]) == 0:
        return _given(value)
    sign = -1.0 if found["sign"] == "D" else 1.0
    return sign * float(found["over"] or 1) / float(found["under"])


Number = Annotated[quantity("") | None, BeforeValidator(_given)]
Positive = Annotated[quantity("", gt=0) | None, BeforeValidator(_given)]
Amount = Annotated[quantity("", ge=0) | None, BeforeValidator(_given)]
Rate = Annotated[quantity("") | None, BeforeValidator(_rate)]


def _with_an_end(step: Technique, *keys: str) -> Any:
    if not any(getattr(step, key) for key in keys):
        raise ValueError(f"must have an end other than 0: {' or '.join(keys)}")
    return step


class Technique(Section):
    """A step of the method."""

    id: str | None = None
    step: str


class Rest(Technique):
    """No current."""

    step: Literal["open_circuit_voltage"]
    until_time_s: quantity("", gt=0)


class Current(Technique):
    """A held current; positive is a charge."""

    step: Literal["constant_current"]
    rate_C: Rate = None
    current_mA: Number = None
    until_time_s: Amount = None
    until_voltage_V: Number = None

    @model_validator(mode="after")
    def _complete(self) -> Current:
        if not (self.rate_C or self.current_mA):
            raise ValueError("must have a rate_C or a current_mA other than 0")
        return _with_an_end(self, "until_time_s", "until_voltage_V")


class Voltage(Technique):
    """A held voltage."""

    step: Literal["constant_voltage"]
    voltage_V: quantity("")
    until_time_s: Amount = None
    until_rate_C: Rate = None
    until_current_mA: Number = None

    @model_validator(mode="after")
    def _complete(self) -> Voltage:
        return _with_an_end(self, "until_time_s", "until_rate_C", "until_current_mA")


class Scan(Technique):
    """A voltage that changes in a line."""

    step: Literal["voltage_scan"]
    start_voltage_V: quantity("")
    end_voltage_V: quantity("")
    scan_rate_mV_per_s: quantity("", gt=0)

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Scan:
        if self.start_voltage_V == self.end_voltage_V:
            raise ValueError("must have an end_voltage_V other than its start_voltage_V")
        return self


class Loop(Technique):
    """All passes of the steps from `loop_to` on."""

    step: Literal["loop"]
    loop_to: int | str = 1
    cycle_count: whole(ge=1)


class Tag(Technique):
    """A name for a place."""

    step: Literal["tag"]
    tag: Annotated[str, Field(min_length=1)]


TECHNIQUES = {
    "open_circuit_voltage": Rest,
    "constant_current": Current,
    "constant_voltage": Voltage,
    "voltage_scan": Scan,
    "loop": Loop,
    "tag": Tag,
}


def _technique(value: Any) -> Technique:
    step = value.get("step") if isinstance(value, dict) else value
    if step == "impedance_spectroscopy":
        raise ValueError(
            "has step: impedance_spectroscopy, which cannot be simulated; leave it out"
        )
    if not isinstance(step, str) or step not in TECHNIQUES:
        raise ValueError(f"has step: {shown(step)}, which must be one of {', '.join(TECHNIQUES)}")
    if pressed := [key for key in value if "pressure" in str(key)]:
        raise ValueError(
            f"has {shown(pressed[0])}, but a file of unicycler knows no pressure; all of its steps "
            "are under mechanics.stack_pressure, others need protocol.steps"
        )
    return known_keys(TECHNIQUES[step], value).model_validate(value)


class SampleParameters(Section):
    """The cell."""

    name: str = "$NAME"
    capacity_mAh: Positive = None


class RecordParameters(Section):
    """When a row is written."""

    time_s: quantity("", gt=0)
    current_mA: Positive = None
    voltage_V: Positive = None


class SafetyParameters(Section):
    """Limits of the whole protocol; a limit counts at once here, so `delay_s` does nothing."""

    max_voltage_V: Number = None
    min_voltage_V: Number = None
    max_current_mA: Number = None
    min_current_mA: Number = None
    max_capacity_mAh: Amount = None
    delay_s: Amount = None

    @field_validator("max_capacity_mAh")
    @classmethod
    def _no_capacity(cls, value: float | None) -> float | None:
        if value:
            raise ValueError("must be left out: give the steps an end instead")
        return value


class File(Section):
    """A whole file."""

    unicycler: dict[str, Any] = {}
    sample: SampleParameters = SampleParameters()
    record: RecordParameters
    safety: SafetyParameters = SafetyParameters()
    method: Annotated[
        tuple[Annotated[Technique, BeforeValidator(_technique)], ...], Field(min_length=1)
    ]
