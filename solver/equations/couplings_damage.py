# SPDX-License-Identifier: MIT
"""The energy of damage by edges and triangles; as solver.equations.couplings_cracks."""

from __future__ import annotations

import numpy as np

from solver.cell.edges import Edges
from solver.equations.couplings_elastic import AtPoints
from solver.laws.fracture import normalisation
from solver.schemes.bounded import Quadratic
from solver.terms.damage import DEGREE


class Breaking:
    """What the energy is of d, for a displacement: quadratic.

    Sums at nodes of other ranks, and on their edges, are incomplete.

    Args:
        edges: The edges.
        model: AT1 or AT2.
        G_c: Energy of a crack per area, in every triangle or everywhere [J/m^2].
        length: l_d [m].
    """

    def __init__(self, edges: Edges, model: str, G_c: np.ndarray | float, length: float):
        self._edges, self._at = edges, AtPoints(edges, DEGREE)
        surface = np.broadcast_to(G_c / normalisation(model), edges.areas.shape)
        local = edges.areas * surface / length
        self._own = edges.stiffness @ (2 * surface * length)
        self._threshold = self._resisted = np.zeros(edges.nodes)
        if model == "AT1":
            self._threshold = edges.to_nodes @ local
        else:
            self._resisted = edges.to_nodes @ (2 * local)
            even = np.ones((len(local), self._at.count))
            self._own += edges.of_ends(2 * local[:, None] * self._at.of_ends(even))

    def __call__(self, drive: np.ndarray) -> Quadratic:
        """The energy, but for what does not depend on d.

        Args:
            drive: What damage sets free, as `Cracked.drive` gives it [J/m^3].
        """
        edges, areas = self._edges, 2 * self._edges.areas[:, None]
        driven = edges.at_corners(areas * self._at.shares(drive))
        entries = self._own + edges.of_ends(areas * self._at.of_ends(drive))
        return Quadratic(entries, driven + self._resisted, driven - self._threshold)
