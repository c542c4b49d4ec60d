# SPDX-License-Identifier: MIT
"""Where the mesh is to be how fine: the front and its way, and the bends of c and phi."""

import numpy as np
import pytest

from solver.cell import indicator
from solver.input.resolution import Resolution
from solver.laws.front import psi
from tests.unit.test_refinement import COUNT, base, refined
from tests.unit.test_transfer import AHEAD, FINE, LENGTH, exact, mesh_of_front

NORMAL = np.array([0.6, 0.8])
EDGE = 1 / COUNT


def slanted(points, at=0.7):
    """Front coordinate of a straight front across NORMAL."""
    return -(points @ NORMAL - at) / LENGTH


def sums(cells, count: int):
    """Sums over the triangles round so many nodes."""

    def summed(values):
        columns = [np.bincount(cells.ravel(), np.repeat(x, 3), count) for x in values.T]
        return np.column_stack(columns)

    return summed


def test_gradients_of_a_linear_function_are_exact():
    t = base()
    gradient = indicator.gradients(t.points, t.triangles, t.points @ [2.0, -3.0])
    assert gradient == pytest.approx(np.tile([2.0, -3.0], (len(t.triangles), 1)))


def test_averages_at_nodes_are_weighted_by_area():
    cells, values = np.array([[0, 1, 2], [1, 3, 2]]), np.array([[1.0, 0.0], [5.0, 8.0]])
    mean = indicator.nodal(np.array([3.0, 1.0]), values, sums(cells, 5))
    assert mean == pytest.approx(np.array([[1, 0], [2, 2], [2, 2], [5, 8], [0, 0]]))


def test_a_straight_front_is_found_on_its_line_with_its_direction_and_way():
    t = refined(1)
    now = slanted(t.points)
    earlier = now - 0.03 / LENGTH
    found = indicator.crossings(t.points, t.triangles, now, earlier, t.nodes.sums)
    at, direction, advance, ends = found
    assert ((now[ends] > 0).sum(axis=1) == 1).all()
    assert len(at) > 2 * COUNT
    assert at @ NORMAL == pytest.approx(0.7, abs=1e-13)
    assert direction == pytest.approx(np.tile(NORMAL, (len(at), 1)), abs=1e-12)
    assert advance == pytest.approx(0.03, rel=1e-12)


def test_the_interface_and_its_tail_are_on_finest_triangles():
    mesh = mesh_of_front(0.0)
    xi, *_ = exact(mesh.points)
    needed = FINE.needs(psi(xi))[mesh.triangles].any(axis=1)
    assert needed.sum() > 1000
    assert (mesh.level[needed] == FINE.levels).all()


def ahead_of(now, before, t):
    return indicator.front(t, now, before, FINE)[1].points


def test_a_front_that_retreats_gets_its_margin_behind():
    t = refined(3)
    now = -(t.points[:, 1] - 0.5) / LENGTH
    way = ahead_of(now, now + 2.0, t)[:, 1] - 0.5
    reach = AHEAD - indicator.BEAD
    assert way.min() == pytest.approx(-(reach + FINE.margin) * LENGTH, rel=1e-3)
    assert way.max() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("before", [None, -2.0])
def test_the_way_ahead_has_no_gap(before):
    t = refined(3)
    now = -(t.points[:, 1] - 0.5) / LENGTH
    heights = np.unique(ahead_of(now, before and now + before, t)[:, 1].round(12))
    assert heights[0] == pytest.approx(0.5)
    assert heights[-1] == pytest.approx(0.5 + (AHEAD - indicator.BEAD + FINE.margin) * LENGTH)
    assert np.diff(heights).max() <= indicator.BEAD * LENGTH * (1 + 1e-9)


def levels_wanted(fields, tolerance):
    """Levels that triangles of a uniform base, away from its sides, are wanted at."""
    mesh = refined(0)
    r = Resolution(levels=6, size=EDGE / 64, length=1, ahead=4, margin=1, tolerance=tolerance)
    fields = [field(*mesh.points.T) for field in fields]
    levels = set()
    for cloud in indicator.bends(mesh, fields, r):
        inner = (np.abs(cloud.points - 0.5) < 0.5 - 2 * EDGE).all(axis=1)
        inner &= np.abs(cloud.points[:, 1] - 0.5) > EDGE  # averages end at the layers' border
        levels |= {cloud.level} if inner.any() else set()
    return levels


PARABOLA = 0.25 * (4 / 3**0.5 / 2) ** 0.5 * EDGE**2
"""Estimated error of y^2: h/4 times the jump EDGE between the gradient on a triangle, that at half
its height, and at its corners; h is the edge of the equilateral triangle of its area, EDGE^2/2."""


@pytest.mark.parametrize(("scale", "level"), [(0.97, 3), (1.03, 2)])
def test_every_halving_quarters_the_error_of_a_parabola(scale, level):
    tolerance = scale * PARABOLA / 4**2
    parabola, line = lambda x, y: y**2, lambda x, y: 3 * x - y
    for fields in ([parabola], [parabola, line], [line, parabola]):
        assert levels_wanted(fields, tolerance) == {level}


def test_the_front_cloud_leads_ahead_of_the_faster_part():
    """Half of a flat front advances by 2 l, half stands: margins of 3 l and a quarter of that."""
    mesh = refined(3)
    x, y = mesh.points.T
    now = -(y - 0.5) / LENGTH
    before = now - np.where(x < 0.5, 2.0, 0.0)
    ahead = indicator.front(mesh, now, before, FINE)[1].points
    top = [ahead[side, 1].max() - 0.5 for side in (ahead[:, 0] < 0.4, ahead[:, 0] > 0.6)]
    reach = AHEAD - indicator.BEAD
    assert top[0] == pytest.approx((reach + 3) * LENGTH, rel=1e-3)
    assert top[1] == pytest.approx((reach + 3 / 4) * LENGTH, rel=1e-3)


def test_bends_ask_for_the_size_that_interpolation_needs():
    """A parabola y^2 has the error h^2/4 at most on an edge: h = 2 sqrt(tolerance) is wanted."""
    mesh = refined(0)
    y = mesh.points[:, 1]
    r = Resolution(levels=6, size=1 / COUNT / 64, length=1, ahead=4, margin=1, tolerance=1e-4)
    wanted = indicator.wanted(indicator.bends(mesh, [y * y], r), r, mesh)
    found = refined(r.levels, wanted)
    triangles = found.points[found.triangles]
    inner = np.abs(triangles[..., 1].mean(axis=1) - 0.5) < 0.3
    wished = np.ceil(np.log2(1 / COUNT / (2 * np.sqrt(r.tolerance))))
    assert wished == 3 and (found.level[inner] == wished).mean() > 0.98


def test_a_kink_between_layers_is_no_bend():
    mesh = refined(0)
    kink = np.abs(mesh.points[:, 1] - 0.5)
    assert all(len(cloud.points) == 0 for cloud in indicator.bends(mesh, [kink], FINE))
