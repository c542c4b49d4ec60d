# SPDX-License-Identifier: MIT
"""The verb `materials`: every value in the library with its range, uncertainty and source."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from solver.base import nearest
from solver.base.errors import InputError
from solver.base.units import si_text
from solver.laws.reduction import K_B
from solver.materials import MATERIALS
from solver.materials.records import Material, Value

WIDTH = 100
"""Columns of text that does not go to a terminal."""


class Row(NamedTuple):
    """One property as text."""

    name: str
    value: str
    uncertainty: str
    range: str
    source: str


def show(stream: TextIO, only: str | None = None, known: dict[str, Material] = MATERIALS) -> None:
    """Print the library, or one material.

    Args:
        stream: Where to.
        only: The name of the one.
        known: What is printed instead of the library.

    Raises:
        InputError: There is no such material.
    """
    if only is not None and only not in known:
        hint = nearest.sentence(only, known, "known: ")
        raise InputError(f"{only}: no such material; {hint}")
    chosen = known.values() if only is None else [known[only]]
    for material in chosen:
        heading = f"{material.name}: {material.description}"
        rows = list(rows_of(material))
        (_table if stream.isatty() else _plain)(heading, rows, stream)


def rows_of(material: Material) -> Iterator[Row]:
    """Yield the properties of a material."""
    sigma = material.sigma_ion
    if sigma is not None:
        low, high = sigma.temperatures
        T = min(max(298.15, low), high)
        scatter = "" if sigma.scatter is None else f"{100 * sigma.scatter:.2g} %"
        value = f"{si_text(sigma.at(T), 'S/m')} at {T:g} K"
        if sigma.slope is not None:
            E_a = -1e3 * K_B * sigma.slope
            value += f", slope {sigma.slope:.3f} (1000 K), E_a {E_a:.3f} eV"
        where = f"{low:g} K" if low == high else f"{low:g}-{high:g} K"
        yield Row("sigma_ion", value, scatter, where, sigma.source)
    for name, value in (*material.values.items(), *material.others.items()):
        yield Row(name, si_text(value.value, value.unit), _uncertainty(value), "", value.source)


def _uncertainty(value: Value) -> str:
    return "" if value.uncertainty is None else si_text(value.uncertainty, value.unit)


def _plain(heading: str, rows: list[Row], stream: TextIO) -> None:
    print(heading, file=stream)
    for row in rows:
        details = [f"+- {row.uncertainty}"] * bool(row.uncertainty) + [row.range] * bool(row.range)
        shown = f"  {row.name}  {', '.join((row.value, *details))}  [{row.source}]"
        print(textwrap.fill(shown, WIDTH, subsequent_indent="      "), file=stream)
    print(file=stream)


def _table(heading: str, rows: list[Row], stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=heading, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in ("property", "value", "+-", "measured", "source"):
        table.add_column(column, header_style="dim")
    for row in rows:
        table.add_row(*row)
    console = Console(file=stream)
    console.print(table)
    console.print()
