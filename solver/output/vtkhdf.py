# SPDX-License-Identifier: MIT
"""How a field series stands in one file of the VTKHDF format, and what a reader finds in it.

An unstructured grid with steps (docs.vtk.org, VTKHDF, version 2.0), of one part per mesh. Every
dataset has the rows of all steps or meshes, each beginning with a chunk; `Steps` says where the
rows of a step begin. Steps of the same mesh begin there in the same rows.

    /VTKHDF/Points, Connectivity, Offsets, Types, CellData/layer   rows per mesh
    /VTKHDF/NumberOfPoints, NumberOfCells, NumberOfConnectivityIds one row per mesh
    /VTKHDF/PointData/..., CellData/...                            rows per step
    /VTKHDF/Steps/Values, PartOffsets, PointOffsets, ...           one row per step
    /meshes/sha256                                                 one row per mesh, ours
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from solver.base import launch
from solver.output.light import Attribute, Entry, Place

if TYPE_CHECKING:
    import h5py

SERIES = "fields.vtkhdf"
"""Name of the file, inside the run folder."""
ROOT = "VTKHDF"
VERSION = (2, 0)
TRIANGLE = 5
"""VTK's number of a triangle."""
DATA = {"Node": "PointData", "Cell": "CellData"}
FIELDS = "fields"
"""Attribute of the file: names of the fields, in order."""
SHA256 = "meshes/sha256"
"""Checksums of the meshes, by which a restart knows the last one."""


def read(path: Path) -> list[Entry]:
    """Read what a file says of its steps.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not what this program writes.
    """
    with launch.needs_libraries():
        import h5py
    with h5py.File(path, "r", locking=False) as file:
        try:
            return entries(file)
        except (KeyError, IndexError, AttributeError, TypeError):
            raise ValueError("not a field series that this program wrote") from None


def entries(file: h5py.File) -> list[Entry]:
    """Return what an open file says of its steps."""
    root, attributes = file[ROOT], _attributes(file)
    steps = root["Steps"]
    starts = {a.name: steps[f"{DATA[a.center]}Offsets/{a.name}"][...].tolist() for a in attributes}
    count = int(steps.attrs["NSteps"])
    times, parts = steps["Values"][:count].tolist(), steps["PartOffsets"][:count].tolist()
    points, ids = steps["PointOffsets"][...], steps["ConnectivityIdOffsets"][...].ravel()
    nodes, cells = root["NumberOfPoints"][...].tolist(), root["NumberOfCells"][...].tolist()
    found = []
    for i, (time, part) in enumerate(zip(times, parts, strict=True)):
        rows = {"Node": nodes[part], "Cell": cells[part]}
        places = {
            a.name: _place(f"{DATA[a.center]}/{a.name}", rows[a.center], starts[a.name][i])
            for a in attributes
        }
        first = _place("Points", nodes[part], int(points[i]))
        triangles = _place("Connectivity", 3 * cells[part], int(ids[i]))
        found.append(Entry(time, attributes, first, triangles, places))
    return found


def _place(dataset: str, rows: int, first: int) -> Place:
    return Place(SERIES, f"{ROOT}/{dataset}", rows, first)


def _attributes(file: h5py.File) -> tuple[Attribute, ...]:
    root, found = file[ROOT], []
    for name in file.attrs[FIELDS]:
        center = "Node" if name in root["PointData"] else "Cell"
        data = root[f"{DATA[center]}/{name}"]
        found.append(Attribute(name, data.attrs["unit"], center, 1 if data.ndim == 1 else 3))
    return tuple(found)
