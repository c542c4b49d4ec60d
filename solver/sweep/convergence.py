# SPDX-License-Identifier: MIT
"""What the numbers of a config tend to: its runs, refined, and what they say together."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TextIO

from solver.base.errors import InputError
from solver.base.units import si_text
from solver.laws import richardson
from solver.sweep import state
from solver.sweep.ladder import Plan
from solver.sweep.plan import Run
from solver.sweep.refining import FINER

WIDTH = 140
"""Columns of a table that does not go to a terminal."""


@dataclass(frozen=True)
class Number:
    """A quoted number and what it tends to.

    Attributes:
        name: What it is.
        unit: Its unit.
        values: Name of a run -> the value there.
        expected: The order that is expected in the size of the levels.
        limit: What the levels tend to.
        shifts: Name of a check -> what the number would change by without that error, and how far
            that may be off.
        remarks: What is doubtful; whole sentences.
    """

    name: str
    unit: str
    values: dict[str, float]
    expected: float
    limit: richardson.Limit
    shifts: dict[str, tuple[float, float]]
    remarks: list[str]

    @property
    def value(self) -> float:
        """The extrapolated number."""
        return self.limit.value + sum(shift for shift, _ in self.shifts.values())

    @property
    def errors(self) -> dict[str, float]:
        """Half-widths of the error bar, by what they come from."""
        return {"levels": self.limit.error} | {k: e for k, (_, e) in self.shifts.items()}

    @property
    def error(self) -> float:
        """Half-width of the whole error bar: the sum, as the errors are not independent."""
        return sum(self.errors.values())

    @property
    def text(self) -> str:
        """The number with its error bar, both to the second digit of the bar: `867 +- 86`."""
        value, error = self.value, self.error
        if not error > 0:
            return f"{value:.6g} +- 0"
        digits = 1 - math.floor(math.log10(error))
        if digits > 9:
            return f"{value:.6g} +- {error:.2g}"
        shown = max(digits, 0)
        return f"{round(value, digits):.{shown}f} +- {round(error, digits):.{shown}f}"


@dataclass(frozen=True)
class Convergence:
    """The outcome of a study.

    Attributes:
        title: Title of the config.
        size: Name of the size of the levels.
        sizes: Name of a level -> its size [m].
        numbers: The quoted numbers.
        remarks: What keeps the runs from being compared as they should be; whole sentences.
    """

    title: str
    size: str
    sizes: dict[str, float]
    numbers: list[Number]
    remarks: list[str]

    def __str__(self) -> str:
        stream = io.StringIO()
        self.show(stream)
        return stream.getvalue().rstrip("\n")

    @property
    def sentences(self) -> list[str]:
        """All that is doubtful."""
        return [*self.remarks, *(text for number in self.numbers for text in number.remarks)]

    def show(self, stream: TextIO) -> None:
        """Print the numbers as a table, and what is doubtful."""
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        first = self.numbers[0]
        table = Table(box=box.SIMPLE_HEAD, title=Text(self.title), title_justify="left")
        table.add_column("", style="bold")
        for name in first.values:
            size = f"\n{self.size} = {si_text(self.sizes[name], 'm')}" if name in self.sizes else ""
            table.add_column(f"{name}{size}", justify="right")
        for heading in ("order", "extrapolated", *(f"+- {name}" for name in first.errors)):
            table.add_column(heading, justify="right")
        for n in self.numbers:
            values = (f"{value:.5g}" for value in n.values.values())
            errors = (f"{n.errors[name]:.2g}" for name in first.errors)
            order = order_text(n)
            table.add_row(f"{n.name} ({n.unit})", *values, order, n.text, *errors)
        width = None if stream.isatty() else WIDTH
        console = Console(file=stream, width=width, highlight=False)
        console.print(table)
        for sentence in self.sentences:
            console.print(f"- {sentence}", markup=False)


def evaluate(planned: Plan) -> Convergence:
    """Compare the runs, which are over.

    Raises:
        InputError: A scalars.csv cannot be used, or the coarsest two levels have failed.
    """
    remarks = [
        f"{run.folder.name} has not come to its end and counts for nothing: {reason(run)}."
        for run in planned.sweep.runs
        if state.state(run) is not state.State.DONE
    ]
    done = [run for run in planned.sweep.runs if state.state(run) is state.State.DONE]
    # Levels after one that has failed are not each `ratio` times finer than the one before.
    ladder = list(planned.ladder)
    ladder = ladder[: next((i for i, run in enumerate(ladder) if run not in done), len(ladder))]
    if len(ladder) < 2:
        raise InputError(f"{planned.sweep.folder}: nothing can be compared: {' '.join(remarks)}")
    study, config = planned.study, planned.config
    compared = [*ladder, *(run for run in done if run not in planned.ladder)]
    names = [run.folder.name for run in compared]
    quoted = study.quoted(config, [run.folder for run in compared])
    numbers = [
        _number(name, unit, dict(zip(names, values, strict=True)), planned, len(ladder))
        for name, (unit, values) in quoted.numbers.items()
    ]
    for check in study.checks(config):
        if all(n.values.get(check.folder) == n.values[names[0]] for n in numbers):
            remarks.append(
                f"{check.folder} is the same run as {names[0]} in every number: the error of the "
                f"{check.name} is not seen. Steps may be set by output.snapshots or time.dt_max."
            )
    sizes = {run.folder.name: study.of(run.config) for run in ladder}
    return Convergence(config.title, study.size, sizes, numbers, remarks + quoted.remarks)


def reason(run: Run) -> str:
    """Why a run ended, as its run.json has it."""
    return str(state.record(run).get("exit_reason", "it has come to no end")).rstrip(".")


def _number(name: str, unit: str, values: dict[str, float], planned: Plan, levels: int) -> Number:
    study, config = planned.study, planned.config
    ladder, expected = list(values.values())[:levels], study.order(config)
    if not all(map(math.isfinite, values.values())):
        raise InputError(f"{planned.sweep.folder}: {name} is no finite number in every run.")
    found = richardson.limit(ladder, planned.ratio, expected)
    remarks = [f"{name}: {found.remark}."] if found.remark else []
    shifts = {}
    for check in study.checks(config):
        if check.folder not in values:
            remarks.append(f"{name}: the error of the {check.name} is not known.")
            continue
        pair = [ladder[0], values[check.folder]]
        its = richardson.limit(pair, FINER, check.order)
        shifts[check.name] = (its.value - ladder[0], its.error)
    return Number(name, unit, values, expected, found, shifts, remarks)


def order_text(number: Number) -> str:
    """Say which order the levels have, and how it is known."""
    limit = number.limit
    if limit.order is not None:
        return f"{limit.order:.2f} (observed)"
    return "none" if limit.used is None else f"{limit.used:g} (assumed)"
