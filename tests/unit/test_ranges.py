# SPDX-License-Identifier: MIT
"""Values that no known material has, and the unit that they were most likely meant in."""

import pytest

from solver.check import ranges
from solver.check.groups import groups
from solver.check.ions_report import report
from solver.input import loading

CELL = "title: t\nlayers: [{name: LPSC, thickness: 50 um}]\n"


def said(*overrides: str, text: str = CELL) -> list[str]:
    config = loading.parse(text, list(overrides))
    return list(ranges.judgements(config, groups(config)))


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("layers.0.E=22.1", ["layers.0.E is 22.1 Pa", "write '22.1 GPa'"]),
        ("layers.0.sigma_ion=5.65", ["layers.0.sigma_ion is 5.65 S/m", "write '5.65 mS/cm'"]),
        ("layers.0.D=1e-7", ["layers.0.D is", "write '1e-07 cm^2/s'"]),
        ("layers.0.c0=1", ["layers.0.c0 is 1 mol/m^3", "write '1 mol/L'"]),
        ("lithium.c_Li=0.0764", ["lithium.c_Li is", "write '0.0764 mol/cm^3'"]),
        ("lithium.c_Li=7640", ["lithium.c_Li is", "see whether its unit is right"]),
        ("lithium.E=4.9", ["lithium.E is 4.9 Pa", "write '4.9 GPa'"]),
        ("lithium.E=1e-300", ["lithium.E is 1e-300 Pa", "see whether its unit is right"]),
        ("lithium.nu=-0.9", ["lithium.nu is -0.9", "is the sign right?"]),
        ("layers.0.nu=-0.3", ["layers.0.nu is -0.3", "is the sign right?"]),
        ("constants.F=96.5", ["constants.F is 96.5 C/mol", "write '96.5 kC/mol'"]),
        ("constants.F=1", ["constants.F is 1 C/mol", "see whether its unit is right"]),
    ],
)
def test_slips_of_units_are_named(override, words):
    (sentence, *more) = said(override)
    assert all(word in sentence for word in words), sentence
    assert all("is not above c0" in other for other in more)


CRACKS = ("mechanics.feedback=false", "fracture={length: 1 um, overpotential: 20 mV}")


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("layers.0.K_IC=0.23", "write '0.23 MPa*m^0.5'"),
        ("layers.0.G_c=0.002", "write '0.002 kJ/m^2'"),
        ("layers.0.G_c=1e5", "see whether its unit is right"),
        ("fracture.pressure_limit=10", "write '10 MPa'"),
    ],
)
def test_slips_of_the_units_of_cracks_are_named(override, words):
    sound = () if override.startswith("layers") else ("layers.0.G_c=2",)
    (sentence,) = said(*CRACKS, *sound, override)
    assert override.split("=")[0] in sentence and words in sentence


def test_of_a_toughness_given_twice_the_one_that_counts_is_judged():
    assert said(*CRACKS, "layers.0.material=LPSC") == []
    (sentence,) = said(*CRACKS, "layers.0.material=LPSC", "layers.0.G_c=1e-3")
    assert "layers.0.G_c" in sentence
    assert said("layers.0.K_IC=0.23") == []


def test_metal_holds_more_lithium_than_the_electrolyte():
    assert any("is not above c0, 1000 mol/m^3" in x for x in said("lithium.c_Li=1000"))
    assert not any("is not above c0" in x for x in said("lithium.c_Li=1001"))


def test_a_skeleton_that_widens_when_it_is_pulled_is_named():
    (sentence,) = said("skeleton={width: 2 um, start: 20 um, end: 30 um, nu: -0.2}")
    assert sentence.startswith("skeleton.nu is -0.2")


def test_bounds_of_elasticity_are_let_pass():
    for value in ("lithium.E=3 GPa", "lithium.E=21.2 GPa", "lithium.nu=0", "layers.0.nu=0"):
        assert said(value) == []


def test_what_has_no_part_is_not_judged():
    for value in ("layers.0.E=22.1", "layers.0.nu=-0.3", "lithium.E=4.9", "lithium.nu=-0.9"):
        assert said(value, "mechanics.enabled=false") == []
    cell = ("electrochemistry.closure=single_ion", "electrochemistry.control=rest")
    assert said("layers.0.D=1e-7", *cell) == []


SALT = """\
title: a salt
physics: transport
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers: [{name: SE, thickness: 10 um, c0: {Li: 1000, A: 1000}, sigma_ion: 0.1, t_plus: 0.3}]
boundary: {anode: {phi: 0}, counter: {phi: 0.01}}
"""


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("layers.0.c0={Li: 1, A: 1}", ["layers.0.c0.Li is 1 mol/m^3", "write '1 mol/L'"]),
        ("layers.0.sigma_ion=10", ["layers.0.sigma_ion is 10 S/m", "write '10 mS/cm'"]),
        ("layers.0.D={Li: 1e-6, A: 1e-12}", ["layers.0.D.Li is 1e-06", "'1e-06 cm^2/s'"]),
    ],
)
def test_slips_of_units_of_a_salt_are_named(override, words):
    found = [x for x in report(loading.parse(SALT, [override])).judgements if "known are" in x]
    # D that follows from a slip is one too.
    assert all(word in found[-1] for word in words), found
    assert not [x for x in report(loading.parse(SALT)).judgements if "known are" in x]


def test_a_trace_of_an_ion_is_no_slip():
    """Protons of pH 5 beside a salt; and the layer's anions are immobilised."""
    text = SALT.replace("A: 1000}", "A: 0.01}, D: {Li: 1e-11, A: 1e-11}, c_im: 999.99").replace(
        ", sigma_ion: 0.1, t_plus: 0.3", ""
    )
    assert not [x for x in report(loading.parse(text)).judgements if "known are" in x]
