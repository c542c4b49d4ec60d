# SPDX-License-Identifier: MIT
"""A polycrystal whose triangles end at the boundaries of its grains.

Physical groups as in `meshes.discrete`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from meshes.discrete import BOUNDARIES, grain_names
from meshes.layered import LayeredCell, generate
from meshes.polycrystal import Grains

# gmsh is imported where a mesh is made: sizes and node counts must be known without it.


@dataclass(frozen=True, eq=False)
class VoronoiCell:
    """Geometry and element sizes, all in um.

    Attributes:
        sheet: One layer as large as the cell, with the element sizes.
        grains: The grains.
        regions: Name of the region of every grain.
    """

    sheet: LayeredCell
    grains: Grains
    regions: tuple[str, ...]

    def size(self, y: float) -> float:
        """Wanted element size at height y."""
        return self.sheet.size(y)

    def expected_nodes(self) -> float:
        """Estimated node count: that without grains, and at least their corners."""
        return self.sheet.expected_nodes() + len(self.grains.corners)

    def build(self) -> None:
        """Mesh the cell in the current gmsh model (gmsh must be initialised)."""
        import gmsh

        gmsh.model.add("polycrystal")
        geo = gmsh.model.geo
        corners = [geo.addPoint(x, y, 0) for x, y in self.grains.corners]
        lines: dict[tuple[int, int], int] = {}
        surfaces, uses = [], {}
        for loop in self.grains.loops:
            found = []
            for a, b in zip(loop, np.roll(loop, -1), strict=True):
                key = (int(min(a, b)), int(max(a, b)))
                if key not in lines:
                    lines[key] = geo.addLine(corners[key[0]], corners[key[1]])
                uses[key] = uses.get(key, 0) + 1
                found.append(lines[key] if a < b else -lines[key])
            surfaces.append(geo.addPlaneSurface([geo.addCurveLoop(found)]))
        geo.synchronize()
        curves = self._sides([key for key, count in uses.items() if count == 1])
        curves[BOUNDARIES] = [key for key, count in uses.items() if count == 2]
        for name, keys in curves.items():
            if keys:
                gmsh.model.addPhysicalGroup(1, [lines[key] for key in keys], name=name)
        for name, surface in zip(grain_names(self.regions), surfaces, strict=True):
            gmsh.model.addPhysicalGroup(2, [surface], name=name)
        generate(self.sheet)

    def _sides(self, outer: list[tuple[int, int]]) -> dict[str, list[tuple[int, int]]]:
        x, y = self.grains.corners.T
        low, high = {"anode": y, "left": x}, {"counter": y, "right": x}
        places = {name: values == 0 for name, values in low.items()}
        places |= {name: values == values.max() for name, values in high.items()}
        return {name: [key for key in outer if all(there[list(key)])]
                for name, there in places.items()}  # fmt: skip
