# SPDX-License-Identifier: MIT
"""Phase-field simulator of lithium dendrites in layered solid electrolytes.

From Python, `import solver`: `load` or `Config` make a config, `report` says what it means,
`simulate` runs it, `open_run` reads what a run has left, `compare` tells two runs apart, and
`converge` says what a config's numbers tend to.
Names are imported when they are used first, so `import solver` needs no DOLFINx.
"""

import importlib

__version__ = "0.1.0"

_SECTIONS = (
    "Layer", "Region", "Lithium", "Skeleton", "PhaseField", "Kinetics", "Potential",
    "Transport", "Electrochemistry", "Boundary", "Mechanics", "Fracture", "Nuclei", "Mesh", "Adapt",
    "Time", "Solver", "Output", "Constants",
)  # fmt: skip
_GEOMETRY = ("Geometry", "Voronoi", "Image", "Ebsd", "Msh", "GrainBoundaries")
_INNER = {
    "Island": "deposit", "Notch": "fracture_section", "Norton": "mechanics", "Sides": "mechanics",
}  # fmt: skip
"""Sections within sections, and their modules."""
_PLACES = {
    "load": "solver.api.configs",
    "report": "solver.api.configs",
    "simulate": "solver.api.running",
    "open_run": "solver.api.running",
    "Run": "solver.api.running",
    "Fields": "solver.api.fields",
    "converge": "solver.api.converging",
    "compare": "solver.api.comparing",
    "Comparison": "solver.api.comparing",
    "Report": "solver.check.summary",
    "Config": "solver.input.config",
    "Protocol": "solver.input.protocol",
    "TransportConfig": "solver.input.ions_config",
    "InputError": "solver.base.errors",
    "SolverError": "solver.base.errors",
    "Stopped": "solver.base.errors",
    "transport": "solver.api.configs",
    **dict.fromkeys(_SECTIONS, "solver.input.stack"),
    **dict.fromkeys(_GEOMETRY, "solver.input.geometry_sections"),
    **{name: f"solver.input.{module}" for name, module in _INNER.items()},
}
"""Module of every name; none is the name of a room, which Python would put in its place."""

__all__ = [*_PLACES, "__version__"]


def __getattr__(name: str):
    if name not in _PLACES:
        raise AttributeError(f"module 'solver' has no attribute '{name}'")
    return getattr(importlib.import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
