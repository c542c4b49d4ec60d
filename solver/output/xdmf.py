# SPDX-License-Identifier: MIT
"""Writes a field series as XDMF, on rank 0.

    <run folder>/fields.xdmf          times, and where each array is
    <run folder>/fields/mesh_0000.h5  points [um], triangles, layer; one file per mesh
    <run folder>/fields/000012.h5     the fields of one snapshot, in SI units

Every file appears by renaming, `fields.xdmf` last: a run killed at any moment leaves a series
that can be read. ParaView's Warp By Vector shows `u` true to scale with the factor 1e6.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import h5py

from solver.base import disk, files
from solver.output import light
from solver.output.chunks import Column, dataset_of
from solver.output.light import Attribute

SHA256 = "sha256"
"""Attribute of a mesh file: the checksum by which a restart knows its mesh."""


class XdmfStore:
    """The files of a series; every snapshot is there wholly or not at all.

    Attributes:
        identity: Checksum of the last mesh; None before there is one.
    """

    def __init__(self, folder: Path, keep_until: float | None):
        """Go on with the series of a run folder up to a time [s]; None: begin anew.

        Raises:
            InputError: The series cannot be read.
            OSError: The folder cannot be written.
        """
        self.folder = Path(folder)
        self._snapshots: list[light.Snapshot] = []
        self._mesh: light.MeshFile | None = None
        self.identity: str | None = None
        (self.folder / light.FOLDER).mkdir(parents=True, exist_ok=True)
        path, earlier = self.folder / light.SERIES, []
        if keep_until is not None and path.exists():
            earlier = [s for s in light.read(path) if s.time <= keep_until]
        self._keep(earlier)
        if earlier:
            self._mesh = earlier[-1].mesh
            self.identity = _identity(self.folder / self._mesh.path)

    def add(
        self,
        t: float,
        attributes: tuple[Attribute, ...],
        mesh: Sequence[Column],
        identity: str,
        fields: Sequence[Column],
    ) -> None:
        """See `solver.output.store.Store`."""
        if mesh:
            number = 0 if self._mesh is None else self._mesh.number + 1
            self._mesh = light.MeshFile(number, mesh[0].count, mesh[1].count)
            self._write(self._mesh.path, mesh, identity)
            self.identity = identity
        if self._snapshots and self._snapshots[-1].time >= t:
            self._keep([s for s in self._snapshots if s.time < t])
        number = self._snapshots[-1].number + 1 if self._snapshots else 0
        every = (*attributes, Attribute(light.LAYER, "1", "Cell"))
        snapshot = light.Snapshot(number, t, self._mesh, every)
        self._write(snapshot.path, fields)
        series = [*self._snapshots, snapshot]
        files.replace(self.folder / light.SERIES, light.to_xml(series))
        self._snapshots = series

    def close(self) -> None:
        """Nothing is left to do."""

    def _write(self, place: str, columns: Sequence[Column], identity: str | None = None) -> None:
        with (
            files.replaced(self.folder / place) as aside,
            disk.hdf5(aside, "w") as (file, written),
        ):
            for c in columns:
                c.append(dataset_of(file, c.name, c.dtype, c.shape, c.unit), written)
            if identity:
                file.attrs[SHA256] = identity

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


def _identity(path: Path) -> str | None:
    """Checksum of the mesh in a file; a damaged one, or of an older version, has none."""
    try:
        with h5py.File(path, "r", locking=False) as file:
            return file.attrs.get(SHA256)
    except OSError:
        return None
