# SPDX-License-Identifier: MIT
"""The sections of a cell whose electrolyte is no stack of layers; every quantity in SI."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from solver.base.units import quantity, whole
from solver.input.section import Section
from solver.input.sections import Length

Name = Annotated[str, Field(min_length=1)]
Share = quantity("", ge=0, le=1)
Smoothing = quantity("", ge=0.3, le=5)


def _levels_as_texts(colours: Any) -> Any:
    """YAML reads a grey level without quotes as a number."""
    if not isinstance(colours, dict):
        return colours
    return {str(key) if type(key) is int else key: name for key, name in colours.items()}


class Msh(Section):
    """A mesh made elsewhere, a Gmsh file: its triangles, or the base of an adaptive mesh."""

    file: Name
    """The file, of format 2.2 or 4.1; a relative path is from the folder of the config."""
    unit: Length
    """Length that a coordinate of 1 stands for: `1 um`."""
    regions: dict[Name, Name] = {}
    """Region of every physical surface whose name is not that of its region."""
    sides: dict[Name, Name] = {}
    """Side (anode, counter, left or right) of every physical curve that is named otherwise. Sides
    that no physical curve has are found by their place."""
    boundaries: tuple[Name, ...] = ()
    """Physical curves that are grain boundaries; without any, all edges between physical
    surfaces."""


class Voronoi(Section):
    """A polycrystal: grains that grow from points at random until they meet."""

    grain_size: Length
    """Mean diameter of a grain, that of the disk of its mean area."""
    seed: whole(ge=0) = 1
    """Seed of the points and of which grain belongs to which region (numpy default_rng)."""
    lloyd: whole(ge=0, le=100) = 3
    """Passes that move every point to the middle of its grain: 0 leaves grains as uneven as points
    at random make them, 10 makes them nearly alike [ours]."""
    aspect: quantity("", ge=0.1, le=10) = 1.0
    """Height over width of the mean grain [ours]."""
    spread: quantity("", ge=0, le=1) | None = None
    """Standard deviation of the logarithm of the grains' diameters, which are lognormal: Laguerre
    cells, whose weights give every grain its area. 0: all alike; null: as Voronoi cells are, about
    0.14 with three passes of Lloyd."""
    shares: dict[Name, Share] = {}
    """Share of the grains that belong to each region; empty: equal shares."""


class Image(Section):
    """A segmented picture: triangles end at the contours between its colours."""

    file: Name
    """The file (PNG, TIFF); a relative path is from the folder of the config."""
    pixel: Length
    """Edge of a pixel."""
    colours: Annotated[dict[Name, Name], Field(min_length=1), BeforeValidator(_levels_as_texts)]
    """Region of every colour: '#rrggbb' in quotes, or a grey level from 0 to 255."""
    page: whole(ge=1) | None = None
    """Which picture of a file of several, as a TIFF of a volume is, from 1 on."""
    smoothing: Smoothing = 1.0
    """Standard deviation, in pixels, of the average that takes the steps of pixels from the
    contours [ours]."""


class Ebsd(Section):
    """A map of crystal orientations: triangles end at the boundaries of its grains."""

    file: Name
    """The file: .ang (EDAX) or .ctf (Oxford), read by orix; a relative path is from the folder of
    the config. Steps and their unit are those of its points, the first row is uppermost."""
    phases: dict[Name, Name] = {}
    """Region of every phase whose name is not that of its region."""
    threshold: quantity("deg", gt=0, lt=90) = 5.0
    """Angle from which on neighbours are of different grains; a number is in degrees
    [ASTM E2627]."""
    smallest: whole(ge=1) = 5
    """Points that a grain has at least: smaller ones go to the grains that are nearest [ours]."""
    not_indexed: Name | None = None
    """Region of the points that are not indexed, pores for example, where at least `smallest` of
    them hang together; null: all of them go to the grains that are nearest."""
    smoothing: Smoothing = 1.0
    """Standard deviation, in pixels, of the average that takes the steps of pixels from the
    boundaries; a pixel is a step of a square grid, half a step of a hexagonal one [ours]."""


class Geometry(Section):
    """Where the regions are: exactly one of these sections."""

    msh: Msh | None = None
    """A mesh made elsewhere."""
    voronoi: Voronoi | None = None
    """A polycrystal at random."""
    image: Image | None = None
    """A segmented picture."""
    ebsd: Ebsd | None = None
    """A map of crystal orientations."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Geometry:
        kinds = list(type(self).model_fields)
        if sum(getattr(self, kind) is not None for kind in kinds) != 1:
            raise ValueError(f"must have exactly one of the sections {', '.join(kinds)}")
        return self

    @property
    def file(self) -> Msh | Image | Ebsd | None:
        """The section that names a file, whose content says how large the cell is."""
        return self.msh or self.image or self.ebsd

    @property
    def kind(self) -> str:
        """Name of the section that it has."""
        return next(kind for kind in type(self).model_fields if getattr(self, kind) is not None)


ACROSS = 4.0
"""Triangles across the band of a boundary below which it resists less than it should."""


class GrainBoundaries(Section):
    """What the boundaries between grains do, spread over a band wider than they are.

    Across the band stands the resistance of the boundary, along it flows the current of its film,
    whatever the width of the band.
    """

    width: Length
    """Width of the band, some triangles across and much less than a grain."""
    elements: quantity("", ge=0, le=100) = ACROSS
    """Triangles across the band of a boundary that resists, in a mesh that adapts; 0: as coarse as
    the mesh happens to be. Bands that its finest triangles, l/adapt.elements, cannot divide so are
    left alone, and so are films, which conduct the same on any triangles [ours]."""
    R_gb: quantity("ohm*m^2", ge=0, le=1) = 0.0
    """Resistance of a boundary to Li+ that cross it; D falls in proportion to sigma_ion [ours]."""
    thickness: Length = 5e-9
    """Thickness of the film along which sigma_ion and sigma_el conduct [ours]."""
    sigma_ion: quantity("S/m", gt=0) | None = None
    """Ionic conductivity of that film, of a boundary along which Li+ pass more easily than through
    the grains; D rises in proportion; null: none, R_gb counts [ours]."""
    sigma_el: quantity("S/m", ge=0) | None = None
    """Electronic conductivity of that film, with `electrochemistry.closure: single_ion`; null: as
    in the grains [ours]."""
