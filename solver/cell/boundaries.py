# SPDX-License-Identifier: MIT
"""Which properties the boundaries of grains change, and how."""

from __future__ import annotations

import numpy as np

from solver.input.geometry_sections import GrainBoundaries
from solver.laws import grain_boundary


def _sigma_ion(given: GrainBoundaries, values, sigma, density) -> np.ndarray:
    if given.sigma_ion is not None:
        return grain_boundary.with_film(values, given.sigma_ion, given.thickness, density)
    return grain_boundary.blocked(values, given.R_gb, density)


def _diffusivity(given: GrainBoundaries, values, sigma, density) -> np.ndarray:
    """In proportion to the conductivity: ions that are slower conduct less."""
    return values * _sigma_ion(given, sigma, sigma, density) / sigma


def _sigma_el(given: GrainBoundaries, values, sigma, density) -> np.ndarray:
    if given.sigma_el is None:
        return values
    return grain_boundary.with_film(values, given.sigma_el, given.thickness, density)


KEYS = {"sigma_ion": _sigma_ion, "D": _diffusivity, "sigma_el": _sigma_el}
"""By the key of a layer: what makes the values in the band of those of the grains.

The functions take the section of the config, the values and sigma_ion of the grains, and the
density of the band [1/m].
"""
