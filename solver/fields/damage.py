# SPDX-License-Identifier: MIT
"""The damage d of the electrolyte: 0 whole, 1 broken."""

from __future__ import annotations

from solver.fields import extrapolation
from solver.fields.record import Field, Panel

FIELD = Field(
    name="d",
    label="damage",
    unit="1",
    # A crack leaps; what is guessed broken would stay so.
    extrapolation=extrapolation.last,
    panel=Panel("d", "Damage d", "magma", limits=(0.0, 1.0)),
)
