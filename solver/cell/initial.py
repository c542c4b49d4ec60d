# SPDX-License-Identifier: MIT
"""Initial deposit: a thin lithium film with half-disks, as a smooth profile."""

from __future__ import annotations

import numpy as np

from solver.input.sections import Nuclei


def disks(nuclei: Nuclei, width: float) -> np.ndarray:
    """Return centres and radii of the half-disks, shape (n, 2) [m].

    The random numbers depend on the seed alone, never on the mesh or the number of ranks.
    """
    random = np.random.default_rng(nuclei.seed)
    if nuclei.positions is not None:
        centres = np.array(nuclei.positions, dtype=float)
    else:
        spacing = width / max(nuclei.count, 1)
        shift = random.uniform(-nuclei.jitter, nuclei.jitter, nuclei.count)
        centres = (np.arange(nuclei.count) + 0.5 + shift) * spacing
    spread = random.uniform(-nuclei.radius_spread, nuclei.radius_spread, len(centres))
    return np.column_stack((centres, nuclei.radius * (1 + spread)))


def distance(x: np.ndarray, y: np.ndarray, nuclei: Nuclei, width: float) -> np.ndarray:
    """Signed distance to the deposit, negative inside [m]."""
    d = y - nuclei.film if nuclei.film > 0 else np.full_like(y, np.inf)  # a film of 0 is none
    for centre, radius in disks(nuclei, width):
        d = np.minimum(d, np.hypot(x - centre, y - nuclei.film) - radius)
    for island in nuclei.islands:
        d = np.minimum(d, np.hypot(x - island.x, y - island.y) - island.radius)
    return d


def phase_field(x, y, nuclei: Nuclei, width: float, length: float) -> np.ndarray:
    """Equilibrium profile 1/(1 + exp(d/l)) of the deposit's distance d."""
    return 0.5 * (1 - np.tanh(distance(x, y, nuclei, width) / (2 * length)))
