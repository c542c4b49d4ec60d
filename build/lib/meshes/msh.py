# SPDX-License-Identifier: MIT
"""Writing any cell as a .msh file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Cell(Protocol):
    """A geometry with element sizes, in um."""

    def expected_nodes(self) -> float:
        """Estimated number of nodes."""

    def build(self) -> None:
        """Mesh the cell in the current gmsh model (gmsh must be initialised)."""


def write(cell: Cell, path: str | Path) -> tuple[int, int]:
    """Mesh the cell and write it as .msh (um). Returns the numbers of nodes and triangles."""
    import gmsh

    gmsh.initialize()
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        cell.build()
        gmsh.write(str(path))
        nodes = len(gmsh.model.mesh.getNodes()[0])
        triangles = len(gmsh.model.mesh.getElementsByType(2)[0])
    finally:
        gmsh.finalize()
    return nodes, triangles
