# SPDX-License-Identifier: MIT
"""Impedance spectra, and the files that instruments write them to.

A file is a table behind a preamble, told by its headings: BioLogic .mpt, Gamry .DTA, ZPlot .z,
Metrohm Autolab text, VersaStudio .par, CH Instruments text, or a table of one's own with the
headings `f [Hz]`, `Re Z [ohm]`, `Im Z [ohm]`. A file may hold several spectra: they are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from solver.base.errors import InputError
from solver.base.units import to_si
from solver.measured import table, text

FEWEST = 8
"""Points of a spectrum that can be fitted."""


@dataclass(frozen=True)
class Spectrum:
    """An impedance spectrum, from the highest frequency down.

    Attributes:
        f: Frequencies [Hz], shape (n,), falling.
        Z: Impedances [ohm], shape (n,), complex; a capacitor has Im Z < 0.
        seen: What was read, in one line.
        remarks: What is odd about the file, a sentence each.
    """

    f: np.ndarray
    Z: np.ndarray
    seen: str
    remarks: tuple[str, ...] = ()


class Columns(NamedTuple):
    """Headings of frequency, real and imaginary part as patterns, and what sets spectra apart."""

    instrument: str
    f: str
    real: str
    imaginary: str
    sweep: str | None = None


KINDS = (
    Columns("BioLogic", r"freq/Hz", r"Re\(Z\)/Ohm", r"-Im\(Z\)/Ohm", r"cycle number"),
    Columns("Gamry", r"Freq", r"Zreal", r"Zimag"),
    Columns("ZPlot or Autolab", r"Freq ?\(Hz\)", r"Z'\(a\)", r"Z''\(b\)"),
    Columns("VersaStudio", r"Frequency ?\(Hz\)", r"Z Real", r"Z Imag", r"Segment #"),
    Columns("CH Instruments", r"Freq/Hz", r"Z'/ohm", r"Z\"/ohm"),
    Columns(
        "a table",
        r"(?:f|freq|frequency)\s*(?:[\[(/].*)?",
        r"(?:Re ?\(?Z\)?|Z'|Zreal|Z_re)\s*(?:[\[(/].*)?",
        r"-?(?:Im ?\(?Z\)?|Z''|Zimag|Z_im)\s*(?:[\[(/].*)?",
    ),
)
"""The last is anybody's; the headings must name the units there."""


def read(path: Path) -> list[Spectrum]:
    """Read all spectra of a file.

    Raises:
        InputError: The file has no spectrum that is known, or one that cannot be used.
    """
    path, content = Path(path), text.read(path)
    lines, remarks = content.lines, tuple(_announced(content.lines))
    found, at = [], 0
    while (head := _headings(lines, at)) is not None:
        at, kind, separator, cells = head
        rows, at = _rows(path, lines, at + 1, separator)
        found += _spectra(path, kind, cells, rows)
    if not found:
        raise InputError(
            f"{path}: has no headings of an impedance spectrum: frequency, real and imaginary part "
            "as BioLogic, Gamry, ZPlot, Autolab, VersaStudio and CH Instruments write them, or "
            "'f [Hz], Re Z [ohm], Im Z [ohm]'."
        )
    return [
        _checked(path, number, len(found), f, Z, f"{kind}, {content.encoding}", remarks)
        for number, (kind, f, Z) in enumerate(found, start=1)
    ]


def _announced(lines: list[str]) -> Iterator[str]:
    """Say where a file ends before it holds what it announces (ZPlot)."""
    for at, line in enumerate(lines):
        match = re.match(r"\s*Data Points:\s*(\d+)\s*$", line)
        if match:
            count = sum(1 for x in lines[at:] if len(x.split()) > 5 and table.NUMBER.match(x))
            if count < int(match[1]):
                yield f"INCOMPLETE: the file announces {match[1]} points and holds {count}"


def _headings(lines: list[str], start: int) -> tuple[int, Columns, str, list[str]] | None:
    for at in range(start, len(lines)):
        line = lines[at].removeprefix("Definition=").strip('"')
        if "z" not in line.lower():
            continue
        for separator in ("\t", ";", ",", "  "):
            cells = [x.strip(' "') for x in re.split(rf"{separator}+", line.strip())]
            for kind in KINDS:
                wanted = (kind.f, kind.real, kind.imaginary)
                if all(any(re.fullmatch(w, x, re.I) for x in cells) for w in wanted):
                    return at, kind, separator, cells
    return None


def _rows(path: Path, lines: list[str], start: int, separator: str) -> tuple[list, int]:
    """Rows of numbers from a line on, and the line behind them; a line of units may come first.

    Raises:
        InputError: A line that is no row stands between them, or begins with a digit before them:
            the spectrum would lack a part of its points.
    """
    rows: list[list[str]] = []
    odd: int | None = None
    end = start
    for at in range(start, len(lines)):
        line = lines[at].strip()
        # Autolab separates headings by blanks and numbers by commas.
        mark = "," if separator == "  " and "," in line else separator.strip(" ") or None
        cells = [x.strip() for x in line.split(mark)]
        if len(cells) > 2 and _number(cells[0]) is not None:
            if odd is not None and rows and len(cells) != len(rows[0]):
                break  # another table
            if odd is not None:
                raise InputError(
                    f"{path}: line {odd + 1}, '{lines[odd].strip()[:60]}', is no row of numbers, "
                    "and rows follow it; write numbers without separators of thousands, and put a "
                    "'#' before what is a comment."
                )
            rows.append(cells)
            end = at + 1
        elif _headings([line], 0):
            break
        elif odd is None and line and not line.startswith("#") and (rows or line[0].isdigit()):
            odd = at
    return rows, end


def _number(cell: str) -> float | None:
    cell = cell.replace(",", ".")
    return float(cell) if table.NUMBER.fullmatch(cell) else None


def _spectra(
    path: Path, kind: Columns, cells: list[str], rows: list[list[str]]
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield instrument, frequencies and impedances of the spectra under one line of headings."""
    f, real, imaginary = (_place(path, cells, x) for x in (kind.f, kind.real, kind.imaginary))
    scale = [_unit(path, cells[i], si, kind) for i, si in ((f, "Hz"), (real, "ohm"))]
    scale.append(_unit(path, cells[imaginary], "ohm", kind))
    sweep = [i for i, x in enumerate(cells) if kind.sweep and re.fullmatch(kind.sweep, x, re.I)]
    values, needed = [], [f, real, imaginary, *sweep]
    table.has_decimal_commas(path, [[x for i, x in enumerate(row) if i in needed] for row in rows])
    for number, row in enumerate(rows, start=1):
        read = [_number(row[i]) if i < len(row) else None for i in needed]
        if None in read:
            raise InputError(f"{path}: row {number} under '{cells[f]}' lacks a number.")
        values.append([*read, 0.0][:4])
    if not values:
        return
    data = np.array(values)
    data[:, :3] *= scale
    if cells[imaginary].startswith("-"):
        data[:, 2] *= -1
    used = data[:, 0] > 0  # rows without alternating current have frequency 0
    data = data[used]
    for part in np.split(data, _starts(data[:, 0], data[:, 3])):
        yield kind.instrument, part[:, 0], part[:, 1] + 1j * part[:, 2]


def _starts(f: np.ndarray, sweep: np.ndarray) -> np.ndarray:
    """Where a new spectrum begins: another sweep, or frequencies that jump back."""
    step = np.diff(np.log(f))
    if not len(step):
        return np.array([], dtype=int)
    direction = np.sign(np.median(step))
    # Beyond a decade: instruments repeat a point, or measure the first one last.
    return 1 + np.flatnonzero((np.diff(sweep) != 0) | (direction * step < -np.log(10)))


def _place(path: Path, cells: list[str], pattern: str) -> int:
    places = [i for i, x in enumerate(cells) if re.fullmatch(pattern, x, re.I)]
    if len(places) > 1:
        raise InputError(f"{path}: has {len(places)} columns '{cells[places[0]]}'; keep one.")
    return places[0]


def _unit(path: Path, cell: str, si: str, kind: Columns) -> float:
    """Value of a column's unit; instruments' own headings mean Hz and ohm."""
    if kind is not KINDS[-1]:
        return 1.0
    match = re.search(r"\[(.*)\]\s*$|\(([^()]*)\)\s*$|/([^/]+(?:/.*)?)$", cell)
    unit = next((x for x in match.groups() if x), "") if match else ""
    if not unit or unit == "Z":
        raise InputError(f"{path}: the column '{cell}' has no unit; head it '{cell} [{si}]'.")
    if "rad" in unit:
        # The same dimension as Hz, and 2 pi times as many.
        raise InputError(f"{path}: the column '{cell}' is an angular frequency; divide it by 2 pi.")
    try:
        return to_si(f"1 {table.spelt(unit)}", si)
    except ValueError as error:
        raise InputError(f"{path}: the column '{cell}' {error}.") from None


def _checked(path, number, count, f, Z, kind, remarks) -> Spectrum:
    of = f" {number} of {count}" if count > 1 else ""
    order = np.argsort(-f, kind="stable")
    f, Z = f[order], Z[order]
    seen = f"{path}: spectrum{of}, {len(f)} points, {f[0]:.4g} to {f[-1]:.4g} Hz; {kind}"
    if len(f) < FEWEST:
        raise InputError(f"{path}: spectrum{of} has {len(f)} points; at least {FEWEST} are needed.")
    if not np.all(np.isfinite(Z)) or np.any(np.abs(Z) == 0):
        raise InputError(f"{path}: spectrum{of} has an impedance that is 0 or no number.")
    inductive = int(np.sum(Z.imag > 0))
    if 2 * inductive > len(f):
        raise InputError(
            f"{path}: Im Z of spectrum{of} is positive at {inductive} of {len(f)} points, as if "
            "the cell were a coil; if the column is -Im Z, head it '-Im Z [ohm]'."
        )
    return Spectrum(f, Z, seen, remarks)
