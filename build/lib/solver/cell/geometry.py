# SPDX-License-Identifier: MIT
"""From a config to the geometry that a mesh builder wants; needs neither DOLFINx nor Gmsh."""

from __future__ import annotations

import os
from pathlib import Path

from meshes.graded import GradedCell
from meshes.layered import LayeredCell
from meshes.skeleton import SkeletonCell
from solver.base.errors import InputError
from solver.input.config import Config
from solver.input.ions_config import TransportConfig
from solver.input.resolution import resolution

UM = 1e-6
"""Meshes are built and written in um, computed with in m."""

MAX_NODES = 2e8
"""More nodes are taken for a mistake in the sizes: a workstation holds about 1e7."""


def cell_geometry(config: Config | TransportConfig) -> LayeredCell | SkeletonCell | GradedCell:
    """Return the geometry and element sizes of a config, in um; those of the base, if adaptive.

    Raises:
        InputError: The sizes ask for more than `MAX_NODES` nodes.
    """
    cell = _rows(config) if config.physics == "transport" else _triangles(config)
    nodes = cell.expected_nodes()
    if nodes > MAX_NODES:
        finer = "" if config.physics == "transport" else ", or lower fine_height"
        raise InputError(
            f"mesh.size_min: {config.mesh.size_min:g} m makes a mesh of about {nodes:.2g} nodes; "
            f"at most {MAX_NODES:.0e} are allowed, so enlarge size_min, size_max or growth{finer}."
        )
    return cell


def _triangles(config: Config) -> LayeredCell | SkeletonCell:
    m = config.mesh
    if config.adapt.enabled:
        edge = resolution(config).edge(0) / UM
        return _base(config, LayeredCell(config.width / UM, _layers(config), edge, edge))
    stack = LayeredCell(
        width=config.width / UM,
        layers=_layers(config),
        size_min=m.size_min / UM,
        size_max=m.size_max / UM,
        fine_height=m.fine_height / UM,
        growth=m.growth,
    )
    s = config.skeleton
    if s is None:
        return stack
    half, ends = 0.5 * s.width / UM, (s.start / UM, s.end / UM)
    centres = (x / UM for x in s.centres(config.width))
    return SkeletonCell(stack, tuple((x - half, x + half, *ends) for x in centres))


def _rows(config: TransportConfig) -> GradedCell:
    m = config.mesh
    return GradedCell(
        width=config.width / UM,
        columns=m.columns,
        layers=_layers(config),
        size_min=m.size_min / UM,
        size_max=m.size_max / UM,
        growth=m.growth,
    )


def _layers(config: Config | TransportConfig) -> tuple[tuple[str, float], ...]:
    return tuple((layer.name, layer.thickness / UM) for layer in config.layers)


def _base(config: Config, cell: LayeredCell) -> LayeredCell:
    """Return the base of an adaptive mesh, unless its refinement would be too large."""
    nodes = cell.expected_nodes() + resolution(config).front_nodes(config.width)
    if nodes > MAX_NODES:
        raise InputError(
            f"adapt.elements: {config.adapt.elements:g} makes a mesh of about {nodes:.2g} nodes at "
            f"the start; at most {MAX_NODES:.0e} are allowed, so lower it or adapt.margin, or "
            "enlarge mesh.size_max or phase_field.interface_length."
        )
    return cell


def size_at_front(config: Config, height: float) -> float:
    """Element size where the front has reached a height [m]."""
    if config.adapt.enabled:
        return resolution(config).size
    return cell_geometry(config).size(height / UM) * UM


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
