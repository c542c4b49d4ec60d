"""Boundaries as bands: what they resist or conduct does not depend on width and triangles."""

import numpy as np
import pytest

from benchmarks.grains import fast_boundary
from solver.cell import effective
from solver.cell.band import Network
from solver.laws import grain_boundary
from tests.written_mesh import grid

UM = 1e-6


def brick_layers(width: float, rows: int):
    """Two grains of 5 um with a boundary in the middle and half a grain at either end [m]."""
    points, triangles = grid(2, rows, width=0.2, height=10.0)
    points = points * UM
    heights = np.array([2.5, 7.5]) * UM
    segments = np.array([[[0, y], [0.2 * UM, y]] for y in heights])
    return points, triangles, Network(segments, width).means(points[triangles])


@pytest.mark.parametrize("width", [0.4, 0.8, 1.6, 3.2])
def test_brick_layers_resist_as_their_boundaries_do(width):
    """Grains of 5 um and 0.05 S/m; 5 nm of each are a boundary that conducts 100 times less."""
    points, triangles, density = brick_layers(width * UM, 400)
    excess = 5e-9 / 0.0005 - 5e-9 / 0.05
    sigma = grain_boundary.blocked(np.full(len(density), 0.05), excess, density)
    found = effective.conductivity(points, triangles, sigma)
    assert found == pytest.approx(0.0454959, rel=1e-4)


@pytest.mark.parametrize("width", [0.1, 0.4, 1.6])
@pytest.mark.parametrize("cells", [12, 100])
def test_films_conduct_along_whatever_the_triangles(width, cells):
    """Current along three films, N delta (sigma_film - sigma), on triangles of 0.83 and 0.1 um."""
    points, triangles = grid(cells, cells // 10, height=1.0)
    segments = np.array([[[x, 0.0], [x, 1.0]] for x in (2.5, 5.0, 7.5)]) * UM
    density = Network(segments, width * UM).means(points[triangles] * UM)
    sigma = grain_boundary.with_film(np.full(len(density), 1e-6), 1e-3, 5e-9, density)
    # All triangles of a column conduct alike on average: what P1 finds is the mean over them.
    excess = (sigma.mean() - 1e-6) * 10 * UM
    expected = 3 * 5e-9 * (1e-3 - 1e-6)
    assert excess / expected == pytest.approx(1, rel=1e-6 if cells == 100 else 1e-5)


def test_distances_are_exact_to_the_ends():
    network = Network(np.array([[[0.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 1.0]]]), 1.0)
    points = np.array([[0.5, 0.3], [1.3, 0.4], [1.3, -0.4], [0.9, 0.2], [5.0, 5.0]])
    assert network.distance(points) == pytest.approx([0.3, 0.3, 0.5, 0.1, np.inf])


def test_the_profile_adds_up_to_one():
    network = Network(np.array([[[0.0, 0.0], [1.0, 0.0]]]), 0.2)
    y = np.linspace(-0.2, 0.2, 4001)
    g = network.density(np.column_stack([np.full(len(y), 0.5), y]))
    assert np.trapezoid(g, y) == pytest.approx(1.0, rel=1e-6)
    assert g.max() == pytest.approx(10.0) and (g[np.abs(y) > 0.1] == 0).all()


def test_pieces_in_any_order_give_the_same_band():
    """As ranks have them, and as refinements cut them."""
    random = np.random.default_rng(0)
    places = np.linspace(0, 1, 9)
    pieces = np.array([[[a, 0.5], [b, 0.5]] for a, b in zip(places, places[1:], strict=False)])
    points, triangles = grid(10, 10, 1.0, 1.0)
    corners = points[triangles]
    first = Network(pieces, 0.2).means(corners)
    other = Network(random.permutation(pieces)[:, ::-1], 0.2).means(corners)
    whole = Network(np.array([[[0.0, 0.5], [1.0, 0.5]]]), 0.2).means(corners)
    assert np.array_equal(first, other)
    assert first == pytest.approx(whole, rel=1e-12)


def test_no_boundary_is_no_band():
    points, triangles = grid(2, 2)
    assert (Network(np.empty((0, 2, 2)), 1.0).means(points[triangles]) == 0).all()


def test_checkerboard_converges_to_the_geometric_mean():
    """sqrt(s1 s2), Keller and Dykhne; at the corners phi goes with r^(4/pi atan sqrt(s1/s2))."""
    found = []
    for cells in (16, 32, 64):
        points, triangles = grid(cells, cells, 1.0, 1.0)
        middle = points[triangles].mean(axis=1)
        dark = ((2 * middle).astype(int).sum(axis=1) % 2).astype(bool)
        found.append(effective.conductivity(points, triangles, np.where(dark, 10.0, 1.0)))
    order = 2 * 4 / np.pi * np.arctan(0.1**0.5)
    errors = np.array(found) / 10**0.5 - 1
    assert np.log2(errors[1:] / errors[:-1]) == pytest.approx(-order, rel=0.03)
    limit = found[2] + (found[2] - found[1]) / (2**order - 1)
    assert limit == pytest.approx(10**0.5, rel=2e-3)


def test_grains_turned_by_a_right_angle_conduct_as_their_dual():
    """s(s1, s2) s_turned(s2, s1) = s1 s2 of any arrangement (Keller 1964), grains of 1:10 here."""
    random = np.random.default_rng(1).random((6, 6)) < 0.5
    found = []
    for cells in (24, 48, 96):
        points, triangles = grid(cells, cells, 1.0, 1.0)
        column, row = (6 * points[triangles].mean(axis=1)).astype(int).T
        dark, turned = random[row, column], random[column, row]
        one = effective.conductivity(points, triangles, np.where(dark, 10.0, 1.0))
        other = effective.conductivity(points, triangles, np.where(turned, 1.0, 10.0))
        found.append(one * other)
    first, second = np.diff(found)
    assert found[2] - second * second / (second - first) == pytest.approx(10.0, rel=1e-2)
    assert found[2] > 10.0  # P1 elements find both too large


def test_dilute_disks_conduct_as_maxwell_says():
    """s (1 + 2 f (s_i - s)/(s_i + s)) of disks that are far apart."""
    points, triangles = grid(160, 160, 1.0, 1.0)
    middle = points[triangles].mean(axis=1)
    inside = np.hypot(*(middle - 0.5).T) < 0.12
    share = inside.mean()
    for ratio, sign in ((10.0, 1), (1e-3, -1)):
        found = effective.conductivity(points, triangles, np.where(inside, ratio, 1.0))
        b = (ratio - 1) / (ratio + 1)
        maxwell = (1 + share * b) / (1 - share * b)
        assert found - 1 == pytest.approx(maxwell - 1, rel=0.03)
        assert sign * (found - 1) > 0


def test_partial_contact_resists_by_its_constriction():
    """(2b/(pi sigma)) ln(1/sin(pi a/2b)): half of an electrode in contact, 0.11032 periods."""
    found = []
    for cells in (20, 40, 80):
        points, triangles = grid(cells, 2 * cells, 1.0, 2.0)
        middle = points[triangles].mean(axis=1)
        void = (middle[:, 0] > 0.5) & (middle[:, 1] < 1.0 / cells)
        sigma = effective.conductivity(points, triangles, np.where(void, 1e-9, 1.0))
        found.append((2.0 / sigma - 2.0) / 2)  # half a period is meshed
    first, second = np.diff(found)
    limit = found[2] - second * second / (second - first)  # Aitken's: the order is not known
    assert limit == pytest.approx(np.log(1 / np.sin(np.pi / 4)) / np.pi, rel=0.01)


def test_speed_where_a_fast_boundary_ends():
    """Limits: parallel columns of a wide boundary, none for a narrow one, a = 1 in between."""
    ratio = grain_boundary.speed_ratio
    assert ratio(0.1, 1.0, 1e-6, 0.0) == pytest.approx(10.0)
    assert ratio(0.1, 0.1, 1e-6, 1e-5) == pytest.approx(1.0)
    assert ratio(0.1, 1.0, 0.8e-6, 4e-5) == pytest.approx(1 / (1 - 0.9 * 0.5))
    # Narrow: 1 + (1 - 1/kappa) (2/pi) ln(a)/a, a = 2 s/(kappa w).
    a = 2 * 4e-6 / (10 * 1e-10)
    small = 0.9 * 2 / np.pi * np.log(a) / a
    assert ratio(0.1, 1.0, 1e-10, 4e-5) - 1 == pytest.approx(small, rel=1e-2)


@pytest.mark.parametrize("thickness, within", [(0.4, 0.015), (0.1, 0.005)])
def test_the_closed_form_of_its_speed_is_that_of_ohms_law(thickness, within):
    """Finite elements above a sharp front with R_ct, a counter electrode 60 um away."""
    mesh = fast_boundary.grid(thickness / 4, 2 * thickness, 1.5)
    found = fast_boundary.over_film(mesh, fast_boundary.sharp(mesh, thickness), thickness)
    assert found == pytest.approx(fast_boundary.expected(thickness), rel=within)
