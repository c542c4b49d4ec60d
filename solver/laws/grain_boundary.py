# SPDX-License-Identifier: MIT
"""What a grain boundary makes of a property of the grains, spread over a band.

    blocking      1/p = 1/p_grain + R g              R = int (1/p - 1/p_grain) dd
    conducting      p = p_grain + (p_film - p_grain) delta g

with the density g of the band, int g dd = 1. The first keeps the resistance of a boundary to what
crosses it, the second the conductance of its film, of the thickness delta, along it, whatever the
width of the band.
"""

from __future__ import annotations

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
