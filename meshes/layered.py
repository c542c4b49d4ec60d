# SPDX-License-Identifier: MIT
"""A rectangular cell of electrolyte layers stacked from the anode up.

Physical groups: one surface per layer (its name), the curves `anode` (y = 0), `counter` (top),
`left` and `right`, and one curve `lower|upper` for every interface between layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

# gmsh is imported where a mesh is made: sizes and node counts must be known without it.

LARGE = 1e5
"""Nodes from which on Gmsh makes a mesh of twice the sizes, whose edges are then halved. Its
frontal-Delaunay method takes 60 us per node, a halving 6 us and half of the memory."""


BAND_GROWTH = 0.3
"""Increase of the element size per distance from the fine part of a band."""


class Band(NamedTuple):
    """A strip about a straight line that is meshed finely, all in um.

    Attributes:
        start: Where the line begins.
        end: Where it ends.
        size: Element size up to `reach`; it grows beyond.
        reach: Distance from the line.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    size: float
    reach: float

    @property
    def length(self) -> float:
        """Length of the line."""
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    def expected_nodes(self) -> float:
        """Estimated node count: equilateral triangles of strip, ends and growing parts."""
        fine = (2 * self.length + 4 * self.reach) * self.reach / self.size**2
        return 2 / 3**0.5 * (fine + 2 * self.length / (BAND_GROWTH * self.size))

    def formula(self, factor: float) -> str:
        """A multiple of the element size as Gmsh evaluates it."""
        (x, y), length = self.start, self.length
        along = (self.end[0] - x) / length, (self.end[1] - y) / length
        way = f"Max(0, Min({length!r}, (x-({x!r}))*({along[0]!r}) + (y-({y!r}))*({along[1]!r})))"
        across = f"(x-({x!r})-({along[0]!r})*{way})^2 + (y-({y!r})-({along[1]!r})*{way})^2"
        beyond = f"Max(0, ({across})^0.5 - {self.reach!r})"
        return f"{factor * self.size!r} + {BAND_GROWTH!r}*{beyond}"


@dataclass(frozen=True, slots=True)
class LayeredCell:
    """Geometry and element sizes, all in um.

    Attributes:
        width: Extent along the anode.
        layers: (name, thickness) from the anode up.
        size_min: Element size from the anode up to `fine_height`.
        size_max: Largest element size.
        fine_height: Height of the uniformly fine part.
        growth: Increase of the size per unit of height above it.
        bands: Strips that are finer than that.
    """

    width: float
    layers: tuple[tuple[str, float], ...]
    size_min: float
    size_max: float
    fine_height: float = 0.0
    growth: float = 0.1
    bands: tuple[Band, ...] = ()

    def size(self, y: float) -> float:
        """Wanted element size at height y."""
        return min(self.size_max, self.size_min + self.growth * max(0.0, y - self.fine_height))

    def expected_nodes(self) -> float:
        """Estimated node count: equilateral triangles of the wanted size.

        Without the bands the integral of 2/(sqrt(3) size^2) over the cell, in closed form for its
        three parts: fine, growing linearly, and uniformly coarse.
        """
        height = sum(thickness for _, thickness in self.layers)
        fine = min(self.fine_height, height)
        ramp = min((self.size_max - self.size_min) / self.growth, height - fine)
        reached = self.size_min + self.growth * ramp
        per_width = (
            fine / self.size_min / self.size_min
            + ramp / self.size_min / reached
            + (height - fine - ramp) / reached / reached
        )
        own = 2 / 3**0.5 * self.width * per_width
        return own + sum(band.expected_nodes() for band in self.bands)

    def build(self) -> None:
        """Mesh the cell in the current gmsh model (gmsh must be initialised)."""
        import gmsh

        gmsh.model.add("layered")
        _geometry(self)
        generate(self)


def _geometry(cell: LayeredCell) -> list[int]:
    import gmsh

    geo = gmsh.model.geo
    heights = [0.0]
    for _, thickness in cell.layers:
        heights.append(heights[-1] + thickness)
    corners = [(geo.addPoint(0, y, 0), geo.addPoint(cell.width, y, 0)) for y in heights]
    levels = [geo.addLine(*pair) for pair in corners]
    left = [geo.addLine(corners[i][0], corners[i + 1][0]) for i in range(len(cell.layers))]
    right = [geo.addLine(corners[i][1], corners[i + 1][1]) for i in range(len(cell.layers))]
    surfaces = []
    for i in range(len(cell.layers)):
        loop = geo.addCurveLoop([levels[i], right[i], -levels[i + 1], -left[i]])
        surfaces.append(geo.addPlaneSurface([loop]))
    geo.synchronize()
    names = [name for name, _ in cell.layers]
    for name, surface in zip(names, surfaces, strict=True):
        gmsh.model.addPhysicalGroup(2, [surface], name=name)
    sides = {"anode": [levels[0]], "counter": [levels[-1]], "left": left, "right": right}
    for lower, upper, curve in zip(names, names[1:], levels[1:], strict=False):
        sides[f"{lower}|{upper}"] = [curve]
    for name, curves in sides.items():
        gmsh.model.addPhysicalGroup(1, curves, name=name)
    return surfaces


def generate(cell: LayeredCell) -> None:
    """Mesh the current gmsh model in the element sizes of a cell."""
    import gmsh

    nodes, halvings = cell.expected_nodes(), 0
    while nodes > LARGE:
        nodes, halvings = nodes / 4, halvings + 1
    _set_sizes(cell, 2.0**halvings)
    gmsh.model.mesh.generate(2)
    for _ in range(halvings):
        gmsh.model.mesh.refine()


def _set_sizes(cell: LayeredCell, factor: float) -> None:
    """Give the current gmsh model a multiple of the element sizes of a cell."""
    import gmsh

    field = gmsh.model.mesh.field
    height = field.add("MathEval")
    field.setString(height, "F", "y")
    graded = field.add("Threshold")
    ramp = (cell.size_max - cell.size_min) / cell.growth
    for key, value in {
        "InField": height,
        "SizeMin": factor * cell.size_min,
        "SizeMax": factor * cell.size_max,
        "DistMin": cell.fine_height,
        "DistMax": cell.fine_height + max(ramp, 1e-9),
    }.items():
        field.setNumber(graded, key, value)
    fields = [graded]
    for band in cell.bands:
        fields.append(field.add("MathEval"))
        field.setString(fields[-1], "F", band.formula(factor))
    least = field.add("Min")
    field.setNumbers(least, "FieldsList", fields)
    field.setAsBackgroundMesh(least if cell.bands else graded)
    for option in ("MeshSizeExtendFromBoundary", "MeshSizeFromPoints", "MeshSizeFromCurvature"):
        gmsh.option.setNumber(f"Mesh.{option}", 0)
    gmsh.option.setNumber("Mesh.Algorithm", 6)  # frontal-Delaunay: near-equilateral triangles
