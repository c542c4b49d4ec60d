# SPDX-License-Identifier: MIT
"""The forms of P1 fields by edges and triangles: the same numbers as solver.terms, without FFCx.

Between P1 functions, coefficients enter by one number per triangle, or by their mean over its
corners (the vertex rule): everything else is the mesh's, and made once.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import hstack, vstack

from solver.cell.edges import Edges
from solver.schemes.edgewise import Pair
from solver.terms import phase_field, potential, transport


class Conduction:
    """Matrix of `potential.conduction`.

    Args:
        edges: The edges.
        solved: 1 in every triangle that conducts, 0 elsewhere.
        sigma_deposit: Of every triangle [S/m].
        sigma_electrolyte: Of every triangle [S/m].
    """

    def __init__(
        self,
        edges: Edges,
        solved: np.ndarray,
        sigma_deposit: np.ndarray,
        sigma_electrolyte: np.ndarray,
    ):
        stiffness, mean = edges.stiffness(), edges.mean()
        both = np.column_stack([sigma_deposit, sigma_electrolyte])[solved > 0]
        self._pairs = np.unique(both, axis=0)
        # Nodal values are functions of xi and a material; a node may have triangles of several.
        parts = []
        for deposit, electrolyte in self._pairs:
            here = solved * (sigma_deposit == deposit) * (sigma_electrolyte == electrolyte)
            parts.append(edges.gather(stiffness * here[:, None]) @ mean)
        self._of_nodes = hstack(parts, format="csr")

    def __call__(self, xi: np.ndarray) -> Pair:
        """Its entries for nodal values of xi [S]."""
        sigma = [potential.conductivity(xi, *pair) for pair in self._pairs]
        found = self._of_nodes @ np.concatenate(sigma)
        return found, found


class Transport:
    """Matrix of `transport.nernst_planck`.

    Args:
        edges: The edges.
        solved: 1 in every triangle with transport, 0 elsewhere.
        D: Diffusivity of every triangle [m^2/s].
        D_deposit: That of the deposit [m^2/s]; None: the same.
    """

    def __init__(self, edges: Edges, solved, D, D_deposit: float | None):
        self._edges, self._D, self._D_deposit = edges, D, D_deposit
        gather = edges.gather(edges.stiffness() * solved[:, None])
        self._weight = gather @ D
        if D_deposit is not None:
            self._gather, self._mean = gather, edges.mean()

    def __call__(self, potential: np.ndarray, xi: np.ndarray) -> Pair:
        """Its entries for nodal values of F/(RT) times the potential and of xi [m^2/s]."""
        weight = self._weight
        if self._D_deposit is not None:
            # The one-point rule: the D of the mean xi, not the mean of D.
            D = transport.diffusivity(self._mean @ xi, self._D_deposit, self._D)
            weight = self._gather @ D
        drop = potential[self._edges.head] - potential[self._edges.tail]
        return transport.edge_couplings(weight, drop)


class GradientEnergy:
    """Residual of `phase_field.gradient` and the matrix that is its slope.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere.
        factors: L_sigma [m^3/J/s], kappa_0 [J/m], delta and omega.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, factors: tuple[float, ...]):
        self._L_sigma, *self._factors = factors
        components = [edges.gradient(axis) for axis in (0, 1)]
        self.gradient = vstack(components, format="csr")
        areas = np.tile(edges.areas * solved, 2)
        self.divergence = (self.gradient.T * areas).tocsr()
        mixed = edges.products(0, 1) + edges.products(1, 0)
        weights = (edges.products(0, 0), mixed, edges.products(1, 1))
        found = [edges.gather(w * solved[:, None]) for w in weights]
        self._of_hessian = hstack(found, format="csr")

    def _at(self, xi: np.ndarray) -> phase_field.Anisotropy:
        return phase_field.Anisotropy(*np.split(self.gradient @ xi, 2), *self._factors)

    def forces(self, xi: np.ndarray) -> np.ndarray:
        """Its residual for nodal values of xi; at nodes of other ranks incomplete [m^2/s]."""
        return self._L_sigma * (self.divergence @ np.concatenate(self._at(xi).flux()))

    def __call__(self, xi: np.ndarray) -> Pair:
        """Entries of its slope [m^2/s]."""
        found = self._L_sigma * (self._of_hessian @ np.concatenate(self._at(xi).hessian()))
        return found, found
