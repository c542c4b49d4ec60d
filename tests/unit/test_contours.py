"""Triangles fitted to a labelled picture: their edges follow the contours."""

import numpy as np
import pytest
from scipy.spatial import Delaunay

from meshes import polycrystal
from meshes.contours import Contours
from meshes.discrete import areas, between
from tests.written_mesh import grid

PIXEL = 0.25


def picture(of, width=16.0):
    """Labels of the pixels of a square by a function of the places of their middles."""
    places = (np.arange(round(width / PIXEL)) + 0.5) * PIXEL
    return of(*np.meshgrid(places, places)).astype(int)


def equilateral(cells):
    """Nodes and triangles of the square, nearly equilateral as Gmsh makes them."""
    rows = round(cells / np.sqrt(0.75))
    x, y = np.meshgrid(np.arange(cells + 2.0), np.linspace(0, 16, rows + 1))
    x[1::2] -= 0.5
    points = np.column_stack([np.clip(x * 16 / cells, 0, 16).ravel(), y.ravel()])
    points = np.unique(points, axis=0)
    corners = Delaunay(points).simplices
    area = areas(points, corners)
    corners = np.where(area[:, None] < 0, corners[:, ::-1], corners)
    return points, corners[np.abs(area) > 1e-9]


def fitted(label, cells=16, mesh=None):
    points, triangles = mesh or grid(cells, cells, 16.0, 16.0)
    contours = Contours(label, PIXEL, 1.0)
    moved = contours.fitted(points, triangles)
    return points, triangles, moved, contours.labels(moved[triangles].mean(axis=1))


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
    assert perimeter(points, triangles, region) == pytest.approx(2 * np.pi * 5, rel=0.05)


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


def sectors(x, y):
    """Three of 120 degrees that meet at (8.1, 7.8), one boundary straight down."""
    angle = np.arctan2(y - 7.8, x - 8.1)
    return np.digitize(angle, np.radians([-90, 30, 150])) % 3


def test_boundaries_are_straight_to_where_three_meet():
    _, triangles, points, region = fitted(picture(sectors), mesh=equilateral(48))
    exact = 7.8 + (7.9 + 8.1) / np.cos(np.radians(30))
    assert perimeter(points, triangles, region) == pytest.approx(exact, rel=0.01)
    assert sorted(set(region)) == [0, 1, 2]


def test_many_grains_need_few_colours():
    """Voronoi cells as a picture: their edges are as long as between the cells' corners."""
    grains = polycrystal.grains(16.0, 16.0, 60, 1, 3, 1.0, None, 0.0)
    places = (np.arange(128) + 0.5) / 8
    label = grains.at(np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 2))
    contours = Contours(100 + label.reshape(128, 128), 0.125, 1.0)
    middles = np.array([grains.corners[loop].mean(axis=0) for loop in grains.loops])
    assert len(contours.depths(middles)) < 9
    assert contours.labels(middles).tolist() == [100 + i for i in range(60)]
    points, triangles = equilateral(48)
    moved = contours.fitted(points, triangles)
    found = contours.labels(moved[triangles].mean(axis=1))
    ends = np.vstack([np.column_stack([x, np.roll(x, -1)]) for x in grains.loops])
    length = np.linalg.norm(grains.corners[ends[:, 0]] - grains.corners[ends[:, 1]], axis=1)
    exact = 0.5 * (length.sum() - 64)
    assert perimeter(moved, triangles, found) == pytest.approx(exact, rel=0.025)


@pytest.mark.parametrize(
    ("of", "count"),
    [
        (lambda x, y: (x > 8) + 2 * (y > 8), 4),  # all of which meet in a corner
        (lambda x, y: x // 4, 2),
        (lambda x, y: x // 0.5, 3),  # a stripe of two pixels does not keep its neighbours apart
    ],
)
def test_labels_that_are_near_have_different_colours(of, count):
    assert len(Contours(picture(of), PIXEL, 1.0).depths(np.zeros((1, 2)))) == count


def test_smoothing_rounds_corners():
    """Of a square the corners are cut, of a coarser smoothing more."""
    square = picture(lambda x, y: (abs(x - 8) < 4) & (abs(y - 8) < 4))
    points, triangles = grid(64, 64, 16.0, 16.0)
    cut = []
    for smoothing in (0.5, 2.0):
        contours = Contours(square, PIXEL, smoothing)
        moved = contours.fitted(points, triangles)
        region = contours.labels(moved[triangles].mean(axis=1))
        cut.append(64 - areas(moved, triangles)[region == 1].sum())
    assert abs(cut[0]) < 0.3 < 2 * abs(cut[0]) + 0.2 < cut[1] < 2.0


def test_one_region_leaves_all_as_it_is():
    before, _, points, region = fitted(picture(lambda x, y: 3 + 0 * x))
    assert np.array_equal(points, before) and (region == 3).all()
