# SPDX-License-Identifier: MIT
"""The cases: which codes are run, and what table comes of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.speed import convergence, references, tables
from benchmarks.speed.codes import HERE, ROOT, Code, Ours, Peer, Result

QUICKSTART = Path("configs") / "quickstart.yaml"
FINGERS, PLANAR, NARROW, CURRENT = (
    HERE / f"{name}.yaml" for name in ("fingers", "planar", "narrow", "current")
)

UNIFORM = (
    "adapt.enabled=false",
    "mesh.size_min=0.22 um",
    "mesh.fine_height=41 um",
    "mesh.growth=0.2",
)
"""The quickstart on the uniform mesh that both revisions can have alike."""

FIELDS_ALONE = ("output.figure=false", "output.report=false")
"""Neither pictures nor a page, which the other codes do not make."""

WITHIN = (0.01, 0.03)
"""Errors of the tip at which codes are compared."""
OUR_SETTINGS = (("0.22", "0.08"), ("0.22", "0.04"), ("0.42", "0.08"))
"""Size of the triangles [um] and time.tolerance, besides the defaults; all without pictures."""
FIPY_SETTINGS = (
    ("0.4166667", "0.05", "1"),
    ("0.4166667", "0.02", "1"),
    ("0.4166667", "0.03", "2"),
    ("0.22", "0.03", "2"),
    ("0.22", "0.05", "3"),
)
"""Size of the volumes [um], how much xi may change in a step, and sweeps."""
FENICSX_SETTINGS = ("1", "0.5", "0.25")
"""Longest steps [s], on triangles of 0.22 um; on those of 0.42 um its tip is 4 % ahead at any."""
WIDTHS = (10, 32, 100, 320, 1000)
"""Widths of the cell [um] for `exponent`, 1e4 to 1e6 nodes."""
NUCLEI_PER_UM = 7 / 50
"""As in the quickstart."""
LENGTHS = (0.88, 0.44, 0.22, 0.11)
"""Interface lengths for `thickness` [um], unless others are asked for."""
HEIGHT = 30.0
"""Of the tip to which the time is taken in `thickness` [um]."""


class Setup(NamedTuple):
    """What a comparison has to work with.

    Attributes:
        baseline: Name and checkout of the older revision.
        fipy: Python that has FiPy; None leaves FiPy out.
        variants: Values of kinetics.interface to compare; `default` sets none.
        lengths: Interface lengths for `thickness` [um], each half of the one before.
    """

    baseline: tuple[str, Path]
    fipy: str | None
    variants: tuple[str, ...]
    lengths: tuple[float, ...] = LENGTHS

    def this(self, config: Path, *overrides: str, name: str = "this", ranks: int = 1) -> Ours:
        """This revision; the config is one of its own if the path is relative."""
        return Ours(name, ROOT, ROOT / config, overrides, ranks)

    def both(self, config: Path, *overrides: str) -> list[Ours]:
        """The older revision and this one, each with its own config if the path is relative."""
        name, tree = self.baseline
        return [Ours(name, tree, tree / config, overrides), self.this(config, *overrides)]

    def with_fipy(self, name: str, *options: str) -> list[Peer]:
        """FiPy, if there is one."""
        if self.fipy is None:
            return []
        return [Peer(f"FiPy, {name}", (self.fipy,), "with_fipy.py", options)]

    def with_fenicsx(self, name: str, *options: str) -> list[Peer]:
        """The monolithic script, with the libraries of this program."""
        python = (str(ROOT / "docker" / "run"), "python3")
        return [Peer(f"FEniCSx, {name}", python, "with_fenicsx.py", options)]


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


def _fingers(setup: Setup) -> list[Code]:
    codes: list[Code] = setup.both(FINGERS)
    for size, tolerance in OUR_SETTINGS:
        sizes = (f"mesh.{key}={size} um" for key in ("size_min", "size_max"))
        name = f"this, h = {size} um, tolerance {tolerance}"
        given = (*sizes, f"time.tolerance={tolerance}", *FIELDS_ALONE)
        codes.append(setup.this(FINGERS, *given, name=name))
    for size, change, sweeps in FIPY_SETTINGS:
        name = f"h = {float(size):.2f} um, dxi <= {change}, {sweeps} sweeps"
        options = ("--size", f"{size}e-6", "--change", change, "--sweeps", sweeps)
        codes += setup.with_fipy(name.replace("1 sweeps", "1 sweep"), *options)
    for longest in FENICSX_SETTINGS:
        codes += setup.with_fenicsx(f"dt <= {longest} s", "--longest", longest)
    return codes


def _planar(setup: Setup) -> list[Code]:
    options = ("--cell", "planar", "--size", "0.11e-6")
    return [
        setup.this(PLANAR, *FIELDS_ALONE),
        *setup.with_fipy("dxi <= 0.02", *options, "--change", "0.02"),
        *setup.with_fenicsx("dt <= 0.1 s", *options, "--longest", "0.1"),
    ]


def _exponent(setup: Setup) -> list[Code]:
    codes = []
    for width in WIDTHS:
        nuclei = max(1, round(width * NUCLEI_PER_UM))
        # Steps would land on snapshots.
        few = (*UNIFORM, "time.end=10 s", "output.snapshots=1")
        overrides = (f"width={width} um", f"nuclei.count={nuclei}", *few)
        codes.append(setup.this(QUICKSTART, *overrides, name=f"{width} um"))
    return codes


def _thickness(setup: Setup) -> list[Code]:
    codes = []
    for variant in setup.variants:
        chosen = () if variant == "default" else (f"kinetics.interface={variant}",)
        for length in setup.lengths:
            overrides = (f"phase_field.interface_length={length} um", *chosen)
            codes.append(setup.this(NARROW, *overrides, name=f"{variant}, {length}"))
    return codes


def _converged_tips(case: Case, codes: Sequence[Code]) -> dict[str, float]:
    ours = {code.name: code for code in codes if isinstance(code, Ours)}
    tips = {name: references.tip(code, case.at) for name, code in ours.items()}
    # The other codes solve the problem of ours.
    return {code.name: tips.get(code.name, next(iter(tips.values()))) for code in codes}


def _comparison(case: Case, codes: Sequence[Code], results: Sequence[Result]) -> str:
    """Every code against the first, and its tip against the converged run of its problem."""
    tips = _converged_tips(case, codes)
    return tables.comparison(results, case.at, tips, codes[0].name)


def _with_equal_error(case: Case, codes: Sequence[Code], results: Sequence[Result]) -> str:
    """The comparison, and the cheapest runs within some errors."""
    errors = tables.errors(results, case.at, _converged_tips(case, codes))
    cheapest = tables.equal_error(results, errors, WITHIN, "this")
    return f"{_comparison(case, codes, results)}\n\n{cheapest}"


def _per_way(case: Case, codes: Sequence[Code], results: Sequence[Result]) -> str:
    return tables.per_way(results, codes[0].name)


def _of_ranks(case: Case, codes: Sequence[Code], results: Sequence[Result]) -> str:
    return tables.ranks(results)


def _of_exponent(case: Case, codes: Sequence[Code], results: Sequence[Result]) -> str:
    return tables.exponent(results)


def _of_thickness(case: Case, codes: Sequence[Code], results: Sequence[Result]) -> str:
    return convergence.table(results, HEIGHT, WITHIN[1])


CASES = {
    "quickstart": Case(
        "The quickstart",
        lambda setup: setup.both(QUICKSTART),
        _comparison,
        at=1000.0,
        converged=(*UNIFORM, "mesh.size_min=0.11 um", "time.tolerance=0.01"),
    ),
    "peers": Case(
        "Two fingers in a narrow cell, with other codes",
        _fingers,
        _with_equal_error,
        at=150.0,
        converged=("mesh.size_min=0.055 um", "mesh.size_max=0.055 um", "time.tolerance=0.01"),
    ),
    "planar": Case(
        "A planar front, whether all solve the same equations",
        _planar,
        _comparison,
        at=50.0,
        converged=("mesh.size_min=0.055 um", "mesh.size_max=0.055 um", "time.tolerance=0.005"),
    ),
    "wide": Case(
        "A cell of 200,000 nodes, 100 s",
        lambda setup: setup.both(
            QUICKSTART,
            *UNIFORM,
            "width=200 um",
            "nuclei.count=28",
            "time.end=100 s",
            "output.snapshots=1",
        ),
        _comparison,
        at=100.0,
        converged=("time.tolerance=0.01",),
    ),
    "current": Case(
        "The quickstart, and its cell with charge conserved at 1 mA/cm2",
        lambda setup: [
            setup.this(QUICKSTART, name="printed"),
            setup.this(CURRENT, name="single_ion, 1 mA/cm2"),
        ],
        _per_way,
    ),
    "ranks": Case(
        "One rank and two, the quickstart",
        lambda setup: [
            setup.this(QUICKSTART, name=f"{n} ranks" if n > 1 else "1 rank", ranks=n)
            for n in (1, 2)
        ],
        _of_ranks,
    ),
    "exponent": Case("Seconds per step against nodes", _exponent, _of_exponent),
    "thickness": Case(
        "Time to 30 um by interface length, two fingers in a narrow cell, adaptive",
        _thickness,
        _of_thickness,
    ),
}
