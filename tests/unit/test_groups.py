# SPDX-License-Identifier: MIT
"""Derived numbers against the tables of the specification and closed forms."""

from math import exp, pi, sqrt

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.check import cost
from solver.check.groups import groups, smallest_stiffness
from solver.check.judging import judgements, obstacle
from solver.check.report import report
from solver.input.loading import parse
from solver.input.resolution import resolution
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
    (sentence,) = (s for s in judgements(config, groups(config)) if "would bring" in s)
    length = sentence.split("<= ")[1].split(" would")[0]
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


# --- by hand: what a table of one cell does not tell apart -----------------------------------

STACK = """\
title: two unlike layers
layers:
  - {name: a, thickness: 30 um, D: 1e-11, sigma_ion: 0.5, lambda_i: [-1e-3, -2e-3, -3e-3]}
  - {name: b, thickness: 20 um, D: 4e-11, sigma_ion: 0.1, c0: 800}
"""
F_RT = 96500 / (8.314 * 297.15)


def of_stack(*overrides: str):
    return groups(parse(STACK, list(overrides)))


def test_transport_through_unlike_layers_is_in_series():
    g = of_stack()
    assert g.speed_diffusion == pytest.approx(800 / 7.64e4 / (30e-6 / 1e-11 + 20e-6 / 4e-11))
    field = 0.1 / 0.5 / (30e-6 / 0.5 + 20e-6 / 0.1)
    assert g.speed_migration == pytest.approx(1e-11 * 1000 * F_RT * field / (7.64e4 - 1000))
    assert of_stack("boundary.phi_anode=0.1 V").speed_migration == 0
    resistance = 30e-6 / 0.5 + 20e-6 / 0.1
    assert g.charge == pytest.approx(96500 * 7.64e4 * g.speed * resistance / 0.1)
    assert g.speed_charge == pytest.approx(0.1 / (96500 * 7.64e4 * resistance))


def test_tips_gather_three_times_what_a_flat_front_gets():
    g = of()
    assert g.speed > 6 * g.speed_tip
    assert g.speed_tip == pytest.approx(3 * (g.speed_diffusion + g.speed_migration))
    assert planar_front_speed(g.drive_tip) * g.unit_speed == pytest.approx(g.speed_tip, rel=1e-5)
    slow = of("boundary.phi_anode=-0.1 mV")
    assert slow.speed_tip == slow.speed


def test_a_front_that_waits_for_electrons_crosses_half_the_cell_on_average():
    g = of("reading=electron_limited", "potential.charge_scale=1e-2", "layers.0.D=1e-8")
    assert g.speed_charge == pytest.approx(3.73e-7 * 0.1 / (1e-2 * 96500 * 7.64e4 * 50e-6))
    assert g.speed_tip == pytest.approx(2 * g.speed_charge)


def test_capillary_length_and_elastic_share_by_hand():
    g = of_stack("phase_field.interface_length=0.4 um")
    length, f = 0.4e-6, 0.4e-6 / sqrt(7e-10 / 30e5)
    d0 = 5e-6 * 7e-10 / (6 * 0.5 / f * exp(0.5 * F_RT * 0.1) * length)
    assert g.capillary_length == pytest.approx(d0)
    assert g.wavelength == pytest.approx(2 * pi * sqrt(3 * d0 * 50e-6))
    mu = 4.9e9 / 2 / 1.36
    lam = 2 * mu * 0.36 / 0.28
    confined = lam * 6e-3**2 + 2 * mu * (1 + 4 + 9) * 1e-6
    B = exp(-0.5 * F_RT * 0.1) - exp(0.5 * F_RT * 0.1)
    assert g.elastic == pytest.approx(5e-6 * confined / (0.5 * -B))
    assert g.vegard == pytest.approx(-6e-3)


def test_the_least_stiff_direction_may_lie_between_the_axes():
    angle = np.linspace(0, pi, 20001)
    gamma = np.sqrt(1 + 0.9 * np.cos(angle))
    bent = np.gradient(np.gradient(gamma, angle), angle)
    expected = (gamma + bent)[2:-2].min()
    assert expected < 0.7 * (gamma + bent)[2]
    assert smallest_stiffness(0.9, 1) == pytest.approx(expected, rel=1e-3)


def said(overrides) -> str:
    config = parse(TABLE_S1, list(overrides))
    return "\n".join(judgements(config, groups(config)))


THICK = ("phase_field.interface_length=0.4 um",)
FINE = (*THICK, "mesh.size_min=0.1 um", "mesh.fine_height=50 um")


@pytest.mark.parametrize(
    ("warning", "doubtful", "good"),
    [
        ("not resolved: l/h", (*THICK, "mesh.size_min=0.21 um", "mesh.fine_height=50 um"),
         (*THICK, "mesh.size_min=0.2 um", "mesh.fine_height=50 um")),
        ("on the whole way", (*FINE, "mesh.fine_height=49 um", "mesh.growth=0.2"), FINE),
        ("nuclei.film", (*THICK, "nuclei.film=1.19 um"), (*THICK, "nuclei.film=1.21 um")),
        ("half-disks dissolve", (*THICK, "nuclei.radius=1.19 um"),
         (*THICK, "nuclei.radius=1.21 um")),
        ("too thick for this cell", ("width=19 um", "phase_field.interface_length=1 um"),
         ("width=21 um", "phase_field.interface_length=1 um")),
        ("transport-limited", ("layers.0.D=1.9e-11",), ("layers.0.D=2e-11",)),
        ("no fingers", ("width=8 um",), ("width=9 um",)),
        ("sets the distance", ("phase_field.interface_length=2 um",),
         ("phase_field.interface_length=1.8 um",)),
        ("deposit's own resistance", ("reading=electron_limited", "layers.0.sigma_Li=6e-6"),
         ("reading=electron_limited", "layers.0.sigma_Li=9e-6")),
        ("so the potential drops", ("layers.0.sigma_ion=0.09",), ("layers.0.sigma_ion=0.1",)),
        ("cannot run", ("layers.0.sigma_ion=9e-4",), ("layers.0.sigma_ion=1e-3",)),
    ],
)  # fmt: skip
def test_a_judgement_begins_at_its_limit(warning, doubtful, good):
    assert warning in said(doubtful)
    assert warning not in said(good)


def test_cost_is_that_of_the_nodes_and_the_way():
    config = parse(TABLE_S1, ["phase_field.interface_length=0.4 um", "time.stop_tip=41 um",
                              "time.end=1e9 s", "time.dt_max=1e4 s"])  # fmt: skip
    whole = cost.cost(config, groups(config))
    steps = 15 + (41e-6 - config.nuclei.top) / (1.8 * 0.4e-6)
    assert whole.steps == pytest.approx(steps)
    assert whole.seconds == pytest.approx(33e-6 * whole.nodes * steps)
    assert whole.memory == pytest.approx(9e3 * whole.nodes_end)
    short = parse(TABLE_S1, ["phase_field.interface_length=0.4 um", "time.end=20 s"])
    g = groups(short)
    assert cost.cost(short, g).steps == pytest.approx(15 + g.speed_tip * 20 / (1.8 * 0.4e-6))


def test_cost_counts_both_flanks_of_every_finger():
    adaptive = ["phase_field.interface_length=0.44 um", "mesh.size_max=1 um", "adapt.enabled=true",
                "time.stop_tip=41 um", "time.end=1e9 s", "time.dt_max=1 s"]  # fmt: skip
    config = parse(TABLE_S1, adaptive)
    g, r = groups(config), resolution(config)
    flanks = 2 * (41e-6 - config.nuclei.top) * 50e-6 / g.wavelength
    estimate = cost.cost(config, g)
    assert estimate.nodes_end - estimate.nodes == pytest.approx(r.front_nodes(flanks / 2))
    assert estimate.memory == pytest.approx(9e3 * estimate.nodes_end)


FILM = """\
title: a film
layers: [{name: a, thickness: 10 um, sigma_ion: 0.05}]
boundary: {phi_anode: 0 V}
phase_field: {interface_length: 0.2 um}
nuclei: {film: 4 um, count: 0}
"""


def test_elastic_shift_of_a_flat_film_by_hand():
    g = groups(parse(FILM))
    # [f] - sigma_yy [eps_yy] of 4 um of lithium under 6 um of Li6PS5Cl between rollers:
    # 9.596 - 1.216 + 6.078 kJ/m^3.
    assert g.elastic_bound == pytest.approx(14457 / (96500 * 7.64e4), rel=1e-3)
    assert g.elastic_shift == pytest.approx(14457 * 5e-6 / 0.5 / F_RT, rel=1e-3)
    resistance = g.R_ct + 6e-6 / (96500 * F_RT * 1e-11 * 1000)
    assert g.rest_current == pytest.approx(g.elastic_shift / resistance)
    bound = groups(parse(FILM, ["mechanics.driving=thermodynamic"]))
    assert bound.elastic_shift == bound.elastic_bound == g.elastic_bound
    # The tail of a quantitative front divides both terms: only the stiffness of one upwards stays.
    tail = ["kinetics.interface=quantitative", "layers.0.D=1e-13", "phase_field.delta=0.05",
            "phase_field.omega=6"]  # fmt: skip
    divided = groups(parse(FILM, tail))
    assert divided.chi < 0.2
    stiff = 0.95**0.5 + 36 * 0.05 / (2 * 0.95**0.5)
    assert divided.elastic_shift == pytest.approx(stiff * g.elastic_shift)
    for off in ("mechanics.feedback=false", "mechanics.enabled=false"):
        assert groups(parse(FILM, [off])).elastic_shift == 0
    # A free counter electrode: no stress along y, and half the squares of those along x and z.
    free = groups(parse(FILM, ["boundary.zero_normal_displacement=[anode, left, right]"]))
    plane, nu = 4.9e9 / (1 - 0.36**2), 0.36
    x, z = 0.866e-3, 0.529e-3
    energy = 0.5 * plane * (x * x + z * z + 2 * nu * x * z)
    assert free.elastic_bound == pytest.approx(energy / (96500 * 7.64e4), rel=1e-6)


def judged(text: str, *overrides: str) -> list[str]:
    config = parse(text, list(overrides))
    return judgements(config, groups(config))


def test_elastic_shift_is_judged_against_the_overpotential():
    (said,) = (s for s in judged(FILM) if "elasticity shifts" in s)
    assert "3.701 mV, 1.9e+03 times" in said and "-15.75 A/m^2" in said
    for share, there in ((0.099, False), (0.101, True)):
        found = judged(FILM, f"boundary.phi_anode=-{3.701e-3 / share}")
        assert any("elasticity shifts" in s for s in found) == there
    stiff = ("layers.0.lambda_i=[-0.01, -0.01, -0.01]", "mechanics.driving=thermodynamic")
    assert groups(parse(FILM, list(stiff))).elastic_shift > 1e-4
    assert not any("elasticity" in s for s in judged(FILM, *stiff))


@pytest.mark.parametrize(
    "volts",
    [("boundary.phi_anode=0 V",), ("kinetics.phi_eq=0.02", "boundary.phi_anode=0.02",
                                   "boundary.phi_counter=0.02")],
)  # fmt: skip
def test_rest_runs_and_nothing_is_divided_by_its_voltage(volts):
    config = parse(FILM, list(volts))
    g = groups(config)
    assert (g.drive, g.charge, g.speed_tip) == (0, 0, 0) and obstacle(config) is None
    text = str(report(config))
    assert "nothing drives the front" in text and "-0 " not in text and "cannot run" not in text
    assert "no plating" not in text and "no fingers expected" not in text


def test_open_circuit_has_the_overpotential_for_its_current():
    both = ("boundary.phi_anode=-0.05", "boundary.phi_counter=-0.05")
    g = groups(parse(FILM, list(both)))
    assert g.charge == pytest.approx(96500 * 7.64e4 * g.speed * 10e-6 / (0.05 * 0.05))
    assert obstacle(parse(FILM, list(both))) is None


def test_stripping_keeps_its_sign_and_has_no_fingers():
    config = parse(FILM, ["boundary.phi_anode=0.05"])
    g = groups(config)
    assert g.speed < 0 and g.speed_tip == -g.speed
    assert g.sand_time == g.wavelength == float("inf") and g.tip_end == 4e-6
    text = str(report(config))
    for absent in ("Sand's time", "tip speed", "drive at the tip", "whole way", "no fingers exp"):
        assert absent not in text
    assert f"gone after about {4e-6 / -g.speed:.2f} s" in " ".join(text.split())


def test_a_film_over_the_first_layer_has_its_front_in_the_second():
    thin = STACK.replace("30 um", "2 um").replace("20 um", "48 um")
    g = groups(parse(thin, ["boundary.phi_anode=-0.1"]))
    assert g.sand_time == pytest.approx(pi * 4e-11 * 800**2 / (4 * (7.64e4 * g.speed) ** 2))
    field = 0.1 / 0.1 / (2e-6 / 0.5 + 48e-6 / 0.1)
    assert g.speed_migration == pytest.approx(4e-11 * 800 * F_RT * field / (7.64e4 - 800))


SALT = "electrochemistry={closure: binary, t_plus: 0.3, control: current, current: 1}"


@pytest.mark.parametrize(
    ("overrides", "share"), [((), 1.0), ((SALT,), 1 / (2 * 0.3 * 0.7))], ids=["printed", "binary"]
)
def test_conductivity_and_diffusivity_of_other_ions_are_judged(overrides, share):
    ideal = 96500**2 / (8.314 * 297.15) * 1e-11 * 1000 * share
    for ratio, there in ((2.99, False), (3.01, True), (0.334, False), (0.332, True)):
        found = judged(TABLE_S1, *overrides, f"layers.0.sigma_ion={ratio * ideal}")
        (*said,) = (s for s in found if "dilute ideal" in s)
        assert len(said) == there
        assert not there or f"is {ratio:.2g} times" in said[0]
    alone = "electrochemistry={closure: single_ion, control: rest}"
    assert not any("dilute ideal" in s for s in judged(TABLE_S1, alone))
    assert not any("dilute ideal" in s for s in judged(TABLE_S1, "reading=electron_limited"))


def test_metal_at_the_counter_electrode_is_foreseen():
    for volts, there in ((-1e-3, True), (0.0, False), (0.1, False)):
        found = judged(FILM, f"boundary.phi_counter={volts}")
        assert any("lithium grows at the counter electrode too" in s for s in found) == there
