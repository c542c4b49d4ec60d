# SPDX-License-Identifier: MIT
"""From a map of orientations to a picture of grains.

Neighbours of one phase whose orientations differ by less than a threshold belong to one grain, as
in ASTM E2627. Points that are not indexed, and grains of fewer points than a smallest number, are
taken over: each of their pixels by the grain whose nearest pixel is nearest.
"""

from __future__ import annotations

import numpy as np

from meshes.ebsd import NoMap, OrientationMap


def grains(
    found: OrientationMap, threshold: float, smallest: int, pores: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Segment a map.

    Args:
        found: The map.
        threshold: Angle from which on two neighbours are of different grains [rad].
        smallest: Points that a grain has at least.
        pores: Whether connected points that are not indexed are grains of a kind of their own
            where they are as many; otherwise they are all taken over.

    Returns:
        Number of the grain of every pixel, the lowest row first, shape (rows, columns); and the
        phase of every grain, -1 for one of points that are not indexed.

    Raises:
        NoMap: No grain is large enough.
    """
    grain, count, phase, kept = _kept(found, threshold, smallest, pores)
    if not (kept & (phase >= 0)).any():
        raise NoMap(
            f"has no grain of {smallest} points or more; the largest has "
            f"{count[phase >= 0].max(initial=0)}"
        )
    label = _taken_over(grain[found.point], kept)
    numbers, label = np.unique(label, return_inverse=True)
    return label.reshape(found.point.shape)[::-1], phase[numbers]


def taken_over(found: OrientationMap, threshold: float, smallest: int, pores: bool) -> float:
    """Share of the points of a map that `grains` gives to the nearest grain."""
    grain, _, _, kept = _kept(found, threshold, smallest, pores)
    return float(1 - kept[grain].mean())


def _kept(found: OrientationMap, threshold: float, smallest: int, pores: bool):
    """Grain of every point; and of every grain its points, its phase and whether it stays."""
    grain = _connected(found, threshold)
    count = np.bincount(grain)
    phase = np.full(len(count), -1)
    phase[grain] = found.phase
    return grain, count, phase, (count >= smallest) & (pores | (phase >= 0))


def _connected(found: OrientationMap, threshold: float) -> np.ndarray:
    """Number of the connected group of every point."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    point = found.point
    beside = np.stack([point[:, :-1].ravel(), point[:, 1:].ravel()])
    below = np.stack([point[:-1].ravel(), point[1:].ravel()])
    pairs = np.unique(np.sort(np.hstack([beside, below]), axis=0), axis=1)
    one, other = pairs[:, found.phase[pairs[0]] == found.phase[pairs[1]]]
    alike = found.phase[one] < 0
    for number, symmetry in enumerate(found.symmetry):
        of = found.phase[one] == number
        turned = misorientation(found.rotation[one[of]], found.rotation[other[of]], symmetry)
        alike[of] = turned < threshold
    joined = coo_array((np.ones(alike.sum()), (one[alike], other[alike])),
                       shape=(len(found.phase),) * 2)  # fmt: skip
    return connected_components(joined, directed=False)[1]


def misorientation(one: np.ndarray, other: np.ndarray, symmetry: np.ndarray) -> np.ndarray:
    """Least angle between orientations, whichever of its equal positions the crystal is called in.

    Args:
        one: Unit quaternions from the sample to the crystal, shape (n, 4), the scalar first.
        other: Those that they are compared with.
        symmetry: Rotations of the crystal onto itself, shape (rotations, 4).

    Returns:
        Angles [rad], shape (n,).
    """
    # other one*, in the frame of the crystal, where the symmetries are too.
    w, x = other[:, :1], other[:, 1:]
    v, y = one[:, :1], -one[:, 1:]
    turn = np.hstack([w * v - (x * y).sum(axis=1, keepdims=True), w * y + v * x + np.cross(x, y)])
    cosine = np.zeros(len(turn))
    for rotation in symmetry:
        np.maximum(cosine, np.abs(turn @ rotation), out=cosine)
    return 2 * np.arccos(np.minimum(cosine, 1.0))


def _taken_over(grain: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Grains of pixels, those that are not kept replaced by the nearest that is."""
    from scipy.ndimage import distance_transform_edt

    place = distance_transform_edt(~kept[grain], return_distances=False, return_indices=True)
    return grain[tuple(place)]
