# SPDX-License-Identifier: MIT
"""The stress as it is written and plotted: one number per cell."""

from __future__ import annotations

from dolfinx import fem

from solver.base import compat
from solver.equations.model import Model
from solver.terms import mechanics


class VonMises:
    """Von Mises stress [Pa] of a model's state at the centre of every cell.

    The strain of a P1 displacement is constant per cell; all else is taken at the centre.
    """

    def __init__(self, model: Model):
        sigma = mechanics.stress(model.state.u, model.solid(model.state.xi), model.elasticity)
        V = model.layer_number.function_space
        self._function = fem.Function(V, name="von_mises")
        points = compat.interpolation_points(V)
        self._expression = fem.Expression(mechanics.von_mises(sigma), points)

    def update(self) -> fem.Function:
        """Return the stress at the present state, as a DG0 function. Collective."""
        self._function.interpolate(self._expression)
        return self._function
