# SPDX-License-Identifier: MIT
"""Field snapshots of a run as one XDMF series, the same files from any number of ranks.

    <run folder>/fields.xdmf          times, and where each array is
    <run folder>/fields/mesh_0000.h5  points [um], triangles, layer; one file per mesh
    <run folder>/fields/000012.h5     the fields of one snapshot, in SI units

Every file appears by renaming, `fields.xdmf` last: a run killed at any moment leaves a series
that can be read. ParaView's Warp By Vector shows `u` true to scale with the factor 1e6.
"""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

from solver.base import files
from solver.base.errors import InputError
from solver.base.parallel import on_root
from solver.cell.domain import UM
from solver.cell.order import InputOrder
from solver.equations.fields import INFO
from solver.equations.model import Model
from solver.equations.stress import VonMises
from solver.output import light

VECTOR, CELL_DATA = ("u",), ("von_mises", light.LAYER)
MESH_UNITS = {"points": light.LENGTH_UNIT, "triangles": "1", light.LAYER: INFO[light.LAYER].unit}


class XdmfSeries:
    """Writes the fields of a model into a run folder.

    Without mechanics the series has neither `u` nor `von_mises`. The constructor and all methods
    are collective: every rank of the mesh calls them, and all raise the same errors.
    """

    def __init__(self, folder: Path, model: Model):
        """Start a new series; the folder's old one, if any, is removed.

        Raises:
            InputError: The folder cannot be written.
        """
        self._open(folder, model, keep_until=None)

    @classmethod
    def resume(cls, folder: Path, model: Model, t: float) -> XdmfSeries:
        """Go on with the series of a folder after a restart at time t [s].

        Snapshots later than t are removed. In a folder without a series a new one starts.

        Raises:
            InputError: The old series cannot be read or the folder cannot be written.
        """
        series = cls.__new__(cls)
        series._open(folder, model, keep_until=t)
        return series

    def _open(self, folder: Path, model: Model, keep_until: float | None) -> None:
        self.folder = Path(folder)
        self._snapshots: list[light.Snapshot] = []  # on rank 0 only
        self._mesh: light.MeshFile | None = None  # on rank 0 only
        self._model: Model | None = None

        def prepare() -> None:
            (self.folder / light.FOLDER).mkdir(parents=True, exist_ok=True)
            path, earlier = self.folder / light.SERIES, []
            if keep_until is not None and path.exists():
                earlier = [s for s in light.read(path) if s.time <= keep_until]
            self._keep(earlier)
            if earlier:
                self._mesh = earlier[-1].mesh

        on_root(model.domain.comm, prepare, InputError)
        self.write_mesh(model)

    def write_mesh(self, model: Model) -> None:
        """Write the mesh of a model; the snapshots that follow show this model.

        A model that is shown already and a mesh equal to the last one are not written again.

        Raises:
            SolverError: The file cannot be written.
        """
        if model is self._model:
            return
        self._model = model
        self._order = InputOrder(model.domain.mesh)
        self._von_mises = VonMises(model) if model.config.mechanics.enabled else None
        layer = self._order.cell_values(model.layer_number)
        on_root(model.domain.comm, lambda: self._write_mesh_file(layer))

    def write(self, t: float) -> None:
        """Add a snapshot of the model's state at time t [s]; one of the same time is replaced.

        Raises:
            SolverError: A file cannot be written; earlier snapshots are intact.
        """
        fields = self._gather()
        on_root(self._model.domain.comm, lambda: self._write_snapshot(float(t), fields))

    def _gather(self) -> dict[str, np.ndarray | None]:
        s, order = self._model.state, self._order
        fields = {f.name: order.node_values(f) for f in (s.xi, s.c, s.phi)}
        if self._von_mises is not None:
            fields[s.u.name] = order.node_values(s.u)
            fields["von_mises"] = order.cell_values(self._von_mises.update())
        return fields

    # --- on rank 0 -------------------------------------------------------------------------

    def _write_mesh_file(self, layer: np.ndarray) -> None:
        arrays = {
            "points": self._order.points / UM,
            "triangles": self._order.triangles,
            light.LAYER: layer.astype(np.float32),
        }
        if self._mesh is not None and _holds(self.folder / self._mesh.path, arrays):
            return
        number = 0 if self._mesh is None else self._mesh.number + 1
        self._mesh = light.MeshFile(number, len(arrays["points"]), len(arrays["triangles"]))
        files.replace(self.folder / self._mesh.path, files.hdf5(arrays, MESH_UNITS))

    def _write_snapshot(self, t: float, fields: dict[str, np.ndarray]) -> None:
        if self._snapshots and self._snapshots[-1].time >= t:
            self._keep([s for s in self._snapshots if s.time < t])
        attributes = tuple(_attribute(name) for name in (*fields, light.LAYER))
        number = self._snapshots[-1].number + 1 if self._snapshots else 0
        snapshot = light.Snapshot(number, t, self._mesh, attributes)
        arrays = {name: _three_columns(values) for name, values in fields.items()}
        units = {name: INFO[name].unit for name in fields}
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


def _attribute(name: str) -> light.Attribute:
    center = "Cell" if name in CELL_DATA else "Node"
    return light.Attribute(name, INFO[name].unit, center, 3 if name in VECTOR else 1)


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
