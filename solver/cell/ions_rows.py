# SPDX-License-Identifier: MIT
"""The cell of ion transport: rows of triangles, thin at electrodes and between layers."""

from __future__ import annotations

from meshes.graded import GradedCell
from solver.cell.geometry import UM, layers
from solver.input.ions_config import TransportConfig


def cell(config: TransportConfig) -> GradedCell:
    """Return the geometry and the heights of the rows of a config, in um."""
    m = config.mesh
    return GradedCell(
        width=config.width / UM,
        columns=m.columns,
        layers=layers(config),
        size_min=m.size_min / UM,
        size_max=m.size_max / UM,
        growth=m.growth,
    )
