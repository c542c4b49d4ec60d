# SPDX-License-Identifier: MIT
"""What `check` finds out about a config, as an object that prints itself."""

from __future__ import annotations

import html
import io
import textwrap
from dataclasses import dataclass
from typing import NamedTuple, TextIO

IMPLIED = "What they imply"
PLAIN_WIDTH = 100
"""Columns of text that does not go to a terminal."""


class Row(NamedTuple):
    """A number that follows from the values of a config: `text` has its unit."""

    name: str
    text: str
    formula: str = ""
    meaning: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """What is shown beside each other."""
        found = (self.name, self.formula, self.text, self.meaning)
        return found if self.formula else (self.name, self.text)


@dataclass(frozen=True)
class Report:
    """What a config says, what it implies, what it costs, what is doubtful.

    Attributes:
        title: Title of the config.
        values: Lines with all values in force, in SI units.
        rows: What they imply.
        regions: Its regions, one line each; None for layers.
        protocol: Steps that it is made to do, one line each; None where there are none.
        cost: What a run costs, estimated; None where it is not.
        accuracy: Its errors, and what makes them as small as asked; None where nobody asks.
        judgements: What is doubtful, one sentence each; None where it is not judged.
        refusal: Why no run of it can succeed; None otherwise.
    """

    title: str
    values: tuple[str, ...]
    rows: tuple[Row, ...]
    regions: tuple[str, ...] | None = None
    protocol: tuple[str, ...] | None = None
    cost: str | None = None
    accuracy: tuple[str, ...] | None = None
    judgements: tuple[str, ...] | None = None
    refusal: str | None = None

    def show(self, stream: TextIO) -> None:
        """Print the report; a terminal gets a table, anything else aligned text."""
        for heading, lines in self._sections():
            if heading == IMPLIED and self.rows[0].formula and stream.isatty():
                print(f"\n{heading}", file=stream)
                _table(self.rows, stream)
                continue
            print(*([f"\n{heading}"] if heading else []), *lines, sep="\n", file=stream)

    def __str__(self) -> str:
        stream = io.StringIO()
        self.show(stream)
        refusal = [f"\n{self.refusal}"] if self.refusal else []
        return "\n".join([stream.getvalue().rstrip("\n"), *refusal])

    def _sections(self) -> list[tuple[str, list[str]]]:
        found = [("", [self.title]), ("Values in force (SI)", [f"  {x}" for x in self.values])]
        if self.regions is not None:
            found.append(("Regions", [wrapped(f"  {line}", 4) for line in self.regions]))
        found += [(IMPLIED, _aligned([row.cells for row in self.rows]))]
        if self.protocol is not None:
            found.append(("Protocol", [wrapped(f"  {line}", 4) for line in self.protocol]))
        if self.cost is not None:
            found.append(("Cost, estimated", [f"  {self.cost}"]))
        if self.accuracy is not None:
            found.append(("Accuracy, estimated", [f"  {line}" for line in self.accuracy]))
        if self.judgements is not None:
            sentences = self.judgements or ("nothing looks wrong.",)
            found.append(("Judgement", [wrapped(f"  - {text}", 4) for text in sentences]))
        return found

    def _repr_html_(self) -> str:
        """Show the report in a notebook, without the values."""
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row.cells) + "</tr>"
            for row in self.rows
        )
        found = [f"<h4>{html.escape(self.title)}</h4><table>{rows}</table>"]
        found += [f"<p>{html.escape(line)}</p>" for line in self.protocol or ()]
        if self.cost is not None:
            found.append(f"<p>{html.escape(self.cost)}</p>")
        found += [f"<p>{html.escape(line)}</p>" for line in self.accuracy or ()]
        sentences = [*(self.judgements or ()), *([self.refusal] if self.refusal else [])]
        found += [f"<p>{html.escape(text)}</p>" for text in sentences]
        return "".join(found)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    return ["  " + "  ".join((*map(str.ljust, row, widths), row[-1])).rstrip() for row in rows]


def _table(rows: tuple[Row, ...], stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for row in rows:
        meaning = Text.assemble((f"{row.formula}: ", "dim"), row.meaning)
        table.add_row(f"  {row.name}", Text(row.text), meaning)
    Console(file=stream).print(table)


def wrapped(text: str, indent: int) -> str:
    """Break a text into lines; those after the first are indented."""
    return textwrap.fill(
        text, PLAIN_WIDTH, subsequent_indent=" " * indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
