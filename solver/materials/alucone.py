# SPDX-License-Identifier: MIT
"""LLZO/PEO/LiTFSI between alucone films: Chen G. et al., supporting information.

The printed conductivity is taken as it stands. It does not follow from the printed impedance
example: L/(R_b A) of 100 um, 105 ohm and 0.0314 cm^2 is 3.03e-3 S/cm, 24 times as much.
"""

from __future__ import annotations

from solver.materials.records import Conductivity, Material, Value

SOURCE = "Chen G. et al. (alucone sandwich)"

LLZO_PEO_LITFSI = Material(
    "LLZO-PEO-LiTFSI",
    "garnet particles in PEO with LiTFSI",
    Conductivity.at_one(323.15, 1.28e-2, SOURCE),
    others={
        "conductivity by the printed R_b, L and A": Value(
            0.303, "S/m", f"{SOURCE}; 105 ohm, 100 um, 0.0314 cm^2"
        )
    },
)

MATERIALS = (LLZO_PEO_LITFSI,)
