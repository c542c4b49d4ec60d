"""A polycrystal on two ranks: the same curve, also after a remesh on each."""

from __future__ import annotations

import pytest

from tests.parallel.test_restart_ranks import TWO, agree
from tests.system.running import HERE, PROGRAM, called, left_at, started

pytestmark = pytest.mark.slow


def test_grains_on_two_ranks(tmp_path):
    one = tmp_path / "one"
    assert called("run", HERE / "grains.yaml", "-o", one).returncode == 0
    folder = left_at(one, 5, tmp_path / "two")
    done = started([*TWO, *PROGRAM, "restart", folder])
    assert done.returncode == 0, done.stderr
    assert agree(folder, one)
