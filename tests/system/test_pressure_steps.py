# SPDX-License-Identifier: MIT
"""The stack pressure of the steps of a protocol."""

from __future__ import annotations

import json

import pytest

from solver.base.errors import InputError
from solver.input import loading
from solver.run import launching
from tests.system.running import called, left_at, rows, same_results

pytestmark = pytest.mark.usefixtures("no_figure")

NU, PER_MPA = 0.36, 0.135637e-3
CELL = """\
title: a film at rest that is pressed harder and harder
width: 2 um
layers: [{name: A, thickness: 10 um, E: 4.9 GPa, nu: 0.36, lambda_i: [0, 0, 0]}]
electrochemistry: {closure: single_ion, counter_R_ct: 0.76 ohm*cm**2}
mechanics: {sides: {counter: pressure}, stack_pressure: 1 MPa, pressure_potential: true}
lithium: {E: 4.9 GPa, nu: 0.36}
phase_field: {interface_length: 0.44 um, delta: 0}
solver: {pass_tolerance: 1e-6}
nuclei: {film: 4 um, count: 0}
mesh: {size_min: 0.4 um, size_max: 0.4 um}
time: {dt_max: 1 s}
output: {snapshots: 1, checkpoint_steps: 1, checkpoints_kept: 1000}
"""
STEPS = (
    {"control": "rest", "stack_pressure": "5 MPa", "until": [{"time": "1 s"}]},
    "Rest under 25 MPa for 3 s",
    "Rest for 1 s",
)


@pytest.fixture(scope="module")
def pressed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pressed") / "whole"
    text = f"{CELL}protocol: {json.dumps({'steps': STEPS})}\n"
    launching.run(loading.parse(text), text, folder, (), quiet=True)
    return folder


def test_voltage_at_rest_follows_the_pressure_of_the_step(pressed):
    """An elastic film has a share of the pressure, the counter electrode all of it."""
    share = (1 + NU) / (3 * (1 - NU))
    found = rows(pressed)
    ends = [[row for row in found if row["protocol_step"] == n][-1] for n in (1, 2, 3)]
    for row, pressure in zip((found[0], *ends), (5.0, 5.0, 25.0, 1.0), strict=True):
        assert row["stack_pressure_MPa"] == pytest.approx(pressure, rel=1e-12)
        assert row["lithium_pressure_max_MPa"] == pytest.approx(share * pressure, rel=1e-6)
    # A front that comes to rest has 0.2 uV of its own.
    assert found[0]["cell_voltage_V"] == pytest.approx((share - 1) * 5 * PER_MPA, rel=1e-5)
    for row, other, more in ((ends[1], ends[0], 20.0), (ends[2], ends[1], -24.0)):
        changed = row["cell_voltage_V"] - other["cell_voltage_V"]
        assert changed == pytest.approx((share - 1) * more * PER_MPA, rel=2e-4)


def test_the_first_step_after_a_jump_of_the_pressure_alone_has_the_front_of_before(pressed):
    """The tails of a front move at the speed of the step's start, under the pressure of before."""
    found = rows(pressed)
    for number, pressure in ((2, 25.0), (3, 1.0)):
        exact = ((1 + NU) / (3 * (1 - NU)) - 1) * pressure * PER_MPA
        own = [row for row in found if row["protocol_step"] == number]
        first, second, third = (row["cell_voltage_V"] - exact for row in own[:3])
        assert 5e-6 < first < 36e-6 and abs(second) < 1e-6 and abs(third) < 0.6e-6


def test_a_restart_inside_a_step_is_under_its_pressure(pressed, tmp_path):
    steps = [row["protocol_step"] for row in rows(pressed)]
    within = steps.index(2) + 1
    for step in (within, steps.index(2) - 1):  # the second is the end of the step before
        folder = left_at(pressed, step, tmp_path / str(step))
        assert called("restart", folder).returncode == 0
        assert same_results(pressed, folder)


def test_pressure_of_a_step_needs_a_side_and_an_amount():
    plain = CELL.replace("mechanics: {sides: {counter: pressure}, stack_pressure: 1 MPa, "
                         "pressure_potential: true}\n", "")  # fmt: skip
    with pytest.raises(InputError, match=r"steps\.0\.stack_pressure: 5 MPa acts on no side"):
        loading.parse(f"{plain}protocol: {json.dumps({'steps': STEPS[:1]})}\n")
    for line, sentence in (
        ("Rest under 5 V for 1 s", "'5 V'"), ("Rest under -5 MPa for 1 s", "below 0"),
        ("Rest under 1 Pa under 2 Pa for 1 s", "more than one pressure"),
        ("Rest under 1 MPa to 5 MPa for 1 s", "for one that rises give several steps"),
        ("Rest under 5 for 1 s", "has the pressure '5', which needs a unit, as in '5 MPa'"),
        ("Rest for 1 s under 5 MPa", "'under PRESSURE' must stand before them"),
        ("Rest until > 1 V under 5 MPa", "'under PRESSURE' must stand before them"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=sentence):
            loading.parse(f"{CELL}protocol: {json.dumps({'steps': [line]})}\n")


def test_a_pressure_may_go_altogether(tmp_path):
    """Without Vegard strain no force is left then to measure what u leaves by."""
    steps = ["Rest under 5 MPa for 1 s", "Rest under 0 MPa for 1 s"]
    text = f"{CELL}protocol: {json.dumps({'steps': steps})}\n"
    launching.run(loading.parse(text), text, tmp_path / "off", (), quiet=True)
    found = rows(tmp_path / "off")
    assert found[0]["lithium_pressure_max_MPa"] > 1
    assert abs(found[-1]["lithium_pressure_max_MPa"]) < 1e-6
