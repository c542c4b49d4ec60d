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


def test_ghosts_are_the_triangles_that_touch_a_cut():
    points, triangles = squares(4)
    owner = (points[triangles].mean(axis=1)[:, 0] > 2).astype(np.int32)
    ranks, begins = destinations(triangles, owner, 2)
    assert begins[-1] == len(ranks)
    assert np.array_equal(ranks[begins[:-1]], owner)
    ghosts = np.flatnonzero(np.diff(begins) == 2)
    # All but those whose three nodes are beside the cut, one in each of the four squares there.
    assert len(ghosts) == 16 and np.diff(begins).max() == 2
    assert np.array_equal(ghosts, np.flatnonzero((points[triangles][..., 0] == 2).any(axis=1)))
    assert np.array_equal(ranks[begins[ghosts] + 1], 1 - owner[ghosts])


def test_a_triangle_goes_to_every_rank_at_its_nodes():
    triangles = np.array([[0, 1, 2], [0, 3, 4], [0, 5, 6], [6, 7, 8]])
    ranks, begins = destinations(triangles, np.array([2, 0, 1, 1], dtype=np.int32), 3)
    found = [list(ranks[a:b]) for a, b in zip(begins[:-1], begins[1:], strict=True)]
    assert found == [[2, 0, 1], [0, 1, 2], [1, 0, 2], [1]]


def test_the_cut_goes_across_the_longer_way():
    points, triangles = squares(10)
    for stretch in ([3.0, 1.0], [1.0, 3.0]):
        owner = owners(points * stretch, triangles, 2)
        along = points[triangles].mean(axis=1)[:, np.argmax(stretch)]
        assert np.array_equal(owner, along > 5)
