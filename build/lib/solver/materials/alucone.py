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
    {
        "t_plus": Value(0.4, "", "assumed: PEO with LiTFSI and garnet"),
        "epsilon_r": Value(10.0, "", "assumed: between PEO and garnet"),
    },
    {
        "conductivity by the printed R_b, L and A": Value(
            0.303, "S/m", f"{SOURCE}; 105 ohm, 100 um, 0.0314 cm^2"
        )
    },
)

ALUCONE = Material(
    "alucone",
    "aluminium alkoxide film of molecular layers, lithiated",
    Conductivity.at_one(323.15, 1e-5, "assumed: 1e-7 S/cm"),
    {
        "t_plus": Value(0.4, "", "assumed: as the electrolyte beside it"),
        "epsilon_r": Value(7.0, "", "assumed"),
    },
)

MATERIALS = (LLZO_PEO_LITFSI, ALUCONE)
