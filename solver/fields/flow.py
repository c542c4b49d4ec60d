# SPDX-License-Identifier: MIT
"""The strain eps_v by which lithium has flowed, a deviator: components xx, yy, xy."""

from __future__ import annotations

import numpy as np

from solver.fields.record import Field, Values
from solver.laws.energy import h


def _transferred(transfer, old: Values, new: Values, config) -> np.ndarray:
    """What leaves the deposit the stress that it has, whose integral over it is as before.

    Lithium that has flowed by a tenth has an elastic strain of a ten-thousandth, the difference of
    two that are transferred otherwise: u at the nodes, and eps_v by triangles.
    """
    before, after = transfer.deviators(old["u"], new["u"])
    kept = transfer.of_triangles(before - old["eps_v"], h(old["xi"]), h(new["xi"]))
    return after - kept


FIELD = Field(
    name="eps_v",
    label="strain of flow",
    unit="1",
    components=3,
    per_triangle=True,
    transfer=_transferred,
)
