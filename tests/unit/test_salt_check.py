# SPDX-License-Identifier: MIT
"""`closure: binary` in a config, and what `check` says of its salt."""

from __future__ import annotations

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.check.cell import cell
from solver.check.groups import groups
from solver.check.judging import judgements
from solver.check.report import report
from solver.input import loading

CELL = """\
title: a cell with a salt
layers: [{name: PEO, thickness: 52.5 um}]
electrochemistry: {closure: binary, t_plus: 0.4, control: current, current: 5}
nuclei: {film: 2.5 um, count: 0}
"""
F, RT_F = 96500, 8.314 * 297.15 / 96500
I_0 = 6 * F * 7.64e4 * 0.5 * np.sqrt(7e-10 / 3e6)
LAYERS = "layers=[{name: A, thickness: 12.5 um, D: 2e-11}, {name: B, thickness: 30 um, D: 5e-12}]"


def of(*overrides: str):
    return loading.parse(CELL, list(overrides))


def salt(*overrides: str):
    return cell(of(*overrides)).salt


REFUSED = {
    "electrochemistry.t_plus: closure: binary needs its value": ["electrochemistry.t_plus=null"],
    "electrochemistry.t_plus: needs electrochemistry.closure: binary": [
        "electrochemistry.closure=single_ion"
    ],
    "electrochemistry.t_plus: needs electrochemistry.closure: single_ion or binary": [
        "electrochemistry.closure=printed"
    ],
    "electrochemistry.t_plus": ["electrochemistry.t_plus=1.1"],
    "one salt that is dissolved alike": [LAYERS, "layers.1.c0=800"],
    "closure: binary, whose metal is at 0 V and whose c no electrode holds": [
        "boundary.c_counter=900"
    ],
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_does_not_fit_is_one_sentence(sentence):
    with pytest.raises(InputError) as caught:
        of(*REFUSED[sentence])
    assert sum(sentence in line for line in str(caught.value).splitlines()) == 1


def test_a_resolved_config_is_a_config():
    config = of()
    assert config.is_cell and config.kinetics.interface == "quantitative"
    assert loading.parse(loading.resolved_yaml(config)) == config


def test_without_a_salt_there_is_nothing_to_say():
    alone = of("electrochemistry.closure=single_ion", "electrochemistry.t_plus=null")
    assert cell(alone).salt is None and "Sand" not in str(report(alone))


def test_the_limits_of_a_current():
    """64.33 A/m2; at 50 A/m2 Sand's 81.3 s; 155.4 mol/m3 at 5 A/m2."""
    assert salt().limiting == pytest.approx(64.33, abs=0.005)
    assert salt().drop == pytest.approx(155.4, abs=0.05)
    assert salt("electrochemistry.current=50").sand_time == pytest.approx(81.3, abs=0.05)
    assert salt("electrochemistry.current=-50").limiting == pytest.approx(64.33, abs=0.005)
    assert salt().settling == pytest.approx(50e-6**2 / (np.pi**2 * 1e-11), rel=1e-12)


def test_the_limits_of_two_layers():
    """c is a line in each: 10 um of D = 2e-11 and 30 um of 5e-12 above the film."""
    share = 0.6 / F
    y = (np.arange(4000) + 0.5) * 1e-8
    below = np.where(y < 10e-6, y / 2e-11, 5e5 + (y - 10e-6) / 5e-12)
    assert salt(LAYERS).limiting == pytest.approx(1000 / (share * below.mean()), rel=1e-6)
    back = salt(LAYERS, "electrochemistry.current=-5")
    assert back.limiting == pytest.approx(1000 / (share * (6.5e6 - below.mean())), rel=1e-6)
    assert salt(LAYERS).sand_time / back.sand_time == pytest.approx(4, rel=1e-12)


def test_the_voltage_once_c_has_settled():
    """i L/sigma + A ln(c_2/c_1) + eta_1 + eta_2, with i_0 as c has it."""
    kinetic = f"electrochemistry.counter_R_ct={RT_F / 20}"
    for current in (30.0, -30.0):
        found = salt(kinetic, f"electrochemistry.current={current}")
        half = current * 0.6 * 25e-6 / (F * 1e-11)
        low, high = 1000 - half, 1000 + half
        expected = current * 50e-6 / 0.565 + 1.2 * RT_F * np.log(high / low)
        for i_0, c in ((I_0, low), (20, high)):
            expected += 2 * RT_F * np.arcsinh(current / (2 * i_0 * np.sqrt(c / 1000)))
        assert found.voltage == pytest.approx(expected, rel=1e-9)
    small = salt("electrochemistry.current=1e-4")
    expected = 1e-4 * (50e-6 / 0.565 + RT_F / I_0 + small.resistance)
    assert small.voltage == pytest.approx(expected, rel=1e-6)
    assert salt("electrochemistry.current=65").voltage == np.inf
    assert salt("electrochemistry.current=-65").voltage == -np.inf


def test_the_salt_makes_a_front_ripple_sooner():
    """1/(1/(sigma R) + k di/dc): what lies ahead of it resists and is depleted."""
    found = cell(of("electrochemistry.current=50"))
    conductance = np.hypot(25, I_0) / RT_F
    per_c = (25 + 1.2 * RT_F * conductance) / 1000
    expected = 1 / (conductance / 0.565 + 0.6 / (F * 1e-11) * per_c)
    assert found.equivalent == pytest.approx(expected, rel=1e-9)
    gamma = 5e-6 * 7e-10
    shortest = 2 * np.pi * np.sqrt(expected * F * 7.64e4 * gamma / 50)
    assert found.shortest == pytest.approx(shortest, rel=1e-6)


def said(*overrides: str) -> str:
    config = of(*overrides)
    return " ".join(judgements(config, groups(config)))


def test_a_current_above_the_limiting_one_is_judged():
    assert "limiting" not in said("electrochemistry.current=64")
    assert "c at the front runs out after about" in said("electrochemistry.current=65")
    assert "c at the counter electrode runs out" in said("electrochemistry.current=-65")
    held = ("electrochemistry.control=voltage", "electrochemistry.current=null")
    assert "the current falls to that" in said(*held, "electrochemistry.voltage=0.1")
    assert "limiting" not in said(*held, "electrochemistry.voltage=1 mV")


def test_the_numbers_are_shown():
    text = str(report(of("electrochemistry.current=50")))
    for present in ("64.33 A/m^2", "81.26 s", "1554 mol/m^3", "0.0009551 ohm m^2", "25.33 s"):
        assert present in text
