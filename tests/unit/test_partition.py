"""The shares of the ranks, without a mesh library."""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.exchange import Slices
from solver.cell import partition
from solver.cell.partition import along_curve


def squares(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Triangles of an n x n grid of squares."""
    x, y = np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0))
    corner = (np.arange(n) + (n + 1) * np.arange(n)[:, None]).ravel()
    lower = np.column_stack([corner, corner + 1, corner + n + 2])
    upper = np.column_stack([corner, corner + n + 1, corner + n + 2])
    return np.column_stack([x.ravel(), y.ravel()]), np.vstack([lower, upper])


def destinations(triangles: np.ndarray, owner: np.ndarray, ranks: int):
    """Of all triangles, on one rank."""
    nodes = Slices.of(MPI.COMM_SELF, triangles.max() + 1)
    return partition.destinations(nodes, triangles, owner, ranks)


def test_the_curve_goes_from_square_to_square_and_halves_the_cell():
    x, y = np.divmod(np.arange(64), 8)
    middles = np.column_stack([x, y]) + 0.5
    way = middles[along_curve(middles)]
    assert np.hypot(*np.diff(way, axis=0).T) == pytest.approx(np.ones(63))
    assert (way[:32, 0] < 4).all() and (way[32:, 0] > 4).all()


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


def test_one_rank_gets_all():
    ranks, begins = destinations(squares(2)[1], np.zeros(8, dtype=np.int32), 1)
    assert ranks.tolist() == [0] * 8 and begins.tolist() == list(range(9))
