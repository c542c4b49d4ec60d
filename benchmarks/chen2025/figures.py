# SPDX-License-Identifier: MIT
"""The figures of the reproduction."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import TriMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation

from benchmarks.chen2025.cases import MODELS
from benchmarks.chen2025.measures import Run
from solver.fields.known import PANELS
from solver.fields.record import Panel
from solver.pictures.panels import STYLE

DPI = 120
COLOURS = {1: "#3b6ea5", 2: "#c1440e", 3: "#2a7f5f"}
SHADES = ("#bcd0e5", "#7fa5cc", "#3b6ea5", "#17375e")
WIDTHS = {1: 3.6, 2: 1.6, 3: 1.8}
"""Widths of lines, which may lie on each other [pt]."""
NAMES = {1: "Model 1", 2: "Model 2", 3: "Model 3"}
HISTORIES = (
    ("tip_um", "height of the tip (µm)"),
    ("area_um2", "area of the deposit (µm²)"),
    ("deposition_A_per_m2", "deposit as a current (A/m²)"),
    ("von_mises_max_MPa", "largest von Mises stress (MPa)"),
)


def save(fig: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=DPI)
    print(path)


def fields(runs: dict[int, Run], t: float, path: Path) -> None:
    """Draw the four fields of the three models side by side at one time [s]."""
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(9.6, 12.0), layout="constrained")
        axes = fig.subplots(len(PANELS), len(MODELS), sharex=True, sharey=True)
        shots = {model: runs[model].snapshot(t) for model in MODELS}
        for row, panel in zip(axes, PANELS, strict=True):
            values = {m: shots[m].fields[panel.field] * panel.factor for m in MODELS}
            norm = _norm(panel, np.concatenate(list(values.values())))
            for ax, model in zip(row, MODELS, strict=True):
                image = _field(ax, shots[model], values[model], panel, norm)
            fig.colorbar(image, ax=row, label=panel.title, pad=0.02, aspect=14)
        for ax, model in zip(axes[0], MODELS, strict=True):
            ax.set_title(f"{NAMES[model]}, t = {shots[model].time:.0f} s")
        for ax in axes[-1]:
            ax.set_xlabel("x (µm)")
        for ax in axes[:, 0]:
            ax.set_ylabel("y (µm)")
        save(fig, path)


def _norm(panel: Panel, values: np.ndarray) -> Normalize:
    low, high = panel.limits
    if high is None:
        high = np.percentile(values, panel.robust)
    return Normalize(values.min() if low is None else low, high)


def _field(ax: Axes, shot, values: np.ndarray, panel: Panel, norm: Normalize) -> TriMesh:
    grid = Triangulation(*shot.points.T, shot.triangles)
    shown = grid
    if len(values) == len(shot.triangles):
        corners = shot.points[shot.triangles].reshape(-1, 2)
        shown = Triangulation(*corners.T, np.arange(len(corners)).reshape(-1, 3))
        values = np.repeat(values, 3)
    image = TriMesh(shown, array=values, cmap=panel.colours, norm=norm, rasterized=True)
    ax.add_collection(image, autolim=False)
    if panel.field != "xi":
        ax.tricontour(grid, shot.fields["xi"], levels=[0.5], colors="white", linewidths=0.7)
    (x0, y0), (x1, y1) = shot.points.min(axis=0), shot.points.max(axis=0)
    ax.set(xlim=(x0, x1), ylim=(y0, y1), aspect="equal")
    return image


def histories(runs: dict[int, Run], path: Path) -> None:
    """Draw tip, area, current and stress of the three models against time."""
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(9.6, 6.4), layout="constrained")
        for ax, (name, label) in zip(fig.subplots(2, 2).flat, HISTORIES, strict=True):
            for model in MODELS:
                columns = runs[model].columns
                values, t = columns[name][1:], columns["t_s"][1:]
                dashes = (4, 2) if model == 3 else ()
                ax.plot(
                    t,
                    values,
                    color=COLOURS[model],
                    label=NAMES[model],
                    dashes=dashes,
                    lw=WIDTHS[model],
                )
            _tidy(ax, "time (s)", label)
            ax.set_ylim(0, _above_transient(runs, name))
        fig.axes[0].legend(frameon=False)
        save(fig, path)


def _above_transient(runs: dict[int, Run], name: str) -> float:
    """Upper end of an axis that leaves out the first seconds' peak of the current."""
    late = [r.columns[name][r.columns["t_s"] > 0.02 * r.end].max() for r in runs.values()]
    return 1.1 * max(late)


def lengths(curves: dict[str, dict[float, Run]], path: Path) -> None:
    """Draw tip against time for several interface lengths [um], one panel per reading."""
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(9.6, 3.6), layout="constrained")
        axes = fig.subplots(1, len(curves), sharey=True)
        for ax, (title, runs) in zip(axes, curves.items(), strict=True):
            for (length, run), shade in zip(runs.items(), SHADES, strict=False):
                c = run.columns
                ax.plot(c["t_s"], c["tip_um"], color=shade, label=f"l = {length:g} µm", lw=1.8)
            ax.set_title(title)
            ax.legend(frameon=False)
            _tidy(ax, "time (s)", "")
        axes[0].set_ylabel("height of the tip (µm)")
        save(fig, path)


def seeds(tips: dict[int, list[float]], t: float, path: Path) -> None:
    """Draw the tips [um] of the three models for every seed at time `t` [s]."""
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(5.2, 3.4), layout="constrained")
        ax = fig.subplots()
        for model in MODELS:
            ax.plot(
                range(1, len(tips[model]) + 1),
                tips[model],
                "o-",
                color=COLOURS[model],
                label=NAMES[model],
                lw=0.8,
            )
        ax.set_xticks(range(1, len(tips[1]) + 1))
        _tidy(ax, "set of nuclei", f"tip at {t:.0f} s (µm)")
        ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        save(fig, path)


def regimes(pi: list[float], volts: list[float], maps: dict[str, np.ndarray], path: Path) -> None:
    """Draw maps over charge number and voltage, shape (voltages, charge numbers) each."""
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(9.6, 3.4), layout="constrained")
        for ax, (title, values) in zip(fig.subplots(1, len(maps)), maps.items(), strict=True):
            ax.imshow(values, cmap="cividis", origin="lower", aspect="auto", vmin=0)
            middle = 0.5 * values.max()
            for i, j in np.ndindex(values.shape):
                ink = "black" if values[i, j] > middle else "white"
                ax.text(j, i, f"{values[i, j]:.2g}", ha="center", va="center", color=ink)
            ax.set_xticks(range(len(pi)), [f"{x:g}" for x in pi])
            ax.set_yticks(range(len(volts)), [f"{1e3 * x:g}" for x in volts])
            ax.set(xlabel="Π at 0.1 V", ylabel="voltage (mV)")
            ax.set_title(title)
            ax.spines[:].set_visible(False)
        save(fig, path)


def _tidy(ax: Axes, xlabel: str, ylabel: str) -> None:
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_xlim(left=0)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#dddddd", linewidth=0.5)
