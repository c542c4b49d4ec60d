# SPDX-License-Identifier: MIT
"""Field snapshots of a run as one XDMF series, the same files from any number of ranks.

    <run folder>/fields.xdmf          times, and where each array is
    <run folder>/fields/mesh_0000.h5  points [um], triangles, layer; one file per mesh
    <run folder>/fields/000012.h5     the fields of one snapshot, in SI units

Every file appears by renaming, `fields.xdmf` last: a run killed at any moment leaves a series
that can be read. ParaView's Warp By Vector shows `u` true to scale with the factor 1e6.
"""

from __future__ import annotations

import weakref
from pathlib import Path

import h5py
import numpy as np

from solver.base import files
from solver.base.errors import InputError
from solver.base.parallel import on_root
from solver.cell.geometry import UM
from solver.output import light
from solver.output.shown import Shown

MESH_UNITS = {"points": light.LENGTH_UNIT, "triangles": "1", light.LAYER: "1"}
LAYER = light.Attribute(light.LAYER, "1", "Cell")


class XdmfSeries:
    """Writes what is shown of a model into a run folder.

    The constructor and all methods are collective: every rank of the mesh calls them, and all
    raise the same errors.
    """

    def __init__(self, folder: Path, shown: Shown):
        """Start a new series; the folder's old one, if any, is removed.

        Raises:
            InputError: The folder cannot be written.
        """
        self._open(folder, shown, keep_until=None)

    @classmethod
    def resume(cls, folder: Path, shown: Shown, t: float) -> XdmfSeries:
        """Go on with the series of a folder after a restart at time t [s].

        Snapshots later than t are removed. In a folder without a series a new one starts.

        Raises:
            InputError: The old series cannot be read or the folder cannot be written.
        """
        series = cls.__new__(cls)
        series._open(folder, shown, keep_until=t)
        return series

    def _open(self, folder: Path, shown: Shown, keep_until: float | None) -> None:
        self.folder = Path(folder)
        self._snapshots: list[light.Snapshot] = []  # on rank 0 only
        self._mesh: light.MeshFile | None = None  # on rank 0 only
        self._last: weakref.ref[Shown] | None = None  # a series keeps no model alive

        def prepare() -> None:
            (self.folder / light.FOLDER).mkdir(parents=True, exist_ok=True)
            path, earlier = self.folder / light.SERIES, []
            if keep_until is not None and path.exists():
                earlier = [s for s in light.read(path) if s.time <= keep_until]
            self._keep(earlier)
            if earlier:
                self._mesh = earlier[-1].mesh

        on_root(shown.comm, prepare, InputError)
        self._write_mesh(shown)

    def write(self, shown: Shown, t: float) -> None:
        """Add a snapshot of the present state at time t [s]; one of the same time is replaced.

        The mesh is written if it is another than that of the last snapshot.

        Raises:
            SolverError: A file cannot be written; earlier snapshots are intact.
        """
        self._write_mesh(shown)
        fields = shown.fields()
        attributes = (*shown.attributes, LAYER)
        on_root(shown.comm, lambda: self._write_snapshot(float(t), attributes, fields))

    def _write_mesh(self, shown: Shown) -> None:
        if self._last is not None and shown is self._last():
            return
        self._last = weakref.ref(shown)
        points, triangles, layer = shown.mesh()
        on_root(shown.comm, lambda: self._write_mesh_file(points, triangles, layer))

    # --- on rank 0 -------------------------------------------------------------------------

    def _write_mesh_file(
        self, points: np.ndarray, triangles: np.ndarray, layer: np.ndarray
    ) -> None:
        arrays = {
            "points": points / UM,
            "triangles": triangles,
            light.LAYER: layer.astype(np.float32),
        }
        if self._mesh is not None and _holds(self.folder / self._mesh.path, arrays):
            return
        number = 0 if self._mesh is None else self._mesh.number + 1
        self._mesh = light.MeshFile(number, len(arrays["points"]), len(arrays["triangles"]))
        files.replace(self.folder / self._mesh.path, files.hdf5(arrays, MESH_UNITS))

    def _write_snapshot(
        self, t: float, attributes: tuple[light.Attribute, ...], fields: dict[str, np.ndarray]
    ) -> None:
        if self._snapshots and self._snapshots[-1].time >= t:
            self._keep([s for s in self._snapshots if s.time < t])
        number = self._snapshots[-1].number + 1 if self._snapshots else 0
        snapshot = light.Snapshot(number, t, self._mesh, attributes)
        arrays = {name: _three_columns(values) for name, values in fields.items()}
        units = {attribute.name: attribute.unit for attribute in attributes}
        files.replace(self.folder / snapshot.path, files.hdf5(arrays, units))
        series = [*self._snapshots, snapshot]
        files.replace(self.folder / light.SERIES, light.to_xml(series))
        self._snapshots = series

    def _keep(self, snapshots: list[light.Snapshot]) -> None:
        """Shorten the series, then remove the files that it no longer refers to."""
        path = self.folder / light.SERIES
        if snapshots:
            files.replace(path, light.to_xml(snapshots))
        else:
            path.unlink(missing_ok=True)  # readers do not accept a series without times
        self._snapshots = snapshots
        needed = {s.path for s in snapshots} | {s.mesh.path for s in snapshots}
        if self._mesh is not None:
            needed.add(self._mesh.path)
        for pattern in ("mesh_[0-9]*.h5", "[0-9]*.h5", ".*.part"):
            for file in (self.folder / light.FOLDER).glob(pattern):
                if f"{light.FOLDER}/{file.name}" not in needed:
                    file.unlink()


def _three_columns(values: np.ndarray) -> np.ndarray:
    """Single precision; vectors padded to three components, as ParaView wants them."""
    if values.ndim == 2:
        values = np.pad(values, ((0, 0), (0, 3 - values.shape[1])))
    return values.astype(np.float32)


def _holds(path: Path, arrays: dict[str, np.ndarray]) -> bool:
    """Whether an HDF5 file holds exactly these arrays; a missing or damaged one does not."""
    try:
        with h5py.File(path, "r", locking=False) as file:
            return all(np.array_equal(file[name][...], v) for name, v in arrays.items())
    except (OSError, KeyError):
        return False
