# SPDX-License-Identifier: MIT
"""The numbers of a cell with a current and a voltage as lines to read."""

from __future__ import annotations

from solver.check.cell import Cell
from solver.check.line import Line


def of_cell(its: Cell) -> list[Line]:
    """Describe what a cell with a current and a voltage shows."""
    way = "plates at the anode" if its.current > 0 else "dissolves the anode's lithium"
    way = way if its.current else "no current"
    return [
        Line("cell voltage", "i L/sigma + eta_1 + eta_2", its.voltage, "V", "at the start."),
        Line("cell current density", "i", its.current, "A/m^2", f"at the start; {way}."),
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
            "sigma R, R = d eta/di",
            its.equivalent,
            "m",
            "way through the electrolyte that resists as much as the front; should be above 5 l.",
        ),
        Line(
            "shortest growing wavelength",
            "2 pi sqrt(sigma R F c_Li L_sigma kappa_0/i)",
            its.shortest,
            "m",
            "no electrode near; longer ripples grow with the current, shorter ones decay.",
        ),
    ]
