# SPDX-License-Identifier: MIT
"""What a page shows of a run folder, read once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from solver.base.physics import Physics
from solver.input import loading
from solver.output import place, provenance
from solver.pages import curves
from solver.pages.curves import Table
from solver.pages.markup import number
from solver.pictures import panels


class Contents:
    """The files of a run folder; of one that is being written too.

    Attributes:
        folder: Its path.
        config: The values of resolved.yaml, not validated: the run may be another version's.
        record: The content of run.json; `exit_code` is in it once the run has ended.
        scalars: The columns of scalars.csv; empty before the first row.
        unit: The unit of time to show, its name and its length [s].
    """

    def __init__(self, folder: Path):
        place.require_run(folder)
        self.folder = folder
        self.config = loading.read_section(folder / place.MARK)
        self.kind: Physics = loading.physics_of(folder / place.MARK)
        self.record = provenance.read(folder) if (folder / "run.json").exists() else {}
        there = (folder / "scalars.csv").exists()
        self.scalars: Table = curves.read(folder / "scalars.csv") if there else {}
        self.rows = len(self.scalars.get("t_s", ()))
        self.unit = panels.time_unit(self.scalars["t_s"][-1] if self.rows else 0.0)

    @property
    def title(self) -> str:
        """Of the run."""
        return str(self.config.get("title", self.folder.name))

    @property
    def ended(self) -> bool:
        """Whether the run has, as it should or otherwise."""
        return "exit_code" in self.record

    @property
    def written(self) -> str:
        """When the last row was, by the clock."""
        return f"{datetime.fromtimestamp((self.folder / 'scalars.csv').stat().st_mtime):%H:%M:%S}"

    def text(self, name: str) -> str | None:
        """Content of a file; None where there is none."""
        try:
            return (self.folder / name).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def time(self, t: float) -> str:
        """A time [s] in the unit of the page."""
        return f"{number(t / self.unit[1], 6)} {self.unit[0]}"
