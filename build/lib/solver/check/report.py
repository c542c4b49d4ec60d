# SPDX-License-Identifier: MIT
"""The report of `check`: what a config says, what it implies, what it costs, what is doubtful."""

from __future__ import annotations

import textwrap
from typing import TextIO

from pydantic import BaseModel

from solver.base.units import unit_of
from solver.check import cost, groups, judging, meaning
from solver.input.config import Config

PLAIN_WIDTH = 100
"""Columns of text that does not go to a terminal."""


def report(config: Config, stream: TextIO) -> None:
    """Print the report of a valid config.

    Args:
        config: The config.
        stream: Where to; a terminal gets a table, anything else aligned text.

    Raises:
        InputError: The mesh would be too large, or no front speed follows from the values.
    """
    found = groups.groups(config)
    rows = [(x.name, x.formula, x.text, x.meaning) for x in meaning.lines(config, found)]
    print(config.title, file=stream)
    print("\nValues in force (SI)", file=stream)
    for name, values in _sections(config):
        print(_wrapped(f"  {name}: {values}", 4), file=stream)
    print("\nWhat they imply", file=stream)
    (_table if stream.isatty() else _aligned)(rows, stream)
    print("\nCost, estimated", file=stream)
    print(f"  {_cost(cost.cost(config, found))}", file=stream)
    print("\nJudgement", file=stream)
    for sentence in judging.judgements(config, found) or ["nothing looks wrong."]:
        print(_wrapped(f"  - {sentence}", 4), file=stream)


def _sections(config: Config) -> list[tuple[str, str]]:
    """Name and values of every section; loose values first."""
    sections, loose = [], {}
    for key in type(config).model_fields:
        value = getattr(config, key)
        if isinstance(value, BaseModel):
            sections.append((key, _values(value)))
        elif key == "layers":
            sections += [(f"{key}.{i}", _values(layer)) for i, layer in enumerate(value)]
        elif key != "title":
            loose[key] = value
    return [("cell", _joined(config, loose)), *sections]


def _values(section: BaseModel) -> str:
    return _joined(section, {key: getattr(section, key) for key in type(section).model_fields})


def _joined(section: BaseModel, values: dict) -> str:
    fields = type(section).model_fields
    return ", ".join(f"{key} {_value(v, unit_of(fields[key]))}" for key, v in values.items())


def _value(value, unit: str) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "(" + " ".join(_value(item, unit) for item in value) + ")"
    if isinstance(value, float):
        return f"{value:.6g} {unit}".rstrip()
    return str(value)


def _cost(estimate: cost.Cost) -> str:
    hours = estimate.seconds / 3600
    duration = f"{hours:.2g} h" if hours >= 1 else f"{estimate.seconds / 60:.2g} min"
    growing = (
        f" ({estimate.nodes_end:,.0f} at the end)" if estimate.nodes_end > estimate.nodes else ""
    )
    return (
        f"{estimate.nodes:,.0f} nodes{growing}, {estimate.memory / 1e9:.2g} GB, "
        f"{estimate.steps:,.0f} steps, {duration} on one core"
    )


def _aligned(rows: list[tuple[str, ...]], stream: TextIO) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print("  " + "  ".join((*cells, row[3])).rstrip(), file=stream)


def _table(rows: list[tuple[str, ...]], stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for name, formula, value, meaning_text in rows:
        meaning_cell = Text.assemble((f"{formula}: ", "dim"), meaning_text)
        table.add_row(f"  {name}", Text(value), meaning_cell)
    Console(file=stream).print(table)


def _wrapped(text: str, indent: int) -> str:
    return textwrap.fill(
        text, PLAIN_WIDTH, subsequent_indent=" " * indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
