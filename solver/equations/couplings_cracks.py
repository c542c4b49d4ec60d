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


class Moduli(NamedTuple):
    """What deposit and cracked electrolyte are of, whatever the displacement.

    Attributes:
        opened: lam at the points of triangles, where tr eps is positive [Pa].
        shut: The same where it is not [Pa].
        mu: Of the triangles, as are the next two [Pa].
        born: mu h.
        twice: mu h^2.
        crack: Share of a crack in what is at the points.
    """

    opened: np.ndarray
    shut: np.ndarray
    mu: np.ndarray
    born: np.ndarray
    twice: np.ndarray
    crack: np.ndarray


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
        strain = material.vegard
        of_strain = sum(strain), sum(x * x for x in strain)
        by_point = (np.reshape(x, (-1, 1)) for x in (*material[:4], *of_strain))
        self._lam_metal, self._mu_metal, lam, self._mu, self._swelling, self._squared = by_point
        self._bulk = lam + 2 / 3 * self._mu
        self._metal = Last(lambda xi: solved[:, None] * h(self._at(xi)))
        self._left = Last(lambda d: (1 - self._at(d)) ** 2 + residual)
        self._moduli, self._strain = Last(self._moduli_of), Last(edges.strain)
        self._trace = Last(self._trace_of)

    def _moduli_of(self, xi: np.ndarray, d: np.ndarray) -> Moduli:
        mean, metal = self._at.mean, self._metal(xi)
        whole = 1 - metal
        solid = whole * self._left(d)
        sheared = solid * self._mu
        rest = metal * self._lam_metal - 2 / 3 * sheared
        mu = metal * self._mu_metal + sheared
        born = mu * metal
        means = mean(mu), mean(born), mean(born * metal)
        opened, shut = rest + solid * self._bulk, rest + whole * self._bulk
        return Moduli(opened, shut, *means, whole - solid)

    def _lam(self, trace: np.ndarray, found: Moduli) -> np.ndarray:
        """For the signs that tr eps has [Pa]."""
        return np.where(trace > 0, found.opened, found.shut)

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
        found = self._moduli(xi, d)
        lam, mu = self._at.mean(self._lam(self._trace(u, xi), found)), found.mu
        none = np.zeros_like(mu)
        components = lam + 2 * mu, lam, none, lam + 2 * mu, none, mu
        if softening is not None:
            components = tuple(a - b for a, b in zip(components, softening, strict=True))
        return pair(self._edges, components)

    def forces(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray, p: Pressure) -> np.ndarray:
        """Virtual work of stress and pressure, at the nodes [N]: 0 in equilibrium."""
        (xx, yy, xy), trace, moduli = self._strain(u), self._trace(u, xi), self._moduli(xi, d)
        mean_stress = self._lam(trace, moduli) * trace - moduli.crack * self._pressure(p)
        both, mu, born = self._at.mean(mean_stress), moduli.mu, moduli.born
        normal = (
            both + 2 * (mu * along - born * swelling)
            for along, swelling in zip((xx, yy), self._vegard[:2], strict=True)
        )
        found = forces(self._edges, *normal, 2 * mu * xy)
        if not np.isscalar(p):
            shares = self._edges.areas[:, None] * self._at.shares(moduli.crack)
            for axis, gradient in enumerate(self._edges.gradient):
                found[axis::2] -= self._edges.at_corners(shares * (gradient @ p)[:, None])
        return found

    def elastic(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray) -> np.ndarray:
        """Energy of the elastic strain in every triangle [J/m^3]."""
        (xx, yy, xy), (x, y, _) = self._strain(u), self._vegard
        moduli, trace = self._moduli(xi, d), self._trace(u, xi)
        sheared = moduli.mu * (xx * xx + yy * yy + 2 * xy * xy)
        sheared += moduli.twice * self._squared[:, 0] - 2 * moduli.born * (xx * x + yy * y)
        return 0.5 * self._at.mean(self._lam(trace, moduli) * trace * trace) + sheared

    def pressed(self, u: np.ndarray, xi: np.ndarray, d: np.ndarray, p: Pressure) -> np.ndarray:
        """Work of the pressure on the faces of cracks, per volume of every triangle [J/m^3]."""
        crack = self._moduli(xi, d).crack
        found = self._at.mean(crack * self._pressure(p) * self._trace(u, xi))
        if not np.isscalar(p):
            for gradient, along in zip(self._edges.gradient, u.reshape(-1, 2).T, strict=True):
                found += (gradient @ p) * self._at.mean(crack * self._at(along))
        return found

    def drive(self, u: np.ndarray, xi: np.ndarray, p: Pressure) -> np.ndarray:
        """psi+ and work of pressure at the points [J/m^3]: -g'(d) times it drives d."""
        (xx, yy, xy), (x, y, _), metal = self._strain(u), self._vegard, self._metal(xi)
        trace = self._trace(u, xi)
        total, along = xx * xx + yy * yy + 2 * xy * xy, 2 * (xx * x + yy * y)
        squared = total[:, None] + metal * (metal * self._squared - along[:, None])
        found = 0.5 * self._bulk * np.maximum(trace, 0) ** 2
        found += self._mu * (squared - trace * trace / 3) + self._pressure(p) * trace
        if not np.isscalar(p):
            for gradient, moved in zip(self._edges.gradient, u.reshape(-1, 2).T, strict=True):
                found += (gradient @ p)[:, None] * self._at(moved)
        return (1 - metal) * found

    def _trace_of(self, u: np.ndarray, xi: np.ndarray) -> np.ndarray:
        """tr eps of what is elastic, at the points."""
        xx, yy, _ = self._strain(u)
        return (xx + yy)[:, None] - self._swelling * self._metal(xi)

    def _pressure(self, p: Pressure) -> Pressure:
        """At the points."""
        return p if np.isscalar(p) else self._at(p)
