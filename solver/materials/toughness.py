# SPDX-License-Identifier: MIT
"""Fracture toughness of solid electrolytes, K_IC by indentation or notched bars."""

from __future__ import annotations

from solver.materials.records import Value

LPSC = {
    "K_IC": Value(
        0.23e6,
        "Pa*m^0.5",
        "assumed: that of amorphous Li2S-P2S5, McGrogan et al., Adv. Energy Mater. 7 (2017) "
        "1602011",
    )
}
LATP = {
    "K_IC": Value(
        1.1e6, "Pa*m^0.5", "Jackman, Cutler, J. Power Sources 218 (2012) 65, of fine grains"
    )
}
LLZO = {
    "K_IC": Value(
        1.25e6,
        "Pa*m^0.5",
        "as quoted by Singh et al. 2022; with Ta 0.44 to 1.51 by density, Hu et al., Chin. Phys. "
        "Lett. 38 (2021) 098401",
        0.5e6,
    )
}
