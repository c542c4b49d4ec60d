# SPDX-License-Identifier: MIT
"""Fields from one refinement of a base mesh to another, lithium conserved (pure numpy).

Refinements of one base share their nodes: a value is copied where both have the node, and is the
mean over the halved edge where only the new mesh has it. xi is averaged in psi = ln(xi/(1 - xi)),
in which a front is straight and bounded by (0, 1); c, phi and u as they are.

That loses or gains some xi and c, mostly where triangles behind the front are coarsened. Both are
put right in the triangle of the base where it happened, by a shift of psi and a factor on c.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array

from solver.cell.indicator import areas
from solver.cell.refinement import Refined
from solver.terms import phase_field

LARGEST = 0.5
"""Largest relative change by one round of corrections."""
ROUNDS = 4
"""Rounds of corrections; lithium that they leave is spread over the whole cell."""

Fields = tuple[np.ndarray, ...]
"""Nodal values of xi, c, phi and u."""


class Transfer:
    """Takes fields from an old to a new refinement of the same base.

    Args:
        old: Mesh that fields are given on.
        new: Mesh that they are wanted on.
        held: Nodes of the new mesh where c is held.
    """

    def __init__(self, old: Refined, new: Refined, held: np.ndarray):
        self.new, self.held = new, held
        self._of_old, self._of_new = _integration(old), _integration(new)
        self._mass = self._of_new.sum(axis=0)
        self._same = _same_nodes(old.tables.points, new.tables.points)
        self._made = [
            np.flatnonzero((self._same < 0) & (new.depth == depth))
            for depth in range(1, new.depth.max(initial=0) + 1)
        ]

    def fields(self, values: Fields, c_Li: float) -> Fields:
        """Bring xi, c, phi and u over.

        Args:
            values: Their values at the nodes of the old mesh.
            c_Li: Lithium per xi [mol/m^3].

        Returns:
            Their values at the nodes of the new mesh, with the integral of c + c_Li xi as before.
        """
        xi, c, phi, u = values
        new_xi = phase_field.from_psi(self._interpolated(phase_field.psi(xi)))
        kept = self._same >= 0
        new_xi[kept] = xi[self._same[kept]]  # to the last bit, and beyond what psi can tell
        for _ in range(ROUNDS):
            new_xi += self._change(xi, new_xi, new_xi * (1 - new_xi))
        new_c = self._interpolated(c)
        content = c + c_Li * xi
        for round_number in range(ROUNDS + 1):
            free_c = new_c.copy()
            free_c[self.held] = 0.0
            everywhere = round_number == ROUNDS
            new_c += self._change(content, new_c + c_Li * new_xi, free_c, everywhere)
        return new_xi, new_c, self._interpolated(phi), self._interpolated(u)

    def _interpolated(self, values: np.ndarray) -> np.ndarray:
        out = values[self._same]  # those of index -1 are replaced
        for nodes in self._made:
            a, b = self.new.parents[nodes].T
            out[nodes] = 0.5 * (out[a] + out[b])
        return out

    def _change(
        self, old: np.ndarray, new: np.ndarray, weight: np.ndarray, everywhere: bool = False
    ) -> np.ndarray:
        """Change of nodal values that brings `new` nearer to the integrals of `old`.

        Args:
            old: What the integral over every triangle of the base should be that of.
            new: What it is that of.
            weight: The change is this times a factor of size `LARGEST` at most per base triangle.
            everywhere: Take one factor for the whole cell, which leaves its integral exact.
        """
        missing, weights = self._of_old @ old - self._of_new @ new, self._of_new @ weight
        if everywhere:
            return weight * (missing.sum() / weights.sum())
        factor = np.clip(missing / np.maximum(weights, 1e-300), -LARGEST, LARGEST)
        return weight * (factor @ self._of_new) / self._mass


def _integration(mesh: Refined) -> csr_array:
    """Matrix that turns nodal values into integrals over every triangle of the base."""
    points, cells = mesh.tables.points, mesh.tables.triangles
    share = np.repeat(areas(points, cells) / 3, 3)  # vertex rule, as the lumped balances
    place = np.repeat(mesh.macro, 3), cells.ravel()
    return coo_array((share, place), shape=(mesh.macro.max() + 1, len(points))).tocsr()


def _same_nodes(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Number in the old mesh of every node of the new one, -1 if it has none there."""
    old, new = (points[:, 0] + 1j * points[:, 1] for points in (old, new))
    order = np.argsort(old)
    place = np.minimum(np.searchsorted(old[order], new), len(old) - 1)
    return np.where(old[order][place] == new, order[place], -1)
