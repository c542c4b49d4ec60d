# SPDX-License-Identifier: MIT
"""A mesh that a user has made elsewhere: a Gmsh file, made sure that it is a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from meshes.discrete import SIDES, areas, edges_of, sides

# gmsh is imported where a file is read: everything else can be asked without it.

TRIANGLE, LINE = 2, 1
KINDS = {3: "quadrilaterals", 9: "triangles of second order", 10: "quadrilaterals of second order",
         16: "quadrilaterals of second order", 21: "triangles of third order"}  # fmt: skip
"""What Gmsh numbers so and no cell is made of."""
REMEDIES = {3: "mesh without 'Recombine'", 9: "mesh with Mesh.ElementOrder = 1"}
FLAT = 1e-10
"""A triangle of less than this share of the square of its longest edge has no area."""


@dataclass(frozen=True, eq=False)
class OwnMesh:
    """What a file says, with the anode below and the lower left corner at 0, in um.

    Attributes:
        points: Coordinates, shape (nodes, 2).
        triangles: Their nodes, counter-clockwise, shape (triangles, 3).
        surface: Number of the physical surface of every triangle.
        surfaces: Names of the physical surfaces, the number as a text for one without; of a file
            without any the numbers of its surfaces.
        curves: Edges of the physical curves by name, shape (edges, 2).
    """

    points: np.ndarray
    triangles: np.ndarray
    surface: np.ndarray
    surfaces: tuple[str, ...]
    curves: dict[str, np.ndarray]


class NoCell(ValueError):
    """A file that holds no cell; the text says why."""


def read(path: Path, unit: float, side_of: dict[str, str]) -> OwnMesh:
    """Read a mesh.

    Args:
        path: The file.
        unit: What its coordinates are multiplied with to be in um.
        side_of: The side that a physical curve is, by its name; those that are called anode,
            counter, left or right need not be told.

    Raises:
        NoCell: The file cannot be read, or what is in it is no rectangle of triangles with named
            parts.
    """
    found = _loaded(path, unit)
    known = set(found.curves)
    if unknown := sorted(set(side_of) - known):
        curves = ", ".join(sorted(known)) or "none"
        raise NoCell(f"has no physical curve '{unknown[0]}'; its curves: {curves}")
    found = _oriented(found)
    _require_joined(found)
    named = {name: name for name in SIDES if name in known} | side_of
    found = _turned(found, named)
    _require_rectangle(found)
    _require_sides(found, named)
    return found


def _loaded(path: Path, unit: float) -> OwnMesh:
    import gmsh

    gmsh.initialize(interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.open(str(path))
        return _of_model(gmsh.model, unit)
    except NoCell:
        raise
    except Exception as error:  # gmsh raises bare Exception
        raise NoCell(f"is no mesh that Gmsh can read: {str(error).strip().rstrip('.')}") from None
    finally:
        gmsh.finalize()


def _of_model(model, unit: float) -> OwnMesh:
    _require_triangles(model)
    names, coordinates, _ = model.mesh.getNodes()
    places = coordinates.reshape(-1, 3)
    groups = _groups(model)
    everything = len(model.mesh.getElementsByType(TRIANGLE)[0])
    triangles = np.vstack([nodes for _, nodes in groups[2]] or [np.empty((0, 3), dtype=int)])
    if not len(triangles):
        where = "in a physical surface: name every region as one" if everything else "at all"
        raise NoCell(f"has no triangles {where}")
    _require_named_once(triangles, everything)
    used = np.unique(triangles)
    order = np.argsort(names)
    points = places[order[np.searchsorted(names, used, sorter=order)]]
    if np.ptp(points[:, 2]) > 1e-9 * np.ptp(points, axis=0).max():
        raise NoCell("is not flat: all nodes must have the same z")
    surface = np.repeat(np.arange(len(groups[2])), [len(nodes) for _, nodes in groups[2]])
    of_cell = {name: edges[np.isin(edges, used).all(axis=1)] for name, edges in groups[1]}
    return OwnMesh(
        points[:, :2] * unit,
        np.searchsorted(used, triangles),
        surface,
        tuple(name for name, _ in groups[2]),
        {name: np.sort(np.searchsorted(used, edges), axis=1) for name, edges in of_cell.items()},
    )


def _groups(model) -> dict[int, list[tuple[str, np.ndarray]]]:
    """Name and elements of the physical curves (1) and surfaces (2).

    Of a file without any the curves and surfaces of its geometry are taken, by their numbers.
    """
    if not model.getPhysicalGroups():
        return {dim: [(str(tag), _elements(model, dim, [tag])) for _, tag in model.getEntities(dim)]
                for dim in (1, 2)}  # fmt: skip
    return {
        dim: [(model.getPhysicalName(dim, tag) or str(tag),
               _elements(model, dim, model.getEntitiesForPhysicalGroup(dim, tag)))
              for _, tag in model.getPhysicalGroups(dim)]
        for dim in (1, 2)
    }  # fmt: skip


def _elements(model, dim: int, entities: Iterable[int]) -> np.ndarray:
    """Nodes of the triangles or edges of curves or surfaces."""
    kind = (LINE, TRIANGLE)[dim - 1]
    found = [model.mesh.getElementsByType(kind, entity)[1] for entity in entities]
    return np.concatenate(found or [np.empty(0, dtype=int)]).astype(np.int64).reshape(-1, dim + 1)


def _require_triangles(model) -> None:
    for kind in model.mesh.getElementTypes():
        name, dim, *_ = model.mesh.getElementProperties(kind)
        if dim == 3:
            raise NoCell(f"has elements of three dimensions ({name}); a cell is flat")
        if dim == 2 and kind != TRIANGLE:
            count = len(model.mesh.getElementsByType(kind)[0])
            remedy = REMEDIES.get(kind)
            raise NoCell(
                f"has {count} {KINDS.get(kind, name)}; a cell is made of triangles with straight "
                f"edges{f': {remedy}' if remedy else ''}"
            )


def _require_named_once(triangles: np.ndarray, everything: int) -> None:
    different = len(np.unique(np.sort(triangles, axis=1), axis=0))
    if different < len(triangles):
        raise NoCell(
            f"has {len(triangles) - different} triangles in more than one physical surface; every "
            "triangle has one region"
        )
    if different < everything:
        raise NoCell(
            f"has {everything - different} triangles in no physical surface; name every region of "
            "the cell as one"
        )


def _oriented(mesh: OwnMesh) -> OwnMesh:
    """All triangles counter-clockwise."""
    area = areas(mesh.points, mesh.triangles)
    edges = mesh.points[mesh.triangles] - np.roll(mesh.points[mesh.triangles], 1, axis=1)
    flat = np.abs(area) <= FLAT * (edges**2).sum(axis=2).max(axis=1)
    if flat.any():
        x, y = mesh.points[mesh.triangles[flat][0]].mean(axis=0)
        raise NoCell(
            f"has {flat.sum()} triangles without area, the first at ({x:.4g}, {y:.4g}) um"
        )
    triangles = np.where((area < 0)[:, None], mesh.triangles[:, ::-1], mesh.triangles)
    return OwnMesh(mesh.points, triangles, mesh.surface, mesh.surfaces, mesh.curves)


def _require_joined(mesh: OwnMesh) -> None:
    """Every edge has one triangle or two, and all triangles hang together by edges."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    edges, which, count = edges_of(mesh.triangles)
    if (count > 2).any():
        x, y = mesh.points[edges[count > 2][0]].mean(axis=0)
        raise NoCell(f"folds over itself: more than two triangles meet in an edge at "
                     f"({x:.4g}, {y:.4g}) um")  # fmt: skip
    outer = mesh.points[edges[count == 1]]
    scale = np.ptp(mesh.points, axis=0).max()
    middles = np.round(outer.mean(axis=1) / scale, 9)
    doubled = len(middles) - len(np.unique(middles, axis=0))
    if doubled:
        raise NoCell(
            f"has {doubled} edges twice in one place: parts lie side by side without being joined; "
            "give them common nodes ('Coherence', or BooleanFragments)"
        )
    cells, entries = len(mesh.triangles), np.ones(which.size)
    incidence = csr_array((entries, which.ravel(), np.arange(0, which.size + 1, 3)),
                          shape=(cells, len(edges)))  # fmt: skip
    parts, label = connected_components(incidence @ incidence.T, directed=False)
    if parts > 1:
        small = np.argmin(np.bincount(label))
        x, y = mesh.points[mesh.triangles[label == small][0]].mean(axis=0)
        raise NoCell(
            f"has {parts} parts that do not hang together, one of them at ({x:.4g}, {y:.4g}) um"
        )


def _turned(mesh: OwnMesh, named: dict[str, str]) -> OwnMesh:
    """Turned by quarters so that the anode is below, and moved to the origin."""
    points = mesh.points
    anode = [mesh.curves[name] for name, side in named.items() if side == "anode"]
    if anode and len(np.vstack(anode)):
        x, y = points[np.vstack(anode).ravel()].T
        (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
        near = 1e-6 * max(right - left, high - low)
        if (x > right - near).all():
            points = np.column_stack([points[:, 1], -points[:, 0]])
        elif (y > high - near).all():
            points = -points
        elif (x < left + near).all():
            points = np.column_stack([-points[:, 1], points[:, 0]])
    return OwnMesh(points - points.min(axis=0), mesh.triangles, mesh.surface, mesh.surfaces,
                   mesh.curves)  # fmt: skip


def _require_rectangle(mesh: OwnMesh) -> None:
    points = mesh.points
    edges, _, count = edges_of(mesh.triangles)
    outer = edges[count == 1]
    on_side = np.vstack(list(sides(points, mesh.triangles).values()))
    inside = ~np.isin(_keys(outer, len(points)), _keys(on_side, len(points)))
    if inside.any():
        x, y = points[outer[inside][0]].mean(axis=0)
        raise NoCell(
            f"does not fill a rectangle: {inside.sum()} outer edges are on none of its sides, the "
            f"first at ({x:.4g}, {y:.4g}) um; mesh a hole or notch as a region of its own"
        )
    width, height = points.max(axis=0)
    total = areas(points, mesh.triangles).sum()
    if abs(total / (width * height) - 1) > 1e-6:
        raise NoCell(
            f"folds over itself: its triangles have {total / (width * height):.4g} times the area "
            "of the rectangle that they fill"
        )


def _require_sides(mesh: OwnMesh, named: dict[str, str]) -> None:
    places = sides(mesh.points, mesh.triangles)
    for side in SIDES:
        names = [name for name, its in named.items() if its == side]
        if not names:
            continue
        drawn = _keys(np.vstack([mesh.curves[name] for name in names]), len(mesh.points))
        there = _keys(places[side], len(mesh.points))
        title = ", ".join(f"'{name}'" for name in names)
        if wrong := len(np.setdiff1d(drawn, there)):
            raise NoCell(
                f"has the physical curve {title} elsewhere than the {side} is, which is "
                f"{PLACES[side]}: {wrong} of its edges"
            )
        if missing := len(np.setdiff1d(there, drawn)):
            raise NoCell(
                f"has the physical curve {title} on a part of the {side} only: {missing} of "
                f"{len(there)} edges are missing"
            )


PLACES = {"anode": "below", "counter": "above", "left": "at the left", "right": "at the right"}


def _keys(edges: np.ndarray, count: int) -> np.ndarray:
    """Edges as single numbers."""
    return np.sort(edges, axis=1).astype(np.int64) @ np.array([count, 1])
