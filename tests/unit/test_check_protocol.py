"""What `check` says of a protocol before a run."""

import json
from math import asinh, inf, log2, sqrt

import pytest

from solver.base.errors import InputError
from solver.check.cell import at, cell
from solver.check.cost import TRAVEL_PER_STEP
from solver.check.protocol import MOST, begun, lines, time_steps
from solver.check.report import report
from solver.input import electrochemistry, loading

F, C_LI, LENGTH = 96500.0, 76400.0, sqrt(7e-10 / 2 / 15e5)
CELL = """\
title: a cell of 50 um
layers: [{name: LPSC, thickness: 50 um}]
electrochemistry: {closure: single_ion, counter_R_ct: 0.7581 ohm*cm**2}
phase_field: {interface_length: 0.44 um}
nuclei: {film: 2.5 um, count: 0}
mechanics: {sides: {counter: pressure}, stack_pressure: 1 MPa}
"""


RAMP = {"ramp": {"start": 10, "step": 10, "stop": 20, "mode": "time", "half_cycle": "1 s"}}


def of(*steps, **protocol):
    return loading.parse(f"{CELL}protocol: {json.dumps({'steps': list(steps), **protocol})}\n")


def test_steps_that_all_have_a_pressure_need_none_of_the_mechanics():
    def parse(*steps):
        text = CELL.replace(", stack_pressure: 1 MPa", "")
        return loading.parse(f"{text}protocol: {json.dumps({'steps': list(steps)})}\n")

    own = ("Rest under 1 MPa for 1 s", "Charge at 1 mA/cm2 under 5 MPa for 1 s")
    again = {"repeat": 2, "of": [1, 2]}
    config = parse(*own, again)
    found = [electrochemistry.stack_pressure(config, x) for x in electrochemistry.steps(config)]
    assert found == [1e6, 5e6, 1e6, 5e6]
    assert "1 mA/cm2 under 5 MPa" in str(report(config))
    for steps in ((*own, "Rest for 1 s"), (*own, RAMP)):
        with pytest.raises(InputError, match=r"mechanics\.sides\.counter: pressure needs its val"):
            parse(*steps)


def test_steps_have_their_durations_and_voltages():
    """At 1 mA/cm2 over 47.5 um, and after 10 um of growth: i L/sigma + 2 (2RT/F) asinh(i/2 i_0)."""
    i_0 = (6 * F * C_LI * 0.5 * LENGTH, 8.314 * 297.15 / F / 0.7581e-4)
    kinetic = sum(2 * 8.314 * 297.15 / F * asinh(5 / x) for x in i_0)
    first, second = (1e3 * (10 * gap / 0.565 + kinetic) for gap in (47.5e-6, 37.5e-6))
    hours = 10e-6 * F * C_LI / 10 / 3600
    config = of(f"Charge at 1 mA/cm2 for {hours!r} h", "Charge at 1 mA/cm2 until 0.2 mAh/cm2",
                "Rest for 1 h or until < 1 mV", "Hold at 10 mV under 5 MPa until 0.5 mA/cm2",
                "Discharge at 1 mA/cm2 until tip 30 um", safety={"U_max": "0.2 V"})  # fmt: skip
    found = lines(config)
    assert f"1 mA/cm2 for 7373 s, 2.048 mAh/cm2, U = {first:.4g} mV" in found[0]
    assert f"until capacity 0.2 mAh/cm2, 720 s, 0.2 mAh/cm2, U = {second:.4g} mV" in found[1]
    assert (
        found[2] == "step 3, cycle 1: rest for 3600 s or until voltage below 1 mV, at most 3600 s"
    )
    assert found[3] == "step 4, cycle 1: 0.01 V under 5 MPa until current below 0.5 mA/cm2"
    # What has passed at a held voltage is not known before.
    assert found[4] == "step 5, cycle 1: -1 mA/cm2 until tip 30 um"
    assert found[5].startswith("5 steps; limits: time.end 1.845e+05 s")
    assert found[6] == "U_max 200 mV"
    assert "Protocol\n  step 1, cycle 1: 1 mA/cm2" in str(report(config))


def test_the_deposit_is_followed_to_an_electrode():
    plate, strip = "Charge at 1 mA/cm2 for 1 h", "Discharge at 1 mA/cm2 for 2 h"
    steps = [item.step.number for item in begun(of(plate, strip, strip, plate))]
    assert steps == [1, 2]
    assert lines(of(plate, strip, strip))[-2] == "then the metal has met an electrode: the run ends"
    films = [item.film for item in begun(of(plate, strip))]
    assert films == pytest.approx([2.5e-6, 2.5e-6 + 36e3 / F / C_LI])
    # 4 l stay: 0.74 um can be stripped, 0.1515 mAh/cm2.
    strip = "Discharge at 1 mA/cm2 until {} mAh/cm2"
    reached = [len(list(begun(of(strip.format(q), plate)))) for q in (0.151, 0.152)]
    assert reached == [2, 1]
    # And 2 l before the counter electrode there is no more room.
    grow = [(tip - 2.5e-6) * F * C_LI / 36e3 for tip in (49.0e-6, 49.3e-6)]
    up = [f"Charge at 1 mA/cm2 until {q!r} mAh/cm2" for q in grow]
    assert [len(list(begun(of(x, plate)))) for x in up] == [2, 1]


def test_many_steps_are_not_all_listed():
    found = lines(of("Rest for 1 s", "Hold at 0 V for 1 s", {"repeat": 50, "of": [1, 2]}))
    assert len(found) == MOST + 2 and found[MOST] == "... 60 more"


def test_groups_are_those_of_the_largest_current():
    config = of("Rest for 1 s", "Hold at 1 mV for 1 s", "Discharge at 2 mA/cm2 for 1 s")
    assert cell(config) == at(config, "current", -20.0)
    up = {"control": "current", "value": 0, "to": 30, "rate": 1}
    assert cell(of(up, "Charge at 2 mA/cm2 for 1 s")).current == pytest.approx(30, rel=1e-12)


def test_every_step_has_its_first_steps_in_time_and_its_records():
    """15 each and one per 1.8 l on the way; a row every 10 s where that is more."""
    travel = TRAVEL_PER_STEP * 0.44e-6
    plate = of("Charge at 1 mA/cm2 for 1 h", {"repeat": 3, "of": [1]})
    assert time_steps(plate, travel) == pytest.approx(3 * (15 + 36e3 / F / C_LI / travel))
    rest = of("Rest for 1 h", "Hold at 1 mV for 5 min (1 minute period)", record={"every": 10})
    assert time_steps(rest, travel) == 15 + 360 + 15 + 5


def test_rests_are_not_held_to_the_largest_step_unless_it_is_given():
    """From 1 ms to 1000 h by doublings: log2(3.6e9) = 31.7 steps; with 1000 s at most 3600."""
    rest = of("Rest for 1000 h")
    (step,) = electrochemistry.steps(rest)
    assert electrochemistry.longest_step(rest, step) == inf
    assert time_steps(rest, 1e-6) == pytest.approx(log2(3.6e9))
    given = rest.with_({"time.dt_max": 1000.0})
    assert electrochemistry.longest_step(given, step) == 1000.0
    assert time_steps(given, 1e-6) == 15 + 3600
    # 0.1 mA/cm2 for 1000 h would be 5 steps by the way of its front.
    slow = of("Charge at 1 uA/cm2 for 1000 h")
    assert electrochemistry.longest_step(slow, electrochemistry.steps(slow)[0]) == 1e3
    assert time_steps(slow, 1e-6) == 15 + 3600
