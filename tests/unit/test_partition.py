"""The shares of the ranks, without a mesh library."""

from __future__ import annotations

import numpy as np
import pytest

from solver.cell.partition import destinations, owners


def squares(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Triangles of an n x n grid of squares."""
    x, y = np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0))
    corner = (np.arange(n) + (n + 1) * np.arange(n)[:, None]).ravel()
    lower = np.column_stack([corner, corner + 1, corner + n + 2])
    upper = np.column_stack([corner, corner + n + 1, corner + n + 2])
    return np.column_stack([x.ravel(), y.ravel()]), np.vstack([lower, upper])


@pytest.mark.parametrize("ranks", [1, 2, 3, 7, 64])
def test_shares_are_equal(ranks):
    points, triangles = squares(10)
    sizes = np.bincount(owners(points, triangles, ranks), minlength=ranks)
    assert sizes.max() - sizes.min() <= 6 and sizes.min() > 0


def test_more_ranks_than_triangles_leaves_some_without():
    points, triangles = squares(1)
    assert len(set(owners(points, triangles, 5))) == 2


def test_ghosts_are_the_triangles_across_a_cut():
    points, triangles = squares(4)
    owner = (points[triangles].mean(axis=1)[:, 0] > 2).astype(np.int32)
    ranks, begins = destinations(triangles, owner)
    assert begins[-1] == len(ranks)
    assert np.array_equal(ranks[begins[:-1]], owner)
    ghosts = np.flatnonzero(np.diff(begins) == 2)
    # One triangle on either side of each of the four edges of the cut.
    assert len(ghosts) == 8 and np.diff(begins).max() == 2
    assert np.array_equal(ranks[begins[ghosts] + 1], 1 - owner[ghosts])


def test_the_cut_goes_across_the_longer_way():
    points, triangles = squares(10)
    for stretch in ([3.0, 1.0], [1.0, 3.0]):
        owner = owners(points * stretch, triangles, 2)
        along = points[triangles].mean(axis=1)[:, np.argmax(stretch)]
        assert np.array_equal(owner, along > 5)


def test_every_edge_of_a_triangle_may_be_cut():
    points, triangles = squares(4)
    owner = np.repeat(np.arange(2, dtype=np.int32), 16)  # lower against upper halves of the squares
    ranks, begins = destinations(triangles, owner)
    assert (np.diff(begins) == 2).all()  # in two corners the diagonal alone is shared
    assert np.array_equal(ranks.reshape(-1, 2), np.column_stack([owner, 1 - owner]))
