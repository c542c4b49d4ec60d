# SPDX-License-Identifier: MIT
"""LPSC, LATP and their composites: Chen et al. 2025, supporting information, Tables S3 to S7.

The composites nS-mO are n parts LPSC (sulfide) to m parts LATP (oxide). The tables give absolute
conductivities for LPSC, LATP and 8S-2O alone, and slopes of ln(sigma T) for all.
"""

from __future__ import annotations

from solver.materials import deng2016, toughness
from solver.materials.mixing import Moduli, hill, reuss, voigt
from solver.materials.records import Conductivity, Material, Value

SOURCE = "Chen et al. 2025"
TEMPERATURES = (343.15, 333.15, 323.15, 313.15, 303.15, 298.15, 293.15)
"""Of Tables S4 and S5 [K]."""
SIGMA_LPSC = (2.485, 1.890, 1.388, 0.974, 0.703, 0.565, 0.445)
"""Table S4 [S/m]."""
SIGMA_LATP = (0.483, 0.426, 0.289, 0.212, 0.150, 0.117, 0.093)
"""Table S5 [S/m]."""
RANGE = (min(TEMPERATURES), max(TEMPERATURES))

LPSC = Material(
    "LPSC",
    "Li6PS5Cl, argyrodite",
    Conductivity.fitted(TEMPERATURES, SIGMA_LPSC, f"{SOURCE}, Table S4, refitted"),
    {
        "D": Value(1e-11, "m^2/s", f"{SOURCE}, Table S1"),
        "t_plus": Value(1.0, "", "assumed: a single-ion conductor"),
        "epsilon_r": Value(10.0, "", "assumed: order of sulfides"),
        **deng2016.LPSC,
        **toughness.LPSC,
    },
    {"slope as printed": Value(-3.745, "1000 K", f"{SOURCE}, Table S4")},
)

LATP = Material(
    "LATP",
    "Li1+xAlxTi2-x(PO4)3, NASICON",
    Conductivity.fitted(TEMPERATURES, SIGMA_LATP, f"{SOURCE}, Table S5, refitted"),
    {
        "D": Value(1e-11, "m^2/s", f"{SOURCE}, Table S1"),
        **deng2016.LATP,
        **toughness.LATP,
    },
    {
        "slope as printed": Value(-3.716, "1000 K", f"{SOURCE}, Table S5; its data give -3.709"),
        "slope of the grain boundaries": Value(-6.467, "1000 K", f"{SOURCE}, Table S5"),
    },
)


def _elastic() -> dict[str, Value]:
    """Hill mean of 80 % LPSC and 20 % LATP; half the distance of the bounds as uncertainty."""
    parts = [Moduli.of(m.values["E"].value, m.values["nu"].value) for m in (LPSC, LATP)]
    mean, upper, lower = (rule(*parts, 0.8) for rule in (hill, voigt, reuss))
    source = "assumed: Hill mean of LPSC and LATP, 8 : 2 read as volumes"
    return {
        "E": Value(mean.E, "Pa", source, 0.5 * (upper.E - lower.E)),
        "nu": Value(mean.nu, "", source, 0.5 * abs(upper.nu - lower.nu)),
    }


COMPOSITE_8S_2O = Material(
    "8S-2O",
    "composite of LPSC and LATP, 8 : 2",
    Conductivity.through(298.15, 0.2, -3.872, RANGE, f"{SOURCE}, Table S7"),
    {"D": Value(1e-11, "m^2/s", f"{SOURCE}, Table S1"), **_elastic()},
    {"critical current density of Li/LPSC/8S-2O": Value(44.0, "A/m^2", SOURCE)},
)


def _slopes_alone(name: str, slope: float, slope_gb: float | None = None) -> Material:
    sulfide, oxide = name[0], name[3]
    found = {"slope": Value(slope, "1000 K", f"{SOURCE}, Tables S3-S7")}
    if slope_gb is not None:
        found["slope of the grain boundaries"] = Value(
            slope_gb, "1000 K", f"{SOURCE}, Tables S3-S7"
        )
    return Material(name, f"composite of LPSC and LATP, {sulfide} : {oxide}", others=found)


MATERIALS = (
    LPSC,
    LATP,
    _slopes_alone("9S-1O", -3.963),
    COMPOSITE_8S_2O,
    _slopes_alone("7S-3O", -5.541, -7.700),
    _slopes_alone("6S-4O", -5.930, -7.227),
    _slopes_alone("5S-5O", -6.216, -6.390),
)
