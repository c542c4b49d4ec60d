# SPDX-License-Identifier: MIT
"""Fields from one refinement of a base mesh to another, lithium conserved (pure numpy).

Refinements of one base share their nodes: a value is copied where both have the node, and is the
mean over the halved edge where only the new mesh has it. A phase field is averaged in
psi = ln(xi/(1 - xi)), in which a front is straight and bounded by (0, 1).

That loses or gains some of what is to be conserved, mostly where triangles behind the front are
coarsened. It is put right in the triangle of the base where it happened, by a shift of psi or a
factor on a concentration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.cell.indicator import areas
from solver.cell.refinement import Refined
from solver.laws.front import from_psi, psi

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from solver.cell.mesh_tables import MeshTables

LARGEST = 0.5
"""Largest relative change by one round of corrections."""
LEAST, TINY = 1e-6, 1e-300
"""Share of a triangle of the base that can make up for what is missing, and what stands for none.
"""
ROUNDS = 4
"""Rounds of corrections; lithium that they leave is spread over the whole cell."""


class Transfer:
    """Takes fields from an old to a new refinement of the same base.

    Args:
        old: Mesh that fields are given on.
        new: Mesh that they are wanted on.
        sides: Nodes of the new mesh on sides where fields may be held, by name.
    """

    def __init__(self, old: Refined, new: Refined, sides: dict[str, np.ndarray]):
        self.old, self.new, self.sides = old, new, sides
        self._of_old, self._of_new = _integration(old), _integration(new)
        self._areas = areas(new.tables.points, new.tables.triangles)
        self._mass = self._of_new.sum(axis=0)
        self._same = _same_nodes(old.tables.points, new.tables.points)
        self._made = [
            np.flatnonzero((self._same < 0) & (new.depth == depth))
            for depth in range(1, new.depth.max(initial=0) + 1)
        ]

    def interpolated(self, values: np.ndarray) -> np.ndarray:
        """Values on the new mesh, from the nodes at the ends of the edges that were halved."""
        out = values[self._same]  # those of index -1 are replaced
        for nodes in self._made:
            a, b = self.new.parents[nodes].T
            out[nodes] = 0.5 * (out[a] + out[b])
        return out

    def bounded(self, xi: np.ndarray, exactly: bool = False) -> np.ndarray:
        """A phase field, with its integral nearly as before.

        Args:
            xi: Its values on the old mesh.
            exactly: Keep the integral to round-off; else others must make up for the rest.
        """
        new_xi = from_psi(self.interpolated(psi(xi)))
        kept = self._same >= 0
        new_xi[kept] = xi[self._same[kept]]  # to the last bit, and beyond what psi can tell
        for number in range(ROUNDS + exactly):
            mixed = new_xi * (1 - new_xi)
            new_xi += self._change(xi, new_xi, mixed, everywhere=number == ROUNDS)
        return new_xi

    def conserved(
        self,
        c: np.ndarray,
        beside: tuple[np.ndarray, np.ndarray] | None = None,
        held: str | None = None,
    ) -> np.ndarray:
        """A concentration, with its integral exactly as before.

        Args:
            c: Its values on the old mesh.
            beside: What is conserved together with it, on the old and on the new mesh, if anything.
            held: The side where it is held, if any.
        """
        old, new = beside or (0.0, 0.0)
        new_c = self.interpolated(c)
        content = c + old
        for round_number in range(ROUNDS + 1):
            free_c = new_c.copy()
            if held is not None:
                free_c[self.sides[held]] = 0.0
            everywhere = round_number == ROUNDS
            new_c += self._change(content, new_c + new, free_c, everywhere)
        return new_c

    def filling(
        self, c: np.ndarray, share_old: np.ndarray, share_new: np.ndarray
    ) -> np.ndarray:
        """A concentration in a share of the volume, with its integral over that exactly as before.

        By one factor: where there is little of the share, c would have to make up for all of it.

        Args:
            c: Its values on the old mesh.
            share_old: The share, on the old mesh.
            share_new: The share, on the new mesh.
        """
        new_c = self.interpolated(c)
        before = (self._of_old @ (share_old * c)).sum()
        return new_c * (before / (self._of_new @ (share_new * new_c)).sum())

    def of_triangles(
        self, values: np.ndarray, share_old: np.ndarray, share_new: np.ndarray
    ) -> np.ndarray:
        """What a share of every triangle has, with its mean over that as before.

        A triangle that was there keeps its value, a part of one takes that of the whole, a whole
        the mean of its parts; which is whose, the nearest centre tells. By what that leaves over
        or lacks all of a triangle of the base is shifted.

        Args:
            values: Rows of the old mesh's triangles.
            share_old: The share, nodal values on the old mesh.
            share_new: The share, nodal values on the new mesh.
        """
        old, new = self.old.tables, self.new.tables
        weights = _of_triangles(old, share_old)
        centres = [t.points[t.triangles, :2].mean(axis=1) for t in (old, new)]
        goes = _nearest(centres[1], centres[0])
        found = values[_nearest(*centres)]
        weight = np.bincount(goes, weights, len(found))
        for i, column in enumerate(values.T):
            total = np.bincount(goes, weights * column, len(found))
            found[:, i] = np.where(weight > 0, total / np.maximum(weight, TINY), found[:, i])
        return found + self._off(values, weights, found, _of_triangles(new, share_new))

    def _off(self, old: np.ndarray, of_old: np.ndarray, new: np.ndarray, of_new: np.ndarray):
        """How much every triangle's value is below the mean over the old ones of its base's."""
        totals = [np.bincount(x.macro, w) for x, w in ((self.old, of_old), (self.new, of_new))]
        # A trace of a share would have to make up for round-off.
        some = np.minimum(*totals) > LEAST * np.bincount(self.new.macro, self._areas)
        off = np.zeros_like(new)
        for i in range(old.shape[1]):
            content = (
                np.bincount(self.old.macro, of_old * old[:, i]),
                np.bincount(self.new.macro, of_new * new[:, i]),
            )
            before, after = (x / np.maximum(w, TINY) for x, w in zip(content, totals, strict=True))
            off[:, i] = np.where(some, before - after, 0.0)[self.new.macro]
        return off

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


def _of_triangles(tables: MeshTables, share: np.ndarray) -> np.ndarray:
    """Integrals of nodal values over the triangles."""
    return areas(tables.points, tables.triangles) * share[tables.triangles].mean(axis=1)


def _nearest(points: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Number of the point that is nearest to each of those wanted."""
    from scipy.spatial import cKDTree  # as in indicator.py: for runs that adapt their mesh alone

    return cKDTree(points).query(wanted)[1]


def _integration(mesh: Refined) -> csr_array:
    """Matrix that turns nodal values into integrals over every triangle of the base."""
    from scipy.sparse import coo_array  # as in indicator.py: for runs that adapt their mesh alone

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
