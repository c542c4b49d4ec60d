# SPDX-License-Identifier: MIT
"""The verb `reduce`: a table of measurements in, material properties out.

solver.measured.table says what a table may look like. Impedance spectra have
solver.verbs.impedance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from solver.base import launch
from solver.base.errors import InputError
from solver.check import ranges
from solver.laws import reduction
from solver.measured import table

CONDUCTIVITY = ranges.OF_LAYER["sigma_ion"]
HOUR = 3600.0
BENT = 0.05
"""Chance below which points are said to be bent and not scattered about a line."""
LARGE_DV = 0.0257
"""RT/F at 25 degC [V]: the method of Bruce and Vincent is one of small polarisations."""
UNDETERMINED = " (NOT DETERMINED)"
"""Behind a number whose interval is wider than the number."""
HAVEN = 3.0
"""Ratio of a measured D and that of Nernst and Einstein beyond which they contradict each other:
Haven ratios of solid electrolytes are 0.3 to 1."""


@dataclass(frozen=True)
class Reduction:
    """One way to reduce data.

    Attributes:
        columns: Symbol -> SI unit of the columns it needs.
        lines: Yields what is to be printed for the columns.
        optional: Symbol -> SI unit of columns that it takes where they are.
        signed: Symbols of which values may be 0 or less.
    """

    columns: dict[str, str]
    lines: Callable[..., Iterator[str]]
    optional: dict[str, str] = field(default_factory=dict)
    signed: tuple[str, ...] = ()

    def of(self, found: table.Table) -> dict[str, np.ndarray]:
        """Take the columns from a table, in SI units."""
        there = {name: unit for name, unit in self.optional.items() if found.has(name)}
        return {
            name: found.column(name, unit, signed=name in self.signed)
            for name, unit in {**self.columns, **there}.items()
        }


def reduce(kind: str, path: Path, figure: Path | None = None) -> list[str]:
    """Reduce a file.

    Args:
        kind: One of `REDUCTIONS`.
        path: The table.
        figure: Where to draw the fit of `arrhenius`; None for no figure.

    Returns:
        What was read and the result, one line each.

    Raises:
        InputError: The file cannot be used, the values make no sense, or there is nothing to draw.
    """
    rule = REDUCTIONS[kind]
    if figure is not None and kind != "arrhenius":
        raise InputError(f"-o {figure}: only arrhenius and eis draw a figure.")
    read = table.read(path)
    columns = rule.of(read)
    with np.errstate(all="ignore"):
        try:
            found = [read.seen, *rule.lines(**columns)]
        except ValueError as error:
            raise InputError(f"{path}: {kind} {error}.") from None
    if figure is not None:
        with launch.needs_libraries():
            from solver.pictures import measured

        measured.arrhenius(columns["T"], columns["sigma"], figure)
        found.append(f"figure in {figure}")
    return found


# --- what each kind prints -------------------------------------------------------------------


def _conductivity(R_b, L, A) -> Iterator[str]:
    for sigma in reduction.conductivity(R_b, L, A):
        yield f"sigma = {sigma:.4g} S/m = {sigma * 1e-2:.3g} S/cm"
        yield from ranges.strange("sigma", sigma, CONDUCTIVITY, "R_b, L and A have")


def _arrhenius(T, sigma) -> Iterator[str]:
    fit, bend = reduction.arrhenius(T, sigma), reduction.bend(T, sigma)
    if fit.E_a < 0:
        raise ValueError(
            f"gives E_a = {fit.E_a:.3f} eV, below 0: sigma falls with T; are they in the right "
            "columns, and is it sigma and no resistance"
        )
    bent = bend is not None and bend.chance < BENT
    sure = "not an interval, the points are bent" if bent else f"{100 * fit.confidence:.0f} %"
    yield f"slope of ln(sigma T) = {fit.slope:.3f} +- {fit.slope_half:.3f} (1000 K), {sure}"
    unknown = UNDETERMINED if fit.E_a_half >= fit.E_a else ""
    yield f"E_a = {fit.E_a:.3f} +- {fit.E_a_half:.3f} eV, {sure}{unknown}"
    yield f"scatter of sigma about the line = {100 * fit.scatter:.2g} %"
    low, high = T.min(), T.max()
    outside = "" if low <= 298.15 <= high else f", outside the measured {low:g} to {high:g} K"
    yield f"sigma(298.15 K) = {fit.sigma(298.15):.4g} S/m{outside}"
    yield from ranges.strange("sigma(298.15 K)", fit.sigma(298.15), CONDUCTIVITY, "sigma has")
    if bent:
        yield (
            f"CURVED: not an Arrhenius line (chance {bend.chance:.2g}): E_a runs from "
            f"{bend.E_a_cold:.2f} eV at {low:g} K to {bend.E_a_hot:.2f} eV at {high:g} K. A "
            "polymer (VTF), or a transition: fit its branches apart, and trust nothing outside "
            "the points"
        )


def _transference(I_0, I_ss, R_0, R_ss, dV) -> Iterator[str]:
    for t in reduction.transference(I_0, I_ss, R_0, R_ss, dV):
        if not 0 <= t <= 1:
            raise ValueError(f"gives t_Li = {t:.3g}, which is not between 0 and 1")
        yield f"t_Li = {t:.3f}"
    if dV.max() > LARGE_DV:
        yield (
            f"dV = {1e3 * dV.max():.3g} mV is above RT/F, 25.7 mV: Bruce and Vincent's method "
            "holds for small polarisations of one salt of two ions"
        )


def _diffusivity(sigma, t, c, T, z=None, D=None) -> Iterator[str]:
    if t.max() > 1:
        raise ValueError(f"needs t as a share of sigma, 0 to 1, and has {t.max():g}")
    charges = np.ones_like(t) if z is None else z
    if np.any(charges != np.round(charges)) or not np.all(charges):
        raise ValueError("needs whole charge numbers z, not 0")
    measured = [None] * len(t) if D is None else D
    for one, known in zip(reduction.diffusivity(sigma, t, charges, c, T), measured, strict=True):
        yield f"D = {one:.4g} m^2/s"
        yield from ranges.strange("D", one, ranges.OF_IONS, "sigma and c have")
        if known is None:
            continue
        haven = known / one
        yield f"measured D = {known:.4g} m^2/s, Haven ratio {haven:.3g}"
        if not 1 / HAVEN <= haven <= HAVEN:
            yield (
                f"CONTRADICTION: sigma, t and c give {one / known:.3g} times the measured D by "
                "Nernst and Einstein, which holds for ions that move apart from each other in a "
                "dilute solution; give a config the two that its answer hangs on"
            )
    yield "by Nernst and Einstein: a dilute ideal solution" + ("" if z is not None else ", z = 1")


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
        {"sigma": "S/m", "t": "", "c": "mol/m^3", "T": "K"}, _diffusivity,
        {"z": "", "D": "m^2/s"}, ("z",),
    ),
    "pouch_cell": Reduction(
        {"areal_capacity": "C/m^2", "voltage": "V", "areal_mass": "kg/m^2", "thickness": "m"},
        _pouch_cell,
    ),
}  # fmt: skip
"""The kinds of reduction by name."""
