# SPDX-License-Identifier: MIT
"""plotly.js, which draws the curves of a page, as text that a page can hold.

The packages of PyPI and of Debian have it whole, 5 to 9 MB; compressed it is a third of that, and
every browser since 2023 can expand it.
"""

from __future__ import annotations

import base64
import functools
import gzip
import importlib.util
from pathlib import Path

from solver.base.errors import InputError

LEVEL = 3
"""Of gzip: a quarter of a second; the best takes six times as long for a tenth less."""

IN_PACKAGE = Path("package_data", "plotly.min.js")
OF_DEBIAN = Path("/usr/share/python3-plotly/plotly.js")
"""Debian has taken it out of the package."""


@functools.cache
def compressed() -> str:
    """Return the library, by gzip and base64.

    Raises:
        InputError: It is not installed.
    """
    return base64.b64encode(gzip.compress(_text().encode(), LEVEL, mtime=0)).decode("ascii")


def _text() -> str:
    """The library as it is installed.

    plotly.offline.get_plotlyjs has it too, but its module imports IPython where there is one, which
    takes longer than all else here.

    Raises:
        InputError: It is not installed.
    """
    package = importlib.util.find_spec("plotly")
    if package is None or package.origin is None:
        raise InputError("report.html needs plotly, which this Python does not have.")
    for path in (Path(package.origin).parent / IN_PACKAGE, OF_DEBIAN):
        if path.exists():
            return path.read_text(encoding="utf-8")
    raise InputError(f"report.html needs {IN_PACKAGE.name}, which plotly lacks in this Python.")
