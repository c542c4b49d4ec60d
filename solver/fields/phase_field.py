# SPDX-License-Identifier: MIT
"""The phase field xi: 1 in lithium metal, 0 in the electrolyte."""

from __future__ import annotations

from solver.fields import extrapolation
from solver.fields.record import Field, Panel, unchanged
from solver.laws.energy import h
from solver.laws.front import psi
from solver.laws.thin_front import charged

FIELD = Field(
    name="xi",
    label="phase field",
    unit="1",
    evolves=True,
    extrapolation=extrapolation.front,
    # xi for the balances of lithium and charge, psi for its own equation, h and charged for charge
    # balances that count the deposit by them.
    stored={"xi": unchanged, "psi": psi, "h": h, "charged": charged},
    # Where no c makes up for it, the deposit itself has to keep its lithium.
    transfer=lambda transfer, old, new, config: transfer.bounded(
        old["xi"], exactly=config.is_cell
    ),
    extremes=("xi_min", "xi_max"),
    panel=Panel("xi", "Phase field ξ", "cividis", limits=(0.0, 1.0)),
)
