# SPDX-License-Identifier: MIT
"""Values that follow the temperature by an activation energy."""

from __future__ import annotations

from math import asinh, exp, log

import pytest

from solver.base.errors import InputError
from solver.check import temperature
from solver.check.cell import cell
from solver.check.groups import groups
from solver.check.judging import judgements
from solver.input import loading

K_B = 8.314 / 96500
CELL = """\
title: a cell
layers:
  - name: LPSC
    thickness: 50 um
    activated:
      sigma_ion: {value: 5.65 mS/cm, T: 25 degC, E_a: 0.323 eV}
      D: {value: 1e-11, T: 298.15, E_a: 31.165 kJ/mol}
phase_field: {activated: {R_ct: {value: 2 ohm*cm**2, T: 25 degC, E_a: 0.4 eV}}}
electrochemistry:
  closure: single_ion
  control: current
  current: 1 mA/cm**2
  activated: {counter_R_ct: {value: 1 ohm*cm**2, T: 25 degC, E_a: 0.4 eV}}
nuclei: {film: 2.5 um, count: 0}
"""


def of(*overrides: str):
    return loading.parse(CELL, list(overrides))


def test_values_at_their_own_temperature_are_themselves():
    config = of("constants.T=25 degC")
    assert config.constants.T == 298.15
    assert config.layers[0].sigma_ion == 0.565 and config.layers[0].D == 1e-11
    assert config.phase_field.R_ct == 2e-4 and config.electrochemistry.counter_R_ct == 1e-4


def test_values_follow_the_temperature():
    """Of 333.15 K: ln(sigma T) and ln D fall by E_a/k_B per 1/T, ln(R_ct/T) rises by it."""
    hot, cold = of("constants.T=60 degC"), of("constants.T=25 degC")
    turn = 1 / 298.15 - 1 / 333.15
    sigma = [x.layers[0].sigma_ion * x.constants.T for x in (hot, cold)]
    assert log(sigma[0] / sigma[1]) == pytest.approx(0.323 / K_B * turn, rel=1e-9)
    # 31.165 kJ/mol are 0.323 eV, to the digits that are there.
    D = hot.layers[0].D / cold.layers[0].D
    assert log(D) == pytest.approx(0.323003 / K_B * turn, rel=1e-5)
    R_ct = [x.phase_field.R_ct / x.constants.T for x in (hot, cold)]
    assert log(R_ct[0] / R_ct[1]) == pytest.approx(-0.4 / K_B * turn, rel=1e-9)


def test_the_voltage_of_a_hot_cell():
    """i L/sigma + (2RT/F) (asinh(i/2 i_1) + asinh(i/2 i_2)) with i_k = RT/(F R_k)."""
    T, turn = 333.15, 1 / 298.15 - 1 / 333.15
    sigma = 0.565 * 298.15 / T * exp(0.323 / K_B * turn)
    exchange = [K_B * 298.15 / R * exp(0.4 / K_B * turn) for R in (2e-4, 1e-4)]
    expected = 10 * 47.5e-6 / sigma + sum(2 * K_B * T * asinh(5 / i) for i in exchange)
    assert cell(of("constants.T=60 degC")).voltage == pytest.approx(expected, rel=1e-9)


def test_a_config_with_activation_energies_can_be_changed_and_read_again():
    config = of("constants.T=60 degC")
    assert loading.parse(loading.resolved_yaml(config)).layers[0].sigma_ion == (
        config.layers[0].sigma_ion
    )
    assert config.with_({"constants.T": "25 degC"}).layers[0].sigma_ion == 0.565


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("layers.0.sigma_ion=0.5", "layers.0.sigma_ion: 0.5 is given, and layers.0.activated"),
        ("phase_field.R_ct=1e-4", "phase_field.R_ct: 0.0001 is given"),
        ("layers.0.activated.D.E_a=0.3 V", "wrong unit; it must be convertible to eV or to J/mol"),
        ("layers.0.activated.D.E_a=-0.3", "must be greater than 0 eV"),
        ("layers.0.activated.E={}", "unknown key 'E' in layers.0.activated"),
    ],
)
def test_mistakes_are_one_sentence(override, words):
    with pytest.raises(InputError) as caught:
        of(override)
    assert words in str(caught.value) and len(str(caught.value).splitlines()) == 1


def said(text: str, *overrides: str) -> list[str]:
    config = loading.parse(text, list(overrides))
    return [x for x in judgements(config, groups(config)) if x.startswith("constants.T")]


def test_what_stays_as_it_is_at_another_temperature_is_named():
    assert not said(CELL, "constants.T=60 degC") and not said(CELL)
    (sentence,) = said(CELL, "constants.T=60 degC", "layers.0.activated=null")
    assert "but layers.0.sigma_ion would be the same" in sentence
    plain = ("phase_field.activated=null", "electrochemistry.activated=null")
    (sentence,) = said(CELL, "constants.T=60 degC", *plain, "electrochemistry.counter_R_ct=1e-4")
    assert "but phase_field.L_eta, electrochemistry.counter_R_ct would" in sentence
    of_material = "title: t\nlayers: [{name: a, thickness: 50 um, material: LPSC}]\n"
    assert not said(of_material, "constants.T=29 degC")
    (sentence,) = said(of_material, "constants.T=60 degC")
    assert "but layers.0.D, phase_field.L_eta would" not in sentence
    assert "but phase_field.L_eta would" in sentence


def test_a_temperature_without_a_unit_that_was_meant_in_degrees_is_remarked_on():
    (cold, _) = said("title: t\nlayers: [{name: a, thickness: 50 um}]\n", "constants.T=60")
    assert "60 K, which is -213.15 degC" in cold and "write '60 degC'" in cold
    assert len(said(CELL, "constants.T=200")) == 0


@pytest.mark.parametrize(
    "key",
    ["layers.0.activated.sigma_ion.T", "phase_field.activated.R_ct.T",
     "electrochemistry.activated.counter_R_ct.T"],
)  # fmt: skip
def test_so_is_that_of_a_value_that_follows_it(key):
    def cold(T: float) -> bool:
        return any(temperature.judgements(of(f"{key}={T}"), None))

    assert not cold(200)
    (sentence,) = temperature.judgements(of(f"{key}=25"), None)
    assert sentence.startswith(f"{key} is 25 K") and "write '25 degC'" in sentence
