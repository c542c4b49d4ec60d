"""A polycrystal on two ranks: the same curve, also after a remesh on each."""

from __future__ import annotations

import pytest

from tests.parallel.test_restart_ranks import TWO, agree
from tests.system.running import HERE, PROGRAM, called, left_at, rows, set_all, started
from tests.system.test_full_pores import drawn

pytestmark = pytest.mark.slow
FOLLOWED = ("adapt.enabled=true", "mesh.size_max=0.6 um", "adapt.margin=0.5")


def test_grains_on_two_ranks(tmp_path):
    one = tmp_path / "one"
    assert called("run", HERE / "grains.yaml", "-o", one).returncode == 0
    folder = left_at(one, 5, tmp_path / "two")
    done = started([*TWO, *PROGRAM, "restart", folder])
    assert done.returncode == 0, done.stderr
    assert agree(folder, one)


def test_a_map_of_orientations_on_two_ranks(tmp_path):
    """Its mesh follows the front; only the environment from PyPI has what reads it."""
    from tests.system.test_ebsd_runs import mapped

    one = tmp_path / "one"
    assert called("run", mapped(tmp_path), "-o", one).returncode == 0
    folder = left_at(one, 5, tmp_path / "two")
    done = started([*TWO, *PROGRAM, "restart", folder])
    assert done.returncode == 0, done.stderr
    assert agree(folder, one)


def test_a_pore_full_of_lithium_on_two_ranks(tmp_path):
    config, options = drawn(tmp_path), set_all("time.end=5 s", *FOLLOWED)
    assert called("run", config, "-o", tmp_path / "one", *options).returncode == 0
    done = started([*TWO, *PROGRAM, "run", config, "-o", tmp_path / "two", *options])
    assert done.returncode == 0, done.stderr
    assert agree(tmp_path / "two", tmp_path / "one")
    assert rows(tmp_path / "two")[-1]["islands"] == 1.0
