# SPDX-License-Identifier: MIT
"""From pydantic's errors to sentences: which key, which value as written, what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from solver.base import nearest
from solver.base.text import counted
from solver.base.units import unit_of

LONGEST_VALUE = 60
"""Characters of a value that a message repeats."""

OWN_WORDS = {
    "model_type": "must be a section of 'key: value' lines",
    "model_attributes_type": "must be a section of 'key: value' lines",
    "dict_type": "must be a section of 'key: value' lines",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "string_type": "must be a text",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_pattern_mismatch": "must start with a letter, then letters, digits, _ or -",
    "string_too_short": "must not be empty",
}
"""Sentences for pydantic's kinds of error whose own message speaks of Python types."""

MOVED = {
    "boundary.zero_normal_displacement": "the sides are mechanics.sides now, of which each is a "
    "roller unless it is given as fixed, free or pressure",
}
"""What stands in the place of keys that there were."""

BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


def complaints(
    error: ValidationError, data: dict, model: type[BaseModel]
) -> Iterator[tuple[str, str]]:
    """Yield the dotted key and one sentence for every mistake in `data`.

    Args:
        error: What pydantic raised for `data`.
        data: The config as the user wrote it.
        model: The model of the config.
    """
    errors = error.errors(include_url=False)
    places = [e["loc"] for e in errors]
    for e in errors:
        # A list whose item is wrong is then also said to be too short: that one only confuses.
        if any(len(p) > len(e["loc"]) and p[: len(e["loc"])] == e["loc"] for p in places):
            continue
        location = _as_written(e["loc"], data)
        key = ".".join(map(str, location))
        for sentence in _sentences(e, location, data, model):
            yield key, sentence if sentence.endswith("?") else f"{sentence}."


def shown(value: Any) -> str:
    """Describe a value as the user wrote it, in a few words."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list | tuple | set):
        return "an empty list" if not value else "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."
    return text if isinstance(value, int | float) else repr(text)


def _as_written(location: tuple, data: Any) -> list:
    """Drop from pydantic's location what is no key of the data (its tags of union members)."""
    path = []
    for part in location[:-1]:
        if _has(data, part):
            path.append(part)
            data = data[part]
    return [*path, *location[-1:]]


def _has(data: Any, part: Any) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _value(location: list, data: Any) -> Any:
    for part in location:
        data = data[part] if _has(data, part) else None
    return data


def _sentences(error: dict, location: list, data: dict, model: type[BaseModel]) -> list[str]:
    key, kind = ".".join(map(str, location)), error["type"]
    if kind == "extra_forbidden":
        return [_unknown_key(location, model)]
    if kind == "invalid_key":
        inside = ".".join(map(str, location[:-1])) or "the config"
        return [f"{inside}: the key {shown(location[-1])} must be a text"]
    if kind in ("missing", "too_short", "too_long"):
        return [_wrong_length(kind, error, location, data)]
    if not location:  # from the checks between values, which name their keys
        return str(error["ctx"]["error"]).splitlines()
    if kind == "value_error":
        reason = str(error["ctx"]["error"])
    else:
        # pydantic says "Input should be greater than 0".
        reason = OWN_WORDS.get(kind) or error["msg"].replace("Input should", "must")
    if kind in BOUNDS:
        reason = f"{reason} {_unit(location, model)}".rstrip()
    value = _value(location, data)
    if value is None or isinstance(value, dict | list):
        return [f"{key}: is {'empty' if value is None else shown(value)}; it {reason}"]
    return [f"{key}: {shown(value)} {reason}"]


def _wrong_length(kind: str, error: dict, location: list, data: dict) -> str:
    key = ".".join(map(str, location))
    if kind == "missing" and not isinstance(location[-1], int):
        return f"{key}: this key is required"
    if kind == "missing":  # an item of a list of fixed length
        values = _value(location[:-1], data)
        parent = ".".join(map(str, location[:-1]))
        return f"{parent}: has only {len(values)} of the values that are needed"
    limits = error["ctx"]
    if kind == "too_short":
        return f"{key}: must have at least {counted(limits['min_length'], 'item')}"
    return f"{key}: must have no more than {counted(limits['max_length'], 'value')}"


def _unknown_key(location: list, model: type[BaseModel]) -> str:
    if (moved := MOVED.get(".".join(map(str, location)))) is not None:
        return f"{'.'.join(location)}: this key is no more; {moved}"
    *parents, key = location
    known = list(_sections(parents, model)[0].model_fields)
    inside = f" in {'.'.join(map(str, parents))}" if parents else ""
    return f"unknown key {shown(key)}{inside}; {nearest.hint(str(key), known, 'known keys: ')}"


def _unit(location: list, model: type[BaseModel]) -> str:
    *parents, key = (part for part in location if isinstance(part, str))
    for section in _sections(parents, model):
        if key in section.model_fields:
            return unit_of(section.model_fields[key])
    # An item of a table, c0.Li, has the unit of the table.
    return unit_of(_sections(parents[:-1], model)[0].model_fields[parents[-1]])


def _sections(parents: list, model: type[BaseModel]) -> list[type[BaseModel]]:
    """The section, or what may stand there instead of it, at a dotted key."""
    found = [model]
    for part in parents:
        fields = [m.model_fields[part] for m in found if part in m.model_fields]
        found = [m for field in fields for m in _models(field.annotation)] or found
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the section types inside an annotation such as ``tuple[Layer, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
