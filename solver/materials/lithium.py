# SPDX-License-Identifier: MIT
"""How lithium metal flows.

Its size matters as much as its rate: pillars and whiskers of about a micrometre are far stronger
than bulk metal. A deposit of that size wants a yield stress of its own.
"""

from __future__ import annotations

from solver.materials.records import Material, Value

CREEP = "Anand and Narayan, J. Electrochem. Soc. 166 (2019) A1092, as MOOSE and 4C have it"
LITHIUM = Material(
    "Li",
    "lithium metal; how it flows, and what else is of its own is in the section lithium",
    None,
    {},
    {
        "A": Value(4.25e4, "1/s", CREEP),
        "Q": Value(37e3, "J/mol", f"{CREEP}; LePage et al. 2019", 6e3),
        "m": Value(0.15, "", f"{CREEP}; LePage et al. 2019 have 1/6.6"),
        "S": Value(1.1e6, "Pa", f"{CREEP}, without hardening"),
        "yield_stress": Value(0.8e6, "Pa", "Masias et al. 2019, bulk: 0.73 to 0.81 MPa", 0.04e6),
        "yield_stress of 1.39 um": Value(105e6, "Pa", "Singh et al. 2022, ref. 33: a pillar"),
    },
)
MATERIALS = (LITHIUM,)
