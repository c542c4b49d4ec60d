# SPDX-License-Identifier: MIT
"""A stack of layers that stands for a cell: its own, or one layer like its regions on average."""

from __future__ import annotations

from math import pi

from solver.cell import regions
from solver.input.config import Config
from solver.input.sections import Layer
from solver.laws import mixtures

CONDUCTING = ("sigma_ion", "sigma_el", "sigma_Li", "sigma_e", "D")
"""Keys of what flows; all others are averaged."""
STORED = ("c0", "E", "nu")


def stack(config: Config) -> tuple[Layer, ...]:
    """Return the layers, or one as high as the cell that conducts about as its regions do.

    Boundaries between grains or layers count by what they add to the resistance of a straight way.
    """
    if config.geometry is None:
        return _with_interfaces(config)
    found = regions.shares(config)
    shares = [found[region.name] for region in config.regions]

    def values(key: str) -> list[float]:
        return [getattr(region, key) for region in config.regions]

    def mean(of: list[float]) -> float:
        return sum(f * x for f, x in zip(shares, of, strict=True))

    conducting = {key: mixtures.bruggeman(shares, values(key)) for key in CONDUCTING}
    stored = {key: mean(values(key)) for key in STORED}
    strains = tuple(map(mean, zip(*values("lambda_i"), strict=True)))
    layer = Layer(
        name="mean", thickness=config.cell_height, lambda_i=strains, **conducting, **stored
    )
    return (layer if config.grain_boundaries is None else _with_network(config, layer),)


def crossings(config: Config) -> float:
    """Boundaries that a straight way crosses per length, in a network without direction [1/m].

    2/pi of their length per area (E. E. Underwood, Quantitative Stereology, 1970).
    """
    return 2 / pi * regions.boundary_density(config)


def _with_network(config: Config, layer: Layer) -> Layer:
    band = config.grain_boundaries
    factor = 1 / (1 + layer.sigma_ion * band.R_gb * crossings(config))
    changed = {"sigma_ion": layer.sigma_ion * factor, "D": layer.D * factor}
    if band.sigma_el is not None:
        # Half of the boundaries' length goes along any direction.
        excess = (band.sigma_el - layer.sigma_el) * band.thickness
        changed["sigma_el"] = layer.sigma_el + 0.5 * regions.boundary_density(config) * excess
    return layer.model_copy(update=changed)


def _with_interfaces(config: Config) -> tuple[Layer, ...]:
    """Layers above interfaces that resist, whose resistance is theirs too."""
    first, *others = config.layers
    if config.grain_boundaries is None:
        return config.layers
    R, found = config.grain_boundaries.R_gb, [first]
    for layer in others:
        factor = 1 / (1 + layer.sigma_ion * R / layer.thickness)
        changed = {"sigma_ion": layer.sigma_ion * factor, "D": layer.D * factor}
        found.append(layer.model_copy(update=changed))
    return tuple(found)
