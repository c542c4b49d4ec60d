# SPDX-License-Identifier: MIT
"""The regions of a cell as lines to read: areas, conductivities and the bounds of their mixture."""

from __future__ import annotations

from collections.abc import Iterator

from solver.base.units import si_text
from solver.cell import effective, regions
from solver.check import equivalent
from solver.check.groups import Groups
from solver.input import geometry_files
from solver.input.config import Config
from solver.input.resolution import resolution
from solver.laws import mixtures

ACROSS = 4.0
"""Triangles across the band of a boundary below which it resists less than it should."""
OF_GRAIN = 0.5
"""Share of a grain's diameter that the bands at its two sides may fill."""


def lines(config: Config) -> tuple[str, ...]:
    """Describe every region, and what they are together."""
    return tuple(_lines(config))


def _lines(config: Config) -> Iterator[str]:
    found, area = regions.shares(config), config.width * config.cell_height
    counted = regions.grain_counts(config)
    for region in config.regions:
        share, count = found[region.name], counted[region.name]
        grains = f" in {count} grains" if count > 1 else ""
        yield (
            f"{region.name}: {100 * share:.4g} % of the area, {share * area * 1e12:.4g} um^2"
            f"{grains}; sigma_ion {si_text(region.sigma_ion, 'S/m')}"
        )
    shares = [found[region.name] for region in config.regions]
    sigma = [region.sigma_ion for region in config.regions]
    (least, mean), (low, high) = mixtures.wiener(shares, sigma), mixtures.hashin_shtrikman(
        shares, sigma
    )
    taken = equivalent.stack(config)[0].sigma_ion
    if len(sigma) > 1:
        yield (
            f"together: sigma_ion {si_text(mean, 'S/m')} averaged over the area. What conducts is "
            f"between {si_text(least, 'S/m')} and that however they are arranged, and between "
            f"{si_text(low, 'S/m')} and {si_text(high, 'S/m')} if no direction is preferred "
            "(Hashin and Shtrikman)"
        )
    if config.grain_boundaries is not None:
        way = 1 / equivalent.crossings(config) if regions.boundary_density(config) else float("inf")
        yield (
            f"boundaries: {regions.boundary_density(config) * area * 1e6:.4g} um of them; a "
            f"straight way crosses one every {si_text(way, 'm')}"
        )
    if (computed := effective.of_regions(config)) is not None:
        yield (
            f"between the electrodes the cell conducts like {si_text(computed, 'S/m')}, computed "
            "without lithium on a plain mesh"
        )
    yield (
        f"the numbers below are of a uniform electrolyte of {si_text(taken, 'S/m')} (after "
        "Bruggeman; boundaries in series)"
    )


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield what is doubtful about the band of boundaries."""
    band = config.grain_boundaries
    if band is None or not band.R_gb:
        return
    edge = resolution(config).edge(0) if config.adaptive else config.mesh.size_max
    edge = geometry_files.largest_edge(config) or edge
    if band.width < ACROSS * edge * 0.999:
        yield (
            f"grain_boundaries.width {si_text(band.width, 'm')} is {band.width / edge:.2g} "
            f"triangles of {si_text(edge, 'm')}: below {ACROSS:g} they resist less than R_gb, by "
            "several per cent and more where R_gb is large; use a wider band, or triangles of "
            f"{si_text(band.width / ACROSS, 'm')} (mesh.size_max)."
        )
    density = regions.boundary_density(config) if config.geometry is not None else 0.0
    if band.width * density > OF_GRAIN:
        yield (
            f"grain_boundaries.width {si_text(band.width, 'm')} fills "
            f"{band.width * density:.0%} of the cell: bands that overlap count once, so that "
            "boundaries resist less than R_gb; use a narrower band."
        )
