# SPDX-License-Identifier: MIT
"""What the configs of all kinds of physics have in common."""

from __future__ import annotations

from solver.input.sections import Section


class RunConfig(Section):
    """The values of a whole run.

    Every kind of physics has at least the keys title, physics, width, layers (each with a name and
    a thickness), mesh, time (with max_wall) and output.
    """

    @property
    def cell_height(self) -> float:
        """Sum of the layers' thicknesses [m]."""
        return sum(layer.thickness for layer in self.layers)

    @property
    def adaptive(self) -> bool:
        """Whether the mesh is refined and coarsened during the run."""
        return False
