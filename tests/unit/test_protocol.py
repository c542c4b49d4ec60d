# SPDX-License-Identifier: MIT
"""Protocols as flat lists of steps: sections, repeats, ramps, cycles, and their arithmetic."""

from math import inf

import pytest

from solver.base.errors import InputError
from solver.input.protocol import Protocol, flat
from solver.input.protocol_steps import End, Moment, Step

F, C_LI = 96500.0, 76400.0
HOUR = {"until": [{"time": "1 h"}]}
PLATE = {"control": "current", "value": "1 mA/cm2", **HOUR}
STRIP = {"control": "current", "value": "-1 mA/cm2", **HOUR}
REST = {"control": "rest", "until": [{"time": "5 min"}]}


def steps_of(*items, **values):
    return flat(Protocol(steps=list(items), **values))


def step(control="current", value=10.0, slope=0.0, **ends):
    return Step(control, value, slope, tuple(End(k, v) for k, v in ends.items()), None, 1)


def test_sections_are_si():
    ends = [{"capacity": "0.5 mAh/cm2"}, {"voltage_above": "200 mV"}, {"tip": "40 um"}]
    found = steps_of({"control": "current", "value": "1 mA/cm2", "until": ends, "period": "1 min"})
    expected = (End("capacity", 18e3), End("voltage_above", 0.2), End("tip", 4e-5))
    assert found == (Step("current", 10.0, 0.0, expected, 60.0, 1, 1),)


def test_a_linear_change_ends_where_it_goes_to():
    down = {"control": "voltage", "value": "50 mV", "to": "-50 mV", "rate": "1 mV/s"}
    (found,) = steps_of({**down, "until": [{"current_below": "1 A/m^2"}]})
    assert found.ends == (End("time", 100.0), End("current_below", 1.0))
    assert (found.at(0), found.at(25), found.at(100)) == pytest.approx((0.05, 0.025, -0.05))


# --- repeats -----------------------------------------------------------------------------------


def numbers(*items):
    return [(s.number, s.cycle) for s in steps_of(*items)]


def test_repeat_counts_all_passes():
    assert numbers(PLATE, STRIP, {"repeat": 3, "of": [1, 2]}) == [
        (1, 1), (2, 1), (1, 2), (2, 2), (1, 3), (2, 3),
    ]  # fmt: skip


def test_a_first_rest_belongs_to_the_first_cycle_and_what_follows_a_repeat_to_a_new_one():
    assert numbers(REST, PLATE, STRIP, {"repeat": 2, "of": [2, 3]}, REST, PLATE) == [
        (1, 1), (2, 1), (3, 1), (2, 2), (3, 2), (5, 3), (6, 3),
    ]  # fmt: skip


def test_repeat_in_a_repeat():
    items = (PLATE, REST, STRIP, {"repeat": 2, "of": [2, 3]}, {"repeat": 2, "of": [1, 2, 3, 4]})
    once = [1, 2, 3, 2, 3]
    assert [n for n, _ in numbers(*items)] == [*once, *once]
    assert [c for _, c in numbers(*items)] == [1, 2, 2, 3, 3, 4, 5, 5, 6, 6]


def test_a_ramp_of_one_current_is_a_cycle_of_its_own():
    one = {"start": 2, "step": 2, "stop": 2, "mode": "time", "half_cycle": "1 h"}
    assert numbers(PLATE, {"ramp": one}, STRIP) == [(1, 1), (2, 2), (2, 2), (3, 3)]


def test_tags_count_and_do_nothing():
    assert numbers({"tag": "a"}, PLATE, {"repeat": 2, "of": [1, 2]}) == [(2, 1), (2, 2)]


def test_a_repeat_takes_nothing_but_what_stands_just_before_it():
    with pytest.raises(InputError, match=r"steps.3.of: .* just before this one, as \[..., 3\]"):
        steps_of(PLATE, REST, STRIP, {"repeat": 2, "of": [1, 2]})
    with pytest.raises(InputError, match=r"steps.1.of: .* just before"):
        steps_of(PLATE, {"repeat": 2, "of": [1, 2]})
    with pytest.raises(InputError, match=r"steps.4.of: .* must not begin at 3, inside the block"):
        steps_of(PLATE, REST, STRIP, {"repeat": 2, "of": [2, 3]}, {"repeat": 2, "of": [3, 4]})


def test_at_most_100000_steps():
    items = [PLATE, STRIP, {"repeat": 1000, "of": [1, 2]}]
    full = [*items, {"repeat": 50, "of": [1, 2, 3]}]
    assert len(steps_of(*full)) == 100_000
    assert steps_of(*full)[-1].cycle == 50_000
    with pytest.raises(InputError, match="100000 steps with all repeats, but are 102000"):
        steps_of(*items, {"repeat": 51, "of": [1, 2, 3]})


# --- arithmetic ---------------------------------------------------------------------------------


def ramp(**values):
    limits = {"start": "0.2 mA/cm2", "step": "0.2 mA/cm2", "stop": "4.6 mA/cm2"}
    return steps_of({"ramp": {**limits, **values}})


def plated(steps):
    """Charge of the half cycles that plate [mAh/cm2]."""
    return sum(s.charge for s in steps if s.charge > 0) / 36e3


def test_ramp_of_constant_time():
    found = ramp(mode="time", half_cycle="30 min")
    assert len(found) == 46
    assert plated(found) == pytest.approx(27.6, rel=1e-12)
    assert sum(s.charge for s in found) == pytest.approx(0.0, abs=1e-9)
    last = found[-2]
    assert (last.value, last.cycle) == (46.0, 23)
    assert last.charge / (F * C_LI) == pytest.approx(11.231e-6, rel=1e-4)


def test_ramp_of_constant_capacity():
    found = ramp(mode="capacity", half_cycle="1.5 mAh/cm2")
    assert sum(s.duration for s in found) / 3600 == pytest.approx(56.014, rel=1e-5)
    assert [abs(s.charge) for s in found] == pytest.approx([54e3] * 46, rel=1e-12)
    assert found[0].charge / (F * C_LI) == pytest.approx(7.3244e-6, rel=1e-5)
    assert next(s for s in found if s.value == 44.0).duration == pytest.approx(1227.27, rel=1e-5)


def test_rests_of_a_ramp_stand_behind_both_half_cycles():
    found = ramp(stop="0.4 mA/cm2", mode="time", half_cycle="1 h", rest="5 min")
    assert [(s.control, s.value, s.cycle) for s in found[:5]] == [
        ("current", 2.0, 1), ("rest", 0.0, 1), ("current", -2.0, 1), ("rest", 0.0, 1),
        ("current", 4.0, 2),
    ]  # fmt: skip
    assert sum(s.duration for s in found) == 2 * (2 * 3600 + 2 * 300)


def test_currents_of_a_ramp_have_no_rounding_dust_and_the_last_is_there():
    # In binary 0.1 + 2 x 0.1 is more than 0.3, and (0.7 - 0.1)/0.1 less than 6.
    found = ramp(start=0.1, step=0.1, stop=0.7, mode="time", half_cycle="1 h")
    assert [s.value for s in found[::2]] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


def test_1_mAh_is_4_8829_um_in_an_hour_of_1_mA():
    (found,) = steps_of(PLATE)
    assert found.charge == 36e3
    assert found.charge / (F * C_LI) == pytest.approx(4.8829e-6, rel=1e-5)
    assert found.value / (F * C_LI) == pytest.approx(1.35637e-9, rel=1e-5)


@pytest.mark.parametrize(
    ("found", "duration", "charge"),
    [
        (step(time=60.0), 60.0, 600.0),
        (step(capacity=50.0), 5.0, 50.0),
        (step(value=-10.0, capacity=50.0), 5.0, -50.0),
        (step(time=3.0, capacity=50.0), 3.0, 30.0),
        (step(voltage_above=0.2), inf, None),
        (step("rest", 0.0, time=9.0), 9.0, 0.0),
        (step("rest", 0.0, voltage_below=0.1), inf, None),
        (step("voltage", 0.1, time=9.0), 9.0, None),
        (step("voltage", 0.1, capacity=9.0), inf, None),
        # Currents that change: i t + s t^2/2 = Q.
        (step(value=0.0, slope=2.0, capacity=25.0), 5.0, 25.0),
        (step(value=10.0, slope=-1.0, capacity=32.0), 4.0, 32.0),
        (step(value=-10.0, slope=1.0, capacity=32.0), 4.0, -32.0),
        # 10 t - t^2/2 comes to 50 at most and goes back, to -51 at 10 + sqrt(202).
        (step(value=10.0, slope=-1.0, capacity=51.0), 24.212670403551897, -51.0),
    ],
)
def test_duration_and_charge_where_they_are_known(found, duration, charge):
    assert found.duration == pytest.approx(duration, rel=1e-12)
    assert found.charge == (None if charge is None else pytest.approx(charge, rel=1e-12))


@pytest.mark.parametrize(
    ("end", "beyond"),
    [
        (End("time", 50.0), 10.0),
        (End("voltage_above", 0.1), -0.3),
        (End("voltage_below", 0.1), 0.3),
        (End("current_below", 4.0), 1.0),
        (End("capacity", 200.0), -20.0),
        (End("tip", 1e-5), -2e-5),
        (End("tip_above", 1e-5), 2e-5),
        (End("bare", 1e-5), -2e-5),
        (End("current_over", 2.0), -5.0),
        (End("current_under", -2.0), 1.0),
        (End("short"), -1.0),
    ],
)
def test_ends_say_how_far_the_cell_is_beyond(end, beyond):
    moment = Moment(60.0, -0.2, -3.0, -180.0, 3e-5, False)
    assert end.beyond(moment) == pytest.approx(beyond)
    assert End("short").beyond(moment._replace(shorted=True)) == 0.0
    rising = moment._replace(rising=True)
    assert End("tip", 1e-5).beyond(rising) == pytest.approx(2e-5), "though it dissolves by now"


def test_resolved_values_give_the_same_protocol():
    ramp_ = {"start": 2, "step": 2, "stop": 6, "mode": "capacity", "half_cycle": "1 mAh/cm2"}
    scan = {"control": "voltage", "value": 0, "to": "1 mV", "rate": "1 mV/s"}
    items = [PLATE, "Discharge at 1 mA for 1 h", {"repeat": 2, "of": [2]}, {"ramp": ramp_}, scan]
    found = Protocol(steps=items, area_cm2=0.785, record={"every": "10 s", "dU": "1 mV"})
    again = Protocol(**found.model_dump(mode="json"))
    assert again == found
    assert flat(again) == flat(found)
