# SPDX-License-Identifier: MIT
"""What becomes of pictures, maps of orientations and meshes of other people: a line for each file.

Run as `docker/run python3 -m benchmarks.geometry.read FILE...`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from meshes import ebsd, own, pixels, segmentation

THRESHOLD, SMALLEST = np.radians(5.0), 5
"""Angle and number of points as in a config that says nothing of them."""


def line(path: Path) -> str:
    """What is in a file, or why it is refused."""
    readers = {".msh": _mesh, ".ang": _map, ".ctf": _map}
    try:
        return readers.get(path.suffix.lower(), _picture)(path)
    except (own.NoCell, ebsd.NoMap, pixels.NoPicture) as error:
        return f"refused: it {error}"


def _mesh(path: Path) -> str:
    found = own.read(path, 1.0, {})
    width, height = found.points.max(axis=0)
    return (f"{len(found.points)} nodes, {width:.4g} x {height:.4g}, surfaces "
            f"{', '.join(found.surfaces)}")  # fmt: skip


def _map(path: Path) -> str:
    found = ebsd.read(path)
    label, phase = segmentation.grains(found, THRESHOLD, SMALLEST, False)
    rows, columns = label.shape
    lost = segmentation.taken_over(found, THRESHOLD, SMALLEST, False)
    return (f"{columns} x {rows} pixels of {found.pixel:.4g} um, {', '.join(found.phases)}, "
            f"{100 * np.mean(found.phase < 0):.2g} % not indexed, {len(phase)} grains, "
            f"{100 * lost:.2g} % of the points in none of them")  # fmt: skip


def _picture(path: Path) -> str:
    try:
        found, which = pixels.colours(path, None), ""
    except pixels.NoPicture as error:
        if "say which" not in str(error):
            raise
        found, which = pixels.colours(path, 1), ", the first page"
    colours, count = np.unique(found.reshape(-1, 3), axis=0, return_counts=True)
    shares = ", ".join(f"#{r:02x}{g:02x}{b:02x} {100 * n / count.sum():.3g} %"
                       for (r, g, b), n in zip(colours[:4], count, strict=False))  # fmt: skip
    more = f" and {len(colours) - 4} more colours" if len(colours) > 4 else ""
    return f"{found.shape[1]} x {found.shape[0]} pixels{which}: {shares}{more}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(f"{name}: {line(Path(name))}")
