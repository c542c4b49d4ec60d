# SPDX-License-Identifier: MIT
"""The sections of a `TransportConfig`, some of which have the names of a `Config`'s."""

from solver.input.ions_sections import (
    Boundary,
    Constants,
    Electrode,
    Layer,
    Mesh,
    Output,
    Solver,
    Species,
    Time,
)

__all__ = [
    "Boundary", "Constants", "Electrode", "Layer", "Mesh", "Output", "Solver", "Species", "Time",
]  # fmt: skip
