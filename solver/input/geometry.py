# SPDX-License-Identifier: MIT
"""What must hold for a cell of regions, and what its files say of it; needs no DOLFINx."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from math import radians
from pathlib import Path

import numpy as np

from meshes import ebsd, own, pixels, segmentation
from meshes.discrete import longest_edges
from meshes.ebsd import OrientationMap
from meshes.own import OwnMesh
from meshes.pixels import Labelled
from solver.base import nearest
from solver.base.units import si_text
from solver.input.geometry_sections import Ebsd, Image, Msh
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
    elif geometry.image is not None:
        size = np.array(picture(geometry.image).shape[1::-1]) * geometry.image.pixel
    else:
        its = orientations(geometry.ebsd)
        size = np.array(its.point.shape[::-1]) * its.pixel * UM
    found = {key: float(f"{value:.12g}") for key, value in zip(CELLS, size, strict=True)}
    for key, value in found.items():
        if not 0 < value <= LARGEST:
            raise ValueError(
                f"geometry.{geometry.kind}: the cell would have a {key} of {si_text(value, 'm')}; "
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
    if config.potential.sigma != "ionic" and band.R_gb:
        yield "grain_boundaries.R_gb: needs potential.sigma: ionic (reading: ionic)"
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
    yield from complaints
    for name, what in used.items():
        if name not in known:
            yield (f"geometry.{kind}: the {what} is in a region '{name}', which regions does not "
                   f"have; {nearest.hint(name, known, 'known: ')}")  # fmt: skip
    if kind in ("image", "ebsd") and set(used) <= set(known):
        try:
            labelled(config)
        except ValueError as error:
            yield str(error)
    for name in known:
        if name not in used:
            yield f"regions: nothing of geometry.{kind} is in the region '{name}'"


Parts = tuple[dict[str, str], list[str]]
"""What is in every region that a source speaks of, and what is wrong with the rest."""


def _of_mesh(config: CellConfig) -> Parts:
    section = config.geometry.msh
    source = mesh(section)
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
    phases = orientations(section).phases
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
    hint = nearest.hint(strange[0], list(there), "it has: ") if there else "it has none"
    return [f"geometry.{key}: {strange[0]!r} is no {what} of the file; {hint}"]


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
        return pixels.colours(path, section.page)
    except pixels.NoPicture as error:
        raise ValueError(f"geometry.image: {path} {error}") from None


def orientations(section: Ebsd) -> OrientationMap:
    """The map of orientations of a user's file.

    Raises:
        ValueError: It cannot be used.
    """
    path = Path(section.file)
    _require_file("geometry.ebsd.file", path)
    try:
        return _read_map(path, path.stat().st_mtime_ns)
    except ebsd.NoMap as error:
        raise ValueError(f"geometry.ebsd: {path} {error}") from None


def labelled(config: CellConfig) -> Labelled:
    """The grains of a picture or a map of orientations, pixel by pixel.

    Raises:
        ValueError: A pixel has a colour that has no region, or no grain of a map is large enough.
    """
    if config.geometry.ebsd is not None:
        return _grains(config.geometry.ebsd)
    section, names = config.geometry.image, tuple(region.name for region in config.regions)
    try:
        label = pixels.labels(picture(section), section.colours, names)
    except pixels.NoPicture as error:
        raise ValueError(f"geometry.image: {section.file} {error}") from None
    return Labelled(section.pixel / UM, label, names, section.smoothing)


def _grains(section: Ebsd) -> Labelled:
    its = orientations(section)
    with_pores = section.not_indexed is not None
    try:
        label, phase = _segmented(its, radians(section.threshold), section.smallest, with_pores)
    except ebsd.NoMap as error:
        raise ValueError(f"geometry.ebsd: {section.file} {error}") from None
    names = [section.phases.get(name, name) for name in its.phases]
    # The last is the region of the phase -1.
    regions = tuple([*names, section.not_indexed][number] for number in phase)
    return Labelled(its.pixel, label, regions, section.smoothing)


@functools.lru_cache(maxsize=4)
def _read_map(path: Path, changed: int) -> OrientationMap:
    return ebsd.read(path)


_segmented = functools.lru_cache(maxsize=4)(segmentation.grains)


def _require_file(key: str, path: Path) -> None:
    if not path.is_file():
        raise ValueError(f"{key}: {path} does not exist or is no file")
