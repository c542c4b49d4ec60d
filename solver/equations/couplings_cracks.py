# SPDX-License-Identifier: MIT
"""The stiffness of an electrolyte that cracks, by edges; as solver.equations.couplings_elastic."""

from __future__ import annotations

import numpy as np

from solver.cell.edges import Edges
from solver.equations.couplings_elastic import AtPoints
from solver.equations.couplings_flow import pair
from solver.laws.energy import h
from solver.schemes.edgewise import Pair
from solver.terms.damage import DEGREE
from solver.terms.mechanics import Elasticity


class CrackedStiffness:
    """Slope of `damage.equilibrium` by u, for the signs that tr eps has.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere, where there is no deposit.
        material: Lame constants and Vegard strain as numbers, or arrays over the triangles.
        residual: k, what is left of the stiffness of a crack.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, material: Elasticity, residual: float):
        self._edges, self._solved, self._material = edges, solved, material
        self._residual, self._points = residual, AtPoints(edges, DEGREE)
        self._swelling = np.reshape(sum(material.vegard), (-1, 1))

    def moduli(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lame's constants of the triangles, cracks and all [Pa]."""
        at, m = self._points, self._material
        metal = self._solved[:, None] * h(at(xi))
        electrolyte, whole = 1 - metal, (1 - at(d)) ** 2 + self._residual
        xx, yy, _ = self._edges.strain(u)
        opened = (xx + yy)[:, None] > self._swelling * metal
        deposit, sheared = at.mean(metal), at.mean(electrolyte * whole)
        pulled = at.mean(electrolyte * np.where(opened, whole, 1.0))
        bulk = m.lam_electrolyte + 2 / 3 * m.mu_electrolyte
        mu = sheared * m.mu_electrolyte
        lam = pulled * bulk - 2 / 3 * mu
        return lam + deposit * m.lam_metal, mu + deposit * m.mu_metal

    def __call__(
        self,
        u: np.ndarray,
        xi: np.ndarray,
        d: np.ndarray,
        softening: tuple[np.ndarray, ...] | None = None,
    ) -> Pair:
        """Its blocks for nodal values [N/m].

        Args:
            u: Displacement [m].
            xi: Phase field.
            d: Damage.
            softening: What flow takes from it, as `Flow.softening` gives it [Pa].
        """
        lam, mu = self.moduli(u, xi, d)
        none = np.zeros_like(mu)
        components = lam + 2 * mu, lam, none, lam + 2 * mu, none, mu
        if softening is not None:
            components = tuple(a - b for a, b in zip(components, softening, strict=True))
        return pair(self._edges, components)
