# SPDX-License-Identifier: MIT
"""A protocol on two ranks: the same steps, ends and cycles as on one."""

from __future__ import annotations

import json

import pytest

from tests.ranks import launcher
from tests.system.running import EVERY_STEP, PROGRAM, called, left_at, rows, same_results, started
from tests.system.test_cycling import CELL, cycles, lasts

pytestmark = pytest.mark.slow

STEPS = [
    "Charge at 1 mA/cm2 until tip 6.4 um",
    "Hold at -2 mV until 0.05 mAh/cm2",
    {"repeat": 2, "of": [1, 2]},
    "Discharge at 10 mA/cm2 for 1 h",
]


def test_two_ranks_follow_a_protocol_as_one(tmp_path):
    config = tmp_path / "cell.yaml"
    config.write_text(f"{CELL}protocol: {json.dumps({'steps': STEPS})}\n")
    one, two = tmp_path / "one", tmp_path / "two"
    assert called("run", config, "-o", one, *EVERY_STEP).returncode == 0
    done = started([*launcher(2), *PROGRAM, "run", config, "-o", two, *EVERY_STEP])
    assert done.returncode == 0, done.stderr
    assert "anode exhausted" in done.stdout
    ends = [lasts(rows(folder)) for folder in (one, two)]
    assert len(ends[0]) == len(ends[1]) == 5
    for name in ("t_s", "tip_um", "cell_voltage_V", "cell_current_A_per_m2"):
        first, second = ([row[name] for row in found[:4]] for found in ends)
        assert second == pytest.approx(first, rel=1e-4)
    # When the anode is all but bare, what is left is no front whose voltage is worth comparing.
    assert ends[1][4]["t_s"] == pytest.approx(ends[0][4]["t_s"], rel=1e-3)
    for a, b in zip(cycles(one)[:2], cycles(two)[:2], strict=True):
        assert b == pytest.approx(a, rel=1e-4)
    middle = int(ends[1][1]["step"]) + 3
    cut = left_at(two, middle, tmp_path / "cut")
    again = started([*launcher(2), *PROGRAM, "restart", cut])
    assert again.returncode == 0, again.stderr
    assert same_results(two, cut)
