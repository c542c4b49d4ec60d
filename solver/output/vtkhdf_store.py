# SPDX-License-Identifier: MIT
"""Writes a field series into one VTKHDF file; see `solver.output.vtkhdf`. On rank 0."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np

from solver.base.disk import Disk
from solver.base.errors import InputError
from solver.output import light, vtkhdf
from solver.output.chunks import ROWS, Column, dataset_of, encoded
from solver.output.light import Attribute
from solver.output.spare import SpareFile
from solver.output.vtkhdf import DATA, ROOT, SHA256

PER_MESH = ("NumberOfPoints", "NumberOfCells", "NumberOfConnectivityIds")
PER_STEP = ("PartOffsets", "NumberOfParts", "PointOffsets", "CellOffsets", "ConnectivityIdOffsets")
LITTLE = 1024
"""Rows of a chunk in the datasets of one row per step or mesh."""


class VtkHdfStore:
    """The file of a series; a change is there wholly or not at all.

    Attributes:
        identity: Checksum of the last mesh; None before there is one.
    """

    def __init__(self, folder: Path, keep_until: float | None):
        """Go on with the file of a run folder up to a time [s]; None: begin anew.

        Raises:
            InputError: The file cannot be read.
            OSError: It cannot be written.
        """
        self.path = Path(folder) / vtkhdf.SERIES
        self._file = SpareFile(self.path)
        self._times: list[float] = []
        self.identity: str | None = None
        if keep_until is None:
            self.path.unlink(missing_ok=True)
        elif self.path.exists():
            self._resume(keep_until)

    def _resume(self, keep_until: float) -> None:
        try:
            self._times = [entry.time for entry in vtkhdf.read(self.path)]
        except (OSError, ValueError):
            raise InputError(f"{self.path}: not a field series that this program wrote.") from None
        kept = [t for t in self._times if t <= keep_until]
        if not kept:
            self.path.unlink()
        elif len(kept) < len(self._times):
            with self._file.changed() as (file, _):
                _cut_steps(file, len(kept))
                _cut_meshes(file)
        self._times = kept
        self._know()

    def _know(self) -> None:
        self.identity = None
        if self._times:
            with h5py.File(self.path, "r", locking=False) as file:
                self.identity = file[SHA256].asstr()[-1]

    def add(
        self,
        t: float,
        attributes: tuple[Attribute, ...],
        mesh: Sequence[Column],
        identity: str,
        fields: Sequence[Column],
    ) -> None:
        """See `solver.output.store.Store`."""
        kept = [time for time in self._times if time < t]
        with self._file.changed() as (file, disk):
            if ROOT not in file:
                _create(file, attributes)
            if len(kept) < len(self._times):
                _cut_steps(file, len(kept))
            if mesh:
                _cut_meshes(file)
                _add_mesh(file, mesh, identity, disk)
            _add_step(file[ROOT], t, fields, disk)
        self._times, self.identity = [*kept, t], identity

    def close(self) -> None:
        """Leave nothing but the file."""
        self._file.close()


def _create(file: h5py.File, attributes: tuple[Attribute, ...]) -> None:
    root = file.create_group(ROOT)
    root.attrs["Version"] = np.array(vtkhdf.VERSION, np.int64)
    root.attrs["Type"] = np.bytes_("UnstructuredGrid")  # of fixed length, as the reader wants it
    dataset_of(root, "Points", np.float64, (3,), light.LENGTH_UNIT)
    dataset_of(root, "Connectivity", np.int32, (), "1", flat=3)
    dataset_of(root, "Offsets", np.int32, (), "1")
    # All cells are triangles: the dataset has none but values that were never written.
    root.create_dataset(
        "Types", (0,), np.uint8, maxshape=(None,), chunks=(ROWS,), fillvalue=vtkhdf.TRIANGLE
    )
    steps = root.create_group("Steps")
    steps.attrs["NSteps"] = 0
    _little(steps, "Values", np.float64)
    for group, names in ((root, PER_MESH), (steps, PER_STEP)):
        for name in names:
            _little(group, name, np.int64)
    _little(file, SHA256, "S64")
    every = (*attributes, Attribute(light.LAYER, "1", "Cell"))
    for a in every:
        shape = (3,) if a.components > 1 else ()
        dataset_of(root.require_group(DATA[a.center]), a.name, np.float32, shape, a.unit)
        _little(steps.require_group(f"{DATA[a.center]}Offsets"), a.name, np.int64)
    file.attrs[vtkhdf.FIELDS] = [a.name for a in every]


def _little(group: h5py.Group, name: str, dtype: object) -> None:
    group.create_dataset(name, (0,), dtype, maxshape=(None,), chunks=(LITTLE,))


def _append(dataset: h5py.Dataset, value: float | int | str) -> None:
    dataset.resize(len(dataset) + 1, axis=0)
    dataset[-1] = value


def _add_mesh(file: h5py.File, mesh: Sequence[Column], identity: str, disk: Disk) -> None:
    points, triangles, layer = mesh
    root, part = file[ROOT], len(file[SHA256])
    points.append(root["Points"], disk)
    triangles.append(root["Connectivity"], disk)
    layer.append(root[f"CellData/{light.LAYER}"], disk)
    _add_offsets(root, part, triangles.count)
    for name, count in zip(
        PER_MESH, (points.count, triangles.count, 3 * triangles.count), strict=True
    ):
        _append(root[name], count)
    _append(file[SHA256], identity)


def _add_offsets(root: h5py.Group, part: int, cells: int) -> None:
    """Where the nodes of every triangle begin, and where the last ones end."""
    offsets = root["Offsets"]
    start = -(-len(offsets) // ROWS) * ROWS
    offsets.resize(start + cells + 1, axis=0)
    for first in range(0, cells + 1, ROWS):
        values = 3 * np.arange(first, min(first + ROWS, cells + 1), dtype=np.int32)
        offsets.id.write_direct_chunk((start + first,), encoded(values, ROWS))
    root["Types"].resize(start + cells, axis=0)


def _add_step(root: h5py.Group, t: float, fields: Sequence[Column], disk: Disk) -> None:
    """Rows of the fields, then where they are and where the last mesh is; the count last."""
    steps = root["Steps"]
    for column in fields:
        center = "Node" if column.name in root["PointData"] else "Cell"
        start = column.append(root[f"{DATA[center]}/{column.name}"], disk)
        _append(steps[f"{DATA[center]}Offsets/{column.name}"], start)
    part = len(root["NumberOfPoints"]) - 1
    nodes, cells = int(root["NumberOfPoints"][-1]), int(root["NumberOfCells"][-1])
    layer = len(root[f"CellData/{light.LAYER}"]) - cells
    places = {
        "PartOffsets": part,
        "NumberOfParts": 1,
        "PointOffsets": len(root["Points"]) - nodes,
        # Readers count from here to the types, and as many more to the offsets as there are parts
        # before: every part has one offset more than cells.
        "CellOffsets": len(root["Offsets"]) - (cells + 1) - part,
        "ConnectivityIdOffsets": len(root["Connectivity"]) - 3 * cells,
        f"CellDataOffsets/{light.LAYER}": layer,
    }
    for name, value in places.items():
        _append(steps[name], value)
    _append(steps["Values"], t)
    steps.attrs["NSteps"] = len(steps["Values"])


def _cut_steps(file: h5py.File, count: int) -> None:
    """Leave the first steps, and the rows of their fields."""
    root, entries = file[ROOT], vtkhdf.entries(file)
    for a in entries[0].attributes:
        _shorten(root[f"Steps/{DATA[a.center]}Offsets/{a.name}"], count)
        if a.name != light.LAYER:
            last = entries[count - 1].places[a.name] if count else None
            _shorten(root[f"{DATA[a.center]}/{a.name}"], last.first + last.rows if last else 0)
    for name in (*PER_STEP, "Values"):
        _shorten(root["Steps"][name], count)
    root["Steps"].attrs["NSteps"] = count


def _cut_meshes(file: h5py.File) -> None:
    """Leave the meshes that steps are on."""
    root, steps = file[ROOT], file[f"{ROOT}/Steps"]
    count = int(steps["PartOffsets"][-1]) + 1 if len(steps["PartOffsets"]) else 0
    for dataset in (*(root[name] for name in PER_MESH), file[SHA256]):
        _shorten(dataset, count)
    nodes, cells = (int(root[name][-1]) if count else 0 for name in PER_MESH[:2])

    def end(offsets: str, rows: int) -> int:
        return int(steps[offsets][-1]) + rows if count else 0

    _shorten(root["Points"], end("PointOffsets", nodes))
    _shorten(root["Connectivity"], end("ConnectivityIdOffsets", 3 * cells))
    _shorten(root[f"CellData/{light.LAYER}"], end(f"CellDataOffsets/{light.LAYER}", cells))
    last = end("CellOffsets", count + cells)  # one more than cells in every part
    _shorten(root["Offsets"], last)
    _shorten(root["Types"], last)


def _shorten(dataset: h5py.Dataset, rows: int) -> None:
    dataset.resize(rows, axis=0)
