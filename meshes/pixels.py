# SPDX-License-Identifier: MIT
"""A cell whose grains are areas of a picture: colours, or grains of a map.

Triangles end at the smoothed contours between the grains (`meshes.contours`). Physical groups as
in `meshes.discrete`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from meshes.contours import Contours
from meshes.discrete import DiscreteCell, areas, between
from meshes.layered import LayeredCell

# gmsh is imported where a mesh is made: sizes and node counts must be known without it.


class NoPicture(ValueError):
    """A file that holds no picture of the colours that are asked for; the text says why."""


def colours(path: Path, page: int | None) -> np.ndarray:
    """Colours of a picture, shape (rows, columns, 3), the upper row first.

    Args:
        path: The file.
        page: Which of its pictures, from 1 on; None where it has one.

    Raises:
        NoPicture: The file cannot be read, or has no such page, or several and none is asked for.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            pages = getattr(image, "n_frames", 1)
            if page is None and pages > 1:
                raise NoPicture(f"has {pages} pictures; say which with page: 1 to {pages}")
            if page is not None:
                if page > pages:
                    raise NoPicture(f"has {pages} pictures, so there is no page {page}")
                image.seek(page - 1)
            if image.mode.startswith(("I", "F")):
                raise NoPicture("has grey levels of more than 8 bits; save it with 8")
            return np.asarray(image.convert("RGB"))
    except UnidentifiedImageError:
        raise NoPicture("is no picture that can be read (PNG, TIFF)") from None
    except OSError as error:
        raise NoPicture(f"cannot be read: {error.strerror or error}") from None


def rgb(text: str) -> tuple[int, int, int]:
    """A colour, '#rrggbb' or a grey level '0' to '255'.

    Raises:
        ValueError: The text is neither.
    """
    if text.isdecimal() and int(text) < 256:
        return (int(text),) * 3
    try:
        if len(text) == 7 and text[0] == "#":
            return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))
    except ValueError:
        pass
    raise ValueError("must be '#rrggbb' or a grey level from '0' to '255'")


def labels(picture: np.ndarray, region_of: dict[str, str], names: tuple[str, ...]) -> np.ndarray:
    """Number of the region of every pixel, shape (rows, columns), the lowest row first.

    Args:
        picture: Its colours.
        region_of: Region of every colour.
        names: The regions.

    Raises:
        NoPicture: A pixel has a colour that has no region.
    """
    base = np.array([65536, 256, 1])
    codes, which = np.unique(picture.astype(np.int64) @ base, return_inverse=True)
    known = {int(np.dot(rgb(colour), base)): names.index(name)
             for colour, name in region_of.items()}  # fmt: skip
    which = which.reshape(picture.shape[:2])
    strange = [int(code) for code in codes if int(code) not in known]
    if strange:
        count = int(np.isin(which, [i for i, c in enumerate(codes) if int(c) in strange]).sum())
        more = f" and {len(strange) - 1} more colours" if len(strange) > 1 else ""
        raise NoPicture(
            f"has {count} pixels of colours without a region: #{strange[0]:06x}{more}; list them "
            "in colours, or segment the picture without smoothing"
        )
    return np.array([known[int(code)] for code in codes])[which][::-1]


@dataclass(frozen=True, eq=False)
class Labelled:
    """A picture of grains: the regions of a segmented picture, or grains of a map.

    Attributes:
        pixel: Edge of a pixel [um].
        label: Number of the grain of every pixel, shape (rows, columns), the lowest row first.
        regions: Name of the region of every grain.
        smoothing: Width of the average over pixels that takes their steps from the contours.
    """

    pixel: float
    label: np.ndarray
    regions: tuple[str, ...]
    smoothing: float


@dataclass(frozen=True, eq=False)
class PixelCell:
    """Geometry and element sizes, all in um.

    Attributes:
        sheet: One layer as large as the cell, with the element sizes.
        picture: The grains.
    """

    sheet: LayeredCell
    picture: Labelled

    def size(self, y: float) -> float:
        """Wanted element size at height y."""
        return self.sheet.size(y)

    def expected_nodes(self) -> float:
        """Estimated node count."""
        return self.sheet.expected_nodes()

    def build(self) -> None:
        """Mesh the cell in the current gmsh model (gmsh must be initialised)."""
        points, triangles = self._sheet()
        its = self.picture
        contours = Contours(its.label, its.pixel, its.smoothing)
        points = contours.fitted(points, triangles)
        label = contours.labels(points[triangles].mean(axis=1))
        used, grain = np.unique(label, return_inverse=True)
        names = tuple(its.regions[i] for i in used)
        DiscreteCell(points, triangles, grain, names, between(triangles, grain)).build()

    def _sheet(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and triangles of the sheet, whose model is gone afterwards."""
        import gmsh

        self.sheet.build()
        names, coordinates, _ = gmsh.model.mesh.getNodes()
        corners = gmsh.model.mesh.getElementsByType(2)[1].reshape(-1, 3)
        gmsh.model.remove()
        used, which = np.unique(corners, return_inverse=True)
        order = np.argsort(names)
        places = coordinates.reshape(-1, 3)[order[np.searchsorted(names, used, sorter=order)]]
        points, triangles = places[:, :2], which.reshape(-1, 3)
        clockwise = areas(points, triangles) < 0
        return points, np.where(clockwise[:, None], triangles[:, ::-1], triangles)
