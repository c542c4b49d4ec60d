# SPDX-License-Identifier: MIT
"""The forms of elasticity by edges and triangles; as solver.equations.couplings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dolfinx import fem

from solver.cell.edges import Edges
from solver.laws.energy import dh, h
from solver.schemes.edgewise import Pair
from solver.terms.mechanics import Elasticity


def by_triangle(
    material: Elasticity, of_triangles: Callable[[fem.Function], np.ndarray]
) -> Elasticity:
    """An elasticity as numbers: of the deposit, and arrays over the triangles."""
    return Elasticity(
        float(material.lam_metal.value),
        float(material.mu_metal.value),
        of_triangles(material.lam_electrolyte),
        of_triangles(material.mu_electrolyte),
        [of_triangles(component) for component in material.vegard],
    )


class Vegard:
    """What the numbers of an `Elasticity` make of the Vegard strain of every triangle.

    Args:
        material: Lame constants and Vegard strain as numbers, or arrays over the triangles.
    """

    def __init__(self, material: Elasticity):
        self.lam, self.mu = material.lam_electrolyte, material.mu_electrolyte
        self.dlam, self.dmu = material.lam_metal - self.lam, material.mu_metal - self.mu
        self.strain = material.vegard
        self.trace, self.squared = sum(self.strain), sum(s * s for s in self.strain)

    def stress(self, axis: int) -> tuple[np.ndarray, np.ndarray]:
        """Factors of h and h^2 in the normal stress of h times the strain [Pa]."""
        along = 2 * self.strain[axis]
        return self.lam * self.trace + self.mu * along, self.dlam * self.trace + self.dmu * along


class ElasticDriving:
    """Vector of `phase_field.elastic_driving`.

    At a node f_els' is h' times a polynomial of second degree in h, with coefficients that are
    constant per triangle.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere.
        L_sigma: Interface mobility [m^3/J/s].
        material: Lame constants and Vegard strain of every triangle.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, L_sigma: float, material: Elasticity):
        self._L_sigma, self._vegard, v = L_sigma, Vegard(material), Vegard(material)
        self._gradient = [edges.gradient(axis) for axis in (0, 1)]
        self._patches = (edges.mean().T * (edges.areas * solved)).tocsr()
        self._second = self._patches @ (1.5 * (v.dlam * v.trace**2 + 2 * v.dmu * v.squared))
        self._u = np.empty(0)

    def __call__(self, u: np.ndarray, xi: np.ndarray) -> np.ndarray:
        """Its values at the nodes; at those of other ranks incomplete [m^2/s]."""
        if not np.array_equal(u, self._u):
            self._u = u.copy()
            self._zeroth, self._first = (self._patches @ x for x in self._of_strain(u))
        metal = h(xi)
        force = self._zeroth + metal * (self._first + metal * self._second)
        return self._L_sigma * dh(xi) * force

    def _of_strain(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients of 1 and h per triangle [J/m^3]."""
        v, (along_x, along_y) = self._vegard, self._gradient
        ux, uy = u.reshape(-1, 2).T.copy()
        xx, yy, twice_xy = along_x @ ux, along_y @ uy, along_y @ ux + along_x @ uy
        trace, squared = xx + yy, xx * xx + yy * yy + 0.5 * twice_xy * twice_xy
        inner = xx * v.strain[0] + yy * v.strain[1]
        zeroth = (0.5 * v.dlam * trace - v.lam * v.trace) * trace
        zeroth += v.dmu * squared - 2 * v.mu * inner
        first = v.lam * v.trace**2 + 2 * v.mu * v.squared
        return zeroth, first - 2 * v.dlam * v.trace * trace - 4 * v.dmu * inner


class Stiffness:
    """Matrix of `mechanics.stiffness` and vector of `mechanics.vegard_load`.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere, where there is no deposit.
        material: Lame constants and Vegard strain of every triangle.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, material: Elasticity):
        v = Vegard(material)
        self._mean = (edges.mean().T * solved).T.tocsr()
        # Products of derivatives of a row's and a column's basis function, by their axes.
        products = [[edges.products(a, b) for b in (0, 1)] for a in (0, 1)]
        both = products[0][0] + products[1][1]

        def block(lam: np.ndarray, mu: np.ndarray, a: int, b: int) -> np.ndarray:
            shear = products[b][a] + both if a == b else products[b][a]
            return lam[:, None] * products[a][b] + mu[:, None] * shear

        axes = [(a, b) for a in (0, 1) for b in (0, 1)]
        triangles = np.ones(len(edges.areas))
        self._electrolyte = np.array(
            [edges.gather(block(v.lam, v.mu, *pair)) @ triangles for pair in axes]
        )
        self._metal = [edges.gather(block(v.dlam, v.dmu, *pair)) for pair in axes]
        self._stress = [v.stress(axis) for axis in (0, 1)]
        self._divergence = [(edges.gradient(a).T * edges.areas).tocsr() for a in (0, 1)]

    def __call__(self, xi: np.ndarray) -> Pair:
        """Its blocks for nodal values of xi [N/m]."""
        metal = self._mean @ h(xi)
        found = np.array([part @ metal for part in self._metal])
        found += self._electrolyte
        forward = found.reshape(2, 2, -1)
        return forward, forward.swapaxes(0, 1)

    def load(self, xi: np.ndarray) -> np.ndarray:
        """The load of the Vegard strain; at nodes of other ranks incomplete [N]."""
        metal = h(xi)
        once, twice = self._mean @ metal, self._mean @ (metal * metal)
        found = [
            divergence @ (-(first * once + second * twice))
            for divergence, (first, second) in zip(self._divergence, self._stress, strict=True)
        ]
        return np.column_stack(found).ravel()
