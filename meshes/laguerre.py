# SPDX-License-Identifier: MIT
"""Laguerre cells in a rectangle: Voronoi cells of points with weights, and weights that give areas.

A place belongs to the point p with the least |x - p|^2 - w. The cells are the shadow of the lower
hull of the points on a paraboloid (F. Aurenhammer, SIAM J. Comput. 16 (1987) 78). Weights that
give every cell a wanted area are found by Newton's method with steps that leave no cell empty
(J. Kitagawa, Q. Merigot, B. Thibert, J. Eur. Math. Soc. 21 (2019) 2603), for grains by D. P. Bourne
et al., Philos. Mag. 100 (2020) 2677.
"""

from __future__ import annotations

import numpy as np

NEAR = 1e-9
"""Corners nearer to a side than this share of the rectangle are on it."""
RIGHT = 1e-6
"""Relative error of the areas that is left."""
MOST_STEPS = 100
"""Newton's method takes about ten; more mean that something is wrong."""


def cells(
    points: np.ndarray, weights: np.ndarray, box: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Laguerre cells in a box.

    Args:
        points: The points, in the box, shape (n, 2).
        weights: Their weights, shape (n,); Voronoi cells if they are all alike.
        box: Width and height; its lower left corner is at 0.

    Returns:
        Corners, shape (corners, 2), and those of every cell, counter-clockwise; an empty cell has
        none.
    """
    from scipy.spatial import ConvexHull

    # With the mirror images of all points no cell leaves the box.
    images = [points]
    for axis in range(2):
        for place in (0.0, box[axis]):
            image = points.copy()
            image[:, axis] = 2 * place - image[:, axis]
            images.append(image)
    every, scale = np.vstack(images), box.max()
    lift = (every**2).sum(axis=1) - np.tile(weights, 5)
    hull = ConvexHull(np.column_stack([every / scale, lift / scale**2]))
    below = hull.equations[:, 2] < 0
    corners = -0.5 * scale * hull.equations[below, :2] / hull.equations[below, 2:3]
    place = _places(corners, NEAR * scale)
    # A triangle's corner belongs to the cells of its three points. Those of images do not count.
    pairs = np.column_stack([hull.simplices[below].ravel(), np.repeat(place, 3)])
    owner, corner = np.unique(pairs[pairs[:, 0] < len(points)], axis=0).T
    used, corner = np.unique(corner, return_inverse=True)
    corners = corners[used]
    for axis in range(2):
        for side in (0.0, box[axis]):
            corners[np.abs(corners[:, axis] - side) < NEAR * scale, axis] = side
    ends = np.cumsum(np.bincount(owner, minlength=len(points)))[:-1]
    return corners, [_around(corners, loop) for loop in np.split(corner, ends)]


def _places(corners: np.ndarray, near: float) -> np.ndarray:
    """First of the corners that are where each of them is: where four cells meet there are two."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    pairs = cKDTree(corners).query_pairs(near, output_type="ndarray")
    together = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(corners),) * 2)
    _, group = connected_components(together, directed=False)
    _, first = np.unique(group, return_index=True)
    return first[group]


def _around(corners: np.ndarray, loop: np.ndarray) -> np.ndarray:
    """Corners of a convex cell counter-clockwise."""
    away = corners[loop] - corners[loop].mean(axis=0) if len(loop) else np.empty((0, 2))
    return loop[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]


def weights(points: np.ndarray, box: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Weights of points whose cells have the areas that are wanted.

    Args:
        points: The points, in the box, shape (n, 2).
        box: Width and height; its lower left corner is at 0.
        wanted: Areas of the cells, that of the box in all, shape (n,).

    Returns:
        Shape (n,), 0 in the mean.

    Raises:
        RuntimeError: Newton's method finds no end.
    """
    found = np.zeros(len(points))
    corners, loops = cells(points, found, box)
    area = moments(corners, loops)[0]
    least = 0.5 * min(area.min(), wanted.min())
    for _ in range(MOST_STEPS):
        if (np.abs(area - wanted) <= RIGHT * wanted).all():
            return found - found.mean()
        step = _step(points, corners, loops, wanted - area)
        error, share = np.linalg.norm(area - wanted), 1.0
        while True:
            tried = found + share * step
            corners, loops = cells(points, tried, box)
            area = moments(corners, loops)[0]
            if area.min() > least and np.linalg.norm(area - wanted) <= (1 - 0.5 * share) * error:
                break
            share *= 0.5
            if share < 1e-9:
                raise RuntimeError("no weights give the areas")
        found = tried
    raise RuntimeError("no weights give the areas")


def _step(
    points: np.ndarray, corners: np.ndarray, loops: list[np.ndarray], missing: np.ndarray
) -> np.ndarray:
    """Change of the weights that adds these areas, to first order.

    An edge of the length L between points d apart moves by dw/(2 d), so that an area changes by
    L dw/(2 d).
    """
    from scipy.sparse import coo_array, diags_array
    from scipy.sparse.linalg import spsolve

    owner = np.repeat(np.arange(len(loops)), [len(loop) for loop in loops])
    begin = np.concatenate(loops)
    end = np.concatenate([np.roll(loop, -1) for loop in loops])
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    order = np.lexsort((high, low))
    twice = (low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1])
    one, other = order[:-1][twice], order[1:][twice]
    length = np.linalg.norm(corners[begin[one]] - corners[end[one]], axis=1)
    apart = np.linalg.norm(points[owner[one]] - points[owner[other]], axis=1)
    rate = length / (2 * apart)
    pairs = np.column_stack([owner[one], owner[other]])
    count = len(points)
    across = coo_array((np.tile(rate, 2), (pairs.T.ravel(), pairs[:, ::-1].T.ravel())),
                       shape=(count, count)).tocsr()  # fmt: skip
    # All weights alike change nothing: the first is kept.
    system = (diags_array(across.sum(axis=1)) - across).tocsr()[1:, 1:]
    return np.concatenate([[0.0], np.atleast_1d(spsolve(system.tocsc(), missing[1:]))])


def moments(corners: np.ndarray, loops: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Areas and centroids of polygons, shapes (n,) and (n, 2); of an empty one 0."""
    owner = np.repeat(np.arange(len(loops)), [len(loop) for loop in loops])
    here = corners[np.concatenate(loops)]
    there = corners[np.concatenate([np.roll(loop, -1) for loop in loops])]
    cross = here[:, 0] * there[:, 1] - there[:, 0] * here[:, 1]
    area = 0.5 * np.bincount(owner, cross, len(loops))
    sums = [np.bincount(owner, (here + there)[:, i] * cross, len(loops)) for i in (0, 1)]
    return area, np.column_stack(sums) / (6 * np.where(area > 0, area, 1.0))[:, None]
