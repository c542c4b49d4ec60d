# SPDX-License-Identifier: MIT
"""Derived numbers against the tables of the specification and closed forms."""

import re
from math import pi, sqrt

import pytest

from solver.base.errors import InputError
from solver.check.groups import groups, smallest_stiffness
from solver.check.judging import judgements, obstacle
from solver.check.report import report
from solver.input.loading import parse
from solver.laws.front_speed import drive_at_speed, planar_front_speed

TABLE_S1 = "title: Table S1\nlayers: [{name: LPSC, thickness: 50 um}]\n"

# Planar front, quintic h, units of L_sigma W l: phase-plane shooting, confirmed by an explicit
# finite-difference run.
FRONT_SPEEDS = [
    (0.01, 0.059988),
    (0.05, 0.298509),
    (0.1, 0.588689),
    (0.2, 1.123966),
    (0.3, 1.592541),
    (0.4, 2.003661),
    (0.4606, 2.230119),
    (0.5, 2.369608),
    (0.75, 3.145803),
    (1.0, 3.791124),
    (2.0, 5.733458),
    (3.0, 7.186219),
]


def of(*overrides: str):
    return groups(parse(TABLE_S1, list(overrides)))


@pytest.mark.parametrize(("b", "speed"), FRONT_SPEEDS)
def test_front_speed_table(b, speed):
    assert planar_front_speed(b) == pytest.approx(speed, rel=1e-5)


def test_front_speed_small_drive_limit_and_sign():
    assert planar_front_speed(1e-6) == pytest.approx(6e-6, rel=1e-5)
    assert planar_front_speed(-0.5) == -planar_front_speed(0.5)
    assert planar_front_speed(0.0) == 0.0


def test_front_speed_rises_with_the_drive_as_its_root():
    # The reaction term alone: lengths scale with 1/sqrt(b), so V ~ sqrt(b).
    assert planar_front_speed(4e6) / planar_front_speed(1e6) == pytest.approx(2, rel=1e-4)


def test_drive_at_speed_inverts_the_front_speed():
    assert drive_at_speed(2.230119, 10.0) == pytest.approx(0.4606, rel=1e-5)
    assert drive_at_speed(1e3, 10.0) == 10.0
    assert drive_at_speed(0.0, 10.0) == 0.0
    for b in (1e-6, 1e-3, 1.0, 1e3, 1e6):
        assert drive_at_speed(planar_front_speed(b), 2 * b) == pytest.approx(b, rel=1e-9)


def test_table_s1_interface():
    p = of().interface
    assert p.length == pytest.approx(15.3e-9, rel=2e-3)
    assert p.surface_energy == pytest.approx(7.6e-3, rel=6e-3)
    assert p.L_sigma * p.kappa_0 == pytest.approx(3.5e-15)


def test_table_s1_front():
    g = of()
    assert g.drive == pytest.approx(0.461, rel=1e-3)
    assert g.speed == pytest.approx(0.2555e-6, rel=3e-4)
    assert g.critical_radius == pytest.approx(14e-9, rel=3e-2)


@pytest.mark.parametrize(
    ("volts", "um_per_s"), [(0.01, 0.018), (0.02, 0.0365), (0.05, 0.1002), (0.2, 0.869)]
)
def test_kinetic_speed_at_other_potentials(volts, um_per_s):
    g = of(f"boundary.phi_anode=-{volts}")
    assert g.speed == pytest.approx(um_per_s * 1e-6, rel=6e-3)


def test_table_s1_transport():
    g = of()
    assert g.sand_time == pytest.approx(0.0206, rel=3e-3)
    assert g.speed_diffusion == pytest.approx(2.6e-9, rel=1e-2)
    assert g.migration == pytest.approx(96500 * 0.1 / (8.314 * 297.15))
    assert g.speed_migration == pytest.approx(g.speed_diffusion * g.migration * 76.4 / 75.4)


def test_charge_number_of_the_printed_conductivity_is_about_a_million():
    g = of()
    assert g.charge_printed == pytest.approx(96500 * 7.64e4 * g.speed * 5e-5 / (3.73e-7 * 0.1))
    assert 1e6 < g.charge_printed < 1e7
    assert g.charge == pytest.approx(g.charge_printed * 3.73e-7 / 0.565)


def test_stack_of_equal_layers_is_one_layer():
    halves = "title: t\nlayers: [{name: a, thickness: 25 um}, {name: b, thickness: 25 um}]"
    one, two = of(), groups(parse(halves))
    assert two.speed_diffusion == pytest.approx(one.speed_diffusion)
    assert two.charge == pytest.approx(one.charge)
    assert two.speed_migration == pytest.approx(one.speed_migration)


def test_wavelength_is_mullins_sekerka():
    g = of("layers.0.thickness=20 um")
    # d0 = L_sigma kappa_0/(6 L_eta l exp(-alpha F eta/RT)); 4-6 um in a 20 um box.
    assert g.wavelength == pytest.approx(2 * pi * sqrt(3 * g.capillary_length * 20e-6))
    assert 4e-6 < g.wavelength < 6e-6


def test_rescaling_keeps_the_sharp_interface_numbers_and_multiplies_the_drive():
    plain, wide = of(), of("phase_field.interface_length=0.4 um")
    factor = wide.interface.factor
    assert wide.drive == pytest.approx(plain.drive * factor)
    assert wide.capillary_length == pytest.approx(plain.capillary_length)
    assert wide.elastic == pytest.approx(plain.elastic)
    assert wide.drive_tip > 1 > plain.drive_tip


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        (("phase_field.L_eta=5e4", "layers.0.D=1e-6", "layers.0.sigma_ion=5e4"),
         r"too thick for the drive .* no interface is as thin as that, 0\.\d+ nm: what reacts so"),
        (("width=49 nm", "mesh.size_min=1 nm", "phase_field.interface_length=10 nm"),
         r"too thick for this cell; no interface is as thin as that, 0\.98 nm: so small a cell is"),
    ],
)  # fmt: skip
def test_no_interface_thinner_than_atoms_is_advised(override, sentence):
    config = parse(TABLE_S1, [*override])
    found = [x for x in judgements(config, groups(config)) if "too thick" in x]
    assert any(re.search(sentence, x) for x in found), found


def test_anisotropy_stiffness():
    # At theta = 0: sqrt(1+d) - d w^2/(2 sqrt(1+d)).
    assert smallest_stiffness(0.1, 4) == pytest.approx(sqrt(1.1) - 0.8 / sqrt(1.1))
    assert smallest_stiffness(0.1, 4) == pytest.approx(0.29, abs=5e-3)
    assert smallest_stiffness(0.0, 4) == pytest.approx(1.0)
    assert smallest_stiffness(0.1, 6) < 0


def test_front_at_rest_has_no_speed_and_no_critical_radius():
    g = of("boundary.phi_anode=0 V")
    assert g.speed == 0.0
    assert g.critical_radius == float("inf")


def test_scarce_ions_slow_the_front_down_but_not_its_dissolution():
    plain, slowed = of("title=x"), of("kinetics.c_half=1 mol/L")
    assert slowed.speed == pytest.approx(plain.speed / 2)
    assert slowed.sand_time == pytest.approx(plain.sand_time * 4)
    back = of("boundary.phi_anode=0.1 V")
    assert of("boundary.phi_anode=0.1 V", "kinetics.c_half=1 mol/L").speed == back.speed < 0


@pytest.mark.parametrize(
    ("override", "warning"),
    [
        ("title=x", "interface not resolved: l/h = 0.031"),
        ("boundary.phi_anode=0.1 V", "no plating"),
        ("phase_field.interface_length=0.4 um", "too thick for the drive"),
        ("phase_field.omega=6", "anisotropy not convex"),
        ("layers.0.sigma_ion=1e-3", "charge number"),
        ("nuclei.radius=10 nm", "below the critical radius"),
        ("nuclei.film=1e-9 m", "nuclei.film 1 nm is thinner"),
        ("width=2 um", "no fingers expected"),
        ("time.stop_tip=3 um", "the run ends at once"),
        ("kinetics.c_half=0.1 mol/L", "c_half 100 mol/m^3 is 0.1 of c0"),
    ],
)
def test_judgements(override, warning):
    config = parse(TABLE_S1, [override])
    assert any(warning in sentence for sentence in judgements(config, groups(config)))


@pytest.mark.parametrize("diffusivity", ["1e-11", "1e-7"])
def test_suggested_interface_length_brings_the_drive_down_to_one(diffusivity):
    given = ["phase_field.interface_length=0.4 um", f"layers.0.D={diffusivity}"]
    config = parse(TABLE_S1, given)
    (sentence,) = (s for s in judgements(config, groups(config)) if "to bring it to 1" in s)
    length = sentence.split("<= ")[1].split(";")[0]
    g = of(*given, f"phase_field.interface_length={length}")
    assert 0.5 < g.drive_tip < 1.001


def test_nothing_to_say_about_a_resolved_slow_front():
    config = parse(
        TABLE_S1,
        ["boundary.phi_anode=-5 mV", "layers.0.D=1e-9", "phase_field.interface_length=0.2 um",
         "mesh.size_min=50 nm", "mesh.fine_height=50 um", "mechanics.feedback=false",
         "layers.0.sigma_ion=3"],
    )  # fmt: skip
    assert judgements(config, groups(config)) == []


def test_report_is_plain_text_with_groups_cost_and_judgement():
    text = str(report(parse(TABLE_S1)))
    for part in ("15.28 nm", "255.5 nm/s", "2.618 nm/s", "nodes", "GB", "not resolved", "D 1e-11"):
        assert part in text
    assert "\x1b" not in text


def test_values_beyond_any_front_are_bad_input():
    with pytest.raises(InputError, match="no front speed follows"):
        of("phase_field.L_eta=1e300", "phase_field.L_sigma=1e-300", "phase_field.W=1e-20")


def test_printed_reading_cannot_run_and_says_so():
    # By hand: Pi = F c_Li V L/(sigma_Li U).
    by_hand = 96500 * 7.64e4 * 0.2555e-6 * 50e-6 / (3.73e-7 * 0.1)
    config = parse(TABLE_S1, ["reading=printed"])
    g = groups(config)
    assert g.charge == pytest.approx(by_hand, rel=1e-3)
    assert "2.52e+06" in obstacle(config)
    assert judgements(config, g)[0] == obstacle(config)
    for reading in ("ionic", "electron_limited"):
        config = parse(TABLE_S1, [f"reading={reading}"])
        assert obstacle(config) is None


def test_scale_of_the_electrons_follows_its_rule():
    # Pi = 10 at the kinetic speed, 0.2555 um/s, and half the height of the cell.
    g = of("reading=electron_limited", "layers.0.thickness=25 um")
    assert g.charge == pytest.approx(10, rel=1e-3)


def test_layers_of_a_deposit_conduct_in_series():
    head = "title: t\nreading: electron_limited\nlayers: "
    half = "name: {}, thickness: 25 um, sigma_Li: {}"
    halves = f"[{{{half.format('a', 4e-7)}}}, {{{half.format('b', 2e-7)}}}]"
    mean = f"[{{name: a, thickness: 50 um, sigma_Li: {4e-7 / 1.5!r}}}]"
    charges = [groups(parse(head + layers)).charge for layers in (halves, mean)]
    assert charges[0] == pytest.approx(charges[1])
