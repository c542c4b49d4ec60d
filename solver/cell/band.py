# SPDX-License-Identifier: MIT
"""Grain boundaries as bands of finite width, on triangles of any size (pure numpy).

A boundary has a density

    g(d) = (1 + cos(2 pi d/b))/b    for a distance |d| < b/2,    int g dd = 1

so that what it adds up to across the band, a resistance, or along it, a conductance, does not
depend on the width b. Its mean over every triangle is taken from the place of the boundary, to the
accuracy of a rule on parts of the triangle that are small against b: also on triangles larger than
the band, and anew on every mesh.
"""

from __future__ import annotations

import numpy as np

FINE = 1 / 5
"""Triangles with edges of this share of the width are divided no more."""
FIRST, SECOND = 0.445948490915965, 0.091576213509771
WEIGHTS = np.repeat([0.223381589678011, 0.109951743655322], 3)
RULE = np.array([[1 - 2 * x if i == j else x for j in range(3)]
                 for x in (FIRST, SECOND) for i in range(3)])  # fmt: skip
"""Barycentric points, with their weights exact for polynomials of degree 4 (D. A. Dunavant, Int. J.
Numer. Methods Eng. 21 (1985) 1129)."""
NEAREST = 4
"""Places on the network that are looked at for the nearest."""
CHILDREN = np.array([[0, 3, 5], [3, 1, 4], [5, 4, 2], [3, 4, 5]])


class Network:
    """Straight pieces of boundaries.

    Args:
        segments: Ends of the pieces, shape (pieces, 2, 2) [m].
        width: Width b of the band [m].
    """

    def __init__(self, segments: np.ndarray, width: float):
        from scipy.spatial import cKDTree

        self.width = width
        self.segments = _sorted(segments)
        lengths = np.linalg.norm(self.segments[:, 1] - self.segments[:, 0], axis=1)
        count = np.ceil(4 * lengths / width).astype(int)
        self._which = np.repeat(np.arange(len(count)), count)
        first = np.cumsum(count) - count
        share = (np.arange(count.sum()) - first[self._which] + 0.5) / count[self._which]
        a, b = self.segments[self._which].transpose(1, 0, 2)
        self._tree = cKDTree(a + share[:, None] * (b - a)) if len(segments) else None

    def distance(self, points: np.ndarray) -> np.ndarray:
        """Distance to the nearest boundary, shape (n,); infinite beyond the band [m]."""
        found = np.full(len(points), np.inf)
        if self._tree is None or not len(points):
            return found
        _, place = self._tree.query(
            points, k=min(NEAREST, self._tree.n), distance_upper_bound=self.width
        )
        for column in place.reshape(len(points), -1).T:
            near = np.flatnonzero(column < self._tree.n)
            a, b = self.segments[self._which[column[near]]].transpose(1, 0, 2)
            found[near] = np.minimum(found[near], _to_segments(points[near], a, b))
        return found

    def density(self, points: np.ndarray) -> np.ndarray:
        """g at points, shape (n,) [1/m]."""
        d = self.distance(points)
        share = np.where(d < 0.5 * self.width, d / self.width, 0.5)
        return (1 + np.cos(2 * np.pi * share)) / self.width

    def means(self, corners: np.ndarray) -> np.ndarray:
        """Mean of g over triangles.

        Args:
            corners: Of the triangles, shape (n, 3, 2) [m].

        Returns:
            The means, shape (n,) [1/m].
        """
        means, owner, share = np.zeros(len(corners)), np.arange(len(corners)), 1.0
        while len(corners):
            size = _longest(corners)
            # No point of a triangle is farther from its middle than two thirds of its longest edge.
            middle = self.distance_bound(corners.mean(axis=1), 0.5 * self.width + 2 / 3 * size)
            corners, owner, size = corners[middle], owner[middle], size[middle]
            done = size <= FINE * self.width
            points = np.einsum("qc,ncx->nqx", RULE, corners[done])
            values = self.density(points.reshape(-1, 2)).reshape(-1, len(RULE)) @ WEIGHTS
            np.add.at(means, owner[done], share * values)
            left = corners[~done]
            six = np.concatenate([left, 0.5 * (left + np.roll(left, -1, axis=1))], axis=1)
            corners = six[:, CHILDREN].reshape(-1, 3, 2)
            owner, share = np.repeat(owner[~done], 4), 0.25 * share
        return means

    def distance_bound(self, points: np.ndarray, reach: np.ndarray) -> np.ndarray:
        """Which points may be within a distance [m] of a boundary, and all that are."""
        if self._tree is None or not len(points):
            return np.zeros(len(points), dtype=bool)
        spacing = 0.25 * self.width
        distance, _ = self._tree.query(points, distance_upper_bound=reach.max() + spacing)
        return distance <= reach + spacing


def _sorted(segments: np.ndarray) -> np.ndarray:
    """The pieces in an order that depends on their places alone: the same on any ranks."""
    ends = np.asarray(segments, dtype=float).reshape(-1, 2, 2)
    swap = (ends[:, 0, 0] > ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1])
    )
    ends[swap] = ends[swap][:, ::-1]
    return np.unique(ends.reshape(-1, 4), axis=0).reshape(-1, 2, 2)


def _to_segments(points: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    along = b - a
    share = ((points - a) * along).sum(axis=1) / (along * along).sum(axis=1)
    foot = a + np.clip(share, 0, 1)[:, None] * along
    return np.linalg.norm(points - foot, axis=1)


def _longest(corners: np.ndarray) -> np.ndarray:
    return np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)


