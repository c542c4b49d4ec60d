# SPDX-License-Identifier: MIT
"""The forms of a front that keeps its profile by edges and triangles; as .couplings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.cell.edges import Edges
from solver.equations.couplings import Pair
from solver.laws.front import PURE, psi
from solver.terms import phase_field, potential, transport


class ConductionInSeries:
    """Matrix of `potential.conduction_in_series`.

    Args:
        edges: The edges.
        solved: 1 in every triangle that conducts, 0 elsewhere.
        sigma_deposit: Of every triangle [S/m].
        sigma_electrolyte: Of every triangle [S/m].
    """

    def __init__(self, edges: Edges, solved, sigma_deposit, sigma_electrolyte):
        self._edges, self._solved = edges, solved
        self._materials = sigma_deposit, sigma_electrolyte

    def __call__(self, xi: np.ndarray) -> Pair:
        """Its entries for nodal values of xi [S]."""
        middle = self._edges.mean @ np.clip(xi, 0.0, 1.0)
        found = self._edges.stiffness @ (
            self._solved / potential.resistivity(middle, *self._materials)
        )
        return found, found


class TransportAhead:
    """Matrix of `transport.nernst_planck` with the `transport.share` of a metal without Li+.

    Args:
        edges: The edges.
        solved: 1 in every triangle with transport, 0 elsewhere.
        D: Diffusivity of every triangle [m^2/s].
    """

    def __init__(self, edges: Edges, solved: np.ndarray, D: np.ndarray):
        self._edges, self._D = edges, D * solved

    def __call__(self, potential: np.ndarray, xi: np.ndarray, normal: np.ndarray) -> Pair:
        """Its entries for nodal values of F/(RT) times the potential, xi and the normal [m^2/s]."""
        edges, mean = self._edges, self._edges.mean
        xx, xy, yy = transport.share(mean @ xi, (mean @ normal).T)
        (of_xx, of_xy), (of_yx, of_yy) = edges.product
        xx, xy, yy = self._D * xx, self._D * xy, self._D * yy
        weight = of_xx @ xx + of_xy @ xy + of_yx @ xy + of_yy @ yy
        return transport.edge_couplings(weight, potential[edges.head] - potential[edges.tail])


class ConductionOfIons:
    """Matrix of the conduction of ions, sigma_l grad phi . grad v with (1 - xi) sigma_ion.

    Args:
        edges: The edges.
        solved: 1 in every triangle that conducts, 0 elsewhere.
        sigma_ion: Of every triangle [S/m].
    """

    def __init__(self, edges: Edges, solved, sigma_ion):
        self._edges, self._sigma = edges, solved * sigma_ion

    def __call__(self, xi: np.ndarray) -> Pair:
        """Its entries for nodal values of xi [S]."""
        ions = potential.share_of_ions(self._edges.mean @ np.clip(xi, 0.0, 1.0))
        found = self._edges.stiffness @ (self._sigma * ions)
        return found, found


@dataclass(frozen=True)
class Kept:
    """What a step knows of its front.

    Attributes:
        mobility: chi L_sigma times the capillarity, of every triangle [m^3/J/s].
        M: Mobility of the sharpening flux, of every triangle [m^2/s].
        normal: Means of the normal over every triangle, x and y components.
    """

    mobility: np.ndarray
    M: np.ndarray
    normal: tuple[np.ndarray, np.ndarray]


class KeptFront:
    """Residual of the isotropic `phase_field.gradient` with `sharpening`, and a matrix for it.

    Attributes:
        kept: What the present step knows of its front.

    Args:
        edges: The edges.
        solved: 1 in every triangle with a phase field, 0 elsewhere.
        kappa_0: Gradient energy coefficient [J/m].
        length: Interface length [m].
    """

    kept: Kept

    def __init__(self, edges: Edges, solved: np.ndarray, kappa_0: float, length: float):
        self._edges, self._solved, self._areas = edges, solved, edges.areas_of(solved)
        self._kappa_0, self._length = kappa_0, length

    def _spread(self, xi: np.ndarray) -> np.ndarray:
        inside = np.clip(xi, PURE, 1 - PURE)
        return inside * (1 - inside)

    def forces(self, xi: np.ndarray) -> np.ndarray:
        """Its residual for nodal values of xi; at nodes of other ranks incomplete [m^2/s]."""
        (along_x, along_y), kept, at = self._edges.gradient, self.kept, psi(xi)
        n_x, n_y = kept.normal
        # The mean of the logarithms: the geometric mean.
        weight = np.exp(self._edges.mean @ np.log(self._spread(xi)))
        steeper = n_x * (along_x @ at) + n_y * (along_y @ at) - 1 / self._length
        sharpening = kept.M * weight * steeper
        capillary = kept.mobility * self._kappa_0
        x = capillary * (along_x @ xi) + sharpening * n_x
        y = capillary * (along_y @ xi) + sharpening * n_y
        at_x, at_y = self._edges.against_gradient
        return at_x @ (self._areas * x) + at_y @ (self._areas * y)

    def __call__(self, xi: np.ndarray) -> Pair:
        """Entries of what stands for its slope in an iteration [m^2/s].

        Where a triangle is so coarse that xi changes by a large factor in it, the flux answers to
        the smallest share.
        """
        spread, kept = self._spread(xi), self.kept
        (of_xx, of_xy), (of_yx, of_yy) = self._edges.product
        least = spread[self._edges.corners].min(axis=1)
        weight = np.exp(self._edges.mean @ np.log(spread))
        M = self._solved * kept.M * np.minimum(weight / least, phase_field.STEEPEST)
        n_x, n_y = kept.normal
        found = self._edges.stiffness @ (self._solved * kept.mobility * self._kappa_0)
        found += of_xx @ (M * n_x * n_x) + of_yy @ (M * n_y * n_y)
        cross = M * n_x * n_y
        found += of_xy @ cross + of_yx @ cross
        return found, found
