# SPDX-License-Identifier: MIT
"""The cases: which codes are run, and what table comes of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.speed import references, tables
from benchmarks.speed.codes import HERE, ROOT, Code, Ours, Result

CELL = HERE / "cell.yaml"
QUICKSTART = Path("configs") / "quickstart.yaml"


class Setup(NamedTuple):
    """What a comparison has to work with.

    Attributes:
        baseline: Name and checkout of the older revision.
        fipy: Python that has FiPy; None leaves FiPy out.
        variants: Values of kinetics.interface to compare.
    """

    baseline: tuple[str, Path]
    fipy: str | None
    variants: tuple[str, ...]

    def both(self, config: Path, *overrides: str) -> list[Ours]:
        """The older revision and this one, each with its own config if the path is relative."""
        trees = {self.baseline[0]: self.baseline[1], "this": ROOT}
        return [Ours(name, tree, tree / config, overrides) for name, tree in trees.items()]


class Case(NamedTuple):
    """One comparison.

    Attributes:
        title: What it compares.
        codes: The codes of a setup.
        table: Their results as Markdown.
        at: Time at which tips are compared [s].
        converged: What a converged run changes in the codes' configs; empty where no tip is judged.
    """

    title: str
    codes: Callable[[Setup], Sequence[Code]]
    table: Callable[[Case, Sequence[Code], Sequence[Result]], str]
    at: float = math.nan
    converged: tuple[str, ...] = ()


def _comparison(case: Case, codes: Sequence[Code], results: Sequence[Result]) -> str:
    """Every code against the first, and its tip against the converged run of its problem."""
    ours = [code for code in codes if isinstance(code, Ours)]
    tip = {code.name: references.tip(code, case.at) for code in ours}
    # The other codes solve the problem of ours.
    converged = {code.name: tip.get(code.name, tip[ours[-1].name]) for code in codes}
    return tables.comparison(results, case.at, converged, codes[0].name)


CASES = {
    "quickstart": Case(
        "The quickstart",
        lambda setup: setup.both(QUICKSTART),
        _comparison,
        at=1100.0,
        converged=("mesh.size_min=0.11 um", "time.tolerance=0.01"),
    ),
    "peers": Case(
        "Two fingers in a narrow cell, and other codes",
        lambda setup: setup.both(CELL),
        _comparison,
        at=150.0,
        converged=(
            "mesh.size_min=0.055 um",
            "mesh.size_max=0.055 um",
            "time.tolerance=0.01",
        ),
    ),
}
