# SPDX-License-Identifier: MIT
"""PEO, MOF-PEO, PE and LLZO-PEO layers of the PLM electrolyte: Zhang et al. 2024.

The supporting information prints the diffusivity of Li+ in the electrolyte and the stiffness of
PEO (Table S1). It prints neither conductivities nor transference numbers of the single layers;
what stands for them here is assumed, and says so. The conductivity of PEO is that of a 1 mol/l
salt whose ions both have the printed diffusivity (Nernst-Einstein), so its transference number is
one half; the other layers are scaled from it.
"""

from __future__ import annotations

from solver.laws.reduction import F, R
from solver.materials import deng2016, toughness
from solver.materials.records import Conductivity, Material, Value

SOURCE = "Zhang et al. 2024"
T = 300.0
"""Table S1 [K]."""
D_ELECTROLYTE = Value(2.5e-10, "m^2/s", f"{SOURCE}, Table S1")
SIGMA_PEO = F * F / (R * T) * 2 * D_ELECTROLYTE.value * 1000.0
"""Of two ions of the printed diffusivity at 1000 mol/m^3 [S/m]."""


def _assumed(factor: float, why: str) -> Conductivity:
    return Conductivity.at_one(T, factor * SIGMA_PEO, f"assumed: {why}")


PEO = Material(
    "PEO",
    "polyethylene oxide with 1 mol/l of lithium salt",
    _assumed(1.0, "Nernst-Einstein from the printed D of both ions"),
    {
        "D": D_ELECTROLYTE,
        "t_plus": Value(0.5, "", "assumed: both ions have the printed D"),
        "epsilon_r": Value(5.0, "", "assumed: typical of PEO"),
        "E": Value(12.6e6, "Pa", f"{SOURCE}, Table S1"),
        "nu": Value(0.45, "", "assumed: 0.3 to 0.49", 0.1),
    },
)

PEO_MOF = Material(
    "PEO-MOF",
    "PEO filled with a metal organic framework that holds anions",
    _assumed(0.75, "PEO with half of its anions immobilised"),
    {
        "t_plus": Value(2 / 3, "", "assumed: half of the anions immobilised"),
        "epsilon_r": Value(5.0, "", "assumed: as PEO"),
    },
)

PE = Material(
    "PE",
    "polyethylene separator soaked with PEO, as an equivalent thin layer",
    _assumed(0.25, "PEO in pores of 40 %, Bruggeman exponent 1.5"),
    {
        "t_plus": Value(0.5, "", "assumed: as PEO"),
        "epsilon_r": Value(5.0, "", "assumed: as PEO"),
    },
)

LLZO_PEO = Material(
    "LLZO-PEO",
    "garnet particles in PEO",
    _assumed(0.6, "PEO with 80 % of its anions immobilised"),
    {
        "t_plus": Value(5 / 6, "", "assumed: 80 % of the anions immobilised"),
        "epsilon_r": Value(5.0, "", "assumed: as PEO"),
    },
)

SKELETON = Material(
    "PE-skeleton",
    "polyethylene filaments, inert and stiff",
    None,
    {
        "E": Value(1e9, "Pa", "assumed: polyethylene, far above PEO"),
        "nu": Value(0.4, "", "assumed: polyethylene"),
    },
)

LLZO = Material("LLZO", "Li7La3Zr2O12, garnet", None, deng2016.LLZO | toughness.LLZO)

MATERIALS = (PEO, PEO_MOF, PE, LLZO_PEO, LLZO, SKELETON)
