"""Names of places in the base, its curve, and how it is shared out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.errors import InputError
from solver.base.exchange import Post, Slices
from solver.cell import base_mesh
from solver.cell.balance import _balanced, rebalanced, shared_out
from solver.cell.base_mesh import BITS, MASK, Base
from solver.cell.mesh_tables import MeshTables
from tests.unit.test_refinement import COUNTER, LEVELS, base, edges, refined, round_a_circle

STEPS = 1 << LEVELS


@pytest.fixture(scope="module")
def turned() -> Base:
    """The base with every third triangle running the other way round."""
    tables = base().along_curve()
    triangles = tables.triangles.copy()
    triangles[::3] = triangles[::3, ::-1]
    return Base(replace(tables, triangles=triangles), LEVELS)


def coordinates(found: Base, keys: np.ndarray) -> np.ndarray:
    """Where places are."""
    a, b, c = found.tables.points[found.tables.triangles[keys >> (2 * BITS)]].transpose(1, 0, 2)
    i, j = ((keys >> BITS) & MASK) / STEPS, (keys & MASK) / STEPS
    return a + i[:, None] * (b - a) + j[:, None] * (c - a)


def all_places(found: Base) -> np.ndarray:
    i, j = np.array([(i, j) for i in range(STEPS + 1) for j in range(STEPS + 1 - i)]).T
    macro = np.arange(len(found.tables.triangles))
    return ((macro[:, None] << (2 * BITS)) | (i << BITS) | j).ravel()


def test_triangles_along_the_curve_are_the_same_and_nodes_come_as_they_need_them():
    before, after = base(), base().along_curve()

    def places(found: MeshTables) -> list:
        """Corners and tags of triangles, ends and tags of edges, in an order of their own."""
        x, y = found.points.T
        z = x + 1j * y
        rows = (np.column_stack([z[found.triangles], found.cell_tags]),
                np.column_stack([np.sort(z[found.edges], axis=1), found.edge_tags]))  # fmt: skip
        return [values[np.lexsort(values.T)] for values in rows]

    for same, values in zip(places(before), places(after), strict=True):
        assert np.array_equal(same, values)
    numbers, first = np.unique(after.triangles, return_index=True)
    assert np.array_equal(numbers, np.arange(len(before.points)))
    assert (np.diff(first) > 0).all()
    assert (np.diff(after.edges @ [len(numbers), 1]) > 0).all()


def test_places_across_a_side_are_the_same_places(turned):
    keys = all_places(turned)
    inner = keys[(turned.sides(keys) >= 0) & (turned.corner_nodes(keys) < 0)]
    twins = turned.twins(inner)
    paired = twins >= 0
    assert np.array_equal(turned.twins(twins[paired]), inner[paired])
    assert (twins[paired] >> (2 * BITS) != inner[paired] >> (2 * BITS)).all()
    at = coordinates(turned, inner[paired])
    assert coordinates(turned, twins[paired]) == pytest.approx(at, abs=1e-15)
    # The others lie on the square's sides.
    alone = coordinates(turned, inner[~paired])
    assert len(alone) and (np.isin(alone, [0.0, 1.0]).any(axis=1)).all()


def test_a_place_is_named_by_its_triangle_of_lowest_number(turned):
    keys = all_places(turned)
    found = turned.lowest(keys)
    places, name = np.unique(coordinates(turned, keys).round(12), axis=0, return_inverse=True)
    least = np.full(len(places), np.iinfo(np.int64).max)
    np.minimum.at(least, name.ravel(), keys)
    assert np.array_equal(found, least[name.ravel()])


def test_nodes_of_a_side_are_all_found_and_no_others():
    mesh = round_a_circle(0.45, 3)
    on_side = np.flatnonzero(mesh.on_side(COUNTER))
    assert np.array_equal(on_side, np.flatnonzero(mesh.points[:, 1] == 1.0))
    assert np.array_equal(on_side, np.unique(edges(mesh, COUNTER)))


def test_a_base_that_keys_cannot_number_is_refused(monkeypatch):
    monkeypatch.setattr(base_mesh, "LARGEST", 100)
    with pytest.raises(InputError, match=r"mesh.size_max.* 136 triangles; at most 100"):
        Base(base(), LEVELS)


class Ranks:
    """Stands for so many ranks of which all but the first have nothing."""

    def __init__(self, size: int):
        self.size, self.rank = size, 0

    def Allreduce(self, here, counts):  # noqa: N802
        """The others add nothing."""


def test_shares_are_as_equal_as_triangles_of_the_base_allow():
    mesh = round_a_circle(0.3, 4)
    counts = np.bincount(mesh.macro)
    for ranks in (2, 3, 7):
        starts = _balanced(mesh.base, Ranks(ranks), mesh.order).starts
        sums = [counts[a:b].sum() for a, b in zip(starts[:-1], starts[1:], strict=True)]
        assert starts[0] == 0 and starts[-1] == len(counts)
        assert np.abs(np.array(sums) - counts.sum() / ranks).max() <= counts.max()


def test_a_mesh_is_made_again_from_order_and_level():
    mesh = round_a_circle(0.3, 4)
    assert rebalanced(mesh) is mesh
    again = shared_out(mesh.base, mesh.shares.comm, mesh.order, mesh.level)
    for name in ("order", "level", "keys", "triangles", "edge_tags"):
        assert np.array_equal(getattr(again, name), getattr(mesh, name)), name


def test_sums_at_nodes_are_those_of_their_triangles():
    mesh = refined(2)
    values = np.random.default_rng(1).random((len(mesh.triangles), 2))
    found = mesh.nodes.sums(values)
    for column, sums in zip(values.T, found.T, strict=True):
        assert np.array_equal(sums, np.bincount(mesh.triangles.ravel(), np.repeat(column, 3)))


def test_rows_come_back_in_their_order():
    rows = np.arange(12.0).reshape(4, 3)
    post = Post(MPI.COMM_SELF, np.zeros(4, dtype=int))
    assert np.array_equal(post.answer(2 * post.send(rows)), 2 * rows)
    places = Slices.of(MPI.COMM_SELF, 4).at(np.array([2, 0, 3, 1]))
    assert np.array_equal(places.collect(rows), rows[[1, 3, 0, 2]])
    assert np.array_equal(places.fetch(places.collect(rows)), rows)


def test_rows_are_held_where_their_slice_is():
    starts = np.array([0, 0, 3, 3, 5])
    slices = Slices(Ranks(4), starts)
    assert slices.holder(np.arange(5)).tolist() == [1, 1, 1, 3, 3]
    assert Slices.equal(Ranks(4), 10).starts.tolist() == [0, 2, 5, 7, 10]
    assert Slices.on_root(Ranks(4), 10).starts.tolist() == [0, 10, 10, 10, 10]
