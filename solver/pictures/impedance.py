# SPDX-License-Identifier: MIT
"""Figure of impedance spectra: Nyquist's plot with the fit, residuals, and an Arrhenius line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from solver.laws.circuit import Fit
from solver.laws.kramers_kronig import Residuals
from solver.measured.spectrum import Spectrum
from solver.pictures.measured import FITTED, MEASURED, arrhenius_panel, saved

ROW = 3.2
"""Height of a row [inch]."""
SCALES = ((1e9, "Gohm"), (1e6, "Mohm"), (1e3, "kohm"), (1.0, "ohm"), (1e-3, "mohm"))

Row = tuple[Spectrum, Residuals, Fit, float | None]
"""A spectrum, its Kramers-Kronig test, its fit, its temperature [K]."""


def draw(rows: Sequence[Row], line: tuple[np.ndarray, np.ndarray] | None, path: Path) -> None:
    """Draw spectra, a row each, and below them conductivity over temperature.

    Args:
        rows: The spectra.
        line: Temperatures [K] and conductivities [S/m]; None for no line.
        path: The file.

    Raises:
        InputError: The file cannot be written.
    """
    count = len(rows) + (line is not None)
    fig = Figure(figsize=(9, ROW * count), layout="constrained")
    grid = fig.add_gridspec(count, 2)
    for number, (spectrum, test, fit, T) in enumerate(rows):
        _nyquist(fig.add_subplot(grid[number, 0]), spectrum, fit, T)
        _residuals(fig.add_subplot(grid[number, 1]), spectrum, test, fit)
    if line is not None:
        arrhenius_panel(fig.add_subplot(grid[-1, :]), *line)
    saved(fig, path)


def _nyquist(ax: Axes, spectrum: Spectrum, fit: Fit, T: float | None) -> None:
    largest = np.abs(spectrum.Z).max()
    scale, unit = next((x for x in SCALES if largest >= x[0]), SCALES[-1])
    fine = np.geomspace(spectrum.f.max(), spectrum.f.min(), 400)
    Z, model = spectrum.Z / scale, fit.Z(fine) / scale
    ax.plot(Z.real, -Z.imag, "o", ms=3.5, color=MEASURED, label="measured")
    ax.plot(model.real, -model.imag, color=FITTED, label=f"{fit.circuit}")
    for at in _labelled(spectrum):
        ax.annotate(
            f"{float(f'{spectrum.f[at]:.2g}'):g} Hz", (Z[at].real, -Z[at].imag), xytext=(0, 7),
            textcoords="offset points", fontsize=7, color="0.4", ha="center",
        )  # fmt: skip
    ax.axhline(0, color="0.8", lw=0.8, zorder=0)
    ax.set(xlabel=f"Re Z [{unit}]", ylabel=f"-Im Z [{unit}]")
    ax.set_aspect("equal", adjustable="datalim")
    if T is not None:
        ax.set_title(f"{T:g} K", fontsize=9)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize=8)


def _labelled(spectrum: Spectrum) -> list[int]:
    """Points near whole decades that stand apart from each other."""
    apart = 0.15 * np.abs(spectrum.Z - spectrum.Z[0]).max()
    f, found = np.log10(spectrum.f), []
    for decade in np.arange(np.floor(f[0]), f[-1] - 1e-9, -1):
        at = int(np.argmin(np.abs(f - decade)))
        if all(abs(spectrum.Z[at] - spectrum.Z[other]) > apart for other in found):
            found.append(at)
    return found


def _residuals(ax: Axes, spectrum: Spectrum, test: Residuals, fit: Fit) -> None:
    for left, color, label in ((test, "0.6", "Kramers-Kronig"), (fit.residuals, FITTED, "fit")):
        ax.semilogx(spectrum.f, 100 * left.values.real, "-o", ms=2.5, lw=0.8, color=color,
                    label=f"{label}, Re")  # fmt: skip
        ax.semilogx(spectrum.f, 100 * left.values.imag, "--s", ms=2.5, lw=0.8, color=color,
                    mfc="none", label=f"{label}, Im")  # fmt: skip
    ax.axhline(0, color="0.8", lw=0.8, zorder=0)
    ax.set(xlabel="f [Hz]", ylabel="residual [% of |Z|]")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize=7, ncols=2)
