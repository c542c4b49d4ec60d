# SPDX-License-Identifier: MIT
"""Odd configs: the same ones for a seed, and what counts as said of what no cell shows."""

from __future__ import annotations

import json
from itertools import islice

import numpy as np
import pytest

pandas = pytest.importorskip("pandas")

from benchmarks.odd_configs import parts  # noqa: E402
from benchmarks.odd_configs.drawn import KINDS, drawn  # noqa: E402
from benchmarks.odd_configs.findings import (  # noqa: E402
    Finding,
    largest_strain,
    of_rows,
    of_solid,
)
from benchmarks.odd_configs.made import DENDRITE, IONS  # noqa: E402
from benchmarks.odd_configs.run import DONE, STOPPED, Outcome, kind  # noqa: E402
from solver.base.errors import InputError  # noqa: E402
from solver.input.loading import parse  # noqa: E402


def test_a_seed_gives_the_same_configs():
    first, again = (list(drawn(20, 3)) for _ in range(2))
    assert first == again and first != list(drawn(20, 4))
    assert {odd.name.split()[1].rstrip(",") for odd in first} == set(KINDS)
    assert any(" times " in odd.name for odd in first)


@pytest.mark.parametrize("kinds", [KINDS, parts.KINDS])
def test_most_of_them_are_valid(tmp_path, monkeypatch, kinds):
    monkeypatch.chdir(tmp_path)
    for name, content in parts.files().items():
        (tmp_path / name).write_bytes(content)
    valid = 0
    for odd in drawn(60, 1, kinds):
        try:
            parse("\n" + json.dumps(odd.data))
            valid += 1
        except InputError:
            pass
    assert valid >= 45


SOUND = {
    "step": [0, 1], "t_s": [0.0, 10.0], "dt_s": [0.0, 10.0], "tip_um": [3.0, 3.001],
    "area_um2": [3.0, 3.001], "li_balance_rel": [0.0, 1e-12], "xi_min": [0.0, 0.0],
    "xi_max": [1.0, 1.0], "c_min_mol_m3": [900.0, 800.0], "c_max_mol_m3": [1000.0, 1000.0],
    "phi_min_V": [-0.1, -0.1], "phi_max_V": [0.0, 0.0],
}  # fmt: skip


def found(data: dict, columns: dict) -> list[str]:
    config = parse("\n" + json.dumps(data))
    return [finding.what for finding in of_rows(config, pandas.DataFrame(columns))]


@pytest.mark.parametrize(
    ("column", "last", "what"),
    [
        ("xi_max", 1.0011, "xi outside [0, 1]"),
        ("xi_min", -0.0011, "xi outside [0, 1]"),
        ("c_min_mol_m3", -0.0011, "c below 0"),
        ("c_max_mol_m3", 2001.0, "c above 2 c0"),
        ("tip_um", 7.2, "metal at the counter electrode"),
        ("area_um2", 0.29, "the deposit is gone"),
        ("li_balance_rel", 1.1e-9, "the balance of lithium is open"),
        ("phi_max_V", float("nan"), "a number is not finite"),
        ("area_um2", 7.9, "a front faster than its law"),
    ],
)
def test_what_no_cell_shows_is_found(column, last, what):
    assert found(DENDRITE, SOUND) == []
    rest = {"boundary": {"phi_anode": 0.0}, "mechanics": {"enabled": False}}
    columns = SOUND | {"phi_min_V": [0.0, 0.0]}
    assert what in found(DENDRITE | rest, columns | {column: [SOUND[column][0], last]})


CELL = DENDRITE | {"electrochemistry": {"closure": "single_ion", "control": "current",
                                        "current": 1.0}}  # fmt: skip
SHOWN = {name: SOUND[name] for name in SOUND if not name.startswith("c_")} | {
    "cell_current_A_per_m2": [1.0, 1.0], "anode_current_A_per_m2": [1.0, 1.0],
    "lithium_pressure_max_MPa": [5.0, 5.0], "cell_voltage_V": [0.001, 0.001],
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "last", "what"),
    [
        ("anode_current_A_per_m2", 1.00001, "the electrodes carry unlike currents"),
        ("lithium_pressure_max_MPa", 1001.0, "a pressure that no lithium is under"),
        ("cell_voltage_V", -2.6, "a voltage that no electrolyte bears"),
    ],
)
def test_what_no_cell_with_a_current_shows_is_found(column, last, what):
    assert found(CELL, SHOWN) == []
    assert found(CELL, SHOWN | {column: [SHOWN[column][0], last]}) == [what]


class Triangle(dict):
    """Fields of one triangle of 1 um."""

    points, triangles = np.array([[0.0, 0], [1, 0], [0, 1]]), np.array([[0, 1, 2]])


@pytest.mark.parametrize(("moved", "large"), [(0.19e-6, False), (0.21e-6, True)])
def test_strains_and_stresses_that_are_too_large_are_found(moved, large):
    """A shear by u_x = moved along y has half of moved over 1 um as its strain."""
    u, flowing = np.zeros((3, 2)), DENDRITE | {"lithium": {"flow": "plastic", "yield_stress": 1e6}}
    u[2, 0] = moved
    config = parse("\n" + json.dumps(flowing))
    fields = Triangle(u=u, xi=np.ones(3), von_mises=np.array([1.02e6 if large else 1e6]))
    whats = ["a strain that is not small", "lithium above its yield stress"]
    assert [finding.what for finding in of_solid(config, fields)] == whats * large


@pytest.mark.parametrize(("damage", "counts"), [(0.4, True), (0.6, False)])
def test_the_opening_of_a_crack_is_no_strain(damage, counts):
    fields = Triangle(u=np.array([[0, 0], [0, 0], [0.4e-6, 0]]), d=np.array([0, damage, 0]))
    assert largest_strain(fields) == pytest.approx(0.2 if counts else 0.0)


def test_crowded_ions_are_found():
    columns = {
        "step": [0, 1], "t_s": [0, 1], "dt_s": [0, 1],
        "phi_min_V": [0, 0], "phi_max_V": [0, 0.1],
        **{f"{name}_{ion}{end}": [value] * 2 for ion in ("Li", "A")
           for name, end, value in (("c", "_min_mol_m3", 900.0), ("c", "_max_mol_m3", 1999.0),
                                    ("balance", "_rel", 0.0), ("flux", "_anode_mol_m2_s", 0.0),
                                    ("flux", "_counter_mol_m2_s", 0.0))},
    }  # fmt: skip
    assert found(IONS, columns) == []
    assert found(IONS, columns | {"c_A_max_mol_m3": [2001.0] * 2}) == ["c above 2 c0"]
    open_by = {"balance_A_rel": [0, 2e-9]}
    assert found(IONS, columns | open_by) == ["the balance of a species is open"]
    # Three times the 0.01 mol/m2 that there are have passed.
    assert found(IONS, columns | open_by | {"flux_A_anode_mol_m2_s": [0, 0.03]}) == []


def test_only_the_right_remark_counts():
    crowded = Finding("c above 2 c0", "exceeds 2 c0")
    said = ["no fingers expected: the fastest wavelength is larger than the width."]
    (odd,) = islice(drawn(1, 1), 1)
    assert Outcome(odd, DONE, "done", said, [crowded]).unremarked == ["c above 2 c0"]
    said.append("from t = 3 s on c exceeds 2 c0: the equations have the laws of dilute ions.")
    assert Outcome(odd, DONE, "done", said, [crowded]).unremarked == []
    for end in (DONE, STOPPED):
        assert Outcome(odd, end, "done", said, [Finding("x", None)]).unremarked == ["x"]


def test_remarks_are_counted_without_their_numbers():
    a = "constants.T is 310 K, but layers.0.D, phase_field.R_ct would be the same at any one: x"
    b = "constants.T is 320.5 K, but layers.1.D would be the same at any one: x"
    assert kind(a) == kind(b)
    assert kind("layers.0.D is 2e-06 m^2/s; known are 1 to 2") == kind(
        "layers.1.D is 3 m^2/s; known are 1 to 2"
    )
    assert "2 c0" in kind("from t = 3 s on c exceeds 2 c0: x")
