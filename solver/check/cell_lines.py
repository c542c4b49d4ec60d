# SPDX-License-Identifier: MIT
"""The numbers of a cell with a current and a voltage as lines to read."""

from __future__ import annotations

from solver.base.units import si_text
from solver.check.cell import Cell
from solver.check.line import Line
from solver.check.salt import Salt


def of_cell(its: Cell) -> list[Line]:
    """Describe what a cell with a current and a voltage shows."""
    way = "plates at the anode" if its.current > 0 else "dissolves the anode's lithium"
    way = way if its.current else "no current"
    when = "with the deposit of the start, at the largest current"
    front = "1/(1/(sigma R) + hindrance by the salt)" if its.salt else "sigma R, R = d eta/di"
    return [
        Line("cell voltage", "i L/sigma + eta_1 + eta_2", its.voltage, "V", f"{when}."),
        Line("cell current density", "i", its.current, "A/m^2", f"{when}; {way}."),
        Line("front speed", "i/(F c_Li)", its.speed, "m/s", "of a flat front."),
        Line(
            "cell resistance",
            "L/sigma + R_ct,1 + R_ct,2",
            its.resistance,
            "ohm m^2",
            f"at a small current; {its.ohmic:.4g} of it in the electrolyte, {its.R_ct:.4g} at the "
            f"front and {its.R_counter:.4g} at the counter electrode.",
        ),
        Line(
            "front as electrolyte",
            front,
            its.equivalent,
            "m",
            "way through the electrolyte that resists as much as the front; should be above 5 l.",
        ),
        Line(
            "shortest growing wavelength",
            "2 pi sqrt(that F c_Li L_sigma kappa_0/i)",
            its.shortest,
            "m",
            "no electrode near; longer ripples grow with the current, shorter ones decay.",
        ),
        *(_of_salt(its, its.salt) if its.salt else ()),
    ]


def _of_salt(its: Cell, salt: Salt) -> list[Line]:
    where = "front" if its.current >= 0 else "counter electrode"
    return [
        Line(
            "limiting current density",
            "2 F D c0/((1 - t_+) L)",
            salt.limiting,
            "A/m^2",
            f"c at the {where} would be 0 in the long run.",
        ),
        Line(
            "Sand's time",
            "pi D (F c0/(2 i (1 - t_+)))^2",
            salt.sand_time,
            "s",
            f"c at the {where} would be 0 before a thick electrolyte; not met below the limiting "
            "current.",
        ),
        Line(
            "difference of c",
            "i (1 - t_+) L/(F D)",
            salt.drop,
            "mol/m^3",
            f"between the electrodes, reached within some {si_text(salt.settling, 's')}.",
        ),
        Line(
            "transport resistance",
            "2 (1 - t_+)^2 RT L/(F^2 D c0)",
            salt.resistance,
            "ohm m^2",
            "adds to that of the cell once c has settled, at a small current.",
        ),
        Line(
            "settled cell voltage",
            "i L/sigma + A ln(c_2/c_1) + eta_1 + eta_2",
            salt.voltage,
            "V",
            "in the long run, with the deposit of the start.",
        ),
    ]
