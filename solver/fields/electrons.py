# SPDX-License-Identifier: MIT
"""The potential phi_s of the electrons, where the electrolyte has two potentials."""

from __future__ import annotations

from solver.fields.record import Field

FIELD = Field(name="phi_s", label="potential of the electrons", unit="V")
