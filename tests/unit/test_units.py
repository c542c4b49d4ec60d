# SPDX-License-Identifier: MIT
"""Quantities: what is read, what is refused, what is written."""

import pytest

from solver.base.units import seconds, si_text, to_si, unit_of
from solver.input.config import Config
from solver.input.deposit import Nuclei
from solver.input.sections import Boundary, Layer


@pytest.mark.parametrize(
    ("written", "unit", "si"),
    [
        ("3.73e-9 S/cm", "S/m", 3.73e-7),
        ("50 um", "m", 50e-6),
        ("50µm", "m", 50e-6),
        ("1e-7 cm^2/s", "m^2/s", 1e-11),
        ("1e-7 cm**2 s^-1", "m^2/s", 1e-11),
        ("1e-7 cm2/s", "m^2/s", 1e-11),
        ("1 mA/cm2", "A/m^2", 10.0),
        ("1 mA.cm-2", "A/m^2", 10.0),
        ("1 mA cm^-2", "A/m^2", 10.0),
        ("0.5 mAh/cm2", "C/m^2", 18e3),
        ("1 mol/l", "mol/m^3", 1000.0),
        ("22.1 GPa", "Pa", 22.1e9),
        ("8.314 J/(mol K)", "J/mol/K", 8.314),
        ("24 degC", "K", 297.15),
        ("-100 mV", "V", -0.1),
        ("1 h", "s", 3600.0),
        ("10 %", "", 0.1),
        ("0.5", "1/s", 0.5),
        (".5e1 s", "s", 5.0),
        (7, "m", 7.0),
    ],
)
def test_value_with_unit_becomes_si(written, unit, si):
    assert to_si(written, unit) == pytest.approx(si, rel=1e-14)


def test_conversion_leaves_no_rounding_dust():
    assert to_si("50 um", "m") == 5e-05
    assert to_si("1.23456789012345 um", "m") == 1.23456789012345e-06


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1 kg", "wrong unit"),
        ("um", "start with a number"),
        ("", "start with a number"),
        ("3,7 um", "unknown unit ',7 um'"),
        ("1 parsek", "unknown unit 'parsek'"),
        ("1 m/", "unknown unit"),
        ("1 (m", "unknown unit"),
        ("1 m^9^9^9^9", "cannot be read"),
        ("1 m2^9^9^9", "cannot be read"),
        ("1 m**999999999", "cannot be read"),
        ("1 " + "m" * 1000, "cannot be read"),
        ("1e999 m", "finite"),
        ("nan", "finite"),
        ("-inf", "finite"),
        (float("nan"), "finite"),
        (10**400, "finite"),
        (True, "must be a number"),
        (None, "must be a number"),
        ([1], "must be a number"),
    ],
)
def test_what_is_no_length_is_refused(written, reason):
    with pytest.raises(ValueError, match=reason):
        to_si(written, "m")


@pytest.mark.parametrize(
    ("written", "meant"), [("60 C", "60 degC"), ("25c", "25 degC"), ("77 F", "77 degF"),
                           ("298 k", "298 K")]
)  # fmt: skip
def test_degrees_by_their_letter_are_answered_by_what_is_meant(written, meant):
    with pytest.raises(ValueError, match=f"convertible to K; did you mean '{meant}'\\?$"):
        to_si(written, "K")
    assert to_si(meant, "K") == pytest.approx({"60": 333.15}.get(meant[:2], 298.15), rel=1e-3)


def test_temperatures_have_an_example_in_degrees():
    for written in ("warm", "60 deg_C"):
        with pytest.raises(ValueError, match="for example '298.15 K' or '25 degC'"):
            to_si(written, "K")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.52753e-8, "m", "15.28 nm"),
        (5e-5, "m", "50 um"),
        (3600.0, "s", "3600 s"),
        (2.062e-2, "s", "20.62 ms"),
        (2.555e-7, "m/s", "255.5 nm/s"),
        (22.1e9, "Pa", "22.1 GPa"),
        (0.0, "m", "0 m"),
        (1e-12, "m", "1e-12 m"),
        (7.638e-3, "J/m^2", "0.007638 J/m^2"),
        (float("inf"), "m", "inf m"),
    ],
)
def test_si_text(value, unit, text):
    assert si_text(value, unit) == text


def test_units_of_fields_reach_into_optional_values_and_lists():
    found = [
        unit_of(model.model_fields[key])
        for model, key in (
            (Layer, "D"),
            (Layer, "name"),
            (Layer, "nu"),
            (Boundary, "c_counter"),
            (Nuclei, "positions"),
            (Config, "layers"),
        )
    ]
    assert found == ["m^2/s", "", "", "mol/m^3", "m", ""]


@pytest.mark.parametrize(
    ("text", "value"),
    [("23h30m", 84600), ("1d 2h", 93600), ("90 min", 5400), ("0.5h", 1800), (60, 60), ("10 s", 10)],
)
def test_durations_as_queues_write_them(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "h", "5 um", "23h30x", "1h2"])
def test_other_texts_are_no_durations(text):
    with pytest.raises(ValueError):
        seconds(text)
