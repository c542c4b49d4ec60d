"""Refinement from a base mesh: conforming, graded, well shaped, and nothing of the cell lost."""

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.exchange import Slices
from solver.cell.base_mesh import Base
from solver.cell.indicator import areas
from solver.cell.mesh_tables import EDGES, MeshTables
from solver.cell.refinement import Refined, Wanted, refine

COUNT = 8
"""Triangles of the base along each side of the unit square."""
LEVELS = 5
LOWER, UPPER, ANODE, COUNTER, LEFT, RIGHT = range(1, 7)


def base() -> MeshTables:
    """Nearly equilateral triangles in the unit square, two layers, four tagged sides."""
    rows, points, triangles = COUNT + 1, [], []
    for j in range(rows):
        shift = 0.5 * (j % 2)
        x = np.clip(np.arange(rows + 1) - shift, 0, COUNT) / COUNT if shift else None
        x = np.arange(rows) / COUNT if x is None else x
        points.append(np.column_stack([x, np.full(len(x), j / COUNT)]))
    starts = np.cumsum([0, *map(len, points)])
    for j in range(COUNT):
        wide, narrow = (j + 1, j) if j % 2 == 0 else (j, j + 1)
        a, b = starts[wide], starts[narrow]
        for i in range(rows):
            triangles.append([a + i, a + i + 1, b + i])
            if i < COUNT:
                triangles.append([b + i, b + i + 1, a + i + 1])
    points, triangles = np.vstack(points), np.array(triangles)
    x, y = points.T
    edges = np.unique(np.sort(triangles[:, EDGES].reshape(-1, 2), axis=1), axis=0)
    tags = np.zeros(len(edges), dtype=np.int32)
    sides = ((ANODE, y == 0), (COUNTER, y == 1), (LEFT, x == 0), (RIGHT, x == 1))
    for tag, nodes in sides:
        tags[nodes[edges].all(axis=1)] = tag
    layer = np.where(y[triangles].mean(axis=1) < 0.5, LOWER, UPPER).astype(np.int32)
    return MeshTables(points, triangles, layer, edges[tags > 0], tags[tags > 0])


def refined(levels: int, wanted: Wanted | None = None) -> Refined:
    """A refinement of it, on one rank; by default everywhere."""
    found = Base(base().along_curve(), LEVELS)
    shares = Slices.equal(MPI.COMM_SELF, len(found.tables.triangles))
    return refine(found, shares, levels, wanted or (lambda _, x: np.ones(len(x), dtype=bool)))


def round_a_circle(radius: float, levels: int):
    """Wish for finest triangles along a circle about the middle."""

    def wanted(level, corners):
        distance = np.hypot(*(corners.mean(axis=1) - 0.5).T)
        return np.abs(distance - radius) < 0.6 / COUNT / 2**level

    return refined(levels, wanted)


def edges(mesh: Refined, tag: int) -> np.ndarray:
    """Nodes of the edges that have a tag."""
    return mesh.triangles[:, EDGES][mesh.edge_tags == tag]


def angles(tables: MeshTables) -> np.ndarray:
    corner = tables.points[tables.triangles]
    sides = [corner[:, (i + 1) % 3] - corner[:, i] for i in range(3)]
    cosine = [
        -(sides[i] * sides[i - 1]).sum(axis=1) / np.hypot(*sides[i].T) / np.hypot(*sides[i - 1].T)
        for i in range(3)
    ]
    return np.degrees(np.arccos(np.array(cosine)))


@pytest.fixture(scope="module")
def mesh():
    return round_a_circle(0.3, 5)


def test_areas_and_lengths_of_all_tags_are_kept(mesh):
    before, after = base(), mesh
    for tag in (LOWER, UPPER):
        area = [areas(t.points, t.triangles)[t.cell_tags == tag].sum() for t in (before, after)]
        assert area[0] == pytest.approx(0.5) and area[1] == pytest.approx(0.5, rel=1e-13)
    for tag in (ANODE, COUNTER, LEFT, RIGHT):
        ends = after.points[edges(after, tag)]
        assert np.hypot(*(ends[:, 0] - ends[:, 1]).T).sum() == pytest.approx(1, rel=1e-13)


def test_the_mesh_is_conforming(mesh):
    """Euler's formula for a disk, every node used, and no edge but the boundary's with one side."""
    t = mesh
    every, count = np.unique(
        np.sort(t.triangles[:, EDGES].reshape(-1, 2), axis=1), axis=0, return_counts=True
    )
    assert len(t.points) - len(every) + len(t.triangles) == 1
    assert len(np.unique(t.triangles)) == len(t.points)
    assert count.max() == 2
    tagged = t.triangles[:, EDGES][t.edge_tags > 0]
    assert np.array_equal(every[count == 1], np.unique(np.sort(tagged, axis=1), axis=0))


def test_finest_triangles_lie_where_they_are_wanted_and_coarse_ones_away(mesh):
    middle = mesh.points[mesh.triangles].mean(axis=1)
    distance = np.abs(np.hypot(*(middle - 0.5).T) - 0.3)
    assert (mesh.level[distance < 0.5 / COUNT / 2**5] == 5).all()
    assert (mesh.level[distance > 4 / COUNT] == 0).all()
    assert len(mesh.triangles) < 4**5 * len(base().triangles) / 20


def test_neighbours_differ_by_one_level(mesh):
    edges = np.sort(mesh.triangles[:, EDGES].reshape(-1, 2), axis=1)
    cell = np.repeat(np.arange(len(mesh.level)), 3)
    order = np.lexsort(edges.T)
    same = (edges[order[1:]] == edges[order[:-1]]).all(axis=1)
    a, b = mesh.level[cell[order[1:][same]]], mesh.level[cell[order[:-1][same]]]
    assert np.abs(a.astype(int) - b).max() == 1


def test_only_halves_have_larger_angles_than_the_base(mesh):
    """Red children are similar to their parents."""
    largest = angles(base()).max()
    worst = angles(mesh).max(axis=0)
    counted = areas(mesh.points, mesh.triangles)
    tables = mesh.base.tables
    whole = areas(tables.points, tables.triangles)[mesh.macro] / 4.0**mesh.level
    halved = counted < 0.75 * whole
    assert worst[~halved].max() == pytest.approx(largest, abs=1e-6)
    assert halved.any() and not halved.all()
    assert worst[halved].max() < 117


def test_nodes_are_at_the_middle_of_their_parents_and_shared_bitwise(mesh):
    points, made = mesh.points, 0
    for depth in range(1, LEVELS + 1):
        nodes, a, b = mesh.made(depth)
        made += len(nodes)
        assert np.array_equal(points[nodes], 0.5 * (points[a] + points[b]))
        assert np.maximum(mesh.depth[a], mesh.depth[b]).max() < depth
    assert made + len(base().points) == len(points)
    everywhere = refined(2)
    ours = {tuple(p) for p in points[mesh.depth <= 2]}
    assert ours <= {tuple(p) for p in everywhere.points}


def test_what_is_no_longer_wanted_is_coarsened():
    first, second = round_a_circle(0.2, 4), round_a_circle(0.4, 4)
    where = [np.hypot(*(m.points[m.triangles].mean(axis=1) - 0.5).T)
             for m in (first, second)]  # fmt: skip
    assert (first.level[np.abs(where[0] - 0.2) < 0.005] == 4).all()
    assert (second.level[np.abs(where[1] - 0.2) < 0.005] < 3).all()


def test_no_levels_leave_the_base_as_it_is():
    same, tables = refined(0), base().along_curve()
    assert np.array_equal(same.points[same.triangles], tables.points[tables.triangles])


def test_everything_wanted_is_uniform():
    mesh = refined(3)
    assert len(mesh.triangles) == 4**3 * len(base().triangles)
    assert (mesh.level == 3).all()


def test_every_triangle_lies_in_its_triangle_of_the_base(mesh):
    middle = mesh.points[mesh.triangles].mean(axis=1)
    tables = mesh.base.tables
    a, b, c = tables.points[tables.triangles[mesh.macro]].transpose(1, 0, 2)
    edges = np.stack([b - a, c - a], axis=-1)
    share = np.linalg.solve(edges, (middle - a)[..., None])[..., 0]
    assert (share > 0).all() and (share.sum(axis=1) < 1).all()


def test_halved_edges_keep_the_tag_of_their_side():
    t = refined(2, lambda level, corners: corners[..., 0].min(axis=1) < 0.4)
    places = {ANODE: (1, 0), COUNTER: (1, 1), LEFT: (0, 0), RIGHT: (0, 1)}
    assert (t.edge_tags > 0).sum() > 5 * COUNT
    for tag, (axis, value) in places.items():
        assert (t.points[edges(t, tag)][..., axis] == value).all()
