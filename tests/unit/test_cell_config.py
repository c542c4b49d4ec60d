# SPDX-License-Identifier: MIT
"""`electrochemistry` in a config: what it implies, what it refuses, and what `check` says of it."""

from __future__ import annotations

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.check.cell import cell
from solver.check.groups import groups
from solver.check.judging import judgements, obstacle
from solver.check.report import report
from solver.input import loading

CELL = """\
title: a cell
layers: [{name: LPSC, thickness: 50 um}]
electrochemistry: {closure: single_ion, control: current, current: 1 mA/cm**2}
nuclei: {film: 2.5 um, count: 0}
"""
PRINTED = "title: printed\nlayers: [{name: LPSC, thickness: 50 um}]\n"
RT_F = 8.314 * 297.15 / 96500
I_0 = 6 * 96500 * 7.64e4 * 0.5 * np.sqrt(7e-10 / 3e6)
VOLTAGE = ["electrochemistry.control=voltage", "electrochemistry.current=null"]


def of(*overrides: str):
    return loading.parse(CELL, list(overrides))


def complaint(*overrides: str) -> str:
    with pytest.raises(InputError) as caught:
        of(*overrides)
    return str(caught.value)


def test_the_default_is_the_printed_closure_with_its_interface():
    config = loading.parse(PRINTED)
    assert not config.single_ion and config.kinetics.interface == "printed"


def test_single_ion_takes_the_quantitative_interface_and_gives_it_back():
    assert of().kinetics.interface == "quantitative" and of().nuclei.c_inside == 0
    back = of("electrochemistry.closure=printed", *VOLTAGE)
    assert back.kinetics.interface == "printed"


def test_a_resolved_config_is_a_config():
    config = of("electrochemistry.counter_R_ct=0.76 ohm*cm**2")
    again = loading.parse(loading.resolved_yaml(config))
    assert again == config and again.electrochemistry.counter_R_ct == pytest.approx(7.6e-5)
    printed = loading.parse(PRINTED)
    assert loading.parse(loading.resolved_yaml(printed)) == printed


REFUSED = {
    "electrochemistry.current: control: current needs its value": ["electrochemistry.current=null"],
    "electrochemistry.voltage: control: voltage needs its value": VOLTAGE,
    "electrochemistry.voltage: is not used": ["electrochemistry.voltage=10 mV"],
    "electrochemistry.current: is not used": ["electrochemistry.control=rest"],
    "needs kinetics.interface: quantitative": ["kinetics.interface=printed"],
    "needs phase_field.L_eta above 0": ["phase_field.L_eta=0"],
    "needs deposit at the start": ["nuclei.film=0"],
    "boundary.phi_anode: is not used": ["boundary.phi_anode=-50 mV"],
    "boundary.c_counter: is not used": ["boundary.c_counter=900"],
    "kinetics.c_half: is not used": ["kinetics.c_half=1"],
    "potential.charge_scale: is not used": ["potential.charge_scale=0.5"],
    "potential.sigma: ionic": ["potential.sigma=printed"],
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_does_not_fit_is_one_sentence(sentence):
    found = [line for line in complaint(*REFUSED[sentence]).splitlines() if sentence in line]
    assert len(found) == 1


def test_keys_of_a_cell_are_refused_with_the_printed_closure():
    with pytest.raises(InputError, match="voltage: needs electrochemistry.closure: single_ion"):
        loading.parse(PRINTED, ["electrochemistry.voltage=10 mV"])


def test_check_predicts_the_voltage_of_a_current():
    """iL/sigma + (2RT/F) asinh(i/2 i_0) twice: 0.8407 mV + 2 x 0.7574 mV."""
    found = cell(of(f"electrochemistry.counter_R_ct={RT_F / I_0}"))
    assert found.voltage * 1e3 == pytest.approx(2.356, abs=5e-4)
    expected = 10 * 47.5e-6 / 0.565 + 4 * RT_F * np.arcsinh(10 / (2 * I_0))
    assert found.voltage == pytest.approx(expected, rel=1e-12)
    assert found.resistance == pytest.approx(47.5e-6 / 0.565 + 2 * RT_F / I_0, rel=1e-12)
    assert found.resistance == pytest.approx(2.356e-4, rel=2e-4)
    assert found.speed * 1e9 == pytest.approx(1.35637, rel=1e-5)
    assert found.shortest * 1e6 == pytest.approx(66, rel=2e-3)


def test_check_predicts_the_current_of_a_voltage():
    found = cell(of(*VOLTAGE, "electrochemistry.voltage=10 mV"))
    assert found.current == pytest.approx(62.573, rel=3e-3)  # of a linear law
    assert found.current * 47.5e-6 / 0.565 + 2 * RT_F * np.arcsinh(
        found.current / (2 * I_0)
    ) == pytest.approx(0.01, rel=1e-12)
    back = cell(of(*VOLTAGE, "electrochemistry.voltage=-10 mV"))
    assert back.current == pytest.approx(-found.current, rel=1e-12) and back.shortest == np.inf


def test_check_counts_the_layers_above_the_film():
    layers = ["layers=[{name: A, thickness: 2 um}, {name: B, thickness: 8 um, sigma_ion: 0.1}]"]
    assert cell(of(*layers)).ohmic == pytest.approx(7.5e-6 / 0.1, rel=1e-12)


def test_an_alpha_turns_with_the_current():
    """At the counter electrode lithium dissolves: its exponents are those of the other way."""
    resistance = f"electrochemistry.counter_R_ct={RT_F}"  # i_0 = 1 A/m2
    found = cell(of("kinetics.alpha=0.3", resistance, "electrochemistry.current=1e5"))
    front = cell(of("kinetics.alpha=0.3", "electrochemistry.current=1e5"))
    assert found.voltage - front.voltage == pytest.approx(RT_F * np.log(1e5) / 0.7, rel=1e-6)


def test_a_rest_has_no_voltage():
    found = cell(of("electrochemistry.control=rest", "electrochemistry.current=null"))
    assert found.voltage == found.current == found.speed == 0


def test_check_does_not_judge_by_the_printed_drive():
    config = of("mesh.size_min=5 nm")
    assert obstacle(config) is None
    text = str(report(config))
    for absent in ("Sand", "kinetic front speed", "charge number", "no plating", "transport-lim"):
        assert absent not in text
    for present in ("cell voltage", "cell resistance", "1.598 mV", "1.356 nm/s"):
        assert present in text
    # Half-disks might become fingers, a flat front not.
    for disks, expected in (("0", False), ("7", True)):
        config = of("mesh.size_min=5 nm", f"nuclei.count={disks}")
        found = judgements(config, groups(config))
        assert any("no fingers expected" in sentence for sentence in found) == expected


def test_stress_does_not_act_on_a_cell():
    """Its driving force follows the curvature mobility: Table S1's would shift U by a millivolt."""
    assert of().mechanics.enabled and not of().mechanics.feedback
    assert of("electrochemistry.closure=printed", *VOLTAGE).mechanics.feedback
    assert "needs mechanics.feedback: false" in complaint("mechanics.feedback=true")
    assert of("mechanics.enabled=false", "mechanics.feedback=true").mechanics.feedback


def test_a_voltage_that_no_cell_has_is_remarked_on():
    for current, remarked in (("1e4", False), ("1e5", True)):
        config = of(f"electrochemistry.current={current}")
        said = [x for x in judgements(config, groups(config)) if "decompose" in x]
        assert len(said) == remarked and (abs(cell(config).voltage) > 2.5) == remarked


def test_check_says_which_surface_energy_a_cell_has():
    shown = str(report(of("phase_field.surface_energy=0.5 J/m**2")))
    (line,) = (x for x in shown.splitlines() if "surface energy meant" in x)
    assert "0.5 J/m^2" in line


@pytest.mark.parametrize("text", ["Hold at 5 V for 1 s", "Scan from 0 V to -3 V at 10 mV/s"])
def test_a_protocol_holds_no_voltage_that_no_cell_has(text):
    given = ["electrochemistry.control=voltage", "electrochemistry.current=null"]
    found = complaint(*given, f'protocol={{"steps": ["Rest for 1 s", "{text}"]}}')
    assert "protocol: step 2 holds" in found and "less than 2.5 V" in found
