# SPDX-License-Identifier: MIT
"""Regions of a picture that are full of lithium at the start, pores for example."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from meshes.contours import depth
from solver.base import nearest
from solver.base.units import si_text
from solver.input import electrochemistry, geometry_files
from solver.input.geometry_files import UM
from solver.input.stack import CellConfig
from solver.laws import scaling

KINDS = ("image", "ebsd")
"""Sources whose pixels say how far a point is from the edge of a region."""


def depths(config: CellConfig, names: tuple[str, ...]) -> tuple[np.ndarray, float]:
    """How deep pixels lie in regions, negative outside: to the contours that the mesh follows.

    Args:
        config: A config of a picture or a map.
        names: The regions, taken together.

    Returns:
        Depths in the middles of pixels, the lowest row first, shape (rows, columns) [m], and the
        edge of a pixel [m].
    """
    its = geometry_files.labelled(config)
    grains = [number for number, name in enumerate(its.regions) if name in names]
    found, _ = depth(np.isin(its.label, grains), its.smoothing)
    return found * its.pixel * UM, its.pixel * UM


def pieces(depth: np.ndarray) -> tuple[np.ndarray, int]:
    """Number of the piece that every pixel is in, 0 outside of all, and how many there are.

    Args:
        depth: How deep pixels lie, shape (rows, columns).
    """
    from scipy.ndimage import label

    return label(depth > 0)


def problems(config: CellConfig) -> Iterator[str]:
    """Yield one sentence, without its full stop, for everything that does not fit together."""
    names, known = config.nuclei.regions, [region.name for region in config.regions]
    if not names:
        return
    if config.geometry is None or config.geometry.kind not in KINDS:
        yield (
            "nuclei.regions: needs geometry.image or geometry.ebsd, whose pixels say where its "
            "edge is; elsewhere use nuclei.islands"
        )
        return
    if twice := next((name for name in names if names.count(name) > 1), None):
        yield f"nuclei.regions: '{twice}' is named twice"
    for name in dict.fromkeys(names):
        if name not in known:
            yield f"nuclei.regions: '{name}' is no region; {nearest.hint(name, known, 'known: ')}"
        elif config.is_cell:
            yield from _place(config, name)


def _thinnest(depth: np.ndarray) -> float:
    """How deep the part of a region is that is least deep [m]."""
    from scipy.ndimage import maximum

    piece, count = pieces(depth)
    return float(min(maximum(depth, piece, range(1, count + 1)), default=0.0))


def _place(config: CellConfig, name: str) -> Iterator[str]:
    """A region has an inside, and electrolyte between it, the anode's deposit and the counter."""
    depth, pixel = depths(config, (name,))
    length, deepest = scaling.interface(config.phase_field).length, _thinnest(depth)
    if deepest < electrochemistry.THINNEST * length:
        yield (
            f"nuclei.regions: a part of '{name}' is nowhere deeper than {si_text(deepest, 'm')}; "
            f"lithium must have {electrochemistry.THINNEST:g} interface lengths, "
            f"{electrochemistry.THINNEST * length:.3g} m, of it at least"
        )
    rows = np.flatnonzero((depth > 0).any(axis=1))
    if not len(rows):
        return
    low, high = rows[0] * pixel, (rows[-1] + 1) * pixel
    if low <= config.nuclei.top or high >= electrochemistry.touching(config):
        yield (
            f"nuclei.regions: '{name}' reaches from {low:.4g} to {high:.4g} m and must lie between "
            f"the deposit on the anode, up to {config.nuclei.top:g} m, and 2 interface lengths "
            f"from the counter electrode at {config.cell_height:g} m"
        )
