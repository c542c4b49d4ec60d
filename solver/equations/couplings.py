# SPDX-License-Identifier: MIT
"""The forms of P1 fields by edges and triangles: the same numbers as solver.terms, without FFCx.

Between P1 functions, coefficients enter by one number per triangle, or by their mean over its
corners (the vertex rule): everything else is the mesh's, and made once.
"""

from __future__ import annotations

import numpy as np

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
        self._edges = edges
        both = np.column_stack([sigma_deposit, sigma_electrolyte])
        # Nodal values are functions of xi and a material; a node may have triangles of several.
        self._materials = []
        for pair in np.unique(both[solved > 0], axis=0):
            here = np.flatnonzero((both == pair).all(axis=1) & (solved > 0))
            whole = len(here) == len(edges.areas)
            self._materials.append((None if whole else (here, edges.mean[here]), pair))

    def __call__(self, xi: np.ndarray) -> Pair:
        """Its entries for nodal values of xi [S]."""
        sigma = np.zeros_like(self._edges.areas)
        for part, pair in self._materials:
            triangles, mean = part or (slice(None), self._edges.mean)
            sigma[triangles] = mean @ potential.conductivity(xi, *pair)
        found = self._edges.stiffness @ sigma
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
        self._edges, self._solved, self._D, self._D_deposit = edges, solved, D, D_deposit
        self._weight = edges.stiffness @ (D * solved)

    def __call__(self, potential: np.ndarray, xi: np.ndarray) -> Pair:
        """Its entries for nodal values of F/(RT) times the potential and of xi [m^2/s]."""
        weight, edges = self._weight, self._edges
        if self._D_deposit is not None:
            # The one-point rule: the D of the mean xi, not the mean of D.
            D = transport.diffusivity(edges.mean @ xi, self._D_deposit, self._D)
            weight = edges.stiffness @ (D * self._solved)
        return transport.edge_couplings(weight, potential[edges.head] - potential[edges.tail])


class GradientEnergy:
    """Residual of `phase_field.gradient` and the matrix that is its slope.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere.
        factors: L_sigma [m^3/J/s], kappa_0 [J/m], delta and omega.
    """

    def __init__(self, edges: Edges, solved: np.ndarray, factors: tuple[float, ...]):
        self._edges, self._solved, self._areas = edges, solved, edges.areas_of(solved)
        self._L_sigma, *self._factors = factors

    def _at(self, xi: np.ndarray) -> phase_field.Anisotropy:
        along_x, along_y = self._edges.gradient
        return phase_field.Anisotropy(along_x @ xi, along_y @ xi, *self._factors)

    def forces(self, xi: np.ndarray) -> np.ndarray:
        """Its residual for nodal values of xi; at nodes of other ranks incomplete [m^2/s]."""
        (at_x, at_y), (x, y) = self._edges.against_gradient, self._at(xi).flux()
        return self._L_sigma * (at_x @ (self._areas * x) + at_y @ (self._areas * y))

    def __call__(self, xi: np.ndarray) -> Pair:
        """Entries of its slope [m^2/s]."""
        (of_xx, of_xy), (of_yx, of_yy) = self._edges.product
        xx, xy, yy = (self._solved * component for component in self._at(xi).hessian())
        found = self._L_sigma * (of_xx @ xx + of_xy @ xy + of_yx @ xy + of_yy @ yy)
        return found, found
