# SPDX-License-Identifier: MIT
"""Runs in a map of crystal orientations whose mesh follows the front."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.output import light, snapshots
from tests.system.running import HERE, called, left_at, rows, same_results
from tests.written_map import ctf, square

pytest.importorskip("orix", reason="orix reads these files; only the environment from PyPI has it")
pytestmark = pytest.mark.usefixtures("no_figure")


def mapped(folder: Path) -> Path:
    """Three grains, a pore of 2 x 2 um, and a point here and there that has gone wrong."""
    at = square(32, 32, 0.25)
    x, y = at.T
    euler = np.where((x > 0.4 * y + 2)[:, None], (30.0, 40.0, 50.0), (70.0, 20.0, 10.0))
    euler = np.where(((y < 2.5) & (x < 4.5))[:, None], (10.0, 60.0, 30.0), euler)
    euler[np.random.default_rng(1).choice(len(at), 20, replace=False)] = (5.0, 80.0, 70.0)
    pore = (np.abs(x - 5.5) < 1) & (np.abs(y - 4) < 1)
    ctf(folder / "map.ctf", at, euler, np.where(pore, 0, 1), {"Garnet": "m-3m"})
    (folder / "cell.yaml").write_text((HERE / "ebsd.yaml").read_text())
    return folder / "cell.yaml"


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")
    done = called("run", mapped(folder), "-o", folder / "whole")
    assert done.returncode == 0, done.stderr
    return folder / "whole"


def test_its_mesh_follows_the_front_and_a_restart_repeats_the_last_bit(grown, tmp_path):
    assert (grown / "log.txt").read_text().count("nodes become") >= 1
    folder = left_at(grown, 5, tmp_path / "again")
    assert called("restart", folder).returncode == 0
    assert same_results(grown, folder)


def test_points_that_went_wrong_are_no_grains(grown):
    """Three grains and the pore are left of it, not twenty spikes."""
    last = snapshots.load(grown, -1)
    assert set(last.fields[light.LAYER]) == {1, 2, 3, 4}


def test_boundaries_resist_ions_and_leak_electrons_at_once(grown, tmp_path):
    """What ions bring is what the deposit gains; the leak is that of the films alone."""
    found = rows(grown)
    assert found[-1]["leak_A_per_m2"] > 0
    t = np.array([row["t_s"] for row in found])
    ions = np.array([row["cell_current_A_per_m2"] - row["leak_A_per_m2"] for row in found])
    charge = 0.5 * float((np.diff(t) * (ions[1:] + ions[:-1])).sum())
    gained = (found[-1]["area_um2"] - found[0]["area_um2"]) * 1e-12 * 96500 * 7.64e4 / 8e-6
    assert gained == pytest.approx(charge, rel=1e-3)
    for key, more in (("R_gb: 0.1", "R_gb: 0"), ("sigma_el: 10", "sigma_el: 0")):
        text = (HERE / "ebsd.yaml").read_text().replace(key, more).replace("60 s", "1 s")
        mapped(tmp_path).write_text(text)
        other = tmp_path / more.replace(": ", "")
        assert called("run", tmp_path / "cell.yaml", "-o", other).returncode == 0
        first, its = found[0], rows(other)[0]
        if key.startswith("R"):
            # The leak takes what voltage there is: more of it stands across boundaries that resist.
            assert its["cell_voltage_V"] < 0.9 * first["cell_voltage_V"]
        else:
            assert its["leak_A_per_m2"] == 0.0
            assert its["cell_voltage_V"] > first["cell_voltage_V"]
