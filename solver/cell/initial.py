# SPDX-License-Identifier: MIT
"""Initial deposit: a thin lithium film with half-disks, as a smooth profile."""

from __future__ import annotations

import numpy as np

from solver.input import seeded
from solver.input.config import Config
from solver.input.deposit import Nuclei


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
    """Signed distance to film, half-disks and islands, negative inside [m]."""
    d = y - nuclei.film if nuclei.film > 0 else np.full_like(y, np.inf)  # a film of 0 is none
    for centre, radius in disks(nuclei, width):
        d = np.minimum(d, np.hypot(x - centre, y - nuclei.film) - radius)
    for island in nuclei.islands:
        d = np.minimum(d, np.hypot(x - island.x, y - island.y) - island.radius)
    return d


def distance_in(config: Config, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Signed distance to all of the deposit of a config, regions full of it included [m]."""
    found = distance(x, y, config.nuclei, config.width)
    if not config.nuclei.regions:
        return found
    from scipy.ndimage import map_coordinates

    depth, pixel = seeded.depths(config, config.nuclei.regions)
    places = np.stack([y, x]) / pixel - 0.5
    return np.minimum(found, -map_coordinates(depth, places, order=1, mode="nearest"))


def phase_field(distance: np.ndarray, length: float) -> np.ndarray:
    """Equilibrium profile 1/(1 + exp(d/l)) of the deposit's distance d."""
    return 0.5 * (1 - np.tanh(distance / (2 * length)))
