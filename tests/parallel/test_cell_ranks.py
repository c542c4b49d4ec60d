# SPDX-License-Identifier: MIT
"""A cell with a current and a voltage on two ranks: the same curve, and all of the current."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.output import snapshots
from tests.parallel.test_restart_ranks import TWO, agree
from tests.system.running import PROGRAM, called, rows, set_all, started
from tests.system.test_binary import FINGERS as BINARY
from tests.system.test_cell import CONTROLS, FINGERS

pytestmark = pytest.mark.slow


# Where two ranks saw the border's edges twice, its xi was 2e-4 off after 10 s.
DISK = """\
title: A disk whose front leads through the border of two ranks
width: 8 um
layers: [{name: LPSC, thickness: 12 um}]
electrochemistry: {closure: single_ion, control: current, current: 20 mA/cm**2,
                   counter_R_ct: 0.76 ohm*cm**2}
mechanics: {enabled: false}
phase_field: {interface_length: 0.44 um}
nuclei: {film: 2 um, count: 1, radius: 2 um}
mesh: {size_max: 1 um}
adapt: {enabled: true, margin: 0.4}
"""
CELLS = {
    "disk": (DISK, ()),
    "current": (FINGERS, CONTROLS["current"]),
    "voltage": (FINGERS, CONTROLS["voltage"]),
    "binary": (BINARY, ("time.end=2 s",)),
}


def last_xi(folder: Path) -> np.ndarray:
    """xi at the end of a run."""
    return snapshots.load(folder).fields["xi"]


@pytest.mark.parametrize("control", CELLS)
def test_two_ranks_take_the_same_steps_to_the_same_voltage(tmp_path, control):
    text, own = CELLS[control]
    config, given = tmp_path / "fingers.yaml", set_all("time.end=10 s", *own)
    config.write_text(text)
    one, two = tmp_path / "one", tmp_path / "two"
    assert called("run", config, "-o", one, *given).returncode == 0
    done = started([*TWO, *PROGRAM, "run", config, "-o", two, *given])
    assert done.returncode == 0, done.stderr
    assert agree(one, two)
    off = np.abs(last_xi(one) - last_xi(two)).max()
    print(f"xi within {off:.1e}")
    assert off < 2e-5
    for a, b in zip(rows(one), rows(two), strict=True):
        for name in ("cell_voltage_V", "cell_current_A_per_m2"):
            assert b[name] == pytest.approx(a[name], rel=1e-4)
        if a["step"]:
            assert b["deposition_A_per_m2"] == pytest.approx(b["cell_current_A_per_m2"], rel=1e-2)
        assert abs(b["li_balance_rel"]) < 1e-12
