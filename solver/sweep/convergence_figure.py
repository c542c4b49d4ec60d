# SPDX-License-Identifier: MIT
"""The figure of a study of convergence: numbers against the size, and how far from the limit."""

from __future__ import annotations

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from solver.pictures import panels
from solver.sweep.convergence import Convergence, Number
from solver.sweep.figure import DPI, MARKERS, tidy

UM = 1e6


def png(found: Convergence) -> bytes:
    """Draw the quoted numbers: left, over their limits; right, how far from them."""
    sizes = UM * np.array(list(found.sizes.values()))
    with matplotlib.rc_context(panels.STYLE):
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
        left.set(xlabel=label, ylabel="% of the extrapolated value", xlim=(-0.06 * sizes[0], None))
        right.set(xlabel=label, ylabel="distance to the limit of the levels (%)")
        _log_axes(right, sizes)
        left.legend(frameon=False)
        for ax in (left, right):
            tidy(ax)
        panels.head(fig, found.title, 90)
        return panels.rendered(fig, DPI)


def _draw_values(
    ax: Axes, sizes: np.ndarray, levels: np.ndarray, number: Number, look: dict, place: int
) -> None:
    if not number.value:
        return
    label = f"{number.name}: {number.text} {number.unit}".replace("+-", "±")
    ax.plot(sizes, 100 * levels / number.value, linewidth=1.2, label=label, **look)
    # Side by side at size 0.
    bar = abs(100 * number.error / number.value)
    ax.errorbar(-0.02 * place * sizes[0], 100, bar, capsize=4, **look)


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
    ax.legend(frameon=False)


def _log_axes(ax: Axes, sizes: np.ndarray) -> None:
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(sizes, [f"{size:.3g}" for size in sizes])
    ax.xaxis.set_minor_formatter(NullFormatter())
    plain = FuncFormatter(lambda value, _: f"{value:.3g}")
    ax.yaxis.set_major_formatter(plain)
    ax.yaxis.set_minor_formatter(plain)
