# SPDX-License-Identifier: MIT
"""plotly.js, which draws the curves of a page, as text that a page can hold.

The packages of PyPI and of Debian have it whole, 5 to 9 MB; compressed it is a third of that, and
every browser since 2023 can expand it.
"""

from __future__ import annotations

import base64
import functools
import gzip

from solver.base.errors import InputError

LEVEL = 3
"""Of gzip: a quarter of a second; the best takes six times as long for a tenth less."""


@functools.cache
def compressed() -> str:
    """Return the library, by gzip and base64.

    Raises:
        InputError: It is not installed.
    """
    try:
        from plotly.offline import get_plotlyjs
    except ImportError:
        raise InputError("report.html needs plotly, which this Python does not have.") from None
    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), LEVEL, mtime=0)).decode("ascii")
