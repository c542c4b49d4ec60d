# SPDX-License-Identifier: MIT
"""The strain eps_v by which lithium has flowed, a deviator: components xx, yy, xy."""

from __future__ import annotations

import numpy as np

from solver.fields.record import Field, Values
from solver.laws.energy import h


def _transferred(transfer, old: Values, new: Values, config) -> np.ndarray:
    """With its integral over the deposit as before."""
    return transfer.of_triangles(old["eps_v"], h(old["xi"]), h(new["xi"]))


FIELD = Field(
    name="eps_v",
    label="strain of flow",
    unit="1",
    components=3,
    per_triangle=True,
    transfer=_transferred,
)
