# SPDX-License-Identifier: MIT
"""Steps in words: PyBaMM's grammar, currents per area, rates."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.base.errors import InputError
from solver.input.protocol import Protocol, flat
from solver.input.protocol_steps import End, Step


def only(line, **values):
    (step,) = flat(Protocol(steps=[line], **values))
    return step


def current(value, *ends, period=None):
    return Step("current", value, 0.0, ends, period, 1, 1)


# What unicycler 0.4.6 writes for a symmetric cell, and the documentation of PyBaMM.
OF_A_CELL = {
    "Charge at 0.2 mA for 30 minutes or until 0.5 V": current(
        2.0, End("time", 1800.0), End("voltage_above", 0.5)
    ),
    "Rest for 300.0 seconds": Step("rest", 0.0, 0.0, (End("time", 300.0),), None, 1, 1),
    "Discharge at 0.2 mA for 30 minutes or until -0.5 V": current(
        -2.0, End("time", 1800.0), End("voltage_below", -0.5)
    ),
    "Charge at 200mA until 4.1V": current(2000.0, End("voltage_above", 4.1)),
    "Discharge at C/3 for 2 hours or until 2.5 V": current(
        -5.0, End("time", 7200.0), End("voltage_below", 2.5)
    ),
    "Charge at 0.5C for 45 m (1 minute period)": current(7.5, End("time", 2700.0), period=60.0),
    "Hold at 4.1 V until 50 mA": Step(
        "voltage", 4.1, 0.0, (End("current_below", 500.0),), None, 1, 1
    ),
    "Hold at 3V until C/50": Step("voltage", 3.0, 0.0, (End("current_below", 0.3),), None, 1, 1),
    "Hold at 1V for 20 sec": Step("voltage", 1.0, 0.0, (End("time", 20.0),), None, 1, 1),
    "Charge at 1 mA for 1 hr until < 0.1 V": current(
        10.0, End("time", 3600.0), End("voltage_below", 0.1)
    ),
}


@pytest.mark.parametrize("line", OF_A_CELL)
def test_grammar_of_pybamm(line):
    # 1 mA on 1 cm^2 is 10 A/m^2; 1 C is 1.5 mA/cm^2.
    assert only(line, area_cm2=1, capacity="1.5 mAh/cm2") == OF_A_CELL[line]


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("Charge at 1 mA/cm2 for 10 minutes", current(10.0, End("time", 600.0))),
        ("Charge at 1 mA.cm-2 for 10 minutes", current(10.0, End("time", 600.0))),
        (
            "Charge at 1 mA/cm2 under 5 MPa for 10 minutes",
            current(10.0, End("time", 600.0))._replace(stack_pressure=5e6),
        ),
        ("discharge at 50uA/cm^2 until 0.5 mAh/cm2", current(-0.5, End("capacity", 18e3))),
        (
            "Charge at 1 mA/cm2 until tip 40 um or until short (1 second period)",
            current(10.0, End("tip", 4e-5), End("short"), period=1.0),
        ),
        (
            "Rest for 1 hour or until < 1 mV",
            Step("rest", 0.0, 0.0, (End("time", 3600.0), End("voltage_below", 1e-3)), None, 1, 1),
        ),
        (
            "Hold at -0.1 V until 0.05 mA/cm2",
            Step("voltage", -0.1, 0.0, (End("current_below", 0.5),), None, 1, 1),
        ),
        (
            "Scan from 0 V to -0.1 V at 1 mV/s",
            Step("voltage", 0.0, -1e-3, (End("time", 100.0),), None, 1, 1),
        ),
    ],
)
def test_more_than_pybamm_takes(line, step):
    assert only(line) == step


def test_milliamperes_are_divided_by_the_area():
    # 0.785 cm^2 is a disk of 10 mm; 1/0.785 mA/cm^2 = 12.7388535 A/m^2.
    assert only("Charge at 1 mA for 1 h", area_cm2=0.785).value == pytest.approx(12.7388535)
    end = only("Charge at 1 mA until 2 mAh", area_cm2=0.785).ends[0]
    assert end.value == pytest.approx(2 * 3.6 / 0.785e-4, rel=1e-12)


REFUSED = {
    "Charge at 1 mA for 1 hour": ["'1 mA'", "protocol.area_cm2"],
    "Charge at C/3 for 1 hour": ["'C/3'", "protocol.capacity"],
    "Charge at C/0 for 1 hour": ["'C/0'", "must be finite"],
    "Charge at 1 mA/cm2": ["must have an end", "time, voltage_above, voltage_below, capacity"],
    "Charge at -1 mA/cm2 for 1 h": ["'-1 mA/cm2'", "greater than 0", "Discharge at"],
    "Charge at 4.2 V for 1 hour": ["'4.2 V', a voltage", "a current"],
    "Charge at 1 W for 1 hour": ["'1 W'", "a voltage, a current or a capacity"],
    "Charge at 1 for 1 hour": ["'1'", "a voltage, a current or a capacity"],
    "Charge at 1 mA/cm2 for 1 parsek": ["unknown unit 'parsek'"],
    "Charge at 1 mA/cm2 for -1 h": ["'-1 h'", "greater than 0"],
    "Charge at 1 mA/cm2 until 0.1 mA/cm2": ["current_below", "control: current can end by time"],
    "Charge at 1 mA/cm2 for 1 h (1 s perod)": ["'1 h (1 s perod)'", "'1 s'"],
    "Charge 1 mA/cm2 for 1 hour": ["'Charge 1 mA/cm2'", "must begin with Charge at"],
    "Hold at 1 mA/cm2 for 1 hour": ["'1 mA/cm2', a current", "a voltage"],
    "Hold at 0.1 V until -50 uA/cm2": ["'-50 uA/cm2'", "greater than 0"],
    "Rest until 0.2 V": ["'0.2 V'", "'> 0.2 V' or '< 0.2 V'"],
    "Rest until 1 mAh/cm2": ["capacity", "time, voltage_above, voltage_below"],
    "Rest under for 1 s": ["has no pressure after 'under'"],
    "Rest": ["must have an end", "time, voltage_above, voltage_below"],
    "Scan from 0 V to 0 V at 1 mV/s": ["from 0 to 0", "must differ"],
    "Run US06": ["'Run US06'", "must begin with Charge at, Discharge at, Hold at, Rest"],
}


@pytest.mark.parametrize("line", REFUSED)
def test_mistakes_are_one_sentence(line):
    with pytest.raises(InputError) as caught:
        Protocol(steps=["Rest for 1 h", line])
    (sentence,) = str(caught.value).splitlines()
    assert sentence.startswith(f"Protocol: steps.1: '{line}' ")
    for words in REFUSED[line]:
        assert words in sentence


amounts = st.decimals("0.001", "1000", places=3, allow_nan=False).map(str)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(["Charge", "Discharge"]), amounts, amounts, amounts, st.booleans())
def test_words_and_sections_say_the_same(verb, current, hours, voltage, period):
    line = f"{verb} at {current} mA/cm2 for {hours} hours or until {voltage} mV"
    sign, end = ("", "above") if verb == "Charge" else ("-", "below")
    section = {
        "control": "current",
        "value": f"{sign}{current} mA/cm2",
        "until": [{"time": f"{hours} h"}, {f"voltage_{end}": f"{voltage} mV"}],
    }
    if period:
        line, section = f"{line} (5 second period)", {**section, "period": "5 s"}
    assert only(line) == only(section)


WORDS = ["Charge", "Rest", "Hold", "Scan", "at", "for", "until", "or", "from", "to", "short", "tip",
         "1", "mA", "mA/cm2", "V", "C/2", "0", "-1e999", "h", "(1 s period)", "<", "period)", "(",
         "nan", "1C", "é"]  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text(max_size=30))
def test_any_line_is_read_or_refused(line):
    try:
        steps = flat(Protocol(steps=[line], area_cm2=1))
    except InputError as error:
        assert str(error)
    else:
        assert steps[0].ends
