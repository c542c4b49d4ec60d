# SPDX-License-Identifier: MIT
"""The verb `reduce`: a CSV of measurements in, material properties out.

A column is headed by the symbol and the unit of its values, `sigma [mS/cm]`; lines that start with
`#` are comments.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from solver.base.errors import InputError
from solver.base.units import to_si
from solver.laws import reduction

HOUR = 3600.0


@dataclass(frozen=True)
class Reduction:
    """One way to reduce data.

    Attributes:
        columns: Symbol -> SI unit of the columns it needs.
        lines: Yields what is to be printed for the columns.
    """

    columns: dict[str, str]
    lines: Callable[..., Iterator[str]]


def reduce(kind: str, path: Path, figure: Path | None = None) -> list[str]:
    """Reduce a file.

    Args:
        kind: One of `REDUCTIONS`.
        path: The CSV.
        figure: Where to draw the fit of `arrhenius`; None for no figure.

    Returns:
        The result, one line each.

    Raises:
        InputError: The file cannot be used, the values make no sense, or there is nothing to draw.
    """
    rule = REDUCTIONS[kind]
    if figure is not None and kind != "arrhenius":
        raise InputError(f"-o {figure}: only arrhenius draws a figure.")
    columns = read(path, rule.columns)
    with np.errstate(all="ignore"):
        try:
            found = list(rule.lines(**columns))
        except ValueError as error:
            raise InputError(f"{path}: {kind} {error}.") from None
    if figure is not None:
        _draw(columns, reduction.arrhenius(**columns), figure)
        found.append(f"figure in {figure}")
    return found


def read(path: Path, columns: dict[str, str]) -> dict[str, np.ndarray]:
    """Read columns of a CSV in SI units.

    Args:
        path: The file.
        columns: Symbol -> SI unit.

    Raises:
        InputError: The file is missing, or a column or value cannot be used.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    rows = list(csv.reader(io.StringIO(kept), skipinitialspace=True))
    if len(rows) < 2:
        raise InputError(f"{path}: must have a line of headings and at least one of values.")
    heads = [_heading(head) for head in rows[0]]
    return {name: _column(path, name, unit, heads, rows[1:]) for name, unit in columns.items()}


def _heading(text: str) -> tuple[str, str]:
    name, _, unit = text.partition("[")
    return name.strip(), unit.rstrip("] ").strip()


def _column(path: Path, name: str, si: str, heads: list, rows: list) -> np.ndarray:
    place = next((i for i, head in enumerate(heads) if head[0] == name), None)
    if place is None:
        raise InputError(f"{path}: needs a column '{name} [{si}]', in this or a like unit.")
    values = []
    for number, row in enumerate(rows, start=1):
        cell = row[place] if place < len(row) else ""
        try:
            value = to_si(f"{cell} {heads[place][1]}".strip(), si)
        except ValueError as error:
            raise InputError(f"{path}: {name} in row {number}: '{cell}' {error}.") from None
        if value <= 0:
            raise InputError(f"{path}: {name} in row {number}: '{cell}' must be greater than 0.")
        values.append(value)
    return np.array(values)


# --- what each kind prints -------------------------------------------------------------------


def _conductivity(R_b, L, A) -> Iterator[str]:
    for sigma in reduction.conductivity(R_b, L, A):
        yield f"sigma = {sigma:.4g} S/m = {sigma * 1e-2:.3g} S/cm"


def _arrhenius(T, sigma) -> Iterator[str]:
    fit = reduction.arrhenius(T, sigma)
    sure = f"{100 * fit.confidence:.0f} %"
    yield f"slope of ln(sigma T) = {fit.slope:.3f} +- {fit.slope_half:.3f} (1000 K), {sure}"
    yield f"E_a = {fit.E_a:.3f} +- {fit.E_a_half:.3f} eV, {sure}"
    yield f"scatter of sigma about the line = {100 * fit.scatter:.2g} %"
    yield f"sigma(298.15 K) = {fit.sigma(298.15):.4g} S/m"


def _transference(I_0, I_ss, R_0, R_ss, dV) -> Iterator[str]:
    for t in reduction.transference(I_0, I_ss, R_0, R_ss, dV):
        if not 0 <= t <= 1:
            raise ValueError(f"gives t_Li = {t:.3g}, which is not between 0 and 1")
        yield f"t_Li = {t:.3f}"


def _diffusivity(sigma, t, c, T) -> Iterator[str]:
    for D in reduction.diffusivity(sigma, t, 1, c, T):
        yield f"D = {D:.4g} m^2/s"


def _pouch_cell(areal_capacity, voltage, areal_mass, thickness) -> Iterator[str]:
    found = reduction.pouch_cell(areal_capacity, voltage, areal_mass, thickness)
    for mass, volume in zip(*found, strict=True):
        yield f"{mass / HOUR:.1f} Wh/kg, {volume / HOUR * 1e-3:.1f} Wh/L"


REDUCTIONS = {
    "conductivity": Reduction({"R_b": "ohm", "L": "m", "A": "m^2"}, _conductivity),
    "arrhenius": Reduction({"T": "K", "sigma": "S/m"}, _arrhenius),
    "transference": Reduction(
        {"I_0": "A", "I_ss": "A", "R_0": "ohm", "R_ss": "ohm", "dV": "V"}, _transference
    ),
    "diffusivity": Reduction(
        {"sigma": "S/m", "t": "", "c": "mol/m^3", "T": "K"}, _diffusivity
    ),
    "pouch_cell": Reduction(
        {"areal_capacity": "C/m^2", "voltage": "V", "areal_mass": "kg/m^2", "thickness": "m"},
        _pouch_cell,
    ),
}  # fmt: skip
"""The kinds of reduction by name."""


def _draw(columns: dict[str, Any], fit: reduction.ArrheniusFit, path: Path) -> None:
    from matplotlib.figure import Figure

    T, sigma = columns["T"], columns["sigma"]
    line = np.linspace(T.min(), T.max(), 50)
    fig = Figure(figsize=(6, 4.2), layout="constrained")
    ax = fig.subplots()
    ax.plot(1e3 / T, np.log(sigma * T), "o", color="#c1440e", label="measured")
    label = f"slope {fit.slope:.3f} ± {fit.slope_half:.3f}, $E_a$ = {fit.E_a:.3f} eV"
    ax.plot(1e3 / line, np.log(fit.sigma(line) * line), color="#3b6ea5", label=label)
    ax.set(xlabel="1000 K / T", ylabel="ln(σT), σT in S K/m")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    try:
        fig.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise InputError(f"-o {path}: the figure cannot be written: {error}.") from None
