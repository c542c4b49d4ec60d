# SPDX-License-Identifier: MIT
"""The stress of a model's state in its triangles, for files and observers."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dolfinx import fem

from solver.base import compat
from solver.equations.couplings_elastic import (
    Deposit,
    pressure,
    pressure_of_deposit,
    von_mises,
)
from solver.equations.model import Model
from solver.fields.displacement import PRESSURE, VON_MISES
from solver.terms import mechanics

WHOLE = 0.95
"""Share of deposit from which on a triangle is lithium."""


class Stress:
    """Numbers of the stress, of a model whose equations have brought their coefficients."""

    def __init__(self, model: Model):
        self.model = model

    @cached_property
    def _von_mises(self) -> fem.Function:
        return fem.Function(self.model.domain.constants, name=VON_MISES.name)

    @cached_property
    def _pressure(self) -> fem.Function:
        return fem.Function(self.model.domain.constants, name=PRESSURE.name)

    @cached_property
    def _nodal(self) -> fem.Function:
        return fem.Function(self.model.V)

    def von_mises(self) -> fem.Function:
        """Von Mises stress [Pa] at the centre of every cell, a DG0 function. Collective.

        The strain of a P1 displacement is constant per cell; all else is taken at the centre.
        """
        m, s, out = self.model, self.model.state, self._von_mises
        if m.edges is None or "d" in m.equations:
            out.interpolate(self._von_mises_of_cell)
            return out
        values = (s.u.x.array, s.xi.x.array)
        flow = m.equations.get("eps_v")
        eps_v = None if flow is None else flow.eps_v
        found = von_mises(m.edges, m.solved_triangles, m.coefficients.vegard, *values, eps_v)
        out.x.array[out.function_space.dofmap.list[:, 0]] = found
        return out

    @cached_property
    def _von_mises_of_cell(self) -> fem.Expression:
        m = self.model
        points = compat.interpolation_points(self._von_mises.function_space)
        if "d" in m.equations:
            sigma = m.equations["d"].stress()
        else:
            sigma = mechanics.stress(m.state.u, m.solid(m.state.xi), m.coefficients.elasticity)
        return fem.Expression(mechanics.von_mises(sigma), points)

    def pressure(self) -> fem.Function:
        """Pressure [Pa] of every cell, a DG0 function. Collective.

        At its centre; of whole lithium that flows the mean of its corners', which are means over
        such triangles round them. That of single triangles swings about it: with constant strains
        P1 has too few ways to flow at constant volume.
        """
        m, out = self.model, self._pressure
        found = self._pressure_of_triangles()
        if "eps_v" in m.equations:
            whole = self._whole()
            found[whole] = (m.edges.mean @ self._at_nodes(found, whole))[whole]
        out.x.array[out.function_space.dofmap.list[:, 0]] = found
        return out

    def _pressure_of_triangles(self) -> np.ndarray:
        """Pressure at the centres of the triangles [Pa]."""
        m, out = self.model, self._pressure
        if "d" in m.equations:
            out.interpolate(self._pressure_of_cell)
            return m.of_triangles(out).copy()
        where = m.edges, m.solved_triangles, m.coefficients.vegard
        return pressure(*where, m.state.u.x.array, m.state.xi.x.array)

    @cached_property
    def _pressure_of_cell(self) -> fem.Expression:
        m = self.model
        points = compat.interpolation_points(self._pressure.function_space)
        return fem.Expression(m.equations["d"].pressure(), points)

    def _whole(self) -> np.ndarray:
        """Which triangles are lithium."""
        m = self.model
        return Deposit.of(m.edges, m.solved_triangles, m.state.xi.x.array).share > WHOLE

    def _at_nodes(self, values: np.ndarray, here: np.ndarray) -> np.ndarray:
        """Means at nodes over the triangles round them that count; nan without any. Collective."""
        edges, out = self.model.edges, self._nodal
        areas = edges.areas * here
        share, total = edges.to_nodes @ areas, edges.to_nodes @ (areas * values)
        out.x.array[:] = np.divide(total, share, out=np.full_like(share, np.nan), where=share > 0)
        out.x.scatter_forward()  # what is round others' nodes is not all here
        return out.x.array

    def largest_strain(self) -> float:
        """Largest amount of a principal strain in the plane. Collective."""
        xx, yy, xy = self.model.edges.strain(self.model.state.u.x.array)
        found = abs(xx + yy) / 2 + np.hypot((xx - yy) / 2, xy)
        return max(0.0, self.model.extremes_of(found)[1])

    def largest_in_lithium(self) -> float:
        """Largest pressure of lithium, a mean as of `pressure` [MPa]; 0 without any. Collective.

        Triangles of an interface have no pressure of lithium.
        """
        m, whole = self.model, self._whole()
        where, xi = (m.edges, m.solved_triangles), m.state.xi.x.array
        found = pressure_of_deposit(*where, m.coefficients.vegard, m.state.u.x.array, xi)
        means = self._at_nodes(found, whole)
        most = m.extremes_of(means[np.isfinite(means)])[1] * 1e-6
        return most if np.isfinite(most) else 0.0
