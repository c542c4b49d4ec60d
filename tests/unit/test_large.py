"""The model of runs on many ranks, against closed forms and what was counted."""

from __future__ import annotations

from math import sqrt
from types import SimpleNamespace

import pytest

from benchmarks.large.model import Cut, Machine, Sent, counted, cut, guesses, like
from tests.unit.test_partition import along_curve, squares


def test_a_square_is_cut_in_two_halves():
    points, triangles = squares(8)
    order = along_curve(points[triangles].mean(axis=1))
    mesh = SimpleNamespace(triangles=triangles[order], keys=points[:, 0])
    # The lower half has four columns of nodes and, as ghosts, the two of the upper one beside it.
    assert cut(mesh, 2) == Cut(ranks=2, nodes=81, most=45, ghosts=18, neighbours=1)
    assert cut(mesh, 1) == Cut(ranks=1, nodes=81, most=81, ghosts=0, neighbours=0)


def test_time_is_work_and_messages():
    machine = Machine(1e-6, 1e-3, 1e-5, (5e3, 1e8), latency=1e-6, rate=1e9)
    one, sent = Cut(8, 8000, 1000, 200, 3), Sent(500, 2e6, 100)
    # 500 messages, 100 trees of 3 levels, 2 ms for the bytes.
    assert machine.of_pass(one, sent) == pytest.approx(1e-3 + 1e-3 + 8e-4 + 2e-3)
    assert machine.of_mesh(one, sent) == pytest.approx(1e-2 + 8e-4 + 2e-3)
    assert machine.megabytes(one) == pytest.approx(106)


def test_another_mesh_is_cut_like_the_worst():
    cuts = [Cut(2, 100, 60, 10, 1), Cut(8, 800, 120, 40, 5), Cut(8, 800, 110, 60, 4)]
    found = like(cuts, 6400, 16)
    assert found.most == pytest.approx(480) and found.neighbours == 5
    assert found.ghosts == pytest.approx(60 / sqrt(110) * sqrt(480))
    assert like(cuts, 6400, 1) == Cut(1, 6400, 6400, 0, 0)


def test_what_was_counted_on_more_ranks_follows_from_two():
    found = list(guesses(counted()))
    assert {one.ranks for _, one, *_ in found} == {4, 8}
    for _, _, guess, sent in found:
        assert guess.messages == pytest.approx(sent.messages, rel=0.35)
        assert guess.bytes == pytest.approx(sent.bytes, rel=0.15)
        assert guess.collectives == pytest.approx(sent.collectives, rel=0.05)
