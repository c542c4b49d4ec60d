# SPDX-License-Identifier: MIT
"""The strain eps_v by which lithium has flowed, a deviator: components xx, yy, xy."""

from __future__ import annotations

import numpy as np

from solver.fields.record import Field, Values
from solver.laws.energy import h


def _transferred(transfer, old: Values, new: Values, config) -> np.ndarray:
    """What leaves the deposit the stress that it has, or what has hardly flowed its flow.

    Lithium that has flowed by a tenth has an elastic strain of a ten-thousandth, the difference of
    two that are transferred otherwise: u at the nodes, and eps_v by triangles. Of the two strains
    the smaller one in a triangle of the base is transferred, so that its error is of its own size,
    and u has the other one: lithium that has never flowed has not on a new mesh either.
    """
    before, after = transfer.deviators(old["u"], new["u"])
    shares = h(old["xi"]), h(new["xi"])
    elastic = before - old["eps_v"]
    sizes = np.stack([np.linalg.norm(x, axis=1) for x in (old["eps_v"], elastic)], axis=1)
    flowed, strained = np.moveaxis(transfer.of_base(sizes, shares[0]), 1, 0)
    own = transfer.of_triangles(old["eps_v"], *shares)
    kept = transfer.of_triangles(elastic, *shares)
    return np.where((flowed < strained)[:, None], own, after - kept)


FIELD = Field(
    name="eps_v",
    label="strain of flow",
    unit="1",
    components=3,
    per_triangle=True,
    transfer=_transferred,
)
