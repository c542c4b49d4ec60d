# SPDX-License-Identifier: MIT
"""What a grain boundary makes of a property of the grains, spread over a band.

    blocking      1/p = 1/p_grain + R g              R = int (1/p - 1/p_grain) dd
    conducting      p = p_grain + (p_film - p_grain) delta g

with the density g of the band, int g dd = 1. The first keeps the resistance of a boundary to what
crosses it, the second the conductance of its film, of the thickness delta, along it, whatever the
width of the band.
"""

from __future__ import annotations

from math import log, pi

import numpy as np


def blocked(grain: np.ndarray, resistance: float, density: np.ndarray) -> np.ndarray:
    """A conductivity in the band of a boundary that resists what crosses it.

    Args:
        grain: That of the grains [S/m].
        resistance: R of the boundary [ohm m^2].
        density: g of the band [1/m].
    """
    return grain / (1 + grain * resistance * density)


def with_film(
    grain: np.ndarray, film: float, thickness: float, density: np.ndarray
) -> np.ndarray:
    """A conductivity in the band of a boundary along which a film conducts.

    Args:
        grain: That of the grains [S/m].
        film: That of the film [S/m].
        thickness: delta of the film [m].
        density: g of the band [1/m].
    """
    return grain + (film - grain) * np.minimum(thickness * density, 1.0)


def speed_ratio(grain: float, film: float, thickness: float, R_ct: float) -> float:
    """How much faster a flat front moves where a boundary ends that conducts along, than far away.

    Of a single-ion conductor with the charge-transfer resistance R_ct, with
    kappa = film/grain and a = 2 grain R_ct/(kappa thickness):

        1/(1 - (1 - 1/kappa) J),      J = (1 + (2/pi) a ln a)/(1 + a^2)

    The film carries kappa times the current density of the grains to the front, where R_ct makes
    part of it leave it again; docs/theory.md derives it. For a film much thinner than
    grain R_ct, and a counter electrode that is much farther than kappa thickness.

    Args:
        grain: Conductivity of the grains [S/m].
        film: That of the film [S/m].
        thickness: That of the film [m].
        R_ct: Of the front, or its slope where the current is not small [ohm m^2].
    """
    kappa = film / grain
    a = 2 * grain * R_ct / (kappa * thickness)
    J = (1 + 2 / pi * a * log(a)) / (1 + a * a) if a else 1.0
    return 1 / (1 - (1 - 1 / kappa) * J)
