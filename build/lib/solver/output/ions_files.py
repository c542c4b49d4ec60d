# SPDX-License-Identifier: MIT
"""The files of a transport run: scalars.csv, profile.csv and the XDMF series of fields.

Fields may jump between layers, so every triangle of the series has corners of its own.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from solver.base import files
from solver.cell.geometry import UM
from solver.cell.order import InputOrder
from solver.output import light

UNITS = {"phi": "V"}
CONCENTRATION = "mol/m^3"


def write_table(path: Path, rows: list[dict[str, float]]) -> None:
    """Write rows of the same columns as a CSV, whole or not at all.

    Raises:
        OSError: The file cannot be written.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0])
    writer.writeheader()
    for row in rows:
        writer.writerow({k: f"{v:.12g}" if isinstance(v, float) else v for k, v in row.items()})
    files.replace(path, stream.getvalue().encode())


def write_profile(path: Path, columns: dict[str, np.ndarray]) -> None:
    """Write a profile along the axis as a CSV.

    Raises:
        OSError: The file cannot be written.
    """
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    write_table(path, [dict(zip(columns, row, strict=True)) for row in rows])


class Series:
    """Writes `fields.xdmf` and what belongs to it; used on rank 0 only."""

    def __init__(self, folder: Path, order: InputOrder, layer: np.ndarray):
        """Start a series.

        Args:
            folder: The run folder.
            order: The mesh.
            layer: Number of the layer of every triangle.

        Raises:
            OSError: The folder cannot be written.
        """
        self._folder, self._snapshots = folder, []
        (folder / light.FOLDER).mkdir(exist_ok=True)
        points = order.points[order.triangles].reshape(-1, 3) / UM
        triangles = np.arange(len(points), dtype=np.int32).reshape(-1, 3)
        self._mesh = light.MeshFile(0, len(points), len(triangles))
        arrays = {"points": points, "triangles": triangles, "layer": layer.astype(np.float32)}
        units = {"points": light.LENGTH_UNIT, "triangles": "1", "layer": "1"}
        files.replace(folder / self._mesh.path, files.hdf5(arrays, units))

    def write(self, t: float, fields: dict[str, np.ndarray]) -> None:
        """Add the fields at time t [s], given at the corners of every triangle, once.

        Raises:
            OSError: A file cannot be written.
        """
        if self._snapshots and self._snapshots[-1].time == t:
            return
        units = {name: UNITS.get(name, CONCENTRATION) for name in fields}
        attributes = tuple(light.Attribute(name, unit) for name, unit in units.items())
        layer = light.Attribute(light.LAYER, "1", "Cell")
        number = len(self._snapshots)
        snapshot = light.Snapshot(number, t, self._mesh, (*attributes, layer))
        arrays = {name: values.ravel().astype(np.float32) for name, values in fields.items()}
        files.replace(self._folder / snapshot.path, files.hdf5(arrays, units))
        self._snapshots.append(snapshot)
        files.replace(self._folder / light.SERIES, light.to_xml(self._snapshots))
