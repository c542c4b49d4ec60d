# SPDX-License-Identifier: MIT
"""A rectangular stack of layers in rows of triangles, thin at the electrodes and between layers.

Rows of right triangles may be a million times wider than high, so that layers of charge of 0.1 nm
can be resolved across 100 um. Physical groups as in `meshes.layered`.
"""

from __future__ import annotations

from dataclasses import dataclass

# gmsh is imported where a mesh is made: sizes and node counts must be known without it.


@dataclass(frozen=True, slots=True)
class GradedCell:
    """Geometry and element sizes, all in um.

    Attributes:
        width: Extent along the anode.
        columns: Number of equal columns.
        layers: (name, thickness) from the anode up.
        size_min: Height of the rows next to the ends of a layer.
        size_max: Largest height of a row.
        growth: Ratio of the heights of neighbouring rows.
    """

    width: float
    columns: int
    layers: tuple[tuple[str, float], ...]
    size_min: float
    size_max: float
    growth: float

    def heights(self, thickness: float) -> list[float]:
        """Upper ends of the rows of a layer above its lower end, symmetric about its middle."""
        rows, reached, size = [], 0.0, min(self.size_min, self.size_max)
        while reached < 0.5 * thickness:
            rows.append(size)
            reached += size
            size = min(size * self.growth, self.size_max)
        sizes = [*rows, *reversed(rows)]
        scale = thickness / sum(sizes)
        ends = [scale * sum(sizes[: i + 1]) for i in range(len(sizes) - 1)]
        return [*ends, thickness]

    def expected_nodes(self) -> float:
        """Number of nodes, without making the rows if there would be very many."""
        rows = 1.0
        for _, thickness in self.layers:
            if thickness / self.size_max > 1e7:
                return float("inf")
            rows += len(self.heights(thickness))
        return rows * (self.columns + 1)

    def build(self) -> None:
        """Mesh the cell in the current gmsh model (gmsh must be initialised)."""
        import gmsh

        gmsh.model.add("graded")
        geo = gmsh.model.geo
        line = geo.addLine(geo.addPoint(0, 0, 0), geo.addPoint(self.width, 0, 0))
        geo.mesh.setTransfiniteCurve(line, self.columns + 1)
        sides = {"anode": [line], "left": [], "right": []}
        surfaces = {}
        for i, (name, thickness) in enumerate(self.layers):
            ends = [height / thickness for height in self.heights(thickness)]
            made = geo.extrude(
                [(1, line)], 0, thickness, 0, numElements=[1] * len(ends), heights=ends
            )
            (_, upper), (_, surface), *beside = made
            surfaces[name] = surface
            sides["left"].append(abs(beside[1][1]))
            sides["right"].append(abs(beside[0][1]))
            above = f"{name}|{self.layers[i + 1][0]}" if i + 1 < len(self.layers) else "counter"
            sides[above] = [upper]
            line = upper
        geo.synchronize()
        for name, surface in surfaces.items():
            gmsh.model.addPhysicalGroup(2, [surface], name=name)
        for name, curves in sides.items():
            gmsh.model.addPhysicalGroup(1, curves, name=name)
        gmsh.model.mesh.generate(2)
