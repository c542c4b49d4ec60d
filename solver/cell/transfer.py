# SPDX-License-Identifier: MIT
"""Fields from one refinement of a base mesh to another, lithium conserved, on every rank its share.

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

LARGEST = 0.5
"""Largest relative change by one round of corrections."""
ROUNDS = 4
"""Rounds of corrections; lithium that they leave is spread over the whole cell."""


class Transfer:
    """Takes fields from an old to a new refinement of the same base. All methods are collective.

    Values are those at the nodes of this rank's share, which is of the same triangles of the base
    in both; those of several states may stand in the last axis.

    Args:
        old: Mesh that fields are given on.
        new: Mesh that they are wanted on.
        tags: Tags of the sides where fields may be held, by name.
    """

    def __init__(self, old: Refined, new: Refined, tags: dict[str, int]):
        self.new, self._tags = new, tags
        self._of_old, self._of_new = _integration(old), _integration(new)
        self._thirds = areas(new.points, new.triangles) / 3
        self._macro = new.macro - new.shares.first
        self._mass = new.nodes.sums(self._thirds)
        self._same = _same_nodes(old.keys, new.keys)
        self._made = [new.made(depth) for depth in range(1, new.depth.max(initial=0) + 1)]

    def interpolated(self, values: np.ndarray) -> np.ndarray:
        """Values on the new mesh, from the nodes at the ends of the edges that were halved."""
        out = values[self._same]  # those of index -1 are replaced
        for nodes, a, b in self._made:
            made = self._same[nodes] < 0
            out[nodes[made]] = 0.5 * (out[a[made]] + out[b[made]])
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
        fixed = [] if held is None else np.flatnonzero(self.new.on_side(self._tags[held]))
        for round_number in range(ROUNDS + 1):
            free_c = new_c.copy()
            free_c[fixed] = 0.0
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
        before = self._total(self._of_old @ (share_old * c))
        return new_c * (before / self._total(self._of_new @ (share_new * new_c)))

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
            return weight * (self._total(missing) / self._total(weights))
        factor = np.clip(missing / np.maximum(weights, 1e-300), -LARGEST, LARGEST)
        spread = (self._thirds * factor[self._macro].T).T
        return weight * (self.new.nodes.sums(spread).T / self._mass).T

    def _total(self, integrals: np.ndarray) -> np.ndarray:
        return self.new.shares.comm.allreduce(integrals.sum(axis=0))


def _integration(mesh: Refined) -> csr_array:
    """Matrix that turns nodal values into integrals over every triangle of the base."""
    from scipy.sparse import coo_array  # as in indicator.py: for runs that adapt their mesh alone

    share = np.repeat(areas(mesh.points, mesh.triangles) / 3, 3)  # vertex rule, as lumped balances
    place = np.repeat(mesh.macro - mesh.shares.first, 3), mesh.triangles.ravel()
    return coo_array((share, place), shape=(mesh.shares.count, len(mesh.keys))).tocsr()


def _same_nodes(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Number in the old mesh of every node of the new one, -1 if it has none there."""
    if not len(old):
        return np.full(len(new), -1)
    place = np.minimum(np.searchsorted(old, new), len(old) - 1)
    return np.where(old[place] == new, place, -1)
