"""Grains: they fill the cell, follow size, aspect and seed, and have no short edges."""

import numpy as np
import pytest

from meshes import laguerre, polycrystal


def edges(grains):
    ends = np.vstack([np.column_stack([x, np.roll(x, -1)]) for x in grains.loops])
    return np.linalg.norm(grains.corners[ends[:, 0]] - grains.corners[ends[:, 1]], axis=1)


@pytest.mark.parametrize(("lloyd", "aspect"), [(0, 1.0), (3, 0.5), (3, 2.0)])
def test_grains_fill_the_cell(lloyd, aspect):
    for shortest in (0.0, 0.3):
        found = polycrystal.grains(30.0, 20.0, 40, 1, lloyd, aspect, None, shortest)
        assert found.areas().sum() == pytest.approx(600, rel=1e-12)
        assert (found.areas() > 0).all()


def test_a_mean_grain_has_the_area_of_a_disk():
    assert polycrystal.number(50.0, 50.0, 2.523) == 500


def test_short_edges_are_drawn_together():
    rough = polycrystal.grains(30.0, 20.0, 40, 1, 0, 1.0, None, 0.0)
    found = polycrystal.grains(30.0, 20.0, 40, 1, 0, 1.0, None, 0.3)
    assert edges(rough).min() < 0.3 <= edges(found).min()
    assert len(found.loops) == len(found.numbers) <= 40


def test_lloyd_makes_grains_more_alike():
    cells = [polycrystal.grains(30.0, 30.0, 60, 1, n, 1.0, None, 0.0) for n in (0, 1, 10)]
    spread = [found.areas().std() for found in cells]
    assert spread[0] > 1.2 * spread[1] > 1.4 * spread[2]


def test_aspect_is_height_over_width():
    """Of the second moments of all grains about their middles."""

    def ratio(aspect):
        found = polycrystal.grains(60.0, 60.0, 200, 1, 5, aspect, None, 0.0)
        sizes = np.array([np.ptp(found.corners[x], axis=0) for x in found.loops])
        return sizes[:, 1].mean() / sizes[:, 0].mean()

    assert ratio(1.0) == pytest.approx(1.0, rel=0.05)
    assert ratio(3.0) == pytest.approx(3.0, rel=0.1)


def test_a_seed_is_a_polycrystal():
    first = polycrystal.grains(30.0, 30.0, 20, 1, 3, 1.0, None, 0.0)
    other = polycrystal.grains(30.0, 30.0, 20, 2, 3, 1.0, None, 0.0)
    polycrystal.grains.cache_clear()
    again = polycrystal.grains(30.0, 30.0, 20, 1, 3, 1.0, None, 0.0)
    assert np.array_equal(first.corners, again.corners)
    assert not np.array_equal(first.areas(), other.areas())


BOX = np.array([4.0, 3.0])


def test_weights_move_the_boundary_between_two_points():
    """|x - p|^2 - w is alike on both sides at (p + q)/2 + (w_p - w_q)/(2 |q - p|)."""
    points = np.array([[1.0, 1.5], [3.0, 1.5]])
    corners, loops = laguerre.cells(points, np.array([0.8, 0.0]), BOX)
    assert corners[loops[0], 0].max() == pytest.approx(2 + 0.8 / 4, rel=1e-12)
    area, middle = laguerre.moments(corners, loops)
    assert area == pytest.approx([2.2 * 3, 1.8 * 3])
    assert middle == pytest.approx(np.array([[1.1, 1.5], [3.1, 1.5]]))
    found = laguerre.weights(points, BOX, np.array([9.0, 3.0]))
    assert found == pytest.approx([2.0, -2.0], rel=1e-5)


def test_a_cell_can_be_empty():
    points = np.array([[1.0, 1.5], [2.0, 1.4], [3.0, 1.5]])
    corners, loops = laguerre.cells(points, np.array([0.0, -3.0, 0.0]), BOX)
    assert [len(loop) for loop in loops] == [4, 0, 4]
    assert laguerre.moments(corners, loops)[0] == pytest.approx([6.0, 0.0, 6.0])


@pytest.mark.parametrize("spread", [0.0, 0.35, 0.6])
def test_diameters_are_lognormal(spread):
    """Of lognormal numbers with the spread s the coefficient of variation is sqrt(e^(s^2) - 1)."""
    found = polycrystal.grains(30.0, 40.0, 150, 1, 3, 2.0, spread, 0.0)
    assert found.areas().sum() == pytest.approx(1200, rel=1e-12)
    diameter = np.sqrt(found.areas())
    assert np.log(diameter).std() == pytest.approx(spread, rel=0.02, abs=1e-6)
    wanted = np.sqrt(np.expm1(spread**2))
    assert diameter.std() / diameter.mean() == pytest.approx(wanted, rel=0.05, abs=1e-6)


def test_a_place_is_in_the_grain_that_is_drawn_there():
    found = polycrystal.grains(30.0, 40.0, 60, 1, 0, 2.0, 0.5, 0.0)
    middles = np.array([found.corners[loop].mean(axis=0) for loop in found.loops])
    assert found.at(middles).tolist() == list(range(60))
