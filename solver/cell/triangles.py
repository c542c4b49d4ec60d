# SPDX-License-Identifier: MIT
"""The cell of a dendrite: triangles graded with the height, or the base of an adaptive mesh."""

from __future__ import annotations

from meshes.layered import Band, LayeredCell
from meshes.skeleton import SkeletonCell
from solver.base.errors import InputError
from solver.cell import expected, regions
from solver.cell.geometry import MAX_NODES, UM, Cell, cell_geometry, layers
from solver.cell.notches import ROUND
from solver.input.config import Config
from solver.input.resolution import resolution


def cell(config: Config) -> Cell:
    """Return the geometry and element sizes of a config, in um; those of the base, if adaptive.

    Raises:
        InputError: The refinement of the base asks for more than `MAX_NODES` nodes.
    """
    m = config.mesh
    if config.adaptive:
        edge = resolution(config).edge(0) / UM
        return _base(config, LayeredCell(config.width / UM, _sheets(config), edge, edge))
    stack = LayeredCell(
        width=config.width / UM,
        layers=_sheets(config),
        size_min=m.size_min / UM,
        size_max=m.size_max / UM,
        fine_height=m.fine_height / UM,
        growth=m.growth,
        bands=_bands(config),
    )
    if config.geometry is not None:
        return regions.cell(config, stack)
    s = config.skeleton
    if s is None:
        return stack
    half, ends = 0.5 * s.width / UM, (s.start / UM, s.end / UM)
    centres = (x / UM for x in s.centres(config.width))
    return SkeletonCell(stack, tuple((x - half, x + half, *ends) for x in centres))


def _sheets(config: Config) -> tuple[tuple[str, float], ...]:
    """The layers; all of the cell as one, which regions divide."""
    return layers(config) if config.geometry is None else (("all", config.cell_height / UM),)


def _bands(config: Config) -> tuple[Band, ...]:
    """Notches and the way ahead of them."""
    section = config.fracture
    if section is None:
        return ()
    reach, found = ROUND * section.length, []
    for notch in section.notches:
        points = (notch.x, notch.y), notch.beyond(section.way)
        ends = (tuple(x / UM for x in point) for point in points)
        found.append(Band(*ends, section.length / section.elements / UM, reach / UM))
    return tuple(found)


def _base(config: Config, sheet: LayeredCell) -> Cell:
    """Return the base of an adaptive mesh, unless its refinement would be too large."""
    base = sheet if config.geometry is None else regions.cell(config, sheet)
    nodes = base.expected_nodes() + expected.along_the_front(config)
    nodes += expected.along_boundaries(config)
    if nodes > MAX_NODES:
        raise InputError(
            f"adapt.elements: {config.adapt.elements:g} makes a mesh of about {nodes:.2g} nodes at "
            f"the start; at most {MAX_NODES:.0e} are allowed, so lower it or adapt.margin, or "
            "enlarge mesh.size_max or phase_field.interface_length."
        )
    return base


def size_at_front(config: Config, height: float) -> float:
    """Element size where the front has reached a height [m]."""
    if config.adaptive:
        return resolution(config).size
    return cell_geometry(config).size(height / UM) * UM
