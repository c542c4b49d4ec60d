# SPDX-License-Identifier: MIT
"""A tracer q that diffuses through the whole cell and acts on nothing."""

from __future__ import annotations

from solver.fields.record import Field, Panel, unchanged

FIELD = Field(
    name="q",
    label="tracer",
    unit="mol/m^3",
    evolves=True,
    stored={"q": unchanged},
    transfer=lambda transfer, old, new, config: transfer.conserved(old["q"]),
    extremes=("q_min_mol_m3", "q_max_mol_m3"),
    panel=Panel("q", "Tracer q (mol/m³)", "viridis"),
)
