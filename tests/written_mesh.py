"""Gmsh files written by hand, good ones and bad ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

SIDES = {"anode": 0, "counter": 1, "left": 2, "right": 3}


def grid(nx: int, ny: int, width: float = 10.0, height: float = 10.0):
    """Nodes and triangles of a rectangle of nx times ny squares cut in two."""
    x, y = np.meshgrid(np.linspace(0, width, nx + 1), np.linspace(0, height, ny + 1))
    points = np.column_stack([x.ravel(), y.ravel()])
    low = (np.arange(ny)[:, None] * (nx + 1) + np.arange(nx)).ravel()
    a, b, c, d = low, low + 1, low + nx + 2, low + nx + 1
    return points, np.vstack([np.column_stack([a, b, c]), np.column_stack([a, c, d])])


def halves(points: np.ndarray, triangles: np.ndarray) -> list[str]:
    """Names `lower` and `upper` by the middle of every triangle."""
    middle = points[triangles][:, :, 1].mean(axis=1)
    return ["lower" if y < 0.5 * points[:, 1].max() else "upper" for y in middle]


def write(path: Path, points, triangles, names, curves=None, kinds=None) -> Path:
    """Write a file of format 2.2.

    Args:
        path: The file.
        points: Coordinates, shape (nodes, 2) or (nodes, 3).
        triangles: Nodes of every element of the plane.
        names: Name of the physical surface of every one of them.
        curves: Edges by the name of their physical curve.
        kinds: Gmsh's number of every element's kind; triangles by default.
    """
    curves, kinds = curves or {}, kinds or [2] * len(triangles)
    surfaces = list(dict.fromkeys(names))
    tags = {name: i + 1 for i, name in enumerate([*surfaces, *curves])}
    named = [f'2 {tags[name]} "{name}"' for name in surfaces if name]
    named += [f'1 {tags[name]} "{name}"' for name in curves]
    places = [(*point, 0.0)[:3] for point in np.asarray(points, dtype=float)]
    elements = [(1, tags[name], edge) for name, edges in curves.items() for edge in edges]
    elements += [(kind, tags[name] if name else 0, nodes)
                 for kind, name, nodes in zip(kinds, names, triangles, strict=True)]  # fmt: skip
    lines = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat"]
    lines += ["$PhysicalNames", str(len(named)), *named, "$EndPhysicalNames"]
    lines += ["$Nodes", str(len(places))]
    lines += [f"{i} {x!r} {y!r} {z!r}" for i, (x, y, z) in enumerate(map(_floats, places), 1)]
    lines += ["$EndNodes", "$Elements", str(len(elements))]
    lines += [f"{i} {kind} 2 {tag} {max(tag, 1)} {' '.join(str(int(n) + 1) for n in nodes)}"
              for i, (kind, tag, nodes) in enumerate(elements, 1)]  # fmt: skip
    path.write_text("\n".join([*lines, "$EndElements", ""]))
    return path


def _floats(place) -> tuple[float, ...]:
    return tuple(float(x) for x in place)
