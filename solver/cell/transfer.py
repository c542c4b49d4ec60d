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

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from solver.cell.indicator import areas, gradients
from solver.cell.refinement import Refined
from solver.laws.creep import deviator
from solver.laws.front import from_psi, psi

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LARGEST = 0.5
"""Largest relative change by one round of corrections."""
LEAST, TINY = 1e-6, 1e-300
"""Share of a triangle of the base that can make up for what is missing, and what stands for none.
"""
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
        self.old, self.new, self._tags = old, new, tags
        self._of_old, self._of_new = _integration(old), _integration(new)
        self._areas = areas(new.points, new.triangles)
        self._macro = _macro(new)
        self._mass = new.nodes.sums(self._areas / 3)
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

    def of_triangles(
        self, values: np.ndarray, share_old: np.ndarray, share_new: np.ndarray
    ) -> np.ndarray:
        """What a share of every triangle has, with its mean over that as before.

        A triangle that was there keeps its value, a part of one takes that of the whole, a whole
        the mean of its parts. By what halves along another edge leave over or lack, all of a
        triangle of the base is shifted.

        Args:
            values: Rows of the old mesh's triangles, shape (triangles, n[, states]).
            share_old: The share, nodal values on the old mesh, shape (nodes[, states]).
            share_new: Likewise on the new mesh.
        """
        if values.ndim > 2:
            states = (np.moveaxis(x, -1, 0) for x in (values, share_old, share_new))
            found = [self.of_triangles(*state) for state in zip(*states, strict=True)]
            return np.stack(found, axis=-1)
        weights = _of_triangles(self.old, share_old)
        goes, comes = self._relatives
        found = values[comes]
        weight = np.bincount(goes, weights, len(found))
        for i, column in enumerate(values.T):
            total = np.bincount(goes, weights * column, len(found))
            found[:, i] = np.where(weight > 0, total / np.maximum(weight, TINY), found[:, i])
        return found + self._off(values, weights, found, _of_triangles(self.new, share_new))

    def of_base(self, values: np.ndarray, share: np.ndarray) -> np.ndarray:
        """What the triangle of the base around every new triangle has, summed up over a share.

        Args:
            values: Rows of the old mesh's triangles, shape (triangles, n[, states]).
            share: The share, nodal values on the old mesh, shape (nodes[, states]).
        """
        if values.ndim > 2:
            states = zip(np.moveaxis(values, -1, 0), share.T, strict=True)
            return np.stack([self.of_base(*state) for state in states], axis=-1)
        weights = _of_triangles(self.old, share)
        return _by_macro(self.old, weights[:, None] * values)[self._macro]

    def deviators(self, u: np.ndarray, new_u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Deviators of the strain in the triangles of both meshes, shapes (triangles, 3[, states]).

        Args:
            u: Displacement [m] on the old mesh, shape (nodes, 2[, states]).
            new_u: That on the new mesh.
        """
        return _deviators(self.old, u), _deviators(self.new, new_u)

    @cached_property
    def _relatives(self) -> tuple[np.ndarray, np.ndarray]:
        """The new triangle that each old one goes to, and the old one that each new one is from.

        A whole comes in the order of all triangles where the first of its parts does.
        """
        old, new = (_places(mesh.order) for mesh in (self.old, self.new))
        goes, comes = (
            np.searchsorted(x, y, side="right") - 1 for x, y in ((new, old), (old, new))
        )
        return goes, comes

    def _off(self, old: np.ndarray, of_old: np.ndarray, new: np.ndarray, of_new: np.ndarray):
        """How much every triangle's value is below the mean over the old ones of its base's."""
        before, after = (
            _by_macro(mesh, np.column_stack([weight, weight[:, None] * values]))
            for mesh, weight, values in ((self.old, of_old, old), (self.new, of_new, new))
        )
        # A trace of a share would have to make up for round-off.
        size = _by_macro(self.new, self._areas[:, None])[:, 0]
        some = np.minimum(before[:, 0], after[:, 0]) > LEAST * size
        means = [x[:, 1:] / np.maximum(x[:, :1], TINY) for x in (before, after)]
        return np.where(some[:, None], means[0] - means[1], 0.0)[self._macro]

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
        spread = (self._areas / 3 * factor[self._macro].T).T
        return weight * (self.new.nodes.sums(spread).T / self._mass).T

    def _total(self, integrals: np.ndarray) -> np.ndarray:
        return self.new.shares.comm.allreduce(integrals.sum(axis=0))


def _macro(mesh: Refined) -> np.ndarray:
    """Triangle of the base that every triangle lies in, counted in the share."""
    return mesh.macro - mesh.shares.first


def _by_macro(mesh: Refined, rows: np.ndarray) -> np.ndarray:
    """Sums of rows of triangles over those of every triangle of the base."""
    columns = [np.bincount(_macro(mesh), column, mesh.shares.count) for column in rows.T]
    return np.column_stack(columns)


def _of_triangles(mesh: Refined, share: np.ndarray) -> np.ndarray:
    """Integrals of nodal values over the triangles."""
    return areas(mesh.points, mesh.triangles) * share[mesh.triangles].mean(axis=1)


def _deviators(mesh: Refined, u: np.ndarray) -> np.ndarray:
    """Deviators of the strain in the triangles of a mesh, components xx, yy and xy."""
    if u.ndim > 2:
        states = np.moveaxis(u, -1, 0)
        return np.stack([_deviators(mesh, state) for state in states], axis=-1)
    of_x, of_y = (gradients(mesh.points, mesh.triangles, component) for component in u.T)
    shear = 0.5 * (of_x[:, 1] + of_y[:, 0])
    return np.column_stack(deviator(of_x[:, 0], of_y[:, 1], shear))


def _places(order: np.ndarray) -> np.ndarray:
    """The order of triangles, in which the second of two halves comes after the first."""
    second = np.append(False, order[1:] == order[:-1]) if len(order) else np.empty(0, bool)
    return 2 * order + second


def _integration(mesh: Refined) -> csr_array:
    """Matrix that turns nodal values into integrals over every triangle of the base."""
    from scipy.sparse import coo_array  # as in indicator.py: for runs that adapt their mesh alone

    share = np.repeat(areas(mesh.points, mesh.triangles) / 3, 3)  # vertex rule, as lumped balances
    place = np.repeat(_macro(mesh), 3), mesh.triangles.ravel()
    return coo_array((share, place), shape=(mesh.shares.count, len(mesh.keys))).tocsr()


def _same_nodes(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Number in the old mesh of every node of the new one, -1 if it has none there."""
    if not len(old):
        return np.full(len(new), -1)
    place = np.minimum(np.searchsorted(old, new), len(old) - 1)
    return np.where(old[place] == new, place, -1)
