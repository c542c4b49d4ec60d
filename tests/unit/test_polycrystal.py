"""Grains: they fill the cell, follow size, aspect and seed, and have no short edges."""

import numpy as np
import pytest

from meshes import polycrystal


def edges(grains):
    ends = np.vstack([np.column_stack([x, np.roll(x, -1)]) for x in grains.loops])
    return np.linalg.norm(grains.corners[ends[:, 0]] - grains.corners[ends[:, 1]], axis=1)


@pytest.mark.parametrize(("lloyd", "aspect"), [(0, 1.0), (3, 0.5), (3, 2.0)])
def test_grains_fill_the_cell(lloyd, aspect):
    for shortest in (0.0, 0.3):
        found = polycrystal.grains(30.0, 20.0, 40, 1, lloyd, aspect, shortest)
        assert found.areas().sum() == pytest.approx(600, rel=1e-12)
        assert (found.areas() > 0).all()


def test_a_mean_grain_has_the_area_of_a_disk():
    assert polycrystal.number(50.0, 50.0, 2.523) == 500


def test_short_edges_are_drawn_together():
    rough = polycrystal.grains(30.0, 20.0, 40, 1, 0, 1.0, 0.0)
    found = polycrystal.grains(30.0, 20.0, 40, 1, 0, 1.0, 0.3)
    assert edges(rough).min() < 0.3 <= edges(found).min()
    assert len(found.loops) == len(found.numbers) <= 40


def test_lloyd_makes_grains_more_alike():
    spread = [polycrystal.grains(30.0, 30.0, 60, 1, n, 1.0, 0.0).areas().std() for n in (0, 1, 10)]
    assert spread[0] > 1.2 * spread[1] > 1.4 * spread[2]


def test_aspect_is_height_over_width():
    """Of the second moments of all grains about their middles."""

    def ratio(aspect):
        found = polycrystal.grains(60.0, 60.0, 200, 1, 5, aspect, 0.0)
        sizes = np.array([np.ptp(found.corners[x], axis=0) for x in found.loops])
        return sizes[:, 1].mean() / sizes[:, 0].mean()

    assert ratio(1.0) == pytest.approx(1.0, rel=0.05)
    assert ratio(3.0) == pytest.approx(3.0, rel=0.1)


def test_a_seed_is_a_polycrystal():
    first = polycrystal.grains(30.0, 30.0, 20, 1, 3, 1.0, 0.0)
    other = polycrystal.grains(30.0, 30.0, 20, 2, 3, 1.0, 0.0)
    polycrystal.grains.cache_clear()
    again = polycrystal.grains(30.0, 30.0, 20, 1, 3, 1.0, 0.0)
    assert np.array_equal(first.corners, again.corners)
    assert not np.array_equal(first.areas(), other.areas())
