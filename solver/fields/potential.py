# SPDX-License-Identifier: MIT
"""The potential phi."""

from __future__ import annotations

import numpy as np

from solver.fields.record import Field, Panel


def _in_thermal_units(phi: np.ndarray, config) -> np.ndarray:
    k = config.constants
    return k.F / (k.R * k.T) * phi


FIELD = Field(
    name="phi",
    label="potential",
    unit="V",
    resolved=_in_thermal_units,
    extremes=("phi_min_V", "phi_max_V"),
    panel=Panel("phi", "Potential φ (mV)", "plasma", 1e3),
)
