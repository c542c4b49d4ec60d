# SPDX-License-Identifier: MIT
"""The fields of a run at one time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from solver.base import launch
from solver.base.errors import InputError
from solver.base.units import seconds
from solver.input import loading
from solver.output import snapshots

if TYPE_CHECKING:
    import pyvista

    from solver.pictures.grid import Page


class Fields(Mapping):
    """The fields of a run folder at the time of one snapshot, by name.

    `fields["c"]` has one value per node or, where `centers` says Cell, per triangle; vectors have
    two columns. Fields of ion transport may jump between layers, so that every triangle has nodes
    of its own.

    Attributes:
        folder: The run folder.
        time: Time of the snapshot [s], which need not be the one that was asked for.
        points: Nodes, shape (nodes, 2) [um].
        triangles: Nodes of each triangle, shape (cells, 3).
        units: Unit of every field.
        centers: "Node" or "Cell" for every field.
    """

    def __init__(self, folder: Path, index: int):
        """Read snapshot number `index` of a run folder.

        Raises:
            InputError: There is no such snapshot, or it cannot be read.
        """
        entry = snapshots.entries(folder)[index]
        self._snapshot, self._attributes = snapshots.loaded(folder, entry), entry.attributes
        self.folder, self.time = folder, self._snapshot.time
        self.points, self.triangles = self._snapshot.points, self._snapshot.triangles
        self.units = {a.name: a.unit for a in self._attributes}
        self.centers = {a.name: a.center for a in self._attributes}

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the values of a field, in its unit.

        Raises:
            InputError: There is no such field.
        """
        try:
            return self._snapshot.fields[name]
        except KeyError:
            known = ", ".join(self._snapshot.fields)
            raise InputError(
                f"{self.folder}: '{name}' is no field of this run; it has {known}."
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._snapshot.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._snapshot.fields)

    def __len__(self) -> int:
        return len(self._snapshot.fields)

    def __repr__(self) -> str:
        names = ", ".join(f"{name} [{self.units[name]}]" for name in self)
        return (
            f"Fields at t = {self.time:.6g} s: {names}; {len(self.points)} nodes, "
            f"{len(self.triangles)} triangles"
        )

    def grid(self) -> pyvista.UnstructuredGrid:
        """Return the mesh [um] with all fields as a data set of PyVista.

        Raises:
            InputError: PyVista is not installed.
        """
        try:
            import pyvista
        except ModuleNotFoundError:
            raise InputError("grid() needs pyvista, which this Python does not have.") from None
        triangles = {pyvista.CellType.TRIANGLE: self.triangles}
        grid = pyvista.UnstructuredGrid(triangles, _in_space(self.points))
        for name, values in self.items():
            data = grid.point_data if self.centers[name] == "Node" else grid.cell_data
            data[name] = values if values.ndim == 1 else _in_space(values)
        return grid

    def plot(self, names: Sequence[str] | None = None) -> Page:
        """Draw fields side by side; a notebook shows the result, whose `save(path)` writes it.

        Args:
            names: The fields; None for all that have a picture.

        Raises:
            InputError: There is no picture of one of them, or values are not finite.
        """
        with launch.needs_libraries():
            from solver.pictures import arrangement, grid, panels
        kind = loading.physics_of(self.folder / "resolved.yaml")
        known = kind.load("panels")(self._attributes)
        chosen = panels.named([p.field for p in known] if names is None else list(names), known)
        panels.require_finite(self._snapshot, self.folder)
        scale = grid.common_scale([self._snapshot], chosen)
        size = arrangement.SIZES["slide"]
        page = grid.Page([self.folder.name], chosen, [self.points], [scale], size)
        page.show(self.time, [self._snapshot])
        return page


def at(folder: Path, t: str | float | None) -> Fields:
    """Read the snapshot of a run folder that is nearest to a time, of two as near the earlier one.

    Args:
        folder: The run folder.
        t: The time [s], or a text such as "10 min"; None for the last one.

    Raises:
        InputError: The time cannot be read or is beyond the snapshots, or a file cannot be read.
    """
    times = snapshots.times(folder)
    if not times:
        raise InputError(f"{folder}: there is no snapshot yet.")
    if t is None:
        return Fields(folder, len(times) - 1)
    try:
        wanted = seconds(t)
    except ValueError as error:
        raise InputError(f"t: {t!r} {error}.") from None
    if not times[0] <= wanted <= times[-1] * (1 + 1e-9):
        raise InputError(
            f"{folder}: there are no fields at {wanted:.6g} s; the snapshots are from "
            f"{times[0]:.6g} s to {times[-1]:.6g} s."
        )
    return Fields(folder, snapshots.nearest(times, wanted))


def _in_space(vectors: np.ndarray) -> np.ndarray:
    return np.column_stack([vectors, np.zeros(len(vectors))])
