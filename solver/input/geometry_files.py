# SPDX-License-Identifier: MIT
"""The files that a geometry names, and what is in them; needs no DOLFINx."""

from __future__ import annotations

import functools
from math import radians
from pathlib import Path

import numpy as np

from meshes import ebsd, own, pixels, segmentation
from meshes.discrete import longest_edges
from meshes.ebsd import OrientationMap
from meshes.own import OwnMesh
from meshes.pixels import Labelled
from solver.input.geometry_sections import Ebsd, Image, Msh
from solver.input.stack import CellConfig

UM = 1e-6
"""Meshes are built and written in um, computed with in m."""
ROUGHLY = 1.6
"""Longest edge of the triangles that Gmsh makes of a size, in that size."""


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
    seen: dict[tuple[int, int, int], str] = {}
    for colour, region in section.colours.items():
        try:
            first = seen.setdefault(pixels.rgb(colour), colour)
        except ValueError as error:
            raise ValueError(f"geometry.image.colours: '{colour}' {error}") from None
        if section.colours[first] != region:
            raise ValueError(
                f"geometry.image.colours: '{first}' and '{colour}' are one colour, in the regions "
                f"'{section.colours[first]}' and '{region}'."
            )
    try:
        return pixels.colours(path, section.page)
    except pixels.NoPicture as error:
        raise ValueError(f"geometry.image: {path} {error}") from None


def unused_colours(section: Image) -> list[str]:
    """Colours of a section that no pixel of its picture has."""
    there = set(map(tuple, np.unique(picture(section).reshape(-1, 3), axis=0).tolist()))
    return [colour for colour in section.colours if pixels.rgb(colour) not in there]


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


def taken_over(section: Ebsd) -> float:
    """Share of a map's points that go to a grain which they are not of."""
    its, with_pores = orientations(section), section.not_indexed is not None
    return _share(its, radians(section.threshold), section.smallest, with_pores)


@functools.lru_cache(maxsize=4)
def _read_map(path: Path, changed: int) -> OrientationMap:
    return ebsd.read(path)


_segmented = functools.lru_cache(maxsize=4)(segmentation.grains)
_share = functools.lru_cache(maxsize=4)(segmentation.taken_over)


def _require_file(key: str, path: Path) -> None:
    if not path.is_file():
        raise ValueError(f"{key}: {path} does not exist or is no file")
