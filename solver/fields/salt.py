# SPDX-License-Identifier: MIT
"""The concentration c of the salt of a binary electrolyte."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.fields import concentration
from solver.fields.record import Values


def _transferred(transfer, old: Values, new: Values, config) -> np.ndarray:
    """With the salt of the electrolyte as before."""
    return transfer.filling(old["c"], 1 - old["xi"], 1 - new["xi"])


FIELD = replace(concentration.FIELD, label="salt concentration", transfer=_transferred)
