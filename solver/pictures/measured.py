# SPDX-License-Identifier: MIT
"""Figures of measurements and what was fitted to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from solver.base.errors import InputError
from solver.laws import reduction

MEASURED, FITTED = "#c1440e", "#3b6ea5"


def arrhenius(T: np.ndarray, sigma: np.ndarray, path: Path) -> None:
    """Draw conductivities [S/m] over temperatures [K], and their Arrhenius line.

    Raises:
        InputError: The file cannot be written.
    """
    fig = Figure(figsize=(6, 4.2), layout="constrained")
    arrhenius_panel(fig.subplots(), T, sigma)
    saved(fig, path)


def arrhenius_panel(ax: Axes, T: np.ndarray, sigma: np.ndarray) -> None:
    """The same into axes of a figure."""
    fit, line = reduction.arrhenius(T, sigma), np.linspace(T.min(), T.max(), 50)
    ax.plot(1e3 / T, np.log(sigma * T), "o", color=MEASURED, label="measured")
    label = f"slope {fit.slope:.3f} ± {fit.slope_half:.3f}, $E_a$ = {fit.E_a:.3f} eV"
    ax.plot(1e3 / line, np.log(fit.sigma(line) * line), color=FITTED, label=label)
    ax.set(xlabel="1000 K / T", ylabel="ln(σT), σT in S K/m")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)


def saved(fig: Figure, path: Path) -> None:
    """Write a figure.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        fig.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise InputError(f"-o {path}: the figure cannot be written: {error}.") from None
