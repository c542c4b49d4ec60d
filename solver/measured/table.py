# SPDX-License-Identifier: MIT
"""Tables of numbers as spreadsheets and people write them.

A column is headed by the symbol and the unit of its values: `sigma [mS/cm]`, `sigma (mS/cm)` or
`sigma/mS cm-1`. Lines that start with `#` are comments. Columns are separated by tabs, semicolons,
commas or blanks; numbers have decimal points or, where commas do not separate, decimal commas.
Nothing is guessed that could be otherwise: what was seen is said, and what cannot be told is asked.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.base.errors import InputError
from solver.base.units import NUMBER, to_si
from solver.measured import text

SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", " ": "blanks"}
HEADING = re.compile(r"^(?P<name>[^\[(/]*?)\s*(?:\[(?P<a>.*)\]|\((?P<b>.*)\)|/\s*(?P<c>.+))?\s*$")
SPELLINGS = {"deg C": "degC", "°C": "degC", "Ohms": "ohm", "Ohm": "ohm", "−": "-"}
"""How units are written that pint spells otherwise."""
COLDEST, HOTTEST = 100.0, 2000.0
"""Temperatures [K] outside of which a column is taken to have another unit than its heading says:
no solid electrolyte conducts below."""


@dataclass(frozen=True)
class Heading:
    """The heading of a column.

    Attributes:
        name: The symbol.
        unit: Its unit as `to_si` reads it; empty where the heading has none.
        written: The heading as it stands in the file.
    """

    name: str
    unit: str
    written: str


@dataclass(frozen=True)
class Table:
    """A table as it was found.

    Attributes:
        path: The file.
        headings: One per column.
        rows: The cells as text, decimal commas replaced.
        separator: What stands between columns, a key of `SEPARATORS`.
        encoding: Name of the encoding of the text.
        decimal_comma: Whether numbers were written with commas.
    """

    path: Path
    headings: list[Heading]
    rows: list[list[str]]
    separator: str
    encoding: str
    decimal_comma: bool

    @property
    def seen(self) -> str:
        """What was read, in one line."""
        heads = ", ".join(h.written for h in self.headings)
        comma = ", decimal commas" if self.decimal_comma else ""
        count = f"{len(self.rows)} row{'s' * (len(self.rows) != 1)}"
        separator = SEPARATORS[self.separator]
        return f"{self.path}: {count} of {heads}; separated by {separator}{comma}, {self.encoding}"

    def has(self, name: str) -> bool:
        """Whether there is a column of this symbol."""
        return any(h.name == name for h in self.headings)

    def column(self, name: str, si: str, signed: bool = False) -> np.ndarray:
        """Return a column in SI units.

        Args:
            name: Its symbol.
            si: The SI unit; empty for plain numbers.
            signed: Whether values may be 0 or less.

        Raises:
            InputError: There is no such column, or its heading or a value cannot be used.
        """
        place = self._place(name, si)
        heading, values = self.headings[place], []
        for number, row in enumerate(self.rows, start=1):
            cell = row[place] if place < len(row) else ""
            where = f"{self.path}: {name} in row {number}: '{cell}'"
            try:
                value = self._value(cell, heading, si)
            except ValueError as error:
                raise InputError(f"{where} {error}.") from None
            if not signed and value <= 0:
                raise InputError(f"{where} must be greater than 0.")
            values.append(value)
        found = np.array(values)
        if si == "K":
            self._refuse_odd_temperatures(heading, found)
        return found

    def _value(self, cell: str, heading: Heading, si: str) -> float:
        if not NUMBER.fullmatch(cell):
            raise ValueError(f"must be a number{f' in {heading.unit}' if heading.unit else ''}")
        return to_si(f"{cell} {heading.unit}".strip(), si)

    def _place(self, name: str, si: str) -> int:
        places = [i for i, h in enumerate(self.headings) if h.name == name]
        wanted = f"'{name} [{si}]', in this or a like unit" if si else f"'{name}'"
        heads = ", ".join(f"'{h.written}'" for h in self.headings)
        if not places:
            raise InputError(f"{self.path}: needs a column {wanted}; it has {heads}.")
        if len(places) > 1:
            raise InputError(
                f"{self.path}: has {len(places)} columns '{name}'; head only one of them so."
            )
        unit = self.headings[places[0]].unit
        if si and not unit:
            example = "'T [degC]' or 'T [K]'" if si == "K" else f"'{name} [{si}]' or the like"
            raise InputError(f"{self.path}: the column '{name}' has no unit; head it {example}.")
        if si == "K" and unit == "C":
            raise InputError(f"{self.path}: '{name}' in C is a charge; head it '{name} [degC]'.")
        return places[0]

    def _refuse_odd_temperatures(self, heading: Heading, T: np.ndarray) -> None:
        for number, value in enumerate(T, start=1):
            if not COLDEST <= value <= HOTTEST:
                other = "degC" if heading.unit == "K" else "K"
                raise InputError(
                    f"{self.path}: {heading.name} in row {number} would be {value:g} K by the "
                    f"heading '{heading.written}'; is it in {other}?"
                )


def read(path: Path) -> Table:
    """Read a table whose first line, comments apart, has the headings.

    Raises:
        InputError: The file is no such table; the message says what was seen.
    """
    content = text.read(path)
    lines = [x for x in content.lines if x.strip() and not x.lstrip().startswith("#")]
    return parsed(Path(path), lines, content.encoding)


def parsed(path: Path, lines: Sequence[str], encoding: str) -> Table:
    """Make a table of lines, the first of which has the headings.

    Raises:
        InputError: The lines are no table.
    """
    if len(lines) < 2:
        raise InputError(f"{path}: must have a line of headings and at least one of values.")
    separator = separator_of(lines[0])
    heads, *rows = split(lines, separator)
    headings = [heading(x) for x in heads]
    if all(NUMBER.fullmatch(x.replace(",", ".")) for x in heads if x):
        raise InputError(
            f"{path}: its first line '{lines[0].strip()[:60]}' has numbers, where headings "
            "'symbol [unit]' must stand."
        )
    for number, row in enumerate(rows, start=1):
        if len([x for x in row if x]) > len(headings):
            comma = separator == "," and len(row) >= len(headings) + 1
            hint = (
                "; if these are decimal commas, separate the columns by semicolons or tabs"
                if comma else ""
            )  # fmt: skip
            raise InputError(
                f"{path}: row {number} has {len(row)} cells under {len(headings)} headings{hint}."
            )
    decimal_comma = has_decimal_commas(path, rows)
    if decimal_comma:
        rows = [[x.replace(",", ".") for x in row] for row in rows]
    return Table(path, headings, rows, separator, encoding, decimal_comma)


def separator_of(line: str) -> str:
    """What separates the columns of a line, as its headings show."""
    outside = re.sub(r"\[[^\]]*\]|\([^)]*\)|\"[^\"]*\"", "", line)
    return next((x for x in ("\t", ";", ",") if x in outside), " ")


def split(lines: Iterable[str], separator: str) -> list[list[str]]:
    """Cells of lines, without blanks around them."""
    if separator == " ":
        # Blanks inside of brackets belong to a unit: sigma [S cm-1].
        return [re.findall(r"[^\s\[(]*\s?(?:\[[^\]]*\]|\([^)]*\))|\S+", line) for line in lines]
    rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    return [[cell.strip() for cell in row] for row in rows]


def heading(written: str) -> Heading:
    """Read the heading of a column."""
    match = HEADING.match(written.strip())
    if match is None:
        return Heading(written.strip(), "", written.strip())
    unit = next((u for u in match.group("a", "b", "c") if u), "")
    return Heading(match["name"].strip(), spelt(unit), written.strip())


def spelt(unit: str) -> str:
    """A unit as `to_si` reads it."""
    # Micro and ohm signs, raised figures and the like become the plain characters.
    unit = unicodedata.normalize("NFKC", unit.strip())
    for old, new in SPELLINGS.items():
        unit = unit.replace(old, new)
    return re.sub(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z])", "*", unit)


def has_decimal_commas(path: Path, rows: list[list[str]]) -> bool:
    """Whether numbers have commas for points.

    Raises:
        InputError: Some have commas and some have points.
    """
    cells = [x for row in rows for x in row if re.fullmatch(r"[-+\d.,eE]+", x)]
    commas, points = ([x for x in cells if mark in x] for mark in ",.")
    if commas and points:
        raise InputError(
            f"{path}: has decimal commas ('{commas[0]}') and points ('{points[0]}'); write all "
            "numbers with points and without separators of thousands."
        )
    return bool(commas)
