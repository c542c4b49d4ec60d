# SPDX-License-Identifier: MIT
"""Mistakes in the section `protocol`: one sentence with step, key, value and what is allowed."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.base.errors import InputError
from solver.input.construction import validated
from solver.input.protocol import Protocol, flat
from solver.input.section import Section


class Cell(Section):
    protocol: Protocol


HOUR = [{"time": "1 h"}]
RAMP = {"start": 2, "step": 2, "stop": 10, "mode": "time", "half_cycle": "1 h"}
ITEMS = {
    "control misspelt": (
        {"control": "curent", "value": 1, "until": HOUR},
        ["steps.1", "'curent'", "one of current, voltage, rest"],
    ),
    "no kind of item": ({"value": 1}, ["steps.1", "control, repeat, ramp, tag"]),
    "a number": (7, ["steps.1", "7", "a line of text or a section"]),
    "nothing": (None, ["steps.1", "empty", "a line of text or a section"]),
    "a value in a rest": (
        {"control": "rest", "value": 1, "until": HOUR},
        ["steps.1", "'value'", "control, until, period"],
    ),
    "no value": ({"control": "current", "until": HOUR}, ["steps.1.value", "required"]),
    "a unit": (
        {"control": "current", "value": "1 mA", "until": HOUR},
        ["steps.1.value", "'1 mA'", "A/m^2"],
    ),
    "no current": (
        {"control": "current", "value": 0, "until": HOUR},
        ["steps.1", "value 0", "control: rest"],
    ),
    "no end": (
        {"control": "voltage", "value": 0.1},
        ["steps.1", "must have an end", "time, current_below, capacity, tip, short"],
    ),
    "an end of another control": (
        {"control": "rest", "until": [{"current_below": 1}]},
        ["steps.1.until", "current_below", "control: rest can end by time, voltage_above"],
    ),
    "an end misspelt": (
        {"control": "rest", "until": [{"tiem": 1}]},
        ["steps.1.until.0", "'tiem'", "'time'"],
    ),
    "two ends in one": (
        {"control": "current", "value": 1, "until": [{"time": 1, "tip": 1e-6}]},
        ["steps.1.until.0", "exactly one of the keys time"],
    ),
    "an end at once": (
        {"control": "rest", "until": [{"time": 0}]},
        ["steps.1.until.0.time", "0", "greater than 0 s"],
    ),
    "no list of ends": (
        {"control": "rest", "until": {"time": 1}},
        ["steps.1.until", "must be a list"],
    ),
    "a period": (
        {"control": "rest", "until": HOUR, "period": "-1 s"},
        ["steps.1.period", "'-1 s'", "greater than 0 s"],
    ),
    "a way without a rate": (
        {"control": "voltage", "value": 0, "to": 1},
        ["steps.1", "to without rate"],
    ),
    "a rate without a way": (
        {"control": "current", "value": 1, "rate": 1, "until": HOUR},
        ["steps.1", "rate without to"],
    ),
    "a rate with a sign": (
        {"control": "voltage", "value": 1, "to": 0, "rate": -1},
        ["steps.1", "rate -1", "greater than 0"],
    ),
    "a way to where it is": (
        {"control": "voltage", "value": 1, "to": 1, "rate": 1},
        ["steps.1", "from 1 to 1"],
    ),
    "a repeat of later steps": ({"repeat": 3, "of": [1, 2]}, ["steps.1.of", "[..., 1]"]),
    "a repeat of nothing": ({"repeat": 3, "of": []}, ["steps.1.of", "at least 1"]),
    "no passes": ({"repeat": 0, "of": [1]}, ["steps.1.repeat", "0", "greater than or equal to 1"]),
    "a ramp downwards": (
        {"ramp": {**RAMP, "stop": 1}},
        ["steps.1.ramp", "stop 1 A/m^2", "below start 2 A/m^2"],
    ),
    "a ramp that stands still": (
        {"ramp": {**RAMP, "step": 0}},
        ["steps.1.ramp.step", "0", "greater than 0 A/m^2"],
    ),
    "a ramp of too many currents": (
        {"ramp": {**RAMP, "step": 1e-9}},
        ["steps.1.ramp", "step 1e-09 A/m^2", "larger", "1000"],
    ),
    "a mode": (
        {"ramp": {**RAMP, "mode": "charge"}},
        ["steps.1.ramp.mode", "'charge'", "'time' or 'capacity'"],
    ),
    "a half cycle of the other mode": (
        {"ramp": {**RAMP, "mode": "capacity"}},
        ["steps.1.ramp.half_cycle", "'1 h'", "C/m^2"],
    ),
    "a half cycle of nothing": (
        {"ramp": {**RAMP, "half_cycle": 0}},
        ["steps.1.ramp.half_cycle", "0", "greater than 0 s"],
    ),
    "a tag without a name": ({"tag": ""}, ["steps.1.tag", "''", "not be empty"]),
}
SECTIONS = {
    "no steps": ({"steps": []}, ["protocol.steps", "at least 1"]),
    "no step": ({"steps": [{"tag": "a"}]}, ["protocol.steps", "current, voltage or rest"]),
    "steps and file": ({"file": "cycle.json"}, ["protocol", "either steps or file"]),
    "limits that cross": (
        {"safety": {"I_max": "1 mA/cm2", "I_min": "2 mA/cm2"}},
        ["protocol.safety", "I_min 20 A/m^2", "below I_max 10 A/m^2"],
    ),
    "a record": ({"record": {"dU": 0}}, ["protocol.record.dU", "0", "greater than 0 V"]),
    "an area": ({"area_cm2": "1 cm^2"}, ["protocol.area_cm2", "'1 cm^2'"]),
}


def sentence(**protocol):
    with pytest.raises(InputError) as caught:
        validated(Cell, {"protocol": {"steps": ["Rest for 1 h"], **protocol}}, "cell.yaml")
    (found,) = str(caught.value).splitlines()
    assert found.startswith("cell.yaml: ")
    return found


@pytest.mark.parametrize("case", ITEMS)
def test_items(case):
    item, words = ITEMS[case]
    found = sentence(steps=["Rest for 1 h", item])
    assert "protocol.steps.1" in found
    for word in words:
        assert word in found


@pytest.mark.parametrize("case", SECTIONS)
def test_sections(case):
    protocol, words = SECTIONS[case]
    found = sentence(**protocol)
    for word in words:
        assert word in found


def test_every_mistake_is_told():
    steps = ["Rest", {"control": "rest", "until": [{"time": 0}]}, "Charge at 1 mA for 1 h"]
    with pytest.raises(InputError) as caught:
        validated(Cell, {"protocol": {"steps": steps}}, "cell.yaml")
    keys = [line.split(": ")[1] for line in str(caught.value).splitlines()]
    assert keys == [f"protocol.steps.{key}" for key in ("0", "1.until.0.time", "2")]


KEYS = ["control", "value", "to", "rate", "until", "period", "repeat", "of", "ramp", "tag", "time",
        "capacity", "start", "step", "stop", "mode", "half_cycle"]  # fmt: skip
scalars = st.sampled_from(
    ["current", "voltage", "rest", "time", "1 h", "1 mA/cm2", "-1 V", "1e400", 0, 1, 2, -1, 1e308,
     5e-324, True, None, "", 10**400, [], {}, "Rest for 1 h"]
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.integers(0, 1), inner, max_size=4)
    ),
    max_leaves=8,
)
GOOD = [
    {"control": "voltage", "value": 0.1, "to": 0.2, "rate": 1e-3, "until": HOUR},
    {"control": "current", "value": 1.0, "until": HOUR},
    {"repeat": 2, "of": [1, 2]},
    {"ramp": RAMP},
]


@st.composite
def changed(draw):
    """A good list in which a few values are others."""
    items = copy.deepcopy(GOOD)
    for _ in range(draw(st.integers(1, 3))):
        item = draw(st.sampled_from(items))
        target = item.get("ramp", item)
        if isinstance(target, dict):
            target[draw(st.sampled_from(list(target)))] = draw(values)
    return items


@settings(max_examples=300, deadline=None, derandomize=True)
@given(changed() | st.lists(values, max_size=3))
def test_whatever_is_in_the_list_it_is_read_or_refused(items):
    try:
        protocol = Protocol(steps=items, area_cm2=1)
    except InputError as error:
        assert str(error)
    else:
        assert all(step.ends for step in flat(protocol))
