"""Triangles fitted to a labelled picture: their edges follow the contours."""

import numpy as np
import pytest

from meshes.contours import Contours
from meshes.discrete import areas, between
from tests.written_mesh import grid

PIXEL = 0.25


def picture(of, width=16.0):
    """Labels of the pixels of a square by a function of the places of their middles."""
    places = (np.arange(round(width / PIXEL)) + 0.5) * PIXEL
    return of(*np.meshgrid(places, places)).astype(int)


def fitted(label, cells=16):
    points, triangles = grid(cells, cells, 16.0, 16.0)
    contours = Contours(label, PIXEL)
    moved = contours.fitted(points, triangles)
    return points, triangles, moved, contours.regions(moved[triangles].mean(axis=1))


def perimeter(points, triangles, region):
    ends = points[between(triangles, region)]
    return np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum()


@pytest.mark.parametrize("centre", [(8.0, 8.0), (8.3, 7.6)])
def test_a_disk_has_its_area_and_circumference(centre):
    def disk(x, y):
        return np.hypot(x - centre[0], y - centre[1]) < 5

    _, triangles, points, region = fitted(picture(disk), 20)
    area = areas(points, triangles)[region == 1].sum()
    assert area == pytest.approx(np.pi * 25, rel=0.015)
    assert perimeter(points, triangles, region) == pytest.approx(2 * np.pi * 5, rel=0.09)


def test_a_slanted_line_is_straight():
    _, triangles, points, region = fitted(picture(lambda x, y: y > 4.3 + 0.4 * x))
    nodes = np.unique(between(triangles, region))
    inner = nodes[np.abs(points[nodes, 0] - 8) < 6.5]
    x, y = points[inner].T
    assert len(inner) > 10
    assert np.abs(y - 4.3 - 0.4 * x).max() < 0.5 * PIXEL
    assert areas(points, triangles)[region == 1].sum() == pytest.approx(16 * (11.7 - 3.2), rel=5e-3)


def test_triangles_keep_their_sense_and_sides_their_place():
    before, triangles, points, _ = fitted(picture(lambda x, y: np.hypot(x - 15, y - 1) < 6))
    assert (areas(points, triangles) > 0.29 * areas(before, triangles)).all()
    for axis in range(2):
        for side in (0.0, 16.0):
            assert (points[before[:, axis] == side, axis] == side).all()
    assert (points != before).any()


def test_nothing_moves_where_three_regions_meet():
    label = picture(lambda x, y: np.where(y < 8.3, 0, np.where(x < 7.7, 1, 2)))
    before, triangles, points, region = fitted(label)
    near = np.hypot(*(before - [7.7, 8.3]).T) < 1.0
    assert near.sum() > 2 and np.array_equal(points[near], before[near])
    assert sorted(set(region)) == [0, 1, 2]


def test_one_region_leaves_all_as_it_is():
    before, _, points, region = fitted(picture(lambda x, y: 3 + 0 * x))
    assert np.array_equal(points, before) and (region == 3).all()
