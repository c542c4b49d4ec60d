# SPDX-License-Identifier: MIT
"""A stack of layers that stands for a cell: its own, or one layer like its regions on average."""

from __future__ import annotations

from solver.cell import effective, regions
from solver.input.config import Config
from solver.input.sections import Layer

CONDUCTING = ("sigma_ion", "sigma_el", "sigma_Li", "sigma_e", "D")
"""Keys of what flows: computed for the arrangement as it is. All others are averaged."""
ALONE = ("sigma_ion", "sigma_el")
"""Those that a single-ion conductor has."""
STORED = ("c0", "E", "nu")


def stack(config: Config) -> tuple[Layer, ...]:
    """Return the layers, or one as high as the cell that conducts as its regions do.

    Boundaries between layers count by what they add to the resistance of a straight way.
    """
    if config.geometry is None:
        return _with_interfaces(config)
    found = regions.shares(config)
    shares = [found[region.name] for region in config.regions]

    def mean(of: list[float]) -> float:
        return sum(f * x for f, x in zip(shares, of, strict=True))

    computed = ALONE if config.single_ion else CONDUCTING
    values = {
        key: effective.of_regions(config, key)
        if key in computed
        else mean([getattr(region, key) for region in config.regions])
        for key in (*CONDUCTING, *STORED)
    }
    strains = tuple(map(mean, zip(*(x.lambda_i for x in config.regions), strict=True)))
    return (Layer(name="mean", thickness=config.cell_height, lambda_i=strains, **values),)


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
