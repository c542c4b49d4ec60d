# SPDX-License-Identifier: MIT
"""What `check` says about cracks, against numbers worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from solver.check import cracks, judging, meaning
from solver.check.groups import groups
from solver.input import loading
from tests.unit.test_fracture_config import TEXT

ROOT = Path(__file__).parents[2]
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
    assert "1 of 1 run." in found["critical notch length"].meaning
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


def test_a_stiffness_that_is_left_and_holds_a_notch_together_is_remarked_on():
    """39.09 GPa/25.61 GPa 4 um/0.05 um = 122 times k, over 1 + as much."""
    assert not any("residual" in x for x in said())
    assert not any("residual" in x for x in said("fracture.residual=8e-5"))
    (remark,) = (x for x in said("fracture.residual=1e-3") if "residual" in x)
    assert "notch 0 takes some 10.9% of its opening" in remark and "8e-05 takes 1%" in remark


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
    "fracture.overpotential_from=fields", "nuclei.film=0.2 um",
)  # fmt: skip


RT_F = 8.314 * 297.15 / 96500


def test_the_ohmic_drop_is_that_of_the_layers_between_film_and_notch_end():
    """A notch from 0.8 um to 1.8 um, over 0.3 um of film: 0.7 um of one layer, 0.8 of another."""
    layers = (
        "layers=[{name: A, thickness: 1 um, K_IC: 0.23 MPa*m^0.5, sigma_ion: 0.1 S/m}, "
        "{name: B, thickness: 7 um, K_IC: 1 MPa*m^0.5, E: 149.8 GPa, nu: 0.26, "
        "sigma_ion: 0.02 S/m}]"
    )
    own = [x for x in CELL if "layers" not in x and "film" not in x]
    notch = "fracture.notches=[{x: 4 um, y: 0.8 um, length: 1 um}]"
    found = lines(layers, *own, notch, "nuclei.film=0.3 um", "fracture.notches.0.angle=90")
    eta = 2 * RT_F * np.arcsinh(200 * 1e-4 / 2 / RT_F) + 200 * (0.7e-6 / 0.1 + 0.8e-6 / 0.02)
    assert found["pressure in cracks"].value == pytest.approx(96500 * 7.64e4 * eta, rel=1e-6)
    # It runs into B, and is a whole crack: 564.2 MPa/sqrt(1/2).
    assert found["critical pressure"].value == pytest.approx(797.9e6, rel=1e-3)
    assert "in B" in found["critical pressure"].meaning


def test_the_critical_current_presses_with_the_critical_pressure():
    """27.84 mV = 2 RT/F asinh(i R_ct F/2RT) + 3/4 i 0.8 um/sigma, and 19.69 mV at a wall.

    Along a notch of 0.8 um whose mouth the film holds pressure rises in a line: K of its end is
    3/4 of that of the pressure there, and 2/pi of it if lithium that flows lets the mouth open.
    """
    for flow, share, half in (("none", 3 / 4, 0.4e-6), ("norton", 2 / np.pi, 0.8e-6)):
        found = lines(*CELL, "layers.0.sigma_ion=0.01 S/m", f"lithium.flow={flow}")
        i = found["critical current density"].value
        drop = i * 0.8e-6 / 0.01
        eta = 2 * RT_F * np.arcsinh(i * 1e-4 / 2 / RT_F) + share * drop
        p = (25.6141e9 * 2.0653 / np.pi / half) ** 0.5
        assert 96500 * 7.64e4 * eta == pytest.approx(p, rel=1e-3)
        assert drop > 0.4 * eta
    assert "critical current density" not in lines()


def test_at_the_critical_current_the_critical_length_is_that_of_the_notch():
    """0.8 um above the film, which holds its mouth: half of that."""
    own = [*CELL, "layers.0.sigma_ion=0.01 S/m"]
    i = lines(*own)["critical current density"].value
    for share, runs in ((0.999, 0), (1.001, 1)):
        line = lines(*own, f"electrochemistry.current={share * i}")["critical notch length"]
        assert line.value == pytest.approx(0.4e-6, rel=5e-3)
        assert f"{runs} of 1 run" in line.meaning


def test_a_notch_along_a_side_runs_likewise_whichever_way_it_is_drawn():
    own = [*CELL, "layers.0.sigma_ion=0.01 S/m"]
    ways = ("y: 2 um, angle: 90", "y: 4 um, angle: -90")
    up, down = (
        lines(*own, f"fracture.notches=[{{x: 0.1 um, length: 2 um, {way}}}]") for way in ways
    )
    found, other = (x["critical current density"].value for x in (up, down))
    assert found == pytest.approx(other, rel=1e-9)
    # A notch of 2 um at a wall: from 1.8 to 3.8 um above the film, 2/pi of the way.
    eta = 2 * RT_F * np.arcsinh(found * 1e-4 / 2 / RT_F)
    eta += found * (1.8e-6 + 2 / np.pi * 2e-6) / 0.01
    p = (25.6141e9 * 2.0653 / np.pi / 2e-6) ** 0.5
    assert 96500 * 7.64e4 * eta == pytest.approx(p, rel=1e-3)


def test_a_notch_from_the_counter_electrode_runs_from_its_lower_end():
    """From 7.7 um above the film down to 6.7: pressed harder at its mouth than at its end."""
    hanging = "fracture.notches=[{x: 4 um, y: 7.9 um, length: 1 um, angle: -90}]"
    found = lines(*CELL, "layers.0.sigma_ion=0.01 S/m", hanging)
    i = found["critical current density"].value
    drop = i * (7.7e-6 - 2 / np.pi * 1e-6) / 0.01
    eta = 2 * RT_F * np.arcsinh(i * 1e-4 / 2 / RT_F) + drop
    p = (25.6141e9 * 2.0653 / np.pi / 1e-6) ** 0.5
    assert 96500 * 7.64e4 * eta == pytest.approx(p, rel=1e-3)


def test_lithium_that_flows_before_a_notch_runs_has_no_critical_current():
    """205.2 MPa of 0.4 um, of a notch whose mouth the film holds."""
    held = [*CELL, "fracture.pressure_limit=205 MPa"]
    limited = lines(*held)
    assert "critical current density" not in limited
    assert "pressure_limit is below it, so that it never runs" in limited[
        "critical pressure"].meaning  # fmt: skip
    (sentence,) = said(*held)
    assert "205 MPa is below the critical pressure of every notch, 205.2 MPa and more" in sentence
    assert "none runs at any current or voltage" in sentence
    assert said(*CELL, "fracture.pressure_limit=206 MPa") == []
    # One of them runs: 129.8 MPa sqrt(1 um/0.5 um), and that of 2.2 um.
    both = "fracture.notches=[{x: 2 um, y: 3 um, length: 1 um}, {x: 6 um, y: 3 um, length: 2.2 um}]"
    assert said(both, "fracture.pressure_limit=130 MPa") == []
    assert "never runs" not in lines(both, "fracture.pressure_limit=130 MPa")[
        "critical pressure"].meaning  # fmt: skip


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("x: 4.05 um, length: 1 um", "0 and 1 are 50 nm apart, less than 2 l_d = 400 nm"),
        ("x: 4.39 um, length: 1 um", "0 and 1 are 390 nm apart"),
        ("x: 4.41 um, length: 1 um", ""),
        ("x: 4 um, y: 1 um, length: 1 um, angle: 45", "0 and 1 meet: they are one crack"),
        ("x: 3.5 um, y: 0.5 um, length: 1 um, angle: 0", "0 and 1 meet"),
    ],
)
def test_notches_that_are_one_crack_are_remarked_on(second, words):
    found = said(f"fracture.notches=[{{x: 4 um, length: 1 um}}, {{{second}}}]")
    assert [words in sentence for sentence in found] == [True] * bool(words)


def test_a_crack_is_not_smeared_over_an_atom():
    fine = "mesh.size_min=0.1 nm", "fracture.elements=3"
    found = said(*fine, "fracture.length=1 nm")
    assert any("1 nm is less than ten cells of a crystal, 10 nm" in x for x in found)
    assert any("needs triangles of 3.33e-10 m" in x for x in found)
    assert not any("crystal" in x for x in said(*fine, "fracture.length=10 nm"))


def test_a_crack_is_not_smeared_over_the_cell():
    broad = {length: said(f"fracture.length={length} um") for length in (0.79, 0.81, 60)}
    assert [any("tenth of the cell, 8 um" in x for x in broad[n]) for n in broad] == [
        False, True, True,
    ]  # fmt: skip


RISING = "protocol={steps: [{control: current, value: 50 A/m^2, to: 2000 A/m^2, rate: 10 A/m^2/s}]}"
LEAPING = "protocol={steps: [{control: current, value: 2000 A/m^2, until: [{time: 9 s}]}]}"


def test_where_pressure_reaches_what_bears_without_a_notch_is_said():
    """A ramp starts the crack at 258 A/m^2, 45 mV or 332 MPa at the far side, a leap at 2000."""
    cell = [x for x in CELL if "overpotential=" not in x and "film" not in x]
    cell = [x.replace(", control: current, current: 200 A/m^2", "") for x in cell]
    cell = [*cell, "fracture.overpotential=0", "nuclei.film=0.2 um"]
    i = lines(*CELL)["critical current density"].value
    eta = 2 * RT_F * np.arcsinh(i * 1e-4 / 2 / RT_F) + i * 7.8e-6 / 0.1
    p = 96500 * 7.64e4 * eta
    # AT1: sqrt(3 E' G_c/(8 l_d)) of l_d = 0.2 um, and 1.01 times as much as the crack presses with.
    bearing = 3 / 8 * 25.6141e9 * 2.0653 / (1.01 * p) ** 2
    assert p > 315e6
    wide = [*cell, "fracture.elements=4", f"fracture.length={bearing / 1.0201:.6g}"]
    (sentence,) = [x for x in said(*cell, RISING) if "branches" in x]
    assert "above the anode" in sentence and "8 um above" in sentence
    assert not any("branches" in x for x in said(*wide, RISING))
    (leap,) = [x for x in said(*wide, LEAPING) if "branches" in x]
    assert "at 2000 A/m^2" in leap


def test_the_overpotential_of_a_cell_is_that_of_its_current_and_of_the_notch():
    """2 RT/F asinh(i R_ct F/2RT) = 19.55 mV, and from the film on 200 A/m^2 0.8 um/(0.1 S/m)."""
    found = lines(*CELL)
    eta = 2 * RT_F * np.arcsinh(200 * 1e-4 / 2 / RT_F) + 1.6e-3
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
