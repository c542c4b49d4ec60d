"""Checkpoints on several ranks: the same bytes, and no rank that has the whole."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.parallel.checkpointed import COUNT
from tests.ranks import launcher
from tests.system.running import started

pytestmark = pytest.mark.slow


def checkpointed(ranks: int, folder: Path) -> dict:
    """What `tests.parallel.checkpointed` prints."""
    command = [sys.executable, "-m", "tests.parallel.checkpointed", folder]
    done = started([*launcher(ranks), *command])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def on_one(tmp_path_factory) -> dict:
    return checkpointed(1, tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def on_two(tmp_path_factory) -> dict:
    return checkpointed(2, tmp_path_factory.mktemp("two"))


@pytest.mark.parametrize("part", ["large", "mesh"])
def test_files_are_the_same_and_everything_comes_back(on_one, on_two, part):
    assert on_one[part]["digest"] == on_two[part]["digest"]
    assert on_one[part]["came back"] and on_two[part]["came back"]


def test_a_rank_has_its_rows_of_one_array(on_one, on_two):
    array = 8 * COUNT
    for ranks, found in ((1, on_one), (2, on_two)):
        for peak in found["large"]["peaks"]:
            # Some copies of its slice, of which all six arrays would be more.
            assert peak < 4 * array / ranks + 2e6


def test_a_file_that_has_gone_leaves_no_rank_waiting(on_one, on_two):
    assert on_one["large"]["gone everywhere"] and on_two["large"]["gone everywhere"]


def test_the_mesh_is_that_of_gmsh_with_its_tags(on_one, on_two):
    for found in (on_one["mesh"], on_two["mesh"]):
        assert found["as made"] and found["tagged"] > 50
    low, high = sorted(on_two["mesh"]["cells"])
    assert low + high == on_one["mesh"]["cells"][0] and high - low <= 1
