# SPDX-License-Identifier: MIT
"""Flow of the deposit by edges and triangles; as solver.equations.couplings_elastic.

Deposit and electrolyte share a strain, and what flows is the deposit's own:

    sigma = (1 - h) C_electrolyte e + h C_Li (e - eps_v),    e = eps - lambda h,

so that its stress C_Li (e - eps_v) follows no other law in an interface than in bulk, and an
electrolyte with a tail of deposit in it does not flow. The strain of P1 displacements is constant
per triangle, and so is eps_v; h is taken by the rule of the stress that it is part of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.base.last import Last
from solver.cell.edges import Edges
from solver.equations.couplings_elastic import Deposit, forces
from solver.laws import creep
from solver.laws.creep import Law, Returned, Strain
from solver.laws.energy import dh, h
from solver.schemes.edgewise import Pair
from solver.terms.mechanics import Elasticity


@dataclass(frozen=True)
class Answer:
    """How the deposit answers to a displacement.

    Attributes:
        total: Strain of the triangles, as `strain` gives it.
        here: The triangles with deposit.
        returned: What is elastic of their strain, and its slopes.
        eps_v: The strain by which the deposit of every triangle has flowed.
        weight: 2 mu h of those with deposit [Pa].
        undiluted: Share of their deposit that is not new.
    """

    total: tuple[np.ndarray, np.ndarray, np.ndarray]
    here: np.ndarray
    returned: Returned
    eps_v: Strain
    weight: np.ndarray
    undiluted: np.ndarray


TRACE = 1e-9
"""Share of deposit in a triangle from which on it flows."""


class Flow:
    """The deposit in every triangle.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere.
        material: Lame constants and Vegard strain as numbers, or arrays over the triangles.
        law: How fast it flows.
        deposit: Gives the deposit of the triangles for nodal values of xi.

    Attributes:
        law: That law.
        mu: Shear modulus of the deposit [Pa].
    """

    def __init__(
        self,
        edges: Edges,
        solved: np.ndarray,
        material: Elasticity,
        law: Law,
        deposit: Callable[[np.ndarray], Deposit],
    ):
        self._edges, self._solved, self.law = edges, solved, law
        self._vegard = creep.deviator(*_in_plane(material.vegard))
        self.mu = material.mu_metal
        self._deposit, self._total = Last(deposit), Last(edges.strain)

    def metal(self, xi: np.ndarray) -> np.ndarray:
        """Share h of deposit in the triangles, for nodal values of xi."""
        return self._deposit(xi).share

    def strain(self, u: np.ndarray, xi: np.ndarray) -> Strain:
        """Deviator of the deposit's strain e, eps_v included."""
        return self._without_vegard(self._total(u), xi)

    def _without_vegard(self, total: tuple, xi: np.ndarray) -> Strain:
        own = self._deposit(xi).own
        return creep.deviator(*total).less(Strain(*(own * x for x in self._vegard)))

    def answer(
        self, u: np.ndarray, xi: np.ndarray, before: tuple[np.ndarray, Strain], tau: float
    ) -> Answer:
        """Let the deposit flow from an earlier state by a step of backward Euler.

        What is new of it has no stress: its strain is that of its birth.

        Args:
            u: Displacement at the end, nodal values [m].
            xi: Phase field at the end, nodal values.
            before: Share of deposit in the triangles and eps_v of the earlier state.
            tau: Time since then [s].
        """
        metal, (share, eps_v) = self.metal(xi), before
        # All others have next to no deposit, and what they will have is born without stress.
        here = np.flatnonzero(metal > TRACE)
        undiluted = np.clip(share[here] / metal[here], 0.0, 1.0)
        total = self._total(u)
        whole = self._without_vegard(total, xi)
        trial = whole.at(here).less(eps_v.at(here), undiluted)
        returned = creep.returned(self.law, trial, self.mu, tau)
        for all_of_it, elastic in zip(whole, returned.elastic, strict=True):
            all_of_it[here] -= elastic
        return Answer(total, here, returned, whole, 2 * self.mu * metal[here], undiluted)

    def taken(self, eps_v: Strain, xi: np.ndarray) -> Strain:
        """The stress that flow has taken away [Pa]."""
        weight = 2 * self.mu * self.metal(xi)
        return Strain(*(weight * x for x in eps_v))

    def force(self, eps_v: Strain, xi: np.ndarray) -> np.ndarray:
        """Nodal forces by that stress; at nodes of other ranks incomplete [N]."""
        return forces(self._edges, *self.taken(eps_v, xi))

    def softening(self, answer: Answer) -> tuple[np.ndarray, ...]:
        """What flow takes from the stiffness of the triangles [Pa].

        Returns:
            Its components (11, 12, 13, 22, 23, 33) with the strain as (xx, yy, 2 xy).
        """
        r, n = answer.returned, answer.returned.along
        all_ways = answer.weight * (1 - answer.undiluted * r.kept)
        along = answer.weight * answer.undiluted * (r.kept - r.slope)
        found = (
            all_ways * (2 / 3) + along * n.xx * n.xx,
            along * n.xx * n.yy - all_ways / 3,
            along * n.xx * n.xy,
            all_ways * (2 / 3) + along * n.yy * n.yy,
            along * n.yy * n.xy,
            all_ways / 2 + along * n.xy * n.xy,
        )
        everywhere = np.zeros((len(found), len(self._edges.areas)))
        everywhere[:, answer.here] = found
        return tuple(everywhere)

    def driving(self, u: np.ndarray, xi: np.ndarray, eps_v: Strain) -> np.ndarray:
        """What flow adds to `ElasticDriving`, at the nodes [J/m].

        d/dxi of h mu |e - eps_v|^2 less that of h mu |e|^2, of their deviators.
        """
        xx, yy, xy = self._total(u)
        # Of a deviator with any tensor it is that with its deviator.
        inner = eps_v.xx * xx + eps_v.yy * yy + 2 * eps_v.xy * xy
        zeroth = 0.5 * eps_v.squared - inner
        first = 2 * eps_v.inner(self._vegard)
        areas = 2 * self.mu * self._solved * self._edges.areas
        zeroth, first = (self._edges.to_nodes @ (areas * x) for x in (zeroth, first))
        return dh(xi) * (zeroth + h(xi) * first)


def _in_plane(vegard) -> tuple:
    """The Vegard strain as `creep.deviator` takes it."""
    xx, yy, zz = vegard
    return xx, yy, 0.0, zz


def pair(edges: Edges, stiffness: tuple[np.ndarray, ...]) -> Pair:
    """Entries of the edges of a stiffness per triangle, as `Flow.softening` gives it [N/m].

    With those of the transposed entries, as a matrix of edges takes them.
    """
    s11, s12, s13, s22, s23, s33 = stiffness
    (xx, xy), (yx, yy) = edges.product
    both = xx @ s13 + yy @ s23
    forward = np.array(
        [
            [
                xx @ s11 + xy @ s13 + yx @ s13 + yy @ s33,
                both + xy @ s12 + yx @ s33,
            ],
            [
                both + yx @ s12 + xy @ s33,
                yy @ s22 + yx @ s23 + xy @ s23 + xx @ s33,
            ],
        ]
    )
    return forward, forward.swapaxes(0, 1)
