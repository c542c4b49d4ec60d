# SPDX-License-Identifier: MIT
"""Where the front is and which way it faces: straight fronts exactly, round ones at order 2."""

import mpi4py.MPI as MPI
import numpy as np
import pytest

from solver.cell import contour
from tests.unit.test_refinement import COUNT, refined

NORMAL = np.array([0.6, -0.8])
CENTRE, RADIUS = np.array([0.47, 0.52]), 0.3
LENGTH = 0.05


def mesh(level: int):
    """Points and triangles of the unit square, halved so often."""
    tables = refined(level)
    return tables.points, tables.triangles


def line(x):
    """Front coordinate of a straight front, the metal where NORMAL points."""
    return (x @ NORMAL + 0.1037) / LENGTH


def circle(x):
    """Front coordinate of a round deposit."""
    return (RADIUS - np.hypot(*(x - CENTRE).T)) / LENGTH


def normals(x, cells, psi):
    return contour.unit(contour.slopes(x, contour.beside(cells, psi), psi))


def test_a_straight_front_is_found_exactly():
    x, cells = mesh(1)
    psi = line(x)
    values = np.column_stack([normals(x, cells, psi), 2 * x[:, 0] - x[:, 1]])
    points, found = contour.crossings(x, cells, psi, values, len(x))
    assert len(points) > 2 * 2 * COUNT
    assert len(np.unique(points.round(12), axis=0)) == len(points), "an edge counts once"
    assert line(points) == pytest.approx(np.zeros(len(points)), abs=1e-12)
    assert found[:, :2] == pytest.approx(np.tile(NORMAL, (len(points), 1)), abs=1e-12)
    assert found[:, 2] == pytest.approx(2 * points[:, 0] - points[:, 1], abs=1e-13)


def test_two_ranks_find_every_edge_once():
    """Though they differ in the last bits of psi, as compiled logarithms do."""
    x, cells = mesh(1)
    whole, _ = contour.crossings(x, cells, line(x), x, len(x))
    owner, found = (x[:, 0] > 0.43).astype(int), []
    for rank, bits in ((0, 1.0), (1, 1 + 4e-16)):
        order = np.argsort(owner != rank, kind="stable")  # its own nodes first
        place = np.argsort(order)
        at_own = (owner[cells] == rank).any(axis=1)
        psi = line(x)[order] * bits
        found.append(contour.crossings(
            x[order], place[cells[at_own]], psi, x[order], int((owner == rank).sum())
        )[0])  # fmt: skip
    both = np.vstack(found)
    assert min(len(part) for part in found) > COUNT
    assert sorted(both.tolist()) == pytest.approx(np.array(sorted(whole.tolist())), abs=1e-14)


def test_edges_into_a_node_on_the_front_have_one_point():
    x, cells = mesh(1)
    node = x[np.argmin(np.hypot(*(x - 0.5).T))]
    front = contour.crossings(x, cells, (x - node) @ NORMAL / LENGTH, x, len(x))
    points, values = contour.gathered(MPI.COMM_SELF, *front)
    counts = [(part == node).all(axis=1).sum() for part in (front[0], points, values)]
    assert counts[0] > 1 and counts[1:] == [1, 1]


def test_places_on_the_front_are_at_no_distance_and_others_at_theirs():
    x, cells = mesh(1)
    values = np.column_stack([np.full(len(x), 3.0), x @ NORMAL])
    front = contour.crossings(x, cells, line(x), values, len(x))
    middle = front[0][np.argsort(np.hypot(*(front[0] - 0.5).T))[:5]]
    for away in (0.0, 0.07, -0.1):
        distance, found = contour.nearest(*front, middle + away * NORMAL, reach=0.12)
        assert distance == pytest.approx(np.full(5, abs(away)), abs=1e-12)
        assert found == pytest.approx(np.tile([3.0, -0.1037], (5, 1)), abs=1e-12)
    distance, found = contour.nearest(*front, middle + 0.2 * NORMAL, reach=0.12)
    assert np.isinf(distance).all() and not found.any()


def test_values_are_those_of_the_nearest_piece_and_change_gently():
    points = np.column_stack([np.linspace(0, 1, 101), np.zeros(101)])
    values = points[:, :1] ** 2
    x = np.column_stack([np.linspace(0.1, 0.9, 2001), np.full(2001, 1e-3)])
    _, found = contour.nearest(points, values, x, 0.1)
    # Between two pieces 0.018 apart, from one place to the next.
    assert found[:, 0] == pytest.approx(x[:, 0] ** 2, abs=0.01)
    assert np.abs(np.diff(found[:, 0])).max() < 0.25 * 0.018
    # On a piece of front it is that piece's own value that counts.
    _, own = contour.nearest(points, values, points[50:51], 0.1)
    assert own[0, 0] == pytest.approx(values[50, 0], abs=1e-4)


@pytest.mark.parametrize("count", [0, 1, contour.NEAREST - 1])
def test_a_front_may_have_few_crossings(count):
    """As that of a strip of one or two triangles across; without any there is no front."""
    points = np.column_stack([np.arange(count, dtype=float), np.zeros(count)])
    x = np.array([[0.0, 0.25], [0.3, -0.5], [0.0, 5.0]])
    distance, found = contour.nearest(points, np.full((count, 3), 7.0), x, 2.0)
    near = [count > 0, count > 0, False]
    assert np.isfinite(distance).tolist() == near
    assert found == pytest.approx(np.where(near, 7.0, 0.0)[:, None] * np.ones(3))
    if count:
        assert distance[:2] == pytest.approx([0.25, np.hypot(0.3, 0.5)])


def test_a_round_front_is_found_at_order_2():
    """Distances are, and so is what the flux sees of a normal: its length along the true one."""
    angle = np.linspace(0, 2 * np.pi, 60)
    out = np.column_stack([np.cos(angle), np.sin(angle)])
    errors = []
    for level in (1, 3):
        x, cells = mesh(level)
        psi = circle(x)
        front = contour.crossings(x, cells, psi, normals(x, cells, psi), len(x))
        on_it = np.hypot(*(front[0] - CENTRE).T) - RADIUS
        distance, found = contour.nearest(*front, CENTRE + (RADIUS + 0.08) * out, 0.2)
        along = -np.sum(contour.unit(found) * out, axis=1)
        errors.append([np.abs(e).max() for e in (on_it, distance - 0.08)] + [np.mean(1 - along)])
    orders = np.log2(np.array(errors[0]) / errors[1]) / 2
    assert orders == pytest.approx([2, 2, 2], abs=0.6), errors
    assert (np.array(errors[1]) < [4e-4, 1.2e-3, 1e-4]).all()


def test_order_of_nodes_and_cells_does_not_matter():
    x, cells = mesh(1)
    psi = circle(x)
    random = np.random.default_rng(3)
    places = random.uniform(0, 1, (50, 2))
    found = []
    for new, order in ((np.arange(len(x)), np.arange(len(cells))),
                       (random.permutation(len(x)), random.permutation(len(cells)))):  # fmt: skip
        y, other = x[np.argsort(new)], new[cells][order]
        n = normals(y, other, circle(y))
        front = contour.crossings(y, other, circle(y), n, len(y))
        found.append(contour.nearest(*contour.gathered(MPI.COMM_SELF, *front), places, 0.3))
    assert (psi > 0).any()
    assert np.isfinite(found[0][0]).sum() > 20
    assert found[1][0] == pytest.approx(found[0][0], abs=1e-15)
    assert found[1][1] == pytest.approx(found[0][1], abs=1e-13)


def test_cells_beside_the_front_are_told_by_their_own_nodes():
    x, cells = mesh(2)
    psi = line(x)
    least = np.abs(psi[cells]).min(axis=1)
    crossed = np.isin((psi[cells] > 0).sum(axis=1), (1, 2))
    near = contour.beside(cells, psi)
    assert len(near) == ((least < contour.BESIDE) | crossed).sum()
    coarse = contour.beside(cells, 1e3 * psi)
    assert len(coarse) == crossed.sum() > 0, "a front thinner than a cell"


def test_a_circle_bends_by_its_radius():
    x, cells = mesh(3)
    psi = circle(x)
    beside = contour.beside(cells, psi)
    bend = contour.bends(x, beside, normals(x, cells, psi))
    bend = bend[:, 0] / np.maximum(bend[:, 1], 1e-300)
    _, found = contour.crossings(x, cells, psi, bend[:, None], len(x))
    assert found.mean() == pytest.approx(1 / RADIUS, rel=0.01), "positive: the metal is round"


def test_unit_vectors():
    vectors = np.array([[3.0, -4.0], [0.0, 0.0], [1e-200, 0.0]])
    assert contour.unit(vectors) == pytest.approx(np.array([[0.6, -0.8], [0, 0], [1, 0]]))
