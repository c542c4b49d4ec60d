# SPDX-License-Identifier: MIT
"""The electrolyte between a flat film and the counter electrode."""

from __future__ import annotations

from dataclasses import dataclass

from solver.check import equivalent
from solver.input.config import Config
from solver.input.sections import Layer


@dataclass(frozen=True, slots=True)
class Gap:
    """The layers above a film, SI.

    Attributes:
        length: Thickness [m].
        ohmic: Sum of thickness/sigma_ion [ohm m^2].
        diffusion: Sum of thickness/D [s/m].
        to_mean: Mean over the gap of the same from the film on [s/m].
        sigma: Conductivity at the film [S/m].
        D_front: Diffusivity at the film [m^2/s].
        D_counter: That at the counter electrode [m^2/s].
    """

    length: float
    ohmic: float
    diffusion: float
    to_mean: float
    sigma: float
    D_front: float
    D_counter: float


def above(config: Config, film: float) -> list[tuple[float, Layer]]:
    """What a film of a thickness [m] leaves of every layer: thickness [m] and layer."""
    left, parts = film, []
    for layer in equivalent.stack(config):
        free = max(layer.thickness - left, 0.0)
        left = max(left - layer.thickness, 0.0)
        if free:
            parts.append((free, layer))
    return parts


def gap(config: Config, film: float) -> Gap:
    """The electrolyte above a film of a thickness [m]."""
    parts = above(config, film)
    length, way, moment = sum(free for free, _ in parts), 0.0, 0.0
    for free, layer in parts:
        moment += free * (way + 0.5 * free / layer.D)
        way += free / layer.D
    first, last = parts[0][1], parts[-1][1]
    return Gap(
        length=length,
        ohmic=sum(free / layer.sigma_ion for free, layer in parts),
        diffusion=way,
        to_mean=moment / length,
        sigma=first.sigma_ion,
        D_front=first.D,
        D_counter=last.D,
    )
