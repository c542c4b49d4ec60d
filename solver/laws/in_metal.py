# SPDX-License-Identifier: MIT
"""Li+ in the metal: how a thick front passes them on, and how far from the sharp one it says to be.

The current of Li+ falls like 1 - xi across the front. With the printed equation they diffuse in the
metal as ahead of it, c' = (c_Li V/D)(1 - xi). A metal without them conducts the share q of D along
the normal, so that c' = (c_Li V/D) r with r = (1 - xi)/q. Of all q that vanish in the metal

    q = s/(1 - xi ln 2),  r = s (1 - xi ln 2),  s = sqrt(1 - xi)

leaves c ahead of the front as a sharp one has it (r - 1 ahead and r behind add up to nothing) and
c in the metal at its value on the front. Along the front the share 1 - xi adds no conduction and
takes none: q there would add 4 l ln 2 (Nicoli, Plapp and Henry 2011: no scalar is right for both).
The distance L from the sharp front is the integral of r.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from solver.base.lazy import ufl
from solver.laws import thin_front
from solver.laws.front import PURE

LN_2 = float(np.log(2))
SPREADING = 1 / 2
"""Share of the curvature that counts before a metal without Li+: it leaves errors of growth rates
from 0.5 to 1 % at l = 0.22 um from 5 to 10 um; a third leaves 1 to 2.6 %."""
MEAN_DISTANCE = 28 / 15 - 48 * LN_2 / 35
"""Mean of L/l of a metal without Li+ over a front with the weight 6 xi (1 - xi)."""


def _root(xi):
    """s = sqrt(1 - xi); its slope at 1 is not to be infinite."""
    if isinstance(xi, np.ndarray):
        return np.sqrt(np.clip(1 - xi, 0.0, 1.0))
    return ufl.sqrt(ufl.max_value(PURE, ufl.min_value(1 - xi, 1.0)))


def share_along_normal(xi):
    """q of a metal without Li+."""
    return _root(xi) / (1 - LN_2 * xi)


def share_along_front(xi):
    """1 - xi."""
    return _root(xi) ** 2


def distance(xi, length):
    """L = l (-ln xi + 2 ln(1 + s) - 2 s ln 2) of a metal without Li+ [m]."""
    s = _root(xi)
    ln = np.log if isinstance(xi, np.ndarray) else ufl.ln
    return thin_front.distance(xi, length) + 2 * length * (ln(1 + s) - LN_2 * s)


class Metal(NamedTuple):
    """What the rate of solver.laws.thin_front needs to know of Li+ in the metal.

    Attributes:
        distance: L [m] of xi and the interface length [m].
        gradient: dL/dx of xi.
        mean: Mean of L/l over a front with the weight 6 xi (1 - xi).
        spreading: Share of the curvature that counts, see thin_front.SPREADING.
    """

    distance: Callable
    gradient: Callable
    mean: float
    spreading: float


METALS = {
    "as_printed": Metal(
        thin_front.distance, lambda xi: 1 - xi, thin_front.MEAN_DISTANCE, thin_front.SPREADING
    ),
    "none": Metal(distance, lambda xi: _root(xi) * (1 - LN_2 * xi), MEAN_DISTANCE, SPREADING),
}
"""By `transport.in_metal`."""
