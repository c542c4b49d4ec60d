# SPDX-License-Identifier: MIT
"""The frame around the pictures of a field: axes, colour bar and labels, as SVG."""

from __future__ import annotations

import re

import numpy as np
from matplotlib.ticker import MaxNLocator

from solver.pages import stills
from solver.pages.markup import number, text

SIDE = 300.0
"""Longer side of the picture; the lengths of the drawing are in these units."""
LEFT, TOP, BOTTOM, BAR = 48.0, 8.0, 42.0, 84.0
"""Room for labels around the picture; that at the right has the colour bar."""
STOPS = 16
"""Colours that a colour bar is blended of."""


def named(title: str) -> tuple[str, str]:
    """Name and unit of a panel's title, such as `Potential φ (mV)`; 1 where it has no unit."""
    found = re.fullmatch(r"(.*) \((.*)\)", title)
    return (found[1], found[2]) if found else (title, "1")


def figure(field: stills.Stills, series: stills.Series) -> str:
    """A field of a run, with the picture of its last time; the page's code changes it."""
    name, unit = named(field.panel.title)
    label = text(name)
    return (
        f'<figure class="field" data-field="{text(field.panel.field)}">'
        f"<figcaption>{label}{f' ({text(unit)})' * (unit != '1')}</figcaption>"
        f"{_svg(field, series, label)}"
        '<p class="reading" aria-live="polite">&nbsp;</p></figure>'
    )


def _svg(field: stills.Stills, series: stills.Series, label: str) -> str:
    scale = SIDE / max(series.size)
    width, height = (scale * x for x in series.size)
    whole = LEFT + width + BAR, TOP + height + BOTTOM
    picture = "data:image/png;base64," + stills.encoded(field.pictures[-1])
    return (
        f'<svg viewBox="0 0 {whole[0]:.1f} {whole[1]:.1f}" role="img" '
        f'aria-label="{label} in the cell, {number(series.size[0])} by '
        f'{number(series.size[1])} µm">'
        f'<image class="still" x="{LEFT}" y="{TOP}" width="{width:.2f}" height="{height:.2f}" '
        f'preserveAspectRatio="none" href="{picture}"/>'
        f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{width:.2f}" height="{height:.2f}"/>'
        f"{_axes(series.size, width, height)}{_bar(field, width, height)}</svg>"
    )


def _ticks(low: float, high: float, count: int) -> list[float]:
    values = MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    slack = 1e-6 * (high - low)
    return [float(x) for x in values if low - slack <= x <= high + slack]


def _axes(size: tuple[float, float], width: float, height: float) -> str:
    step = across = np.diff(_ticks(0, max(size), 6))[0]
    if size[0] < 2 * step:  # of a narrow cell
        across = np.diff(_ticks(0, size[0], 2))[0]
    right, foot = LEFT + width, TOP + height
    marks = []
    for x in np.arange(0, size[0] * (1 + 1e-6), across):
        at = LEFT + width * x / size[0]
        marks.append(f'<path d="M{at:.2f} {foot:.2f}v4"/>')
        marks.append(f'<text x="{at:.2f}" y="{foot + 16:.2f}" class="mid">{number(x)}</text>')
    for y in np.arange(0, size[1] * (1 + 1e-6), step):
        at = foot - height * y / size[1]
        marks.append(f'<path d="M{LEFT} {at:.2f}h-4"/>')
        marks.append(f'<text x="{LEFT - 7}" y="{at + 4:.2f}" class="end">{number(y)}</text>')
    middle, side = 0.5 * (LEFT + right), TOP + 0.5 * height
    marks.append(f'<text x="{middle:.2f}" y="{foot + 34:.2f}" class="mid">x (µm)</text>')
    turned = f'x="12" y="{side:.2f}" transform="rotate(-90 12 {side:.2f})"'
    return "".join(marks) + f'<text {turned} class="mid">y (µm)</text>'


def _bar(field: stills.Stills, width: float, height: float) -> str:
    x, name = LEFT + width + 12, f"colours-{text(field.panel.field)}"
    stops = np.linspace(0, len(field.colours) - 1, STOPS).round().astype(int)
    blend = "".join(
        f'<stop offset="{n / (STOPS - 1):.3f}" stop-color="rgb({",".join(map(str, colour))})"/>'
        for n, colour in enumerate(field.colours[stops])
    )
    parts = [
        f'<defs><linearGradient id="{name}" x1="0" y1="1" x2="0" y2="0">{blend}'
        f'</linearGradient></defs><rect class="bar" x="{x:.2f}" y="{TOP}" width="12" '
        f'height="{height:.2f}" fill="url(#{name})"/>'
    ]
    span = field.high - field.low
    for value in _ticks(field.low, field.high, 5) if span > 0 else [field.low]:
        at = TOP + height * (1 - (value - field.low) / span if span > 0 else 1)
        parts.append(f'<path d="M{x + 12:.2f} {at:.2f}h4"/>')
        parts.append(f'<text x="{x + 19:.2f}" y="{at + 4:.2f}">{number(value, 4)}</text>')
    return "".join(parts)
