# SPDX-License-Identifier: MIT
"""The figure of a study of convergence: numbers against the size, and how far from the limit."""

from __future__ import annotations

import re

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from solver.pictures import panels
from solver.sweep.convergence import Convergence, Number
from solver.sweep.figure import DPI, MARKERS, legend_above, tidy

UM = 1e6
APART = 0.035
"""Distance of the error bars at size 0 from each other, in widths of the left axes' data."""


def png(found: Convergence) -> bytes:
    """Return the figure of a study as the content of a file."""
    with matplotlib.rc_context(panels.STYLE):
        return panels.rendered(drawn(found), DPI)


def drawn(found: Convergence) -> Figure:
    """Draw the quoted numbers: left, over their limits; right, how far from them."""
    sizes = UM * np.array(list(found.sizes.values()))
    fig = Figure(figsize=(10.6, 4.5), layout="constrained")
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    left, right = fig.subplots(1, 2)
    shades = matplotlib.colormaps["cividis"](np.linspace(0, 0.8, len(found.numbers)))
    for i, number in enumerate(found.numbers):
        look = {"color": shades[i], "marker": MARKERS[i % len(MARKERS)], "markersize": 6}
        levels = np.array([number.values[name] for name in found.sizes])
        _draw_values(left, sizes, levels, number, look, i)
        _draw_distances(right, sizes, levels, number, look)
    label = f"{found.size} (µm)"
    left.axhline(100, color=panels.FAINT, linewidth=0.8, zorder=0)
    left.set(xlabel=label, ylabel="% of the extrapolated value")
    left.set_xlim(-APART * sizes[0] * len(found.numbers), None)
    right.set(xlabel=label, ylabel="distance to the limit of the levels (%)")
    _log_axes(right, sizes)
    for ax in (left, right):
        if (named := ax.get_legend_handles_labels())[0]:
            legend_above(ax, *named)
        tidy(ax)
    panels.head(fig, found.title, 90)
    return fig


def _draw_values(
    ax: Axes, sizes: np.ndarray, levels: np.ndarray, number: Number, look: dict, place: int
) -> None:
    if not number.value:
        return
    label = f"{number.name}: {number.text} {number.unit}"
    label = re.sub(r"\bum\b", "µm", label.replace("+-", "±").replace("^2", "²"))
    ax.plot(sizes, 100 * levels / number.value, linewidth=1.2, label=label, **look)
    # Side by side at size 0.
    bar = abs(100 * number.error / number.value)
    ax.errorbar(-APART * place * sizes[0], 100, bar, capsize=4, **look)


def _draw_distances(
    ax: Axes, sizes: np.ndarray, levels: np.ndarray, number: Number, look: dict
) -> None:
    limit = number.limit.value
    away = np.abs(levels - limit)
    order = number.limit.used
    if not limit or not away.all() or order is None:
        return
    ax.plot(sizes, 100 * away / abs(limit), linestyle="", **look)
    line = 100 * away[-1] / abs(limit) * (sizes / sizes[-1]) ** order
    ax.plot(sizes, line, color=look["color"], linewidth=1, label=f"order {order:.2g}")


def _log_axes(ax: Axes, sizes: np.ndarray) -> None:
    """Number the sizes of the levels, and the distances as densely as their labels have room."""
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(sizes, [f"{size:.3g}" for size in sizes])
    low, high = ax.get_ylim()
    if high < 10 * low:
        major = MaxNLocator(8, steps=[1, 2, 5, 10])
    else:
        major = LogLocator(subs=(1, 2, 5) if high < 1000 * low else (1,))
    ax.yaxis.set_major_locator(major)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())
