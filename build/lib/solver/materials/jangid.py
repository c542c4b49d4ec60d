# SPDX-License-Identifier: MIT
"""Nb2O5 coating of NMC532 against Li6PS5Cl: Jangid et al.

The supporting information at hand prints the stack alone. Li6PS5Cl is that of Chen et al. 2025.
"""

from __future__ import annotations

from solver.materials.records import Conductivity, Material, Value

SOURCE = "Jangid et al. (Nb2O5 coating)"

NB2O5 = Material(
    "Nb2O5",
    "lithiated niobium oxide coating, a single-ion conductor",
    Conductivity.at_one(298.15, 1e-5, "assumed: order of amorphous lithium niobate, 1e-7 S/cm"),
    {
        "t_plus": Value(1.0, "", "assumed: no mobile anions"),
        "epsilon_r": Value(40.0, "", "assumed: order of niobium oxide"),
    },
)

MATERIALS = (NB2O5,)
