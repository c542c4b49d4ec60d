# SPDX-License-Identifier: MIT
"""Protocols of aurora-unicycler, from its JSON, as version 0.4.6 reads them itself.

Its charge is a positive current, as here. Loops go to a tag or to a number, which counts all steps
from 1, tags and loops too; `cycle_count` is all passes. A rate wins over a current where both are
given, and 0 of either, of an end and of a capacity counts as not given.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from solver.base.errors import InputError
from solver.base.units import NUMBER, quantity, whole
from solver.input.complaints import shown
from solver.input.construction import validated
from solver.input.protocol_amounts import Sample
from solver.input.protocol_order import MisplacedRepeat, nested
from solver.input.protocol_sections import Repeat
from solver.input.sections import Section

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


class _Technique(Section):
    id: str | None = None
    step: str


class _Rest(_Technique):
    step: Literal["open_circuit_voltage"]
    until_time_s: quantity("", gt=0)

    def item(self, sample: Sample) -> dict:
        return {"control": "rest", "until": [{"time": self.until_time_s}]}


class _Current(_Technique):
    step: Literal["constant_current"]
    rate_C: Rate = None
    current_mA: Number = None
    until_time_s: Amount = None
    until_voltage_V: Number = None

    @model_validator(mode="after")
    def _complete(self) -> _Current:
        if not (self.rate_C or self.current_mA):
            raise ValueError("must have a rate_C or a current_mA other than 0")
        return _with_an_end(self, "until_time_s", "until_voltage_V")

    def item(self, sample: Sample) -> dict:
        value = _current(self, "rate_C", "current_mA", sample)
        ends = [{"time": self.until_time_s}] if self.until_time_s else []
        if self.until_voltage_V:
            ends.append({"voltage_above" if value > 0 else "voltage_below": self.until_voltage_V})
        return {"control": "current", "value": value, "until": ends}


class _Voltage(_Technique):
    step: Literal["constant_voltage"]
    voltage_V: quantity("")
    until_time_s: Amount = None
    until_rate_C: Rate = None
    until_current_mA: Number = None

    @model_validator(mode="after")
    def _complete(self) -> _Voltage:
        return _with_an_end(self, "until_time_s", "until_rate_C", "until_current_mA")

    def item(self, sample: Sample) -> dict:
        ends = [{"time": self.until_time_s}] if self.until_time_s else []
        if self.until_rate_C or self.until_current_mA:
            # Cyclers compare the amount, and unicycler's own files for them have it.
            limit = abs(_current(self, "until_rate_C", "until_current_mA", sample))
            ends.append({"current_below": limit})
        return {"control": "voltage", "value": self.voltage_V, "until": ends}


class _Scan(_Technique):
    step: Literal["voltage_scan"]
    start_voltage_V: quantity("")
    end_voltage_V: quantity("")
    scan_rate_mV_per_s: quantity("", gt=0)

    @model_validator(mode="after")
    def _goes_somewhere(self) -> _Scan:
        if self.start_voltage_V == self.end_voltage_V:
            raise ValueError("must have an end_voltage_V other than its start_voltage_V")
        return self

    def item(self, sample: Sample) -> dict:
        way = {"value": self.start_voltage_V, "to": self.end_voltage_V}
        return {"control": "voltage", **way, "rate": f"{self.scan_rate_mV_per_s!r} mV/s"}


class _Loop(_Technique):
    step: Literal["loop"]
    loop_to: int | str = 1
    cycle_count: whole(ge=1)


class _Tag(_Technique):
    step: Literal["tag"]
    tag: Annotated[str, Field(min_length=1)]

    def item(self, sample: Sample) -> dict:
        return {"tag": self.tag}


TECHNIQUES = {
    "open_circuit_voltage": _Rest,
    "constant_current": _Current,
    "constant_voltage": _Voltage,
    "voltage_scan": _Scan,
    "loop": _Loop,
    "tag": _Tag,
}


def _technique(value: Any) -> _Technique:
    step = value.get("step") if isinstance(value, dict) else value
    if step == "impedance_spectroscopy":
        raise ValueError(
            "has step: impedance_spectroscopy, which cannot be simulated; leave it out"
        )
    if not isinstance(step, str) or step not in TECHNIQUES:
        raise ValueError(f"has step: {shown(step)}, which must be one of {', '.join(TECHNIQUES)}")
    model = TECHNIQUES[step]
    unknown = [key for key in value if key not in model.model_fields]
    if unknown:
        known = ", ".join(model.model_fields)
        raise ValueError(f"has the unknown key {shown(unknown[0])}; it must have keys of {known}")
    return model.model_validate(value)


class _SampleParameters(Section):
    name: str = "$NAME"
    capacity_mAh: Positive = None


class _RecordParameters(Section):
    time_s: quantity("", gt=0)
    current_mA: Positive = None
    voltage_V: Positive = None


class _SafetyParameters(Section):
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


class _File(Section):
    unicycler: dict[str, Any] = {}
    sample: _SampleParameters = _SampleParameters()
    record: _RecordParameters
    safety: _SafetyParameters = _SafetyParameters()
    method: Annotated[
        tuple[Annotated[_Technique, BeforeValidator(_technique)], ...], Field(min_length=1)
    ]


def read(path: Path, sample: Sample) -> dict:
    """Return the section `protocol` that a file stands for.

    Args:
        path: JSON file of unicycler.
        sample: The electrode's area, without which currents in mA have no density, and the capacity
            for rates, where it is not that of the file.

    Raises:
        InputError: The file cannot be read or used; one line per mistake.
    """
    file = validated(_File, _content(path), str(path))
    problems: list[str] = []

    def tried(key: str, value: Any, convert) -> Any:
        try:
            return convert()
        except ValueError as error:
            problems.append(f"{path}: {key}: {shown(value)} {error}.")

    if sample.capacity is None and file.sample.capacity_mAh is not None and sample.area_cm2:
        sample = sample._replace(capacity=sample.per_area(file.sample.capacity_mAh, "mAh"))
    items = [
        tried(f"method.{i}", step.step, lambda i=i: _item(file.method, i, sample))
        for i, step in enumerate(file.method)
    ]
    r, s = file.record, file.safety
    record = {"every": r.time_s, "dU": r.voltage_V}
    safety = {"U_max": s.max_voltage_V, "U_min": s.min_voltage_V}
    for part, values, name in (
        (record, {"dI": r.current_mA}, "record"),
        (safety, {"I_max": s.max_current_mA, "I_min": s.min_current_mA}, "safety"),
    ):
        for key, value in values.items():
            if value is not None:
                part[key] = tried(name, value, lambda v=value: sample.per_area(v, "mA"))
    if problems:
        raise InputError("\n".join(problems))
    try:
        nested([Repeat.model_validate(item) if "repeat" in item else item for item in items])
    except MisplacedRepeat as error:
        raise InputError(f"{path}: method.{error.index}: 'loop' {error}.") from None
    return {"record": record, "safety": safety, "steps": items}


def _content(path: Path) -> dict:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such protocol file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid JSON ({error}).") from None
    if not isinstance(found, dict):
        raise InputError(f"{path}: must be a protocol of unicycler, with record and method.")
    return found


def _item(method: tuple[_Technique, ...], index: int, sample: Sample) -> dict:
    step = method[index]
    if not isinstance(step, _Loop):
        return step.item(sample)
    return {"repeat": step.cycle_count, "of": list(range(_target(method, index), index + 1))}


def _target(method: tuple[_Technique, ...], index: int) -> int:
    """Number of the step that a loop goes back to."""
    to = method[index].loop_to
    tags = [i for i, step in enumerate(method, 1) if isinstance(step, _Tag) and step.tag == to]
    if isinstance(to, str) and len(tags) != 1:
        raise ValueError(f"has loop_to {to!r}, which must be a tag that is there once, or a number")
    target = tags[0] if tags else to
    while 1 <= target <= index and isinstance(method[target - 1], _Tag):
        target += 1  # two loops to neighbouring tags begin at the same step
    if not 1 <= target <= index:
        raise ValueError(
            f"has loop_to {to!r}, which must have steps between it and the loop, number {index + 1}"
        )
    return target


def _current(step: _Technique, rate: str, current: str, sample: Sample) -> float:
    """A current per area [A/m^2], given as a rate or, if not, in mA."""
    key, convert = (rate, sample.rate) if getattr(step, rate) else (current, None)
    value = getattr(step, key)
    try:
        return convert(value) if convert else sample.per_area(value, "mA")
    except ValueError as error:
        raise ValueError(f"has {key} {value:g}, which {error}") from None


def _with_an_end(step: _Technique, *keys: str) -> Any:
    if not any(getattr(step, key) for key in keys):
        raise ValueError(f"must have an end other than 0: {' or '.join(keys)}")
    return step
