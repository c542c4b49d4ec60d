# SPDX-License-Identifier: MIT
"""Pictures and movies of one or several runs, from the files of their folders alone."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from pathlib import Path

from solver.base.errors import InputError
from solver.input import loading
from solver.output import snapshots
from solver.pictures import arrangement, film, grid, panels

PICTURES = (".png", ".pdf", ".svg")
PALE = 0.05
"""Share of its colours below which a field looks as if it were the same everywhere."""


def fields(folders: list[Path], names: list[str] | None) -> tuple[panels.Panel, ...]:
    """Return how to show fields of some run folders.

    Args:
        folders: Run folders with `resolved.yaml` and a field series.
        names: Of the fields; None for all that the physics of any of them has.

    Raises:
        InputError: A file cannot be read, or no run has a picture of one of the fields.
    """
    known: dict[str, panels.Panel] = {}
    for folder in folders:
        attributes = snapshots.entries(folder)[-1].attributes
        found = loading.physics_of(folder / "resolved.yaml").load("panels")(attributes)
        known |= {panel.field: panel for panel in found}
    return panels.named(list(known) if names is None else names, known.values())


class Runs:
    """Field series of some run folders, read as one."""

    def __init__(self, folders: list[Path], fields: tuple[panels.Panel, ...]):
        """Look at the folders.

        Args:
            folders: Run folders with a field series.
            fields: What will be shown.

        Raises:
            InputError: A folder has no series.
        """
        self.folders, self.fields = folders, fields
        self._times = [snapshots.times(folder) for folder in folders]

    @property
    def names(self) -> list[str]:
        """Folder names, with as many parents as it takes to tell them apart."""
        parts = [folder.resolve().parts for folder in self.folders]
        for count in range(1, max(map(len, parts))):
            names = ["/".join(p[-count:]) for p in parts]
            if len(set(names)) == len(names):
                break
        return names

    @property
    def times(self) -> list[float]:
        """All times at which any run has a snapshot [s]."""
        return sorted({t for times in self._times for t in times})

    def nearest(self, t: float | None) -> list[snapshots.Snapshot]:
        """Read of every run the snapshot that is nearest to t [s]; the last one if t is None.

        Of two that are as near it is the earlier one.

        Raises:
            InputError: A file cannot be read, or has values that are not finite.
        """
        return [
            self._loaded(folder, len(times) - 1 if t is None else snapshots.nearest(times, t))
            for folder, times in zip(self.folders, self._times, strict=True)
        ]

    def instead(self, t: float) -> Iterator[str]:
        """Say of every run whose snapshot nearest to t [s] is at another time which that is."""
        asked = panels.time_text(t)
        for folder, times in zip(self.folders, self._times, strict=True):
            shown = panels.time_text(times[snapshots.nearest(times, t)])
            if t > times[-1] * (1 + 1e-9):
                yield f"{folder}: has come to t = {shown}, not to {asked}; its last state is shown"
            elif shown != asked:
                yield f"{folder}: shown at t = {shown}, the snapshot nearest to {asked}"

    def at(self, t: float) -> list[snapshots.Snapshot]:
        """Read the state of every run at time t [s]: its last snapshot until then.

        Raises:
            InputError: A file cannot be read, or has values that are not finite.
        """
        shown = []
        for folder, times in zip(self.folders, self._times, strict=True):
            shown.append(self._loaded(folder, max(0, bisect.bisect_right(times, t) - 1)))
        return shown

    @staticmethod
    def _loaded(folder: Path, index: int) -> snapshots.Snapshot:
        found = snapshots.load(folder, index)
        panels.require_finite(found, folder)
        return found

    def scales(self) -> list[grid.Scale]:
        """Read every snapshot of every run for the colours of that run at all times.

        Raises:
            InputError: A file cannot be read.
        """
        return [
            grid.common_scale(
                (snapshots.load(folder, index) for index in range(len(times))), self.fields
            )
            for folder, times in zip(self.folders, self._times, strict=True)
        ]

    def page(self, scales: Sequence[grid.Scale], size: str) -> grid.Page:
        """Return an empty page for these runs.

        Args:
            scales: Ends of the colours of every run.
            size: Key of `arrangement.SIZES`.
        """
        extents = [snapshots.load(folder, 0).points for folder in self.folders]
        return grid.Page(self.names, self.fields, extents, scales, arrangement.SIZES[size])


def coloured(scales: list[grid.Scale], colours: str) -> list[grid.Scale]:
    """Return the ends of the colours of every run, as `pictures.COLOURS` says."""
    return scales if colours == "own" else [grid.joined(scales)] * len(scales)


def pale(runs: Runs, own: list[grid.Scale], used: list[grid.Scale]) -> Iterator[str]:
    """Say of every run and field that has next to none of the colours it is drawn with."""
    for folder, mine, theirs in zip(runs.folders, own, used, strict=True):
        for field, (low, high) in mine.items():
            share = (high - low) / (theirs[field][1] - theirs[field][0] or 1.0)
            if 0 < share < PALE:
                yield (
                    f"{folder}: {field} takes {100 * share:.2g} % of the colours that the runs "
                    "share; --colours own gives each its own"
                )


def picture(
    runs: Runs, path: Path, t: float | None, size: str, colours: str = "common"
) -> list[str]:
    """Draw runs side by side, each at its snapshot that is nearest to one time.

    Args:
        runs: What to draw.
        path: File to write; PNG, PDF or SVG by its ending.
        t: The time [s]; None for the end of each.
        size: Key of `arrangement.SIZES`.
        colours: One of `pictures.COLOURS`.

    Returns:
        What the picture does not show as it may be expected to.

    Raises:
        InputError: A file cannot be read or written, or its ending is not known.
    """
    if path.suffix not in PICTURES:
        raise InputError(f"-o {path}: the name of a picture must end in {', '.join(PICTURES)}.")
    shown = runs.nearest(t)
    own = [grid.common_scale([snapshot], runs.fields) for snapshot in shown]
    used = coloured(own, colours)
    page = runs.page(used, size)
    page.show(None, shown)
    page.save(path)
    return [*(runs.instead(t) if t is not None else ()), *pale(runs, own, used)]


def movie(
    runs: Runs, path: Path, size: str, rate: float, colours: str = "common"
) -> list[str]:
    """Draw runs side by side at all times of their snapshots.

    Args:
        runs: What to draw.
        path: MP4 or GIF by its ending; a name without ending is a folder of PNG frames.
        size: Key of `arrangement.SIZES`.
        rate: Frames per second.
        colours: One of `pictures.COLOURS`.

    Returns:
        As `picture` does.

    Raises:
        InputError: A file cannot be read or written, or ffmpeg is missing for an MP4.
    """
    with film.writer(path, rate) as write:
        own = runs.scales()
        used = coloured(own, colours)
        page = runs.page(used, size)
        for t in runs.times:
            page.show(t, runs.at(t))
            write(page.pixels())
    return list(pale(runs, own, used))
