# SPDX-License-Identifier: MIT
"""An electrolyte that cracks by edges and triangles; as solver.equations.couplings_elastic.

Energy, forces and stiffness of `solver.terms.damage`, by its rule of quadrature. The strain of P1
displacements is constant per triangle, but what of it is elastic is not, nor the damage.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.base.last import Last
from solver.cell.edges import Edges
from solver.equations.couplings_elastic import AtPoints, forces
from solver.equations.couplings_flow import pair
from solver.laws.energy import h
from solver.schemes.edgewise import Pair
from solver.terms.damage import DEGREE
from solver.terms.mechanics import Elasticity

Pressure = float | np.ndarray
"""That in cracks, the same everywhere or nodal values [Pa]."""


class Stiff(NamedTuple):
    """What resists at the points of triangles, cracks and all.

    Attributes:
        lam: [Pa].
        mu: [Pa].
        trace: tr eps of what is elastic.
        metal: h.
    """

    lam: np.ndarray
    mu: np.ndarray
    trace: np.ndarray
    metal: np.ndarray


class Cracked:
    """Deposit and electrolyte in every triangle.

    Nodal values are those of all local nodes; sums at nodes of other ranks are incomplete.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere, where there is no deposit.
        material: Lame constants and Vegard strain as numbers, or arrays over the triangles.
        residual: k, what is left of the stiffness of a crack.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, material: Elasticity, residual: float):
        self._edges, self._at, self._vegard = edges, AtPoints(edges, DEGREE), material.vegard
        by_point = (np.reshape(x, (-1, 1)) for x in (*material[:4], sum(material.vegard)))
        self._lam_metal, self._mu_metal, lam, self._mu, self._swelling = by_point
        self._bulk = lam + 2 / 3 * self._mu
        self._metal = Last(lambda xi: solved[:, None] * h(self._at(xi)))
        self._left = Last(lambda d: (1 - self._at(d)) ** 2 + residual)
        self._strain = Last(edges.strain)

    def _stiff(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray) -> Stiff:
        """For the signs that tr eps has."""
        metal, left, trace = self._metal(xi), self._left(d), self._trace(u, xi)
        sheared = (1 - metal) * left * self._mu
        pulled = (1 - metal) * np.where(trace > 0, left, 1.0) * self._bulk
        lam = metal * self._lam_metal + pulled - 2 / 3 * sheared
        return Stiff(lam, metal * self._mu_metal + sheared, trace, metal)

    def stiffness(
        self,
        u: np.ndarray,
        xi: np.ndarray,
        d: np.ndarray,
        softening: tuple[np.ndarray, ...] | None = None,
    ) -> Pair:
        """Slope of the forces by u, in blocks of the edges [N/m].

        Args:
            u: Displacement [m].
            xi: Phase field.
            d: Damage.
            softening: What flow takes from it, as `Flow.softening` gives it [Pa].
        """
        found = self._stiff(u, xi, d)
        lam, mu = self._at.mean(found.lam), self._at.mean(found.mu)
        none = np.zeros_like(mu)
        components = lam + 2 * mu, lam, none, lam + 2 * mu, none, mu
        if softening is not None:
            components = tuple(a - b for a, b in zip(components, softening, strict=True))
        return pair(self._edges, components)

    def forces(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray, p: Pressure) -> np.ndarray:
        """Virtual work of stress and pressure, at the nodes [N]: 0 in equilibrium."""
        mean, (xx, yy, xy) = self._at.mean, self._strain(u)
        lam, mu, trace, metal = self._stiff(u, xi, d)
        open_ = self._open(xi, d)
        both = mean(lam * trace - open_ * self._pressure(p))
        mu, born = mean(mu), mean(mu * metal)
        normal = (
            both + 2 * (mu * along - born * swelling)
            for along, swelling in zip((xx, yy), self._vegard[:2], strict=True)
        )
        found = forces(self._edges, *normal, 2 * mu * xy)
        if not np.isscalar(p):
            shares = self._edges.areas[:, None] * self._at.shares(open_)
            for axis, gradient in enumerate(self._edges.gradient):
                found[axis::2] -= self._edges.at_corners(shares * (gradient @ p)[:, None])
        return found

    def elastic(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray) -> np.ndarray:
        """Energy of the elastic strain in every triangle [J/m^3]."""
        mean, (xx, yy, xy), (x, y, z) = self._at.mean, self._strain(u), self._vegard
        lam, mu, trace, metal = self._stiff(u, xi, d)
        sheared = mean(mu) * (xx * xx + yy * yy + 2 * xy * xy)
        born = mu * metal
        sheared += mean(born * metal) * (x * x + y * y + z * z) - 2 * mean(born) * (xx * x + yy * y)
        return 0.5 * mean(lam * trace * trace) + sheared

    def pressed(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray, p: Pressure) -> np.ndarray:
        """Work of the pressure on the faces of cracks, per volume of every triangle [J/m^3]."""
        open_ = self._open(xi, d)
        found = self._at.mean(open_ * self._pressure(p) * self._trace(u, xi))
        if not np.isscalar(p):
            for gradient, along in zip(self._edges.gradient, u.reshape(-1, 2).T, strict=True):
                found += (gradient @ p) * self._at.mean(open_ * self._at(along))
        return found

    def _trace(self, u: np.ndarray, xi: np.ndarray) -> np.ndarray:
        """tr eps of what is elastic, at the points."""
        xx, yy, _ = self._strain(u)
        return (xx + yy)[:, None] - self._swelling * self._metal(xi)

    def _open(self, xi: np.ndarray, d: np.ndarray) -> np.ndarray:
        """Share of a crack in what is at the points."""
        return (1 - self._metal(xi)) * (1 - self._left(d))

    def _pressure(self, p: Pressure) -> Pressure:
        """At the points."""
        return p if np.isscalar(p) else self._at(p)
