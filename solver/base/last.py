# SPDX-License-Identifier: MIT
"""What was asked for last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Last:
    """A function of nodal values that is not computed again for those it was last asked for."""

    def __init__(self, of: Callable[[np.ndarray], Any]):
        self._of, self._asked, self._found = of, np.empty(0), None

    def __call__(self, values: np.ndarray) -> Any:
        """What it makes of nodal values."""
        if not np.array_equal(values, self._asked):
            self._asked, self._found = values.copy(), self._of(values)
        return self._found
