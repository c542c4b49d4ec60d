# SPDX-License-Identifier: MIT
"""The regions of a cell as lines to read: areas, conductivities and the bounds of their mixture."""

from __future__ import annotations

from collections.abc import Iterator
from math import pi

from solver.base.units import si_text
from solver.cell import effective, regions
from solver.check import ranges
from solver.check.groups import Groups
from solver.input import geometry_files, seeded
from solver.input.config import Config
from solver.input.geometry_sections import ACROSS
from solver.input.resolution import band_level, resolution
from solver.input.sections import Region
from solver.laws import mixtures

RESISTANCE = ranges.Known(
    0.0, 1e-2, "ohm*m^2", "ohm*cm^2",
    "the most some fifteen times that of Li0.35La0.55TiO3, 6 ohm cm^2 (3.8e-5 S/cm with grains of "
    "2.4 um: Wolfenstine et al., ARL-TR-7401, 2015)",
    called="expected",
)  # fmt: skip
"""R_gb of one boundary."""
FILM = ranges.Known(
    0.0, 1e-2, "S/m", "S/cm",
    "the most some two thousand times that of whole pellets of garnet, 5.5e-6 S/m (Han et al., "
    "Nature Energy 4 (2019) 187)",
    called="expected",
)  # fmt: skip
"""sigma_el of the film of a boundary [ours]."""
FILM_OF_IONS = ranges.Known(
    ranges.OF_LAYER["sigma_ion"].low, 100.0, "S/m", "S/cm",
    "the most forty times the best solid, 2.5 S/m (Kato et al., Nature Energy 1 (2016) 16030), and "
    "that of sulfuric acid at its best, 80 S/m (Darling, J. Chem. Eng. Data 9 (1964) 421)",
)  # fmt: skip
"""sigma_ion of the film of a boundary [ours]."""
NEXT_TO_NOTHING = 1e-3
"""Share of the best region's conductivity up to which another one stands for a pore [ours]."""
ALIKE = 1.5
"""Ratio of conductivities across the front of a pore full of lithium that is let pass [ours]."""
ANGLE = ranges.Known(
    0.5, 90.0, "deg", "rad",
    "the least what EBSD resolves between neighbours (Humphreys, J. Mater. Sci. 36 (2001) 3833)",
    called="expected",
)  # fmt: skip
"""Angle from which on neighbours are of different grains."""
GUESSED = 0.1
"""Share of a map's points that may go to other grains before it is remarked on [ours]."""
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
            f"{grains}; sigma_ion {si_text(region.sigma_ion, 'S/m')}{_filling(config, region)}"
        )
    if (section := config.geometry.ebsd) is not None:
        yield (
            f"map: {geometry_files.taken_over(section):.3g} of its points are not indexed or in "
            f"grains of fewer than {section.smallest}, and went to the nearest grain"
        )
    shares = [found[region.name] for region in config.regions]
    sigma = [region.sigma_ion for region in config.regions]
    (least, mean), (low, high) = mixtures.wiener(shares, sigma), mixtures.hashin_shtrikman(
        shares, sigma
    )
    if len(sigma) > 1:
        yield (
            f"together: sigma_ion {si_text(mean, 'S/m')} averaged over the area. What conducts is "
            f"between {si_text(least, 'S/m')} and that however they are arranged, and between "
            f"{si_text(low, 'S/m')} and {si_text(high, 'S/m')} if no direction is preferred "
            "(Hashin and Shtrikman)"
        )
    if config.grain_boundaries is not None:
        density, way = regions.boundary_density(config), ""
        if density:
            every = si_text(1 / crossings(density), "m")
            way = f"; a straight way crosses one every {every}"
        yield f"boundaries: {density * area * 1e6:.4g} um of them{way}"
    yield (
        f"between lithium and counter electrode they conduct like "
        f"{si_text(effective.of_regions(config), 'S/m')}{_electrons(config)}, computed on a plain "
        "mesh with the film of the start; the numbers below are of a uniform electrolyte like that"
    )


def _filling(config: Config, region: Region) -> str:
    """What lithium there is in a region, or will not be."""
    if region.name in config.nuclei.regions:
        return "; full of lithium at the start, which the conductivities below leave out"
    best = max(other.sigma_ion for other in config.regions)
    if region.sigma_ion > NEXT_TO_NOTHING * best:
        return ""
    return (
        "; lithium goes round it: what fills an empty pore is not modelled, nuclei.regions fills "
        "one from the start"
    )


def _electrons(config: Config) -> str:
    if not config.conducts_electrons:
        return ""
    return f", electrons {si_text(effective.of_regions(config, 'sigma_el'), 'S/m')}"


def crossings(density: float) -> float:
    """Boundaries that a straight way crosses per length, in a network without direction [1/m].

    2/pi of their length per area (E. E. Underwood, Quantitative Stereology, 1970).

    Args:
        density: Length of the boundaries per area [1/m].
    """
    return 2 / pi * density


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield what is doubtful about a map, boundaries and the band that stands for them."""
    yield from _noise(config)
    yield from _idle_colours(config)
    yield from _front_in_another(config)
    yield from _across(config)
    band = config.grain_boundaries
    if band is None:
        return
    if not regions.boundary_density(config):
        what = "one layer" if config.geometry is None else "no boundary between grains"
        yield f"grain_boundaries do nothing: the cell has {what}."
    elif not band.R_gb and band.sigma_ion is None and band.sigma_el is None:
        yield "grain_boundaries change nothing: give R_gb, or sigma_ion or sigma_el of their film."
    else:
        yield from _far_from_known(config)
        yield from _idle_film(config)
        if band.R_gb:
            yield from _band(config)


def _front_in_another(config: Config) -> Iterator[str]:
    """Say that a pore full of lithium is of another electrolyte than what is round it, if so."""
    others = [x.sigma_ion for x in config.regions if x.name not in config.nuclei.regions]
    others = [x for x in others if x > NEXT_TO_NOTHING * max(others)]  # empty pores are none
    for region in config.regions:
        if region.name not in config.nuclei.regions or not others:
            continue
        if not min(others) / ALIKE <= region.sigma_ion <= max(others) * ALIKE:
            yield (
                f"nuclei.regions: half of the front of the lithium in '{region.name}' lies within "
                f"that region, whose sigma_ion {si_text(region.sigma_ion, 'S/m')} is not that of "
                f"the electrolyte round it, {si_text(max(others), 'S/m')}: the current at the "
                "front comes out wrong; give it the same values."
            )


def _across(config: Config) -> Iterator[str]:
    """Say that lithium of a full region cuts the electrolyte in two, if so."""
    if not config.nuclei.regions or not config.is_cell:
        return
    depth, _ = seeded.depths(config, config.nuclei.regions)
    piece, _ = seeded.pieces(depth)
    if set(piece[:, 0]) & set(piece[:, -1]) - {0}:
        yield (
            f"nuclei.regions: the lithium of {', '.join(config.nuclei.regions)} reaches from side "
            "to side: all of the current enters and leaves it, and the tails of its fronts pass a "
            "part as ions, so that the voltage comes out too low, by a third for a band of 10 l "
            "each of whose fronts resists as 140 l of electrolyte: compare two interface lengths."
        )


def _idle_colours(config: Config) -> Iterator[str]:
    """Name the colours of the config that its picture does not have."""
    if config.geometry is None or config.geometry.image is None:
        return
    section = config.geometry.image
    if idle := geometry_files.unused_colours(section):
        yield (
            f"geometry.image.colours: {', '.join(map(repr, idle))} of {section.file} "
            f"{'has' if len(idle) == 1 else 'have'} no pixel; is the colour right, and the picture?"
        )


def _noise(config: Config) -> Iterator[str]:
    """Say that much of a map is not what the microscope has seen, if so."""
    if config.geometry is None or config.geometry.ebsd is None:
        return
    yield from ranges.judged("geometry.ebsd.threshold", config.geometry.ebsd.threshold, ANGLE)
    if (share := geometry_files.taken_over(config.geometry.ebsd)) > GUESSED:
        yield (
            f"geometry.ebsd: {share:.0%} of the points are not indexed or in grains of fewer than "
            f"{config.geometry.ebsd.smallest} (geometry.ebsd.smallest), and went to the nearest "
            "grain: where they are many together, grains are there that the microscope has not "
            "seen; cut the map, filter it by its confidence, or name a region with not_indexed."
        )


def _far_from_known(config: Config) -> Iterator[str]:
    band = config.grain_boundaries
    yield from ranges.judged("grain_boundaries.R_gb", band.R_gb, RESISTANCE)
    for key, known in (("sigma_el", FILM), ("sigma_ion", FILM_OF_IONS)):
        if (value := getattr(band, key)) is not None:
            yield from ranges.judged(f"grain_boundaries.{key}", value, known)


def _idle_film(config: Config) -> Iterator[str]:
    """Say that a film which conducts no better than the grains changes nothing, if so."""
    band, grains = config.grain_boundaries, min(region.sigma_ion for region in config.parts)
    if band.sigma_ion is not None and band.sigma_ion <= grains:
        yield (
            f"grain_boundaries.sigma_ion {si_text(band.sigma_ion, 'S/m')} changes nothing: a film "
            f"conducts along the boundary alone, and the grains, {si_text(grains, 'S/m')}, do as "
            "well. R_gb is of a boundary that resists what crosses it; this film would have "
            f"thickness/sigma_ion = {ranges.both(band.thickness / band.sigma_ion, RESISTANCE)}."
        )


def _band(config: Config) -> Iterator[str]:
    """What is doubtful about a band that resists."""
    band, r = config.grain_boundaries, resolution(config)
    edge = r.edge(band_level(config)) if config.adaptive else config.mesh.size_max
    edge = (0.0 if band_level(config) else geometry_files.largest_edge(config)) or edge
    if band.width < ACROSS * edge * 0.999:
        yield (
            f"grain_boundaries.width {si_text(band.width, 'm')} is {band.width / edge:.2g} "
            f"triangles of {si_text(edge, 'm')}: below {ACROSS:g} they resist less than R_gb, by "
            f"several per cent and more where R_gb is large; {_finer(config)}."
        )
    density = regions.boundary_density(config)
    if band.width * density > OF_GRAIN:
        yield (
            f"grain_boundaries.width {si_text(band.width, 'm')} fills "
            f"{band.width * density:.0%} of the cell: bands that overlap count once, so that "
            "boundaries resist less than R_gb; use a narrower band."
        )


def _finer(config: Config) -> str:
    """What makes triangles small enough for the band, or the band wide enough for them."""
    band, r = config.grain_boundaries, resolution(config)
    wanted = si_text(band.width / ACROSS, "m")
    if not config.adaptive:
        return f"use a wider band, or triangles of {wanted} (mesh.size_max)"
    if band.width >= ACROSS * r.size * 0.999:
        return f"use grain_boundaries.elements: {ACROSS:g}"
    finest = si_text(r.size, "m")
    return (
        f"the finest triangles, {finest}, are too large to follow it, so that it is a network "
        f"below the mesh: use a band of {si_text(ACROSS * r.size, 'm')}, or triangles of {wanted} "
        "(adapt.elements)"
    )
