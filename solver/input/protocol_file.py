# SPDX-License-Identifier: MIT
"""From a file of aurora-unicycler to the section `protocol` that it stands for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from solver.base.errors import InputError
from solver.input.construction import validated
from solver.input.protocol_amounts import Sample
from solver.input.protocol_order import MisplacedRepeat, nested
from solver.input.protocol_sections import Repeat
from solver.input.protocol_unicycler import Current, File, Loop, Scan, Tag, Technique, Voltage


def read(path: Path, sample: Sample) -> dict:
    """Return the section `protocol` that a file stands for.

    Args:
        path: JSON file of unicycler.
        sample: The electrode's area, without which currents in mA have no density, and the capacity
            for rates, where it is not that of the file.

    Raises:
        InputError: The file cannot be read or used; one line per mistake.
    """
    file = validated(File, _content(path), str(path))
    problems: list[str] = []

    def tried(place: str, convert: Callable, *values: Any) -> Any:
        try:
            return convert(*values)
        except ValueError as error:
            problems.append(f"{path}: {place} {error}.")

    def density(key: str, current: float | None) -> float | None:
        if current is None:
            return None
        return tried(f"{key}: {current:g}", sample.current, current)

    record, safety, capacity = file.record, file.safety, file.sample.capacity_mAh
    if sample.capacity is None and capacity is not None and sample.area_cm2 is not None:
        sample = sample._replace(capacity=sample.per_area(capacity, "mAh"))
    items = [
        tried(f"method.{i}: {step.step!r}", _item, file.method, i, sample)
        for i, step in enumerate(file.method)
    ]
    found = {
        "steps": items,
        "record": {
            "every": record.time_s,
            "dU": record.voltage_V,
            "dI": density("record.current_mA", record.current_mA),
        },
        "safety": {
            "U_max": safety.max_voltage_V,
            "U_min": safety.min_voltage_V,
            "I_max": density("safety.max_current_mA", safety.max_current_mA),
            "I_min": density("safety.min_current_mA", safety.min_current_mA),
        },
    }
    problems = problems or list(_misplaced(path, items))
    if problems:
        raise InputError("\n".join(problems))
    return found


def _content(path: Path) -> dict:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such protocol file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid JSON ({error}).") from None
    if not isinstance(found, dict):
        raise InputError(f"{path}: must be a protocol of unicycler, with record and method.")
    return found


def _misplaced(path: Path, items: list[dict]) -> Iterator[str]:
    """Yield a sentence on the first loop that cuts another one."""
    try:
        nested([Repeat(**item) if "repeat" in item else item for item in items])
    except MisplacedRepeat as error:
        yield f"{path}: method.{error.index}: 'loop' {error}."


def _item(method: tuple[Technique, ...], index: int, sample: Sample) -> dict:
    """The item of the list that a step of the file becomes."""
    match step := method[index]:
        case Loop():
            numbers = range(_target(method, index), index + 1)
            return {"repeat": step.cycle_count, "of": list(numbers)}
        case Tag():
            return {"tag": step.tag}
        case Scan():
            rate = f"{step.scan_rate_mV_per_s!r} mV/s"
            way = {"value": step.start_voltage_V, "to": step.end_voltage_V, "rate": rate}
            return {"control": "voltage", **way}
        case Voltage():
            held = {"control": "voltage", "value": step.voltage_V}
            end = _current(step, "until_rate_C", "until_current_mA", sample)
            # Cyclers compare the amount, and unicycler's own files for them have it.
            ends = [{"current_below": abs(end)}] if end else []
        case Current():
            value = _current(step, "rate_C", "current_mA", sample)
            held = {"control": "current", "value": value}
            end = "voltage_above" if value > 0 else "voltage_below"
            ends = [{end: step.until_voltage_V}] if step.until_voltage_V else []
        case _:
            held, ends = {"control": "rest"}, []
    if step.until_time_s:
        ends.insert(0, {"time": step.until_time_s})
    return {**held, "until": ends}


def _current(step: Technique, rate: str, current: str, sample: Sample) -> float | None:
    """A current per area [A/m^2], given as a rate or, if not, in mA; None if neither is given."""
    for key, convert in ((rate, sample.rate), (current, sample.current)):
        value = getattr(step, key)
        if value:
            try:
                return convert(value)
            except ValueError as error:
                raise ValueError(f"has {key} {value:g}, which {error}") from None
    return None


def _target(method: tuple[Technique, ...], index: int) -> int:
    """Number of the step that a loop goes back to."""
    to = method[index].loop_to
    tags = [i for i, step in enumerate(method, 1) if isinstance(step, Tag) and step.tag == to]
    if isinstance(to, str) and len(tags) != 1:
        raise ValueError(f"has loop_to {to!r}, which must be a tag that is there once, or a number")
    target = tags[0] if tags else to
    while 1 <= target <= index and isinstance(method[target - 1], Tag):
        target += 1  # two loops to neighbouring tags begin at the same step
    if not 1 <= target <= index:
        raise ValueError(
            f"has loop_to {to!r}, which must have steps between it and the loop, number {index + 1}"
        )
    return target
