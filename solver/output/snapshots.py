# SPDX-License-Identifier: MIT
"""The field series of a run folder as numpy arrays; needs neither DOLFINx nor VTK."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.base import launch
from solver.base.errors import InputError
from solver.output import light


@dataclass(frozen=True)
class Snapshot:
    """All fields at one time.

    Attributes:
        time: Time [s].
        points: Mesh nodes, shape (nodes, 2) [um].
        triangles: Nodes of each triangle, shape (cells, 3).
        fields: Name -> values in SI units: (nodes,) for xi, c and phi, (nodes, 2) for u,
            (cells,) for von_mises and layer. Without mechanics u and von_mises are absent.
    """

    time: float
    points: np.ndarray
    triangles: np.ndarray
    fields: dict[str, np.ndarray]


def times(folder: Path) -> list[float]:
    """Return the times of all snapshots [s].

    Raises:
        InputError: The folder has no series or it cannot be read.
    """
    return [entry.time for entry in light.read(Path(folder) / light.SERIES)]


def load(folder: Path, index: int = -1) -> Snapshot:
    """Read one snapshot of a run folder.

    Args:
        folder: The run folder, with `fields.xdmf`.
        index: Number of the snapshot in `times`; negative counts from the end.

    Raises:
        InputError: There is no such snapshot or one of its files cannot be read.
    """
    folder = Path(folder)
    series = light.read(folder / light.SERIES)
    try:
        entry = series[index]
    except IndexError:
        raise InputError(
            f"{folder / light.SERIES}: there is no snapshot {index}, only {len(series)}."
        ) from None
    return _loaded(folder, entry)


def each(folder: Path, numbers: Iterable[int]) -> Iterator[Snapshot]:
    """Read some snapshots of a run folder, one after the other, by their numbers in `times`.

    Raises:
        InputError: One of its files cannot be read.
    """
    series = light.read(Path(folder) / light.SERIES)
    for number in numbers:
        yield _loaded(Path(folder), series[number])


def _loaded(folder: Path, entry: light.Snapshot) -> Snapshot:
    fixed = ["points", "triangles", light.LAYER]
    points, triangles, layer = _arrays(folder / entry.mesh.path, fixed)
    vectors = [a.name for a in entry.attributes if a.components > 1]
    names = [a.name for a in entry.attributes if a.name != light.LAYER]
    fields = dict(zip(names, _arrays(folder / entry.path, names), strict=True))
    for name in vectors:
        fields[name] = fields[name][:, :2]  # the third component is padding
    return Snapshot(entry.time, points[:, :2], triangles, {**fields, light.LAYER: layer})


def _arrays(path: Path, names: list[str]) -> list[np.ndarray]:
    with launch.needs_libraries():
        import h5py
    try:
        with h5py.File(path, "r", locking=False) as file:
            return [file[name][...] for name in names]
    except FileNotFoundError:
        raise InputError(f"{path}: missing, but {light.SERIES} refers to it.") from None
    except (OSError, KeyError) as error:
        raise InputError(f"{path}: cannot be read: {error.args[-1]}.") from None
