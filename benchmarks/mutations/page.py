# SPDX-License-Identifier: MIT
"""The page of the mutation check, a section for each group, so that groups can be run apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HEAD = """\
# Mutation check

Written by `python3 benchmarks/mutations/run.py -o docs/verification_mutations.md`: each line is a
mistake made on purpose in one line of a copy of the program, and the quick tests that fail for it.
With `-g GROUP` that group's section alone is written anew, with `--due` those of groups that have
other mistakes now than their section.
"""
TABLE = """
## {name}

{tests}

| mistake | in `solver/` | tests that fail |
|---|---|---|
"""
NONE = "**none**"


class Page:
    """Sections of groups by name, in the order in which they are given.

    Args:
        path: The page; one that is not there yet has no sections.
    """

    def __init__(self, path: Path):
        self.path, self._sections = path, {}
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for section in text.split("\n## ")[1:]:
            name, _, rest = section.partition("\n")
            rows = [line + "\n" for line in rest.splitlines() if line.startswith("| ")]
            self._sections[name] = (rest.strip().splitlines()[0], rows[1:])

    def mistakes(self, name: str) -> list[tuple[str, str]]:
        """Names and files of the mistakes in a group's section."""
        _, rows = self._sections.get(name.capitalize(), ("", []))
        return [tuple(part.strip(" `") for part in row.split("|")[1:3]) for row in rows]

    def put(self, name: str, tests: Sequence[str], rows: list[str]) -> None:
        """Replace a group's section.

        Args:
            name: The group.
            tests: Its test files.
            rows: Its lines of the table.
        """
        self._sections[name.capitalize()] = (", ".join(f"`{test}`" for test in tests), rows)

    def write(self, names: Sequence[str]) -> None:
        """Write the sections of these groups, if they are there, and the sum of their mistakes."""
        kept = {n: self._sections[n] for n in map(str.capitalize, names) if n in self._sections}
        page = HEAD
        for name, (tests, rows) in kept.items():
            page += TABLE.format(name=name, tests=tests) + "".join(rows)
        every = [row for _, rows in kept.values() for row in rows]
        caught = sum(NONE not in row for row in every)
        page += f"\n{caught} of {len(every)} mistakes are caught.\n"
        self.path.write_text(page, encoding="utf-8")


def row(what: str, file: str, caught: Sequence[str]) -> str:
    """Line of the table.

    Args:
        what: The mistake.
        file: Where it is made.
        caught: Tests that fail for it.
    """
    names = ", ".join(f"`{name}`" for name in caught[:3])
    more = f" and {len(caught) - 3} more" if len(caught) > 3 else ""
    return f"| {what} | `{file}` | {names + more or NONE} |\n"
