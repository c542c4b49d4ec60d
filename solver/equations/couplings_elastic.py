# SPDX-License-Identifier: MIT
"""The forms of elasticity by edges and triangles; as solver.equations.couplings."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import basix
import numpy as np

from dolfinx import fem

from solver.base.last import Last
from solver.base.memory import compact
from solver.cell.edges import OPPOSITE, Edges
from solver.laws.creep import Strain
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


NONE = 1e-300
"""What stands for no deposit in a denominator."""


class Vegard:
    """What the numbers of an `Elasticity` make of the Vegard strain of every triangle.

    Args:
        material: Lame constants and Vegard strain as numbers, or arrays over the triangles.
    """

    def __init__(self, material: Elasticity):
        self.lam, self.mu = material.lam_electrolyte, material.mu_electrolyte
        self.dlam = compact(material.lam_metal - self.lam)
        self.dmu = compact(material.mu_metal - self.mu)
        self.strain = material.vegard
        self.trace = compact(sum(self.strain))
        self.squared = compact(sum(s * s for s in self.strain))

    def stress(self, axis: int) -> tuple[np.ndarray, np.ndarray]:
        """Factors of h and h^2 in the normal stress of h times the strain [Pa]."""
        along = 2 * self.strain[axis]
        return self.lam * self.trace + self.mu * along, self.dlam * self.trace + self.dmu * along


class ElasticDriving:
    """Vector of `phase_field.elastic_driving` without its factor L_sigma.

    At a node f_els' is h' times a polynomial of second degree in h, with coefficients that are
    constant per triangle.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere.
        vegard: Of every triangle.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, vegard: Vegard):
        self._edges, self._areas = edges, edges.areas_of(solved)
        self._vegard = v = vegard
        self._second = self._at_nodes(1.5 * (v.dlam * v.trace**2 + 2 * v.dmu * v.squared))
        self._coefficients = Last(self._of_displacement)

    def _at_nodes(self, density: np.ndarray) -> np.ndarray:
        """Integrals over the thirds of triangles that are a node's."""
        return self._edges.to_nodes @ (self._areas * density)

    def __call__(self, u: np.ndarray, xi: np.ndarray) -> np.ndarray:
        """Its values at the nodes; at those of other ranks incomplete [J/m]."""
        metal, (zeroth, first) = h(xi), self._coefficients(u)
        return dh(xi) * (zeroth + metal * (first + metal * self._second))

    def _of_displacement(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients of 1 and h at the nodes [J/m]."""
        v, (xx, yy, xy) = self._vegard, self._edges.strain(u)
        trace, squared = xx + yy, xx * xx + yy * yy + 2 * xy * xy
        inner = xx * v.strain[0] + yy * v.strain[1]
        zeroth = (0.5 * v.dlam * trace - v.lam * v.trace) * trace
        zeroth += v.dmu * squared - 2 * v.mu * inner
        first = v.lam * v.trace**2 + 2 * v.mu * v.squared
        first = first - 2 * v.dlam * v.trace * trace - 4 * v.dmu * inner
        return self._at_nodes(zeroth), self._at_nodes(first)


class AtPoints:
    """Values of P1 functions at the points of a rule of quadrature, shape (triangles, points).

    Args:
        edges: The edges.
        degree: Of the rule.

    Attributes:
        count: Of the points.
    """

    def __init__(self, edges: Edges, degree: int):
        at, weights = basix.make_quadrature(basix.CellType.triangle, degree)
        self.count = len(weights)
        self._corners, self._weights = edges.corners, weights / weights.sum()
        self._basis = np.vstack([1 - at.sum(axis=1), at.T])
        ends = [self._basis[i] * self._basis[j] for i, j in OPPOSITE]
        self._of_ends = self._weights[:, None] * np.stack(ends, axis=1)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Those of nodal values."""
        return values[self._corners] @ self._basis

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Means over the triangles of values at the points."""
        return values @ self._weights

    def shares(self, values: np.ndarray) -> np.ndarray:
        """The same of values times each corner's basis function, shape (triangles, 3)."""
        return values @ (self._weights[:, None] * self._basis.T)

    def of_ends(self, values: np.ndarray) -> np.ndarray:
        """The same times both basis functions of the edge opposite to each corner."""
        return values @ self._of_ends


class Deposit(NamedTuple):
    """The deposit in every triangle.

    Attributes:
        share: h, its mean.
        own: h as the deposit sees it: its mean over the deposit.
    """

    share: np.ndarray
    own: np.ndarray

    @classmethod
    def of(cls, edges: Edges, solved: np.ndarray, xi: np.ndarray) -> Deposit:
        """That of nodal values of xi by the vertex rule; `solved` is 0 where there is none."""
        metal = h(xi)
        once, twice = (solved * (edges.mean @ x) for x in (metal, metal * metal))
        return cls(once, twice / np.maximum(once, NONE))

    @classmethod
    def by_quadrature(cls, edges: Edges, degree: int, xi: np.ndarray) -> Deposit:
        """That of nodal values of xi, by the rule that forms of a degree are summed up by."""
        points = AtPoints(edges, degree)
        metal = h(points(xi))
        once, twice = points.mean(metal), points.mean(metal * metal)
        return cls(once, twice / np.maximum(once, NONE))


def pressure(
    edges: Edges, solved: np.ndarray, vegard: Vegard, u: np.ndarray, xi: np.ndarray
) -> np.ndarray:
    """Pressure -tr(sigma)/3 at the centre of every triangle [Pa], which flow does not change."""
    metal, (xx, yy, _) = h(solved * (edges.mean @ xi)), edges.strain(u)
    bulk = vegard.lam + metal * vegard.dlam + 2 / 3 * (vegard.mu + metal * vegard.dmu)
    return bulk * (metal * vegard.trace - xx - yy)


def pressure_of_deposit(
    edges: Edges, solved: np.ndarray, vegard: Vegard, u: np.ndarray, xi: np.ndarray
) -> np.ndarray:
    """Pressure of the deposit in every triangle [Pa], which flow does not change.

    Where there is hardly any, that which it would have.
    """
    xx, yy, _ = edges.strain(u)
    bulk = vegard.lam + vegard.dlam + 2 / 3 * (vegard.mu + vegard.dmu)
    return bulk * (Deposit.of(edges, solved, xi).own * vegard.trace - xx - yy)


def forces(edges: Edges, xx: np.ndarray, yy: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Virtual work of a stress per triangle [Pa]; at nodes of other ranks incomplete [N]."""
    (at_x, at_y), areas = edges.against_gradient, edges.areas
    xx, yy, xy = areas * xx, areas * yy, areas * xy
    x, y = at_x @ xx + at_y @ xy, at_x @ xy + at_y @ yy
    return np.column_stack([x, y]).ravel()


def von_mises(
    edges: Edges,
    solved: np.ndarray,
    vegard: Vegard,
    u: np.ndarray,
    xi: np.ndarray,
    eps_v: Strain | None = None,
) -> np.ndarray:
    """Von Mises stress at the centre of every triangle [Pa], as `mechanics.von_mises`.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere.
        vegard: Of every triangle.
        u: Displacement, nodal values [m].
        xi: Phase field, nodal values.
        eps_v: Strain by which the deposit has flowed; None: it does not.
    """
    v, (xx, yy, xy) = vegard, edges.strain(u)
    metal = h(solved * (edges.mean @ xi))
    normal = [e - metal * s for e, s in zip((xx, yy, 0.0), v.strain, strict=True)]
    mean = sum(normal) / 3  # the isotropic part of the stress does not count
    mu = v.mu + metal * v.dmu
    if eps_v is not None:
        lost = metal * (v.mu + v.dmu) / mu
        zz = -(eps_v.xx + eps_v.yy)
        normal = [e - lost * x for e, x in zip(normal, (eps_v.xx, eps_v.yy, zz), strict=True)]
        xy = xy - lost * eps_v.xy
    squared = sum((e - mean) ** 2 for e in normal) + 2 * xy * xy
    return 2 * mu * np.sqrt(1.5 * squared)


class Stiffness:
    """Matrix of `mechanics.stiffness` and vector of `mechanics.vegard_load`.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere, where there is no deposit.
        vegard: Of every triangle.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, vegard: Vegard):
        self._edges, self._solved, self._vegard = edges, solved, vegard
        self.moduli = Last(self._moduli)

    def _mean(self, values: np.ndarray) -> np.ndarray:
        """Means over triangles of what is 0 without deposit."""
        return self._solved * (self._edges.mean @ values)

    def _moduli(self, xi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lame's constants of the triangles [Pa]."""
        metal, v = self._mean(h(xi)), self._vegard
        return v.lam + metal * v.dlam, v.mu + metal * v.dmu

    def stress(self, total: tuple, xi: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Stress xx, yy, xy of the total strain of the triangles, as `strain` gives it [Pa]."""
        (lam, mu), (xx, yy, xy) = self.moduli(xi), total
        both = lam * (xx + yy)
        return both + 2 * mu * xx, both + 2 * mu * yy, 2 * mu * xy

    def force(self, u: np.ndarray, xi: np.ndarray) -> np.ndarray:
        """Its product with u; at nodes of other ranks incomplete [N]."""
        return forces(self._edges, *self.stress(self._edges.strain(u), xi))

    def __call__(self, xi: np.ndarray) -> Pair:
        """Its blocks for nodal values of xi [N/m]."""
        lam, mu = self.moduli(xi)
        (xx, xy), (yx, yy) = self._edges.product
        forward = np.array(
            [
                [xx @ (lam + 2 * mu) + yy @ mu, xy @ lam + yx @ mu],
                [yx @ lam + xy @ mu, yy @ (lam + 2 * mu) + xx @ mu],
            ]
        )
        return forward, forward.swapaxes(0, 1)

    def load(self, xi: np.ndarray) -> np.ndarray:
        """The load of the Vegard strain; at nodes of other ranks incomplete [N]."""
        metal = h(xi)
        once, twice = self._mean(metal), self._mean(metal * metal)
        found = []
        for axis, at_nodes in enumerate(self._edges.against_gradient):
            first, second = self._vegard.stress(axis)
            found.append(at_nodes @ (-self._edges.areas * (first * once + second * twice)))
        return np.column_stack(found).ravel()
