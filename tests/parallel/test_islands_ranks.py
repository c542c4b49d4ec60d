# SPDX-License-Identifier: MIT
"""Islands on two ranks: the same ones, whichever ranks they lie on, and the same curve."""

from __future__ import annotations

import pytest

from tests.parallel.test_restart_ranks import TWO, agree
from tests.system.running import PROGRAM, called, rows, set_all, started
from tests.system.test_islands import SMALL, check

pytestmark = pytest.mark.slow


def test_two_ranks_find_the_same_islands(tmp_path):
    # The passes leave an island's potential, and so its leakage, as uncertain as they are told to.
    given = set_all("time.end=2 s", "solver.pass_tolerance=1e-5")
    config = tmp_path / "island.yaml"
    # The cell is taller than wide: its ranks meet inside the island.
    config.write_text(SMALL)
    one, two = tmp_path / "one", tmp_path / "two"
    assert called("run", config, "-o", one, *given).returncode == 0
    done = started([*TWO, *PROGRAM, "run", config, "-o", two, *given])
    assert done.returncode == 0, done.stderr
    assert agree(one, two)
    check(rows(two))
    for a, b in zip(rows(one), rows(two), strict=True):
        for name in ("islands_um2", "leak_A_per_m2", "cell_voltage_V"):
            assert b[name] == pytest.approx(a[name], rel=1e-3), name
