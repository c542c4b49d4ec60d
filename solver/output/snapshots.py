# SPDX-License-Identifier: MIT
"""The field series of a run folder as numpy arrays; needs neither DOLFINx nor VTK."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from solver.base import launch
from solver.base.errors import InputError
from solver.output import light, vtkhdf
from solver.output.light import Entry, Place

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    """All fields at one time.

    Attributes:
        time: Time [s].
        points: Mesh nodes, shape (nodes, 2) [um].
        triangles: Nodes of each triangle, shape (cells, 3).
        fields: Name -> values in SI units. Of nodes, shape (nodes,): what is solved for, such as
            xi, c, phi, d, phi_s; u has (nodes, 2). Of triangles, (cells,): layer, and von_mises and
            pressure, which are absent without mechanics. What a run has depends on its config.
    """

    time: float
    points: np.ndarray
    triangles: np.ndarray
    fields: dict[str, np.ndarray]


def path(folder: Path) -> Path:
    """Return the file of a run folder that its series is read from, the XDMF one if it has two.

    Also where there is none yet: then what the message about that names.
    """
    for name in (light.SERIES, vtkhdf.SERIES):
        if (Path(folder) / name).exists():
            return Path(folder) / name
    return Path(folder) / light.SERIES


def entries(folder: Path) -> list[Entry]:
    """Return what the series of a run folder says of every snapshot.

    Raises:
        InputError: The folder has no series or it cannot be read.
    """
    series = path(folder)
    if series.name == light.SERIES:
        return [snapshot.entry() for snapshot in light.read(series)]
    return _steady(series, lambda: vtkhdf.read(series))


def times(folder: Path) -> list[float]:
    """Return the times of all snapshots [s].

    Raises:
        InputError: The folder has no series or it cannot be read.
    """
    return [entry.time for entry in entries(folder)]


def nearest(times: Sequence[float], t: float) -> int:
    """Return the number of the time that is nearest to t; of two as near the earlier one.

    Args:
        times: At least one, ascending [s].
        t: A time [s]. Whether two are as near is told to 1e-9 of it and of their distance.
    """
    away = [abs(time - t) for time in times]
    least = min(away)
    return next(i for i, x in enumerate(away) if x <= least + 1e-9 * (least + abs(t)))


def load(folder: Path, index: int = -1) -> Snapshot:
    """Read one snapshot of a run folder.

    Args:
        folder: The run folder, with `fields.xdmf` or `fields.vtkhdf`.
        index: Number of the snapshot in `times`; negative counts from the end.

    Raises:
        InputError: There is no such snapshot or one of its files cannot be read.
    """
    series = entries(folder)
    try:
        entry = series[index]
    except IndexError:
        raise InputError(
            f"{path(folder)}: there is no snapshot {index}, only {len(series)}."
        ) from None
    return loaded(folder, entry)


def each(folder: Path, numbers: Iterable[int]) -> Iterator[Snapshot]:
    """Read some snapshots of a run folder, one after the other, by their numbers in `times`.

    Raises:
        InputError: One of its files cannot be read.
    """
    series = entries(folder)
    for number in numbers:
        yield loaded(folder, series[number])


def loaded(folder: Path, entry: Entry) -> Snapshot:
    """Read the snapshot that an entry of a run folder's series is about.

    Raises:
        InputError: One of its files cannot be read.
    """
    names = [a.name for a in entry.attributes]
    places = [entry.points, entry.triangles, *(entry.places[name] for name in names)]
    points, triangles, *arrays = _arrays(Path(folder), places)
    fields = dict(zip(names, arrays, strict=True))
    for a in entry.attributes:
        if a.components > 1:
            fields[a.name] = fields[a.name][:, :2]  # the third component is padding
    return Snapshot(entry.time, points[:, :2], triangles.reshape(-1, 3), fields)


def _arrays(folder: Path, places: list[Place]) -> list[np.ndarray]:
    with launch.needs_libraries():
        import h5py
    found: dict[Place, np.ndarray] = {}
    for name in dict.fromkeys(place.file for place in places):
        here = [place for place in places if place.file == name]

        def read(file: Path = folder / name, here: list[Place] = here) -> list[np.ndarray]:
            with h5py.File(file, "r", locking=False) as opened:
                return [opened[p.dataset][p.first : p.first + p.rows] for p in here]

        found |= zip(here, _steady(folder / name, read), strict=True)
    return [found[place] for place in places]


def _steady(file: Path, read: Callable[[], T]) -> T:
    """Read a file, again if meanwhile another took its place: the one that was is changed then."""
    while True:
        before, result, failure = _status(file), None, None
        try:
            result = read()
        except FileNotFoundError:
            failure = InputError(f"{file}: missing, but the field series refers to it.")
        except (OSError, KeyError) as error:
            failure = InputError(f"{file}: cannot be read: {error.args[-1]}.")
        except ValueError as error:
            failure = InputError(f"{file}: {error}.")
        if _status(file) == before:
            if failure is not None:
                raise failure
            return result


def _status(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
