# SPDX-License-Identifier: MIT
"""Elastic constants of solid electrolytes: Deng et al., J. Electrochem. Soc. 163 (2016) A67.

From a digest of its Tables II and III; first principles at 0 K unless said otherwise.
"""

from __future__ import annotations

from solver.materials.records import Value

SOURCE = "Deng et al. 2016"

LPSC = {
    "E": Value(22.1e9, "Pa", f"{SOURCE}, Table III, Li6PS5Cl"),
    "nu": Value(0.37, "", f"{SOURCE}, Table III, Li6PS5Cl"),
}

LATP = {
    "E": Value(115e9, "Pa", f"{SOURCE}, Table II, measured on Li1.3Al0.3Ti1.7(PO4)3"),
    "nu": Value(0.25, "", f"{SOURCE}, Table III, LiTi2(PO4)3"),
}

LLZO = {"E": Value(149.8e9, "Pa", f"{SOURCE}, measured"), "nu": Value(0.26, "", SOURCE)}
