# SPDX-License-Identifier: MIT
"""What must hold for a cell of regions, and what its files say of it; needs no DOLFINx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from meshes import own, polycrystal
from solver.base import nearest
from solver.base.units import si_text
from solver.input import geometry_files as files
from solver.input.geometry_files import UM
from solver.input.stack import CellConfig

AGREE = 1e-6
"""Relative difference up to which a width or height that is given too is that of the file."""
LARGEST = 1.0
"""Largest cell [m]."""
CELLS = ("width", "height")
LISTED = {"msh": ", or say which with geometry.msh.regions",
          "ebsd": ", or say which with geometry.ebsd.phases"}  # fmt: skip
"""What names regions that a file calls otherwise."""
MANY = 8
"""Of more names that a file has the nearest one is said, of fewer all."""
MOST_GRAINS = 100_000
"""More grains are taken for a mistake in their size."""


def require_parts(config: CellConfig) -> None:
    """Make sure that a config says what the electrolyte is made of, one way and not another.

    Raises:
        ValueError: It does not.
    """
    if config.geometry is None:
        if "layers" not in config.model_fields_set:
            raise ValueError("layers: this key is required")
        if not config.layers:
            raise ValueError("layers: must have at least 1 item")
        if config.regions:
            raise ValueError("regions: need the section geometry, which says where they are")
        return
    if config.layers:
        raise ValueError("layers: leave them out: with geometry the cell is made of regions")
    if not config.regions:
        raise ValueError("regions: with geometry this key is required, one item at least")


def extent(config: CellConfig) -> dict[str, float]:
    """Width and height [m] that the file of a geometry has; empty without a file.

    Raises:
        ValueError: The file cannot be used, or the config has another width or height.
    """
    geometry = config.geometry
    if geometry is None or geometry.file is None:
        return {}
    if geometry.msh is not None:
        size = np.ptp(files.mesh(geometry.msh).points, axis=0) * UM
    elif geometry.image is not None:
        size = np.array(files.picture(geometry.image).shape[1::-1]) * geometry.image.pixel
    else:
        its = files.orientations(geometry.ebsd)
        size = np.array(its.point.shape[::-1]) * its.pixel * UM
    found = {key: float(f"{value:.12g}") for key, value in zip(CELLS, size, strict=True)}
    for key, value in found.items():
        if not 0 < value <= LARGEST:
            unit = {"msh": ".unit", "image": ".pixel"}.get(geometry.kind, "")
            raise ValueError(
                f"geometry.{geometry.kind}{unit}: the cell would have a {key} of "
                f"{si_text(value, 'm')}; at most {LARGEST:g} m are allowed"
            )
        given = getattr(config, key)
        if key in config.model_fields_set and given is not None:
            if abs(given / value - 1) > AGREE:
                raise ValueError(
                    f"{key}: {si_text(given, 'm')} is not that of {geometry.file.file}, "
                    f"{si_text(value, 'm')}; leave it out"
                )
            found[key] = given
    return found


def problems(config: CellConfig) -> Iterator[str]:
    """Yield one sentence, without its full stop, for everything that does not fit together."""
    yield from _boundaries(config)
    if config.geometry is None:
        return
    if config.skeleton is not None:
        yield "skeleton: does not work with geometry; make its filaments a region"
    if config.geometry.voronoi is not None and config.height is None:
        yield "height: geometry.voronoi needs the height of the cell"
        return
    if config.geometry.voronoi is not None:
        size = config.geometry.voronoi.grain_size
        count = polycrystal.number(config.width, config.height, size)
        if count > MOST_GRAINS:
            yield (
                f"geometry.voronoi.grain_size: {si_text(size, 'm')} makes {count:.2g} grains; at "
                f"most {MOST_GRAINS} are allowed"
            )
            return
    yield from _named(config)
    c0 = {region.c0 for region in config.regions}
    if len(c0) > 1 and not config.is_cell and config.boundary.c_counter is None:
        yield (
            "boundary.c_counter: give it, as regions differ in c0, that of the counter electrode's "
            "side otherwise"
        )


def _boundaries(config: CellConfig) -> Iterator[str]:
    band = config.grain_boundaries
    if band is None:
        return
    if config.skeleton is not None:
        yield "grain_boundaries: do not work with a skeleton"
    for key in ("R_gb", "sigma_ion"):
        if config.potential.sigma != "ionic" and getattr(band, key):
            yield f"grain_boundaries.{key}: needs potential.sigma: ionic (reading: ionic)"
    if band.R_gb and band.sigma_ion is not None:
        yield (
            "grain_boundaries.sigma_ion: does not go together with R_gb: a band either resists "
            "what crosses it or conducts along; give one of them"
        )
    films = band.sigma_ion is not None or bool(band.sigma_el)
    if films and band.thickness > 0.5 * band.width:
        yield (
            f"grain_boundaries.thickness: {si_text(band.thickness, 'm')} is more than half of the "
            f"band's width, {si_text(band.width, 'm')}, which then cannot conduct as much; use a "
            "wider band, or make the boundary a region"
        )
    if config.solver.degree != 1:
        yield "grain_boundaries: need solver.degree: 1"
    if band.width > min(config.width, config.cell_height):
        yield (
            f"grain_boundaries.width: {si_text(band.width, 'm')} must be less than the cell, "
            f"{si_text(min(config.width, config.cell_height), 'm')}"
        )


def _named(config: CellConfig) -> Iterator[str]:
    """The regions of the source and of the config are the same."""
    known, kind = [region.name for region in config.regions], config.geometry.kind
    parts = {"msh": _of_mesh, "voronoi": _of_grains, "image": _of_picture, "ebsd": _of_map}
    used, complaints = parts[kind](config)
    if complaints:
        yield from complaints
        return  # which regions there are is then not known
    for name, what in used.items():
        if name not in known:
            hint = nearest.hint(name, known, "known: ") + LISTED.get(kind, "")
            yield (f"geometry.{kind}: the {what} is in a region '{name}', which regions does not "
                   f"have; {hint}")  # fmt: skip
    if not set(used) <= set(known):
        return
    if kind in ("image", "ebsd"):
        try:
            files.labelled(config)
        except ValueError as error:
            yield str(error)
    for name in known:
        if name not in used:
            yield f"regions: nothing of geometry.{kind} is in the region '{name}'"


Parts = tuple[dict[str, str], list[str]]
"""What is in every region that a source speaks of, and what is wrong with the rest."""


def _of_mesh(config: CellConfig) -> Parts:
    section = config.geometry.msh
    source = files.mesh(section)
    wrong = _strange("msh.regions", section.regions, source.surfaces, "physical surface")
    wrong += _strange("msh.boundaries", section.boundaries, source.curves, "physical curve")
    for name, side in section.sides.items():
        if side not in own.SIDES:
            wrong.append(f"geometry.msh.sides.{name}: '{side}' must be "
                         f"{', '.join(own.SIDES[:-1])} or {own.SIDES[-1]}")  # fmt: skip
    used = {section.regions.get(x, x): f"physical surface '{x}'" for x in source.surfaces}
    return used, wrong


def _of_picture(config: CellConfig) -> Parts:
    return {name: f"colour '{c}'" for c, name in config.geometry.image.colours.items()}, []


def _of_map(config: CellConfig) -> Parts:
    section = config.geometry.ebsd
    phases = files.orientations(section).phases
    used = {section.phases.get(name, name): f"phase '{name}'" for name in phases}
    if section.not_indexed is not None:
        used[section.not_indexed] = "area of points that are not indexed"
    return used, _strange("ebsd.phases", section.phases, phases, "phase")


def _of_grains(config: CellConfig) -> Parts:
    shares, total = config.geometry.voronoi.shares, sum(config.geometry.voronoi.shares.values())
    off = bool(shares) and abs(total - 1) > 1e-6
    wrong = [f"geometry.voronoi.shares: add up to {total:.6g}; must be 1"] if off else []
    return {name: "share" for name in shares or [x.name for x in config.regions]}, wrong


def _strange(key: str, given: Iterable[str], there: Iterable[str], what: str) -> list[str]:
    """A sentence on the first of the given names that the file of a geometry does not have."""
    if not (strange := sorted(set(given) - set(there))):
        return []
    names = list(there)
    hint = f"it has: {', '.join(names)}" if names else "it has none"
    if len(names) > MANY:
        hint = nearest.hint(strange[0], names, "it has: ")
    return [f"geometry.{key}: {strange[0]!r} is no {what} of the file; {hint}"]
