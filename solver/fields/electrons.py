# SPDX-License-Identifier: MIT
"""The potential phi_s of the electrons, where the electrolyte has two potentials."""

from __future__ import annotations

import numpy as np

from solver.fields.record import Field


def _in_thermal_units(phi_s: np.ndarray, config) -> np.ndarray:
    """0 where no electrolyte conducts: the metals' potentials then meet half-way in a jump."""
    k, conducting = config.constants, config.conducts_electrons
    return conducting * k.F / (k.R * k.T) * phi_s


FIELD = Field(
    name="phi_s",
    label="potential of the electrons",
    unit="V",
    resolved=_in_thermal_units,
)
