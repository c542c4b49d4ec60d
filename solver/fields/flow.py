# SPDX-License-Identifier: MIT
"""The strain eps_v by which lithium has flowed, a deviator: components xx, yy, xy."""

from __future__ import annotations

import numpy as np

from solver.cell.indicator import gradients
from solver.cell.refinement import Refined
from solver.fields.record import Field, Values
from solver.laws.creep import deviator
from solver.laws.energy import h


def _transferred(transfer, old: Values, new: Values, config) -> np.ndarray:
    """What leaves the deposit the stress that it has, whose integral over it is as before.

    Lithium that has flowed by a tenth has an elastic strain of a ten-thousandth, the difference of
    two that are transferred otherwise: u at the nodes, and eps_v by triangles.
    """
    elastic = _deviators(transfer.old, old["u"]) - old["eps_v"]
    kept = transfer.of_triangles(elastic, h(old["xi"]), h(new["xi"]))
    return _deviators(transfer.new, new["u"]) - kept


def _deviators(mesh: Refined, u: np.ndarray) -> np.ndarray:
    """Deviators of the strain, shape (triangles, 3[, states]).

    Args:
        mesh: The mesh.
        u: Displacement, nodal values [m], shape (nodes, 2[, states]).
    """
    if u.ndim > 2:
        states = np.moveaxis(u, -1, 0)
        return np.stack([_deviators(mesh, state) for state in states], axis=-1)
    of_x, of_y = (gradients(mesh.points, mesh.triangles, component) for component in u.T)
    shear = 0.5 * (of_x[:, 1] + of_y[:, 0])
    return np.column_stack(deviator(of_x[:, 0], of_y[:, 1], shear))


FIELD = Field(
    name="eps_v",
    label="strain of flow",
    unit="1",
    components=3,
    per_triangle=True,
    transfer=_transferred,
)
