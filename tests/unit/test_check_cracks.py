# SPDX-License-Identifier: MIT
"""What `check` says about cracks, against numbers worked out by hand."""

import numpy as np
import pytest

from solver.check import cracks, judging, meaning
from solver.check.groups import groups
from solver.input import loading
from tests.unit.test_fracture_config import TEXT

FINE = ("mesh.size_min=0.5 um", "fracture.elements=4", "fracture.overpotential=20 mV",
        "time.end=100 s", "nuclei.film=0", "nuclei.count=0")  # fmt: skip


def lines(*overrides: str) -> dict:
    config = loading.parse(TEXT, [*FINE, *overrides])
    return {line.name: line for line in meaning.lines(config, groups(config))}


def said(*overrides: str) -> list[str]:
    config = loading.parse(TEXT, [*FINE, *overrides])
    every = judging.judgements(config, groups(config))
    own = list(cracks.judgements(config, groups(config)))
    assert set(own) <= set(every)
    return own


def test_a_notch_longer_than_the_critical_length_runs():
    found = lines()
    assert found["pressure in cracks"].value == pytest.approx(147.45e6, rel=1e-4)
    # 25.61 GPa 2.066 J/m^2/(pi (147.45 MPa)^2)
    assert found["critical notch length"].value == pytest.approx(0.7745e-6, rel=1e-3)
    assert "1 of 1 are." in found["critical notch length"].meaning
    longer = lines("fracture.overpotential=17 mV")["critical notch length"]
    assert longer.value == pytest.approx(1.072e-6, rel=1e-3) and "0 of 1" in longer.meaning


def test_the_largest_overpotential_of_a_course_counts():
    found = lines("fracture={length: 0.2 um, overpotential_course: [[0, 0], [1, -20 mV], [2, 0]]}")
    assert found["pressure in cracks"].value == pytest.approx(147.45e6, rel=1e-4)
    assert "there is none" in found["critical notch length"].meaning


def test_strength_and_mesh():
    found = lines()
    assert found["strength without a notch"].value == pytest.approx(315e6, rel=2e-3)
    assert lines("fracture.model=AT2")["strength without a notch"].value < 170e6
    assert found["elements of a crack"].value == pytest.approx(4)
    assert "1.09 times" in found["elements of a crack"].meaning
    assert found["toughness"].value == pytest.approx(2.066, rel=1e-3)


def test_a_mesh_that_is_finer_anyway_counts():
    finer = lines("mesh.size_min=0.02 um", "mesh.fine_height=2 um")
    assert finer["elements of a crack"].value == pytest.approx(10)
    growing = lines("mesh.size_min=0.02 um", "mesh.growth=0.02")  # 0.04 um at the notch's end
    assert growing["elements of a crack"].value == pytest.approx(5)


def test_of_several_layers_the_one_that_breaks_first_counts():
    weak = "{name: B, thickness: 8 um, G_c: 1}"
    found = lines("layers=[{name: A, thickness: 8 um, G_c: 2}, " + weak + "]")
    assert found["toughness"].value == 1 and "of B, as given" in found["toughness"].meaning


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("fracture.notches=[]", "there is none, so nothing cracks"),
        ("fracture.elements=2", "has 2 triangles"),
        ("fracture.notches.0.length=0.8 um", "is 4 times fracture.length"),
    ],
)
def test_what_is_doubtful_is_said(override, words):
    (sentence,) = said(override)
    assert words in sentence


def test_a_sound_notch_is_not_doubted():
    assert said() == []


def test_without_the_section_nothing_is_said():
    config = loading.parse("title: t\nlayers: [{name: A, thickness: 8 um}]\n")
    assert cracks.lines(config) == [] and list(cracks.judgements(config, groups(config))) == []


def test_an_overpotential_in_volts_that_was_meant_in_millivolts_is_remarked_on():
    """22.1 GPa/20 is the pressure of 150 mV."""
    assert any("fracture: 2 V presses" in x for x in said("fracture.overpotential=2 V"))
    assert not any("is the unit" in x for x in said("fracture.overpotential=149 mV"))
    assert any("is the unit" in x for x in said("fracture.overpotential=151 mV"))


CELL = (
    "electrochemistry={closure: single_ion, control: current, current: 200 A/m^2}",
    "phase_field.R_ct=1 ohm*cm^2", "layers.0.sigma_ion=0.1 S/m", "fracture.overpotential=0",
    "fracture.overpotential_from=fields", "nuclei.film=0.9 um",
)  # fmt: skip


def test_the_overpotential_of_a_cell_is_that_of_its_current_and_of_the_notch():
    """2 RT/F asinh(i R_ct F/2RT) = 19.55 mV at 297.15 K, and 200 A/m^2 1 um/(0.1 S/m) = 2 mV."""
    found = lines(*CELL)
    RT_F = 8.314 * 297.15 / 96500
    eta = 2 * RT_F * np.arcsinh(200 * 1e-4 / 2 / RT_F) + 2e-3
    assert found["pressure in cracks"].value == pytest.approx(96500 * 7.64e4 * eta, rel=1e-6)
    assert "at 200 A/m^2" in found["pressure in cracks"].meaning
    resting = lines(*CELL, "electrochemistry.current=-200 A/m^2")
    assert resting["pressure in cracks"].value == 0
    printed = lines("fracture.overpotential=0", "fracture.overpotential_from=fields",
                    "boundary.phi_anode=-20 mV")  # fmt: skip
    assert printed["pressure in cracks"].value == pytest.approx(147.45e6, rel=1e-4)


def test_on_a_mesh_that_follows_its_triangles_count():
    found = lines("adapt.enabled=true", "mesh.size_max=1.6 um")
    assert found["elements of a crack"].value == pytest.approx(4)  # 0.05 um


def test_cracks_alone_are_not_asked_for_a_front():
    config = loading.parse(TEXT, [*FINE, "nuclei.film=0", "nuclei.count=0"])
    assert judging.judgements(config, groups(config)) == []
    driven = config.with_({"fracture.overpotential_from": "fields", "fracture.overpotential": 0})
    assert any("no deposit" in x for x in judging.judgements(driven, groups(driven)))


FIELDS = ("fracture.overpotential=0", "fracture.overpotential_from=fields", "nuclei.film=1 um")


def test_a_notch_that_touches_no_lithium_is_remarked_on():
    """It begins at 3 um over a film of 1 um, whichever of its ends is the lower one."""
    for notch in ("y: 3 um", "y: 4 um, angle: -90"):
        (sentence,) = said(*FIELDS, f"fracture.notches=[{{x: 4 um, length: 1 um, {notch}}}]")
        assert "fracture.notches.0 begins 2 um away from the deposit" in sentence
    assert said(*FIELDS, "fracture.notches.0.y=1.2 um") == []
    island = "nuclei.islands=[{x: 4 um, y: 3 um, radius: 1 um}]"
    assert said(*CELL, "nuclei.film=1 um", "fracture.notches.0.y=3 um", island) == []
    assert said("nuclei.film=1 um", "fracture.notches.0.y=3 um") == []  # full of lithium as given


def test_a_notch_in_the_deposit_does_not_run():
    buried = ("nuclei.film=1.1 um",)
    (sentence,) = said(*buried)
    assert "fracture.notches.0 lies in the deposit, nuclei.film 1.1 um" in sentence
    assert "0 of 1" in lines(*buried)["critical notch length"].meaning
    assert "1 of 1" in lines("nuclei.film=0.9 um")["critical notch length"].meaning


def test_without_an_overpotential_nothing_presses():
    (sentence,) = said("fracture.overpotential=0")
    assert "no overpotential is given, so nothing presses" in sentence
    course = "fracture={length: 0.2 um, notches: [{x: 4 um, length: 1 um}], overpotential_course: "
    assert said(course + "[[0, 0], [100, 20 mV]]}") == []


@pytest.mark.parametrize(
    ("notch", "side"),
    [
        ("{x: 4 um, length: 1 um, angle: 1.57}", "the anode"),
        ("{x: 0 um, length: 1 um}", "the left side"),
        ("{x: 7.9 um, length: 1 um}", "the right side"),
        ("{x: 4 um, y: 7.9 um, length: 1 um, angle: 0}", "the counter electrode"),
    ],
)
def test_a_notch_along_a_side_is_remarked_on(notch, side):
    (sentence,) = said(f"fracture.notches=[{notch}]")
    assert f"lies along {side}, within" in sentence


def test_a_notch_that_leads_away_from_a_side_is_not_along_it():
    assert said("fracture.notches=[{x: 0 um, y: 4 um, length: 1 um, angle: 0}]") == []
    assert not any("along" in x for x in said("fracture.notches.0.length=0.15 um"))


def test_a_notch_along_the_top_of_the_film_is_remarked_on():
    (sentence,) = said(
        "nuclei.film=2 um", "fracture.notches.0.y=2 um", "fracture.notches.0.angle=1.57"
    )
    assert "lies along the deposit" in sentence and "1.57 deg" in sentence
