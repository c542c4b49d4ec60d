# SPDX-License-Identifier: MIT
"""A stack of layers with rectangular filaments inside: a skeleton perpendicular to the anode.

Physical groups as in `meshes.layered`, and one surface `skeleton` for all filaments; the curves
between layers have none.
"""

from __future__ import annotations

from dataclasses import dataclass

from meshes.layered import LayeredCell, generate

SKELETON = "skeleton"
"""Name of the filaments' physical group."""


@dataclass(frozen=True, slots=True)
class SkeletonCell:
    """Geometry, all in um.

    Attributes:
        stack: The layers and the element sizes.
        filaments: (x_left, x_right, y_low, y_high) of every filament, inside the cell.
    """

    stack: LayeredCell
    filaments: tuple[tuple[float, float, float, float], ...]

    def size(self, y: float) -> float:
        """Wanted element size at height y."""
        return self.stack.size(y)

    def expected_nodes(self) -> float:
        """Estimated node count, that of the stack: filaments are meshed too."""
        return self.stack.expected_nodes()

    def build(self) -> None:
        """Mesh the cell in the current gmsh model (gmsh must be initialised)."""
        import gmsh

        gmsh.model.add(SKELETON)
        occ, bottom, sheets = gmsh.model.occ, 0.0, []
        for _, thickness in self.stack.layers:
            sheets.append((2, occ.addRectangle(0, bottom, 0, self.stack.width, thickness)))
            bottom += thickness
        for left, right, low, high in self.filaments:
            sheets.append((2, occ.addRectangle(left, low, 0, right - left, high - low)))
        _, pieces = occ.fragment(sheets, [])
        occ.synchronize()
        self._name_surfaces(pieces)
        self._name_sides(bottom)
        generate(self.stack)

    def _name_surfaces(self, pieces: list) -> None:
        import gmsh

        count = len(self.stack.layers)
        inside = {tag for group in pieces[count:] for _, tag in group}
        for (name, _), group in zip(self.stack.layers, pieces[:count], strict=True):
            electrolyte = [tag for _, tag in group if tag not in inside]
            gmsh.model.addPhysicalGroup(2, electrolyte, name=name)
        gmsh.model.addPhysicalGroup(2, sorted(inside), name=SKELETON)

    def _name_sides(self, height: float) -> None:
        import gmsh

        width, near = self.stack.width, 1e-6 * min(self.stack.width, height)
        boxes = {
            "anode": (0, 0, width, 0),
            "counter": (0, height, width, height),
            "left": (0, 0, 0, height),
            "right": (width, 0, width, height),
        }
        for name, (x0, y0, x1, y1) in boxes.items():
            corners = (x0 - near, y0 - near, -near, x1 + near, y1 + near, near)
            curves = [tag for _, tag in gmsh.model.getEntitiesInBoundingBox(*corners, dim=1)]
            gmsh.model.addPhysicalGroup(1, curves, name=name)
