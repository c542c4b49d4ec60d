# SPDX-License-Identifier: MIT
"""From a config to the geometry that a mesh builder wants; needs neither DOLFINx nor Gmsh."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from solver.base import physics
from solver.base.errors import InputError
from solver.base.units import si_text
from solver.input.geometry_files import UM
from solver.input.run_config import RunConfig

MAX_NODES = 2e8
"""More nodes are taken for a mistake in the sizes: a workstation holds about 1e7."""


class Cell(Protocol):
    """The geometry of a cell, in um."""

    def expected_nodes(self) -> float:
        """Number of nodes that the mesh will have, about."""

    def build(self) -> None:
        """Mesh the cell with Gmsh, in its present model."""


def cell_geometry(config: RunConfig) -> Cell:
    """Return the geometry and element sizes of a config, in um; those of the base, if adaptive.

    Raises:
        InputError: The sizes ask for more than `MAX_NODES` nodes.
    """
    cell = physics.of(config).load("cell")(config)
    nodes = cell.expected_nodes()
    if nodes > MAX_NODES:
        finer = ", or lower fine_height" if hasattr(config.mesh, "fine_height") else ""
        raise InputError(
            f"mesh.size_min: {config.mesh.size_min:g} m makes a mesh of about {nodes:.2g} nodes"
            f"{_by_picture(config)}; at most {MAX_NODES:.0e} are allowed, so enlarge size_min, "
            f"size_max or growth{finer}."
        )
    return cell


def _by_picture(config: RunConfig) -> str:
    """How large a cell is whose size is that of a file."""
    geometry = getattr(config, "geometry", None)
    if geometry is None or geometry.file is None:
        return ""
    size = f"{si_text(config.width, 'm')} x {si_text(config.cell_height, 'm')}"
    return f" in the {size} that geometry.{geometry.kind} says"


def layers(config: RunConfig) -> tuple[tuple[str, float], ...]:
    """Name and thickness [um] of every layer, from the anode up."""
    return tuple((layer.name, layer.thickness / UM) for layer in config.layers)


def writable_mesh_file(path: Path, force: bool) -> Path:
    """Return the path of a mesh file that may be written.

    Raises:
        InputError: The name does not end in .msh, the file exists and `force` is false, or its
            folder does not exist or cannot be written to.
    """
    if path.suffix != ".msh":
        raise InputError(f"-o {path}: the name of a mesh file must end in .msh.")
    if path.is_dir():
        raise InputError(f"-o {path}: this is a folder; give the name of a file.")
    if path.exists() and not force:
        raise InputError(f"-o {path}: the file exists; --force replaces it.")
    if not path.parent.is_dir():
        raise InputError(f"-o {path}: the folder {path.parent} does not exist.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InputError(f"-o {path}: no permission to write there.")
    return path
