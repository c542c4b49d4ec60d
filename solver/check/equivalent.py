# SPDX-License-Identifier: MIT
"""A stack of layers that stands for a cell: its own, or one layer like its regions on average."""

from __future__ import annotations

from solver.cell import regions
from solver.input.config import Config
from solver.input.sections import Layer
from solver.laws import mixtures

CONDUCTING = ("sigma_ion", "sigma_el", "sigma_Li", "sigma_e", "D")
"""Keys of what flows; all others are averaged."""
STORED = ("c0", "E", "nu")


def stack(config: Config) -> tuple[Layer, ...]:
    """Return the layers, or one as high as the cell that conducts about as its regions do.

    Raises:
        InputError: A value of the mixture is none that a layer can have.
    """
    if config.geometry is None:
        return config.layers
    found = regions.shares(config)
    shares = [found[region.name] for region in config.regions]

    def values(key: str) -> list[float]:
        return [getattr(region, key) for region in config.regions]

    def mean(of: list[float]) -> float:
        return sum(f * x for f, x in zip(shares, of, strict=True))

    conducting = {key: mixtures.bruggeman(shares, values(key)) for key in CONDUCTING}
    stored = {key: mean(values(key)) for key in STORED}
    strains = tuple(map(mean, zip(*values("lambda_i"), strict=True)))
    return (
        Layer(name="mean", thickness=config.cell_height, lambda_i=strains, **conducting, **stored),
    )
