# SPDX-License-Identifier: MIT
"""A page as one file: its style, its code, plotly.js and the data are in it."""

from __future__ import annotations

import dataclasses
from importlib import resources
from typing import Any

import numpy as np

from solver.pages import library, stills
from solver.pages.curves import Chart
from solver.pages.drawing import named
from solver.pages.markup import data, text

DIGITS = 6
"""Significant digits of the numbers of a curve."""
HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<div class="page">
"""
FOOT = """
</div>
<script type="application/json" id="data">{data}</script>
<script type="text/plain" id="library">{library}</script>
<script>
{code}</script>
</body>
</html>
"""


@dataclasses.dataclass
class Page:
    """A page under way.

    Attributes:
        title: Of the page, plain text.
        charts: Curves that are shown; `chart` adds to them.
        pictures: Those that the time slider changes, if any.
        live: What a server answers as long as nothing changes; None for a page that stays.
    """

    title: str
    charts: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    pictures: dict[str, Any] | None = None
    live: str | None = None

    def chart(self, chart: Chart) -> str:
        """A chart, as a piece of the page."""
        curves = [{"name": c.name, "x": _rounded(c.x), "y": _rounded(c.y)} for c in chart.curves]
        return self.plot(
            chart.title,
            {"x": chart.x, "y": chart.y, "log": chart.logarithmic, "along": chart.along,
             "curves": curves},
        )  # fmt: skip

    def plot(self, title: str, content: dict[str, Any]) -> str:
        """A chart from what page.js draws, as a piece of the page."""
        self.charts.append(content)
        names = ", ".join(curve["name"] for curve in content["curves"])
        label = text(f"{title}: {content['y']} over {content['x']}, {names}")
        return (
            f'<figure class="chart"><figcaption>{text(title)}</figcaption>'
            f'<div class="curves" role="img" aria-label="{label}"></div></figure>'
        )

    def show(self, series: stills.Series, times: list[float], words: list[str]) -> None:
        """Let the slider show these pictures, at times in the unit of the charts."""
        fields = [
            {"unit": named(f.panel.title)[1], "low": f.low, "high": f.high,
             "colours": f.colours.tolist(), "pictures": [stills.encoded(p) for p in f.pictures]}
            for f in series.fields
        ]  # fmt: skip
        self.pictures = {"times": times, "words": words, "size": list(series.size),
                         "pixels": list(series.pixels), "fields": fields}  # fmt: skip

    def whole(self, body: str) -> str:
        """The file.

        Raises:
            InputError: plotly is not installed.
        """
        here = resources.files("solver.pages")
        style, code = (
            (here / f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")
        )
        held = {"charts": self.charts, "pictures": self.pictures, "live": self.live}
        packed = library.compressed() if self.charts else ""
        return (
            HEAD.format(title=text(self.title), style=style)
            + body
            + FOOT.format(data=data(held), library=packed, code=code)
        )


def _rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]
