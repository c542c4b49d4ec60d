# SPDX-License-Identifier: MIT
"""Equilibrium is an equilibrium: a flat film at no voltage, with everything on."""

from __future__ import annotations

import pytest

from solver.check.groups import groups
from solver.input import loading
from tests.system import running

REST = """
title: A film at rest
width: 0.4 um
layers: [{name: SE, thickness: 10 um, sigma_ion: 0.5 mS/cm}]
phase_field: {interface_length: 0.2 um}
boundary: {phi_anode: 0 V}
nuclei: {film: 4 um, count: 0, c_inside: 1000}
mesh: {size_min: 0.1 um, size_max: 0.4 um, fine_height: 5 um}
time: {end: 100 s}
output: {snapshots: 1}
"""
QUANTITATIVE = "kinetics.interface=quantitative"
BOUND = "mechanics.driving=thermodynamic"
SLOW = ("layers.0.D=6e-13", "time.end=100 s")
"""Diffusion that makes the tail of a quantitative front divide all speeds by 2."""
THIN = ("phase_field.interface_length=0.05 um", "mesh.size_min=0.025 um", "width=0.1 um")


def last_row(tmp_path, *overrides: str) -> dict[str, float]:
    config, folder = tmp_path / "cell.yaml", tmp_path / "run"
    config.write_text(REST)
    done = running.called("run", config, "-o", folder, *running.set_all(*overrides))
    assert done.returncode == 0, done.stderr
    return running.rows(folder)[-1]


@pytest.mark.parametrize("overrides", [(BOUND,), (BOUND, QUANTITATIVE)])
def test_film_stays_at_no_voltage(tmp_path, overrides):
    """14.5 kJ/m^3 of elastic energy weigh 1.96 uV, which is 7.7e-5 of c0."""
    row = last_row(tmp_path, *overrides)
    # The profile settles on its mesh meanwhile, by a tenth of an element's percent.
    assert row["tip_um"] == pytest.approx(4, abs=5e-4)
    assert abs(row["deposition_A_per_m2"]) < 0.01
    assert row["c_max_mol_m3"] == pytest.approx(1000, rel=7.7e-5)


@pytest.mark.parametrize(
    ("overrides", "within"),
    [((), 0.05), ((QUANTITATIVE,), 0.1), ((QUANTITATIVE, *THIN), 0.04)],
)
def test_printed_elasticity_dissolves_it_at_the_current_that_check_says(
    tmp_path, overrides, within
):
    expected = groups(loading.parse(REST, list(overrides))).rest_current
    row = last_row(tmp_path, *overrides)
    # The way to the counter electrode has grown by 2 % at the end; and where a flux keeps the
    # front's profile, f_els' moves it by 0.74 of f (docs/theory.md), which shows beside R_ct.
    assert row["deposition_A_per_m2"] == pytest.approx(-expected, rel=within)


@pytest.mark.parametrize("elastic", [(), (BOUND, "layers.0.lambda_i=[-0.0166, -0.0166, -0.0166]")])
def test_a_front_whose_tail_divides_its_speed_is_shifted_by_as_much(tmp_path, elastic):
    """Either weight shifts by 1 mV; chi too many or too few would make that 0.5 or 2 mV."""
    overrides = (QUANTITATIVE, *SLOW, *elastic)
    expected = groups(loading.parse(REST, list(overrides)))
    assert expected.chi == pytest.approx(0.5, abs=0.02)
    row = last_row(tmp_path, *overrides)
    assert row["deposition_A_per_m2"] == pytest.approx(-expected.rest_current, rel=0.05)
