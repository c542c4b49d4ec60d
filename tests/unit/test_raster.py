# SPDX-License-Identifier: MIT
"""Pixels of a mesh: every one in its triangle, straight within it, and none left out."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.tri import Triangulation

from solver.pages.raster import Raster

SQUARE = np.array([[0, 0], [2, 0], [2, 1], [0, 1]], dtype=float)
TWO = np.array([[0, 1, 2], [0, 2, 3]])


def centres(raster, low, high):
    """Coordinates of the pixels' centres; rows go down."""
    rows, columns = raster.shape
    x = low[0] + (np.arange(columns) + 0.5) / columns * (high[0] - low[0])
    y = high[1] - (np.arange(rows) + 0.5) / rows * (high[1] - low[1])
    return np.meshgrid(x, y)


@pytest.fixture
def mesh():
    """Triangles much larger and much smaller than a pixel, and some without a right angle."""
    random = np.random.default_rng(7)
    points = np.vstack([3 * random.random((60, 2)), 0.02 * random.random((200, 2)) + 1])
    points = np.vstack([points, [[0, 0], [3, 0], [3, 3], [0, 3]]])
    return points, Triangulation(*points.T).triangles


def test_the_longer_side_has_the_pixels_and_they_are_square():
    assert Raster(SQUARE, TWO, 40).shape == (20, 40)


def test_a_straight_field_is_exact_at_every_pixel(mesh):
    points, triangles = mesh
    raster = Raster(points, triangles, 64)
    assert raster.inside.all()
    x, y = centres(raster, (0, 0), (3, 3))
    found = raster.of(2 * points[:, 0] - 5 * points[:, 1] + 1)
    assert np.abs(found - (2 * x - 5 * y + 1)).max() < 1e-12


def test_a_pixel_has_the_value_of_the_triangle_it_lies_in():
    raster = Raster(SQUARE, TWO, 40)
    x, y = centres(raster, (0, 0), (2, 1))
    off = np.abs(x - 2 * y) > 1e-9  # those on the diagonal belong to either
    image = raster.of(np.array([1.0, 2.0]))
    assert (image[off] == np.where(x > 2 * y, 1.0, 2.0)[off]).all()
    assert set(image[~off]) <= {1.0, 2.0}


def test_what_no_triangle_covers_is_outside():
    """A hole: of the square without its lower triangle, half."""
    raster = Raster(np.vstack([SQUARE]), TWO[1:], 100)
    x, y = centres(raster, (0, 0), (2, 1))
    assert (raster.inside == (2 * y - x > -1e-9)).all()
    assert np.isnan(raster.of(np.ones(4))[~raster.inside]).all()


def test_corners_of_their_own_may_jump():
    """Ions: the nodes are the corners of the triangles, so that a field may jump between two."""
    corners = SQUARE[TWO].reshape(-1, 2)
    raster = Raster(corners, np.arange(6).reshape(2, 3), 40)
    values = raster.of(np.array([1.0, 1, 1, 7, 7, 7]))
    assert set(values.round(12).ravel()) == {1.0, 7.0}


def test_a_centre_on_an_edge_is_in_a_triangle():
    """The diagonal of a square goes through the centres of as many pixels as there are rows."""
    square = np.array([[0.1, 0.1], [0.7, 0.1], [0.7, 0.7], [0.1, 0.7]])
    raster = Raster(square, TWO, 30)
    assert raster.inside.all()
    x, y = centres(raster, (0.1, 0.1), (0.7, 0.7))
    assert np.abs(raster.of(square @ [1, 3]) - (x + 3 * y)).max() < 1e-12
