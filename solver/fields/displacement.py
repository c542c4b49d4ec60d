# SPDX-License-Identifier: MIT
"""The displacement u and the stress that comes with it."""

from __future__ import annotations

from solver.fields.record import CellField, Field, Panel

ROBUST = 99.5
"""Percentile of the stress at which its colours end: single cells at corners are far above it."""

FIELD = Field(name="u", label="displacement", unit="m", components=2)

VON_MISES = CellField(
    name="von_mises",
    label="von Mises stress",
    unit="Pa",
    panel=Panel("von_mises", "Von Mises stress (MPa)", "magma", 1e-6, (0.0, None), ROBUST, True),
)
PRESSURE = CellField(
    name="pressure",
    label="pressure",
    unit="Pa",
    panel=Panel("pressure", "Pressure (MPa)", "viridis", 1e-6, (None, None), ROBUST, True),
)
