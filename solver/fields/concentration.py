# SPDX-License-Identifier: MIT
"""The concentration c of Li+ in the electrolyte."""

from __future__ import annotations

import numpy as np

from solver.fields import extrapolation
from solver.fields.record import Field, Panel, Values, unchanged


def _transferred(transfer, old: Values, new: Values, config) -> np.ndarray:
    """With the integral of c + c_Li xi as before."""
    c_Li = config.lithium.c_Li
    beside = c_Li * old["xi"], c_Li * new["xi"]
    return transfer.conserved(old["c"], beside, held="counter")


FIELD = Field(
    name="c",
    label="Li+ concentration",
    unit="mol/m^3",
    evolves=True,
    extrapolation=extrapolation.logarithm,
    stored={"c": unchanged},
    transfer=_transferred,
    resolved=lambda c, config: c / max(layer.c0 for layer in config.parts),
    extremes=("c_min_mol_m3", "c_max_mol_m3"),
    panel=Panel("c", "Li⁺ concentration c (mol/m³)", "viridis", limits=(0.0, None)),
)
