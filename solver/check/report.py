# SPDX-License-Identifier: MIT
"""The report of `check`: what a config says, what it implies, what it costs, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from solver.base.units import units_of
from solver.check import cost, groups, judging, meaning, protocol, regions
from solver.check.summary import Report, Row, wrapped
from solver.input.config import Config


def report(config: Config) -> Report:
    """Return the report of a valid config.

    Raises:
        InputError: The mesh would be too large, or no front speed follows from the values.
    """
    found = groups.groups(config)
    return Report(
        title=config.title,
        values=tuple(_lines(config)),
        rows=tuple(Row(x.name, x.text, x.formula, x.meaning) for x in meaning.lines(config, found)),
        regions=regions.lines(config) if config.geometry else None,
        protocol=protocol.lines(config) if config.protocol else None,
        cost=cost.text(cost.cost(config, found)),
        judgements=tuple(judging.judgements(config, found)),
        refusal=judging.obstacle(config),
    )


def _lines(config: Config) -> Iterator[str]:
    for name, values in _sections(config):
        first, *others = wrapped(f"  {name}: {values}", 4).splitlines()
        yield first.strip()
        yield from (f"  {line.strip()}" for line in others)


def _sections(config: Config) -> list[tuple[str, str]]:
    """Name and values of every section; loose values first."""
    sections, loose = [], {}
    for key in type(config).model_fields:
        value = getattr(config, key)
        if isinstance(value, BaseModel) and key != "protocol":
            sections.append((key, _values(value)))
        elif key in ("layers", "regions"):
            sections += [(f"{key}.{i}", _values(layer)) for i, layer in enumerate(value)]
        elif key not in ("title", "protocol"):  # which has lines of its own
            loose[key] = value
    return [("cell", _joined(config, loose)), *sections]


def _values(section: BaseModel) -> str:
    return _joined(section, {key: getattr(section, key) for key in type(section).model_fields})


def _joined(section: BaseModel, values: dict) -> str:
    fields = type(section).model_fields
    return ", ".join(f"{key} {_value(v, units_of(fields[key]))}" for key, v in values.items())


def _value(value, units: tuple[str, ...]) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, BaseModel):
        return f"({_values(value)})"
    if isinstance(value, tuple):
        plain = len(value) == len(units) and not any(isinstance(x, tuple) for x in value)
        each = [(unit,) for unit in units] if plain else [units] * len(value)
        return "(" + " ".join(map(_value, value, each)) + ")"
    if isinstance(value, float):
        return f"{value:.6g} {next(iter(units), '')}".rstrip()
    return str(value)
