# SPDX-License-Identifier: MIT
"""Curves of a page: which columns share axes, in which unit, and what thinning keeps."""

from __future__ import annotations

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.pages import curves


def test_a_short_curve_stays():
    t, y = np.arange(5.0), np.arange(5.0) ** 2
    kept = curves.thinned(t, y, most=5)
    assert (kept[0] == t).all() and (kept[1] == y).all()


def test_thinning_keeps_every_spike_and_both_ends():
    """One row among 100,000 that is high, one that is low; both are there, with their times."""
    t = np.linspace(0, 1, 100_001)
    y = np.sin(3 * t)
    y[12_345], y[67_890] = 9.0, -9.0
    x, thin = curves.thinned(t, y, most=200)
    assert len(x) <= 200
    assert (np.diff(x) > 0).all()
    assert (x[0], x[-1], thin[-1]) == (0, 1, y[-1])
    assert x[np.argmax(thin)] == t[12_345] and thin.max() == 9
    assert x[np.argmin(thin)] == t[67_890] and thin.min() == -9
    # What lies between two kept points is between their values or within the steps of the curve.
    assert np.abs(np.interp(t, x, thin) - np.sin(3 * t))[20_000:60_000].max() < 0.05


def test_columns_of_one_unit_share_axes():
    t = np.array([0.0, 3600.0, 7200.0])
    table = {"step": t, "t_s": t, "dt_s": t, "tip_um": t, "front_mean_um": t, "area_um2": t,
             "deposition_A_per_m2": t, "leak_A_per_m2": t, "cell_voltage_V": t,
             "phi_min_V": t, "phi_max_V": t, "c_Li_min_mol_m3": t}  # fmt: skip
    charts = {c.title: c for c in curves.histories(table, "h", 3600.0)}
    names = {title: [curve.name for curve in chart.curves] for title, chart in charts.items()}
    assert names == {
        "Height of the deposit": ["tip", "front mean"],
        "Current density": ["deposition", "leak"],
        "Cell voltage": ["cell voltage"],
        "Concentration": ["c Li min"],
        "Potential": ["phi min", "phi max"],
        "Area": ["area"],
        "Time step": ["dt"],
    }
    voltage = charts["Cell voltage"]
    assert (voltage.x, voltage.y) == ("time (h)", "voltage (mV)")
    assert voltage.curves[0].x.tolist() == [0, 1, 2]
    assert voltage.curves[0].y.tolist() == [0, 3.6e6, 7.2e6]  # mV


def test_one_row_is_no_history():
    assert curves.histories({"t_s": np.zeros(1), "tip_um": np.ones(1)}, "s", 1.0) == []
    assert curves.histories({}, "s", 1.0) == []


def test_a_profile_is_interrupted_where_a_layer_ends():
    table = {"y_um": np.array([0.0, 1, 1, 2]), "layer": np.array([1.0, 1, 2, 2]),
             "c_Li_mol_m3": np.array([1.0, 2, 5, 6]),
             "phi_V": np.array([0, 1e-3, 1e-3, 2e-3])}  # fmt: skip
    concentration, potential = curves.profiles(table)
    assert concentration.curves[0].name == "Li"
    assert np.isnan(concentration.curves[0].x[2]) and np.isnan(concentration.curves[0].y[2])
    assert potential.curves[0].y[[0, 1, 3, 4]].tolist() == [0, 1, 1, 2]


def test_half_a_line_is_left_out(tmp_path):
    path = tmp_path / "scalars.csv"
    path.write_text("step,t_s\n0,0.0\n1,0.5\n2")
    assert curves.read(path)["t_s"].tolist() == [0.0, 0.5]


@pytest.mark.parametrize("content", ["step,t_s\n0,word\n", "step,t_s\n0\n1,2\n"])
def test_a_table_of_other_things_is_one_sentence(tmp_path, content):
    path = tmp_path / "scalars.csv"
    path.write_text(content)
    with pytest.raises(InputError, match="scalars.csv: every row must have 2 numbers"):
        curves.read(path)
