# SPDX-License-Identifier: MIT
"""What must hold for a cell of regions, and what its files say of it; needs no DOLFINx."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from meshes import own, pixels
from meshes.discrete import longest_edges
from meshes.own import OwnMesh
from solver.base import nearest
from solver.base.units import si_text
from solver.input.geometry_sections import Image, Msh
from solver.input.stack import CellConfig

UM = 1e-6
AGREE = 1e-6
"""Relative difference up to which a width or height that is given too is that of the file."""
LARGEST = 1.0
"""Largest cell [m]."""
CELLS = ("width", "height")
ROUGHLY = 1.6
"""Longest edge of the triangles that Gmsh makes of a size, in that size."""


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
        size = np.ptp(mesh(geometry.msh).points, axis=0) * UM
    else:
        rows, columns = picture(geometry.image).shape[:2]
        size = np.array([columns, rows]) * geometry.image.pixel
    found = {key: float(f"{value:.12g}") for key, value in zip(CELLS, size, strict=True)}
    for key, value in found.items():
        if not 0 < value <= LARGEST:
            raise ValueError(
                f"geometry.{_kind(config)}: the cell would have a {key} of {si_text(value, 'm')}; "
                f"at most {LARGEST:g} m are allowed, see the unit"
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
    known = [region.name for region in config.regions]
    geometry = config.geometry
    if geometry.msh is not None:
        source = mesh(geometry.msh)
        regions = geometry.msh.regions
        if strange := sorted(set(regions) - set(source.surfaces)):
            hint = nearest.hint(strange[0], list(source.surfaces), "its surfaces: ")
            yield f"geometry.msh.regions: {strange[0]!r} is no physical surface of the mesh; {hint}"
        used = {regions.get(name, name): f"physical surface '{name}'" for name in source.surfaces}
        if strange := sorted(set(geometry.msh.boundaries) - set(source.curves)):
            hint = nearest.hint(strange[0], list(source.curves), "its curves: ")
            yield f"geometry.msh.boundaries: {strange[0]!r} is no physical curve of it; {hint}"
        for name, side in geometry.msh.sides.items():
            if side not in own.SIDES:
                yield (f"geometry.msh.sides.{name}: '{side}' must be "
                       f"{', '.join(own.SIDES[:-1])} or {own.SIDES[-1]}")  # fmt: skip
    elif geometry.image is not None:
        used = {name: f"colour '{c}'" for c, name in geometry.image.colours.items()}
    else:
        shares = geometry.voronoi.shares
        used = {name: "share" for name in shares or known}
        if shares and abs(sum(shares.values()) - 1) > 1e-6:
            yield f"geometry.voronoi.shares: add up to {sum(shares.values()):.6g}; must be 1"
    for name in used:
        if name not in known:
            yield (f"geometry.{_kind(config)}: the {used[name]} is in a region '{name}', which "
                   f"regions does not have; {nearest.hint(name, known, 'known: ')}")  # fmt: skip
    if geometry.image is not None and set(used) <= set(known):
        try:
            pixel_labels(config)
        except ValueError as error:
            yield str(error)
    for name in known:
        if name not in used:
            yield f"regions: nothing of geometry.{_kind(config)} is in the region '{name}'"


def _kind(config: CellConfig) -> str:
    return next(key for key in ("msh", "voronoi", "image") if getattr(config.geometry, key))


def mesh(section: Msh) -> OwnMesh:
    """The mesh of a user's file.

    Raises:
        ValueError: It cannot be used.
    """
    path = Path(section.file)
    _require_file("geometry.msh.file", path)
    sides = tuple(sorted(section.sides.items()))
    try:
        return _read(path, path.stat().st_mtime_ns, section.unit / UM, sides)
    except own.NoCell as error:
        raise ValueError(f"geometry.msh: {path} {error}") from None


def largest_edge(config: CellConfig) -> float:
    """Longest edge of the triangles of a user's mesh [m]; 0 where they are not a user's."""
    if config.geometry is None or config.geometry.msh is None:
        return 0.0
    found = mesh(config.geometry.msh)
    return float(longest_edges(found.points, found.triangles).max()) * UM


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed: int, unit: float, sides: tuple) -> OwnMesh:
    return own.read(path, unit, dict(sides))


def picture(section: Image) -> np.ndarray:
    """Colours of the pixels of a picture, shape (rows, columns, 3), the upper row first.

    Raises:
        ValueError: It cannot be used.
    """
    path = Path(section.file)
    _require_file("geometry.image.file", path)
    try:
        for colour in section.colours:
            pixels.rgb(colour)
    except ValueError as error:
        raise ValueError(f"geometry.image.colours: '{colour}' {error}") from None
    try:
        return pixels.colours(path)
    except pixels.NoPicture as error:
        raise ValueError(f"geometry.image: {path} {error}") from None


def pixel_labels(config: CellConfig) -> np.ndarray:
    """Number of the region of every pixel, shape (rows, columns), the lowest row first.

    Raises:
        ValueError: A pixel has a colour that has no region.
    """
    section, names = config.geometry.image, tuple(region.name for region in config.regions)
    try:
        return pixels.labels(picture(section), section.colours, names)
    except pixels.NoPicture as error:
        raise ValueError(f"geometry.image: {section.file} {error}") from None


def _require_file(key: str, path: Path) -> None:
    if not path.is_file():
        raise ValueError(f"{key}: {path} does not exist or is no file")
