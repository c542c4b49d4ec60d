# SPDX-License-Identifier: MIT
"""A cell whose triangles exist already: with the regions they belong to, sides and boundaries.

Physical groups: one surface per grain, `region` where a region is one grain and `region:number`
otherwise; the curves `anode` (y = 0), `counter` (top), `left` and `right`; and `boundaries`, the
edges between grains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# gmsh is imported where a mesh is made: sizes and node counts must be known without it.

GRAIN = ":"
"""Stands between the name of a region, which has none, and the number of a grain."""
BOUNDARIES = "boundaries"
SIDES = ("anode", "counter", "left", "right")


@dataclass(frozen=True, eq=False)
class DiscreteCell:
    """A rectangle of triangles, all lengths in um.

    Attributes:
        points: Coordinates, shape (nodes, 2); the lower left corner is at 0.
        triangles: Nodes of all triangles, counter-clockwise, shape (triangles, 3).
        grain: Number of the grain of every triangle.
        regions: Name of the region of every grain.
        boundaries: Nodes of the edges between grains, shape (edges, 2).
    """

    points: np.ndarray
    triangles: np.ndarray
    grain: np.ndarray
    regions: tuple[str, ...]
    boundaries: np.ndarray

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height."""
        width, height = self.points.max(axis=0)
        return float(width), float(height)

    def expected_nodes(self) -> float:
        """Number of nodes."""
        return float(len(self.points))

    def size(self, y: float) -> float:
        """Largest edge of the triangles that a horizontal line at height y meets."""
        corner = self.points[self.triangles][:, :, 1]
        met = (corner.min(axis=1) <= y) & (corner.max(axis=1) >= y)
        return float(longest_edges(self.points, self.triangles[met]).max(initial=0.0))

    def build(self) -> None:
        """Put the triangles into the current gmsh model (gmsh must be initialised)."""
        import gmsh

        gmsh.model.add("discrete")
        # All nodes belong to one curve, the first entity, whatever uses them.
        curves = {**sides(self.points, self.triangles), BOUNDARIES: self.boundaries}
        names = grain_names(self.regions)
        first = gmsh.model.addDiscreteEntity(1)
        count = len(self.points)
        places = np.column_stack([self.points, np.zeros(count)])
        gmsh.model.mesh.addNodes(1, first, np.arange(1, count + 1), places.ravel())
        for name, edges in curves.items():
            if len(edges):
                entity = gmsh.model.addDiscreteEntity(1)
                gmsh.model.mesh.addElementsByType(entity, 1, [], edges.ravel() + 1)
                gmsh.model.addPhysicalGroup(1, [entity], name=name)
        for number, name in enumerate(names):
            entity = gmsh.model.addDiscreteEntity(2)
            own = self.triangles[self.grain == number]
            gmsh.model.mesh.addElementsByType(entity, 2, [], own.ravel() + 1)
            gmsh.model.addPhysicalGroup(2, [entity], name=name)


def grain_names(regions: tuple[str, ...]) -> list[str]:
    """Names of the physical surfaces of grains, from the regions that they belong to."""
    counted: dict[str, int] = {}
    found = []
    for region in regions:
        counted[region] = counted.get(region, 0) + 1
        found.append(f"{region}{GRAIN}{counted[region]}")
    return [region if counted[region] == 1 else name
            for region, name in zip(regions, found, strict=True)]  # fmt: skip


def edges_of(triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges of triangles.

    Returns:
        The edges, nodes ascending, shape (edges, 2); the edge of every side of every triangle,
        shape (triangles, 3); the number of triangles at every edge.
    """
    every = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    edges, which, count = np.unique(every, axis=0, return_inverse=True, return_counts=True)
    return edges, which.reshape(-1, 3), count


def between(triangles: np.ndarray, grain: np.ndarray) -> np.ndarray:
    """Edges between triangles of different grains, shape (edges, 2)."""
    edges, which, _ = edges_of(triangles)
    low = np.full(len(edges), np.iinfo(np.int64).max)
    high = np.full(len(edges), -1)
    np.minimum.at(low, which.ravel(), np.repeat(grain, 3))
    np.maximum.at(high, which.ravel(), np.repeat(grain, 3))
    return edges[low < high]


def sides(points: np.ndarray, triangles: np.ndarray) -> dict[str, np.ndarray]:
    """Edges on the four sides of a rectangle whose lower left corner is at 0, by their name."""
    edges, _, count = edges_of(triangles)
    edges = edges[count == 1]
    (width, height), near = points.max(axis=0), 1e-6 * np.ptp(points, axis=0).max()
    x, y = points[edges].transpose(2, 0, 1)
    places = {
        "anode": np.abs(y) < near,
        "counter": np.abs(y - height) < near,
        "left": np.abs(x) < near,
        "right": np.abs(x - width) < near,
    }
    return {name: edges[place.all(axis=1)] for name, place in places.items()}


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Areas of triangles, negative for clockwise ones."""
    a, b, c = points[triangles].transpose(1, 0, 2)
    return 0.5 * ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])


def longest_edges(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Longest edge of every triangle."""
    corners = points[triangles]
    return np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
