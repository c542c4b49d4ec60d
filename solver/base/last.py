# SPDX-License-Identifier: MIT
"""What was asked for last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Last:
    """A function of nodal values that is not computed again for those it was last asked for."""

    def __init__(self, of: Callable[..., Any]):
        self._of = of
        self._asked: tuple[np.ndarray, ...] | None = None
        self._found: Any = None

    def __call__(self, *values: np.ndarray) -> Any:
        """What it makes of nodal values."""
        if self._asked is None or not all(map(np.array_equal, values, self._asked)):
            self._asked = tuple(x.copy() for x in values)
            self._found = self._of(*values)
        return self._found
