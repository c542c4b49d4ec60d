# SPDX-License-Identifier: MIT
"""What `check` says against a protocol: one sentence each, and nothing of one that is right."""

import json

import pytest

from solver.check.groups import groups
from solver.check.judging import judgements
from solver.check.protocol_judging import judgements as judged
from solver.input import loading

F, C_LI, LENGTH = 96500.0, 76400.0, 0.44e-6
CELL = """\
title: a cell of 50 um
layers: [{name: LPSC, thickness: 50 um}]
electrochemistry: {closure: single_ion, counter_R_ct: 0.7581 ohm*cm**2}
phase_field: {interface_length: 0.44 um}
nuclei: {film: 2.5 um, count: 0}
"""
PLATE = "Charge at 1 mA/cm2 for 1 h"


def said(*steps, **protocol) -> list[str]:
    section = json.dumps({"steps": list(steps), **protocol})
    return list(judged(loading.parse(f"{CELL}protocol: {section}\n")))


def test_nothing_is_said_of_cycles_that_reach_their_ends():
    assert not said(
        "Rest for 1 min", "Charge at 1 mA/cm2 until 0.2 mAh/cm2",
        "Discharge at 1 mA/cm2 until 0.2 mAh/cm2 or until -50 mV", {"repeat": 10, "of": [1, 2, 3]},
        "Charge at 1 mA/cm2 until tip 30 um", safety={"U_max": "0.2 V", "U_min": "-0.2 V"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("step", "words"),
    [
        # 2.356 mV is what 1 mA/cm2 takes.
        ("Charge at 1 mA/cm2 until 2 mV", "voltage above 2 mV, is met by the 2.357 mV"),
        ("Charge at 1 mA/cm2 for 1 h or until tip 2 um", "tip 2 um, is met by the tip at 2.5 um"),
        ("Hold at 2.356 mV until 1.1 mA/cm2", "1.1 mA/cm2, is met by the 0.9998 mA/cm2"),
        ("Rest for 1 h or until < 1 mV", "voltage below 1 mV, is met by the 0 V"),
    ],
)
def test_ends_that_are_met_at_once(step, words):
    (sentence,) = said("Rest for 1 s", step)
    assert sentence.startswith("step 2 is over as soon as it begins") and words in sentence


def test_an_end_just_beyond_the_start_is_no_fault():
    assert not said("Hold at 2.356 mV until 0.9 mA/cm2 or for 1 h")
    (above, _) = said("Charge at 1 mA/cm2 until 2.35 mV", PLATE, "Rest until > 1 mV")
    assert "step 1 is over" in above


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("Hold at 30 mV for 1 s", "U_max, 20 mV, ends the run in step 2, which has the 30 mV"),
        ("Scan from 0 V to -30 mV at 1 mV/s", "U_min, -20 mV, ends the run in step 2"),
        (
            "Charge at 20 mA/cm2 for 1 s",
            "I_max, 100 A/m^2, ends the run in step 2, which has the 20 m",
        ),
        ("Charge at 9 mA/cm2 for 1 s", "20 mV, ends the run in step 2, which has the 21.17 mV"),
    ],
)
def test_limits_below_what_is_held(step, words):
    found = said("Rest for 1 s", step, safety={"U_max": 0.02, "U_min": -0.02, "I_max": 100})
    assert any(words in sentence for sentence in found)


def test_charges_that_no_cell_holds_are_remarked_on():
    """0.5 C/m2 are 1.389e-05 mAh/cm2, 0.07 nm of lithium."""
    step = {"control": "current", "value": 10, "until": [{"capacity": 0.5}]}
    (end,) = said("Rest for 1 s", {"repeat": 2, "of": [1]}, step, {"repeat": 3, "of": [1, 2, 3]})
    assert end.startswith("the capacity that ends step 3 is 0.5 C/m^2 (1.389e-05 mAh/cm^2)")
    assert end.endswith("write '0.5 mAh/cm^2'.")
    (rate,) = said("Charge at C/2 for 1 h", capacity=1.5)
    assert rate.startswith("protocol.capacity is 1.5 C/m^2")
    assert not said("Charge at C/2 for 1 h", capacity="1.5 mAh/cm2")
    assert not said("Charge at 1 mA/cm2 until 3e-4 mAh/cm2")


def test_voltages_that_no_cell_is_to_meet_are_remarked_on():
    limits = said("Charge at 1 mA/cm2 for 1 s", safety={"U_max": 1000, "U_min": -1000})
    assert limits[0].startswith("protocol.safety.U_max: voltage above 1000 V is beyond 2.5 V")
    assert limits[1].startswith("protocol.safety.U_min: voltage below -1000 V is beyond 2.5 V")
    (end,) = said("Charge at 1 mA/cm2 for 1 s or until 4.2 V")
    assert end.startswith("step 1: voltage above 4.2 V is beyond 2.5 V")
    assert not said("Charge at 1 mA/cm2 for 1 s or until 2.4 V", safety={"U_min": "-2.4 V"})


def test_tips_outside_the_cell():
    (high,) = said("Charge at 1 mA/cm2 for 1 min or until tip 49.2 um")
    (low,) = said("Discharge at 1 mA/cm2 for 1 min or until tip 1.7 um")
    assert "never reaches its end, tip 49.2 um" in high and "49.12 um" in high
    assert "short circuit" in high and "exhausted" not in high
    assert "exhausted" in low and "short circuit" not in low
    assert "never reaches its end, tip 1.7 um" in low and "1.76 um" in low
    assert not said("Charge at 1 mA/cm2 for 1 min or until tip 49.1 um")
    assert not said("Discharge at 1 mA/cm2 for 1 min or until tip 1.8 um")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        # The gap of 47.5 um shrinks to 2 l: 1.515 mV are the electrodes', 15.6 uV the gap's.
        ("Charge at 1 mA/cm2 until 2.4 mV", "only comes to the 1.531 mV, at a short circuit"),
        # It grows to 48.24 um.
        ("Discharge at 1 mA/cm2 until -2.4 mV", "only comes to the -2.37 mV, at an exhausted"),
        ("Hold at 2.356 mV until 0.9 mA/cm2", "only comes to the 1.539 mA/cm2, at a short"),
        ("Rest until > 1 mV", "a cell at rest shows 0 V"),
        ("Hold at 0 V until 0.1 mAh/cm2", "capacity 0.1 mAh/cm2 in vain: at 0 V no current flows"),
        ("Hold at 0 V until short", "short circuit in vain: at 0 V no current flows"),
    ],
)
def test_ends_that_cannot_be_reached(step, words):
    (sentence,) = said(step)
    assert sentence.startswith("step 1 waits for") and words in sentence


@pytest.mark.parametrize(
    ("step", "end"),
    [
        # 46.62 um of room, 0.74 um of lithium: 9.548 and 0.1516 mAh/cm2.
        ("Hold at 2 mV until 9.55 mAh/cm2", "capacity 9.55 mAh/cm2"),
        ("Hold at -2 mV until 0.152 mAh/cm2", "capacity 0.152 mAh/cm2"),
        ("Discharge at 1 mA/cm2 until short", "short circuit"),
    ],
)
def test_more_than_there_is_room_or_lithium_for(step, end):
    (sentence,) = said(step)
    assert sentence.startswith(f"step 1 never reaches its end, {end}: the run ends before")


def test_what_there_is_room_and_lithium_for():
    assert not said("Hold at 2 mV until 9.54 mAh/cm2")
    assert not said("Hold at -2 mV until 0.151 mAh/cm2")
    assert not said("Hold at 2 mV until short") and not said("Hold at 0 V for 1 h")


def test_a_salt_has_a_voltage_at_rest_and_a_current_at_none():
    """Until c is even again: A ln(c_2/c_1), some 0.1 mV here."""
    salt = CELL.replace("single_ion", "binary, t_plus: 0.4")
    for step in ("Rest until < 0.01 mV", "Rest until > 1 mV", "Hold at 0 V until 1e-3 mAh/cm2"):
        section = json.dumps({"steps": [PLATE, step]})
        found = list(judged(loading.parse(f"{salt}protocol: {section}\n")))
        assert not [x for x in found if "waits" in x or "as soon as it begins" in x]
        (sentence,) = said(PLATE, step)
        assert "waits" in sentence or "as soon as it begins" in sentence


def test_what_presses_may_show_a_voltage_at_rest():
    def of(potential):
        pressed = {"sides": {"counter": "pressure"}, "stack_pressure": "1 MPa",
                   "pressure_potential": potential}  # fmt: skip
        steps = {"steps": ["Rest until > 1 mV"]}
        given = f"mechanics: {json.dumps(pressed)}\nprotocol: {json.dumps(steps)}\n"
        return list(judged(loading.parse(CELL + given)))

    assert len(of(False)) == 1 and not of(True)


def test_a_pressure_that_no_voltage_knows_of_is_remarked_on():
    def of(*more):
        pressed = {"sides": {"counter": "pressure"}, "stack_pressure": "1 MPa", **dict(more)}
        steps = {"steps": ["Rest for 1 s", "Charge at 1 mA/cm2 under 5 MPa for 1 s"]}
        given = f"mechanics: {json.dumps(pressed)}\nprotocol: {json.dumps(steps)}\n"
        return list(judged(loading.parse(CELL + given)))

    (sentence,) = of()
    assert sentence.startswith("step 2 has a stack pressure of its own, which changes stress")
    assert not of(("pressure_potential", True)) and not of(("enabled", False))


def test_what_a_flat_front_comes_to_is_reached():
    assert not said("Discharge at 1 mA/cm2 until -2.368 mV")
    assert not said("Hold at -2.356 mV until 0.995 mA/cm2")


def test_lithium_that_stays_on_the_anode_is_said_to_be_no_efficiency():
    """4 l of 0.44 um: 1.76 um, 7.373e9 C/m^3 x 1.76 um = 0.360 mAh/cm2."""
    (sentence,) = said("Discharge at 1 mA/cm2 for 1 h", PLATE)
    assert sentence.startswith("step 1 of cycle 1 strips more than there is")
    assert "4 l of the film, 1.76 um or 0.36 mAh/cm2, stay" in sentence
    assert "coulombic efficiency" in sentence
    # 0.74 um can be stripped, 0.1515 mAh/cm2.
    assert not said("Discharge at 1 mA/cm2 until 0.151 mAh/cm2")
    assert said("Discharge at 1 mA/cm2 until 0.152 mAh/cm2")
    (short,) = said("Charge at 10 mA/cm2 until 10 mAh/cm2")
    assert "a short circuit ends the run in it" in short


def test_what_follows_a_held_voltage_is_not_guessed_at():
    assert not said("Hold at 2 mV for 1 h", "Charge at 1 mA/cm2 until 2 mV")
    assert not said("Rest for 1 s", {"control": "voltage", "value": 0.001, "to": 0.002,
                                     "rate": 1e-4}, safety={"U_max": "2.1 mV"})  # fmt: skip


def of(*overrides):
    given = f"{CELL}mesh: {{size_min: 0.2 um, size_max: 0.2 um}}\nprotocol: {{steps: [{PLATE}]}}\n"
    config = loading.parse(given, list(overrides))
    return judgements(config, groups(config))


def test_keys_without_a_meaning_are_named():
    found = of("layers.0.c0=500", "layers.0.D=2e-11")
    assert [x.split(" ")[0] for x in found] == ["layers.0.D", "layers.0.c0"]
    assert not of("layers.0.c0=1000") and not of("layers.0.sigma_ion=0.3")


def test_a_flat_front_is_the_same_in_any_width():
    assert not of("width=1 um")
    # Ripples of 66 um grow at 1 mA/cm2; of 1 um, at 5 A/cm2.
    assert not any("too thick for this cell" in x for x in of("width=1 um", "nuclei.count=1"))
    fast = ("protocol.steps.0=Charge at 50 A/cm2 for 1 ms", "phase_field.L_sigma=1e-9")
    ripples = of(*fast, "width=1 um", "nuclei.count=1", "nuclei.radius=2 um")
    assert any("too thick for this cell" in x for x in ripples)


def test_a_thin_film_that_is_plated_on_strips_nothing():
    """It is thinner than the 4 l, 1.76 um, that stay on an anode that is stripped."""

    def of(step):
        section = json.dumps({"steps": [step]})
        thin = CELL.replace("film: 2.5 um", "film: 0.5 um")
        return " ".join(judged(loading.parse(f"{thin}protocol: {section}\n")))

    assert "strips" not in of("Charge at 1 mA/cm2 until 0.05 mAh/cm2")
    assert "strips more than there is" in of("Discharge at 1 mA/cm2 until 0.05 mAh/cm2")
