# SPDX-License-Identifier: MIT
"""LLZTO of the composite cathode Li | LLZTO | NCM622+LBO+LLZTO: Guo et al., cycled at 80 C.

The supporting information at hand prints the stack and the temperature, no conductivity.
"""

from __future__ import annotations

from solver.materials import deng2016, toughness
from solver.materials.records import Conductivity, Material, Value

SOURCE = "Guo et al. (LLZTO composite cathode)"

LLZTO = Material(
    "LLZTO",
    "Ta-doped Li7La3Zr2O12, garnet, a single-ion conductor",
    Conductivity.at_one(353.15, 0.3, "assumed: typical of dense Ta-doped garnet at 80 C"),
    {
        "t_plus": Value(1.0, "", "assumed: no mobile anions"),
        "epsilon_r": Value(50.0, "", "assumed: order of garnets"),
        "D": Value(1e-11, "m^2/s", "assumed: as Li6PS5Cl in Chen et al. 2025"),
        **deng2016.LLZO,
        **toughness.LLZO,
    },
)

MATERIALS = (LLZTO,)
