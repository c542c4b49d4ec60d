"""A remesh on several ranks: the same mesh, all lithium, and no rank with more than its share."""

from __future__ import annotations

import json
import sys

import pytest

from tests.ranks import launcher
from tests.system.running import started

pytestmark = pytest.mark.slow

SPREAD = 1.3
"""Largest share of a rank in units of an equal one, also after the front has moved on."""


def remeshed(ranks: int) -> dict:
    """What `tests.parallel.remeshed` prints."""
    done = started([*launcher(ranks), sys.executable, "-m", "tests.parallel.remeshed"])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def on_one() -> dict:
    return remeshed(1)


@pytest.fixture(scope="module", params=[2, 4])
def ranks(request) -> int:
    return request.param


@pytest.fixture(scope="module")
def on_many(ranks) -> dict:
    return remeshed(ranks)


def test_meshes_and_numbers_of_nodes_are_the_same(on_one, on_many):
    assert on_many["digests"] == on_one["digests"]
    assert on_many["numbers"] == on_one["numbers"]
    first, second, again = on_one["digests"]
    assert first != second and second == again


def test_lithium_is_kept_to_round_off(on_one, on_many):
    for figures in (on_one, on_many):
        before, after = figures["lithium"]
        assert after == pytest.approx(before, rel=1e-13)
    assert on_many["lithium"] == pytest.approx(on_one["lithium"], rel=1e-13)


def test_arrays_of_a_rank_shrink_with_the_number_of_ranks(ranks, on_one, on_many):
    alone, largest = on_one["largest"], on_many["largest"]
    for what in ("triangles", "nodes"):
        assert largest[what] < SPREAD * alone[what] / ranks
    # What is sent, and what of the front is looked for, is no more than that.
    assert largest["rows"] < SPREAD * alone["triangles"] / ranks
    assert largest["points"] < SPREAD * alone["triangles"] / ranks
