# SPDX-License-Identifier: MIT
"""Derived numbers and judgements by hand: what a table of one cell does not tell apart."""

from math import exp, pi, sqrt

import numpy as np
import pytest

from solver.base.units import si_text
from solver.check import cost
from solver.check.groups import groups, smallest_stiffness
from solver.check.judging import judgements, obstacle
from solver.check.report import report
from solver.input.loading import parse
from solver.laws.front_speed import planar_front_speed
from tests.unit.test_groups import TABLE_S1, of

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
    free = groups(parse(FILM, ["mechanics.sides.counter=free"]))
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


@pytest.mark.parametrize("reading", ["ionic", "electron_limited"])
def test_a_short_circuit_is_foreseen_by_time_and_speed(reading):
    """Within 2 l of the counter electrode, at the estimated speed of the tips."""
    film = ("phase_field.interface_length=0.4 um", "nuclei.count=0", f"reading={reading}")
    g = groups(parse(TABLE_S1, list(film)))
    way = (50 - 2.5 - 0.8) * 1e-6
    after = way / g.speed_tip

    def said(*overrides: str) -> str:
        config = parse(TABLE_S1, [*film, *overrides])
        return " ".join(judgements(config, groups(config)))

    foreseen = "a short circuit ends the run before time.end"
    assert foreseen in said(f"time.end={1.01 * after}")
    seconds = si_text(after, "s")
    assert f"at 49.2 um, 2 l from the counter electrode, after about {seconds}" in (
        said(f"time.end={2 * after}")
    )
    assert foreseen not in said(f"time.end={0.99 * after}")
    assert foreseen not in said(f"time.end={2 * after}", "time.stop_tip=49.2 um")
    beyond = said(f"time.end={2 * after}", "time.stop_tip=49.3 um")
    assert "and time.stop_tip 49.3 um is beyond it" in beyond
    assert foreseen not in said(f"time.end={2 * after}", "boundary.phi_anode=0.1")


def test_a_short_circuit_of_a_cell_at_a_current_is_foreseen():
    cell = ("electrochemistry.closure=single_ion", "electrochemistry.control=current",
            "electrochemistry.current=10 A/m^2", "nuclei.count=0")  # fmt: skip
    after = (50 - 2.5 - 2 * 0.4) * 1e-6 * 96500 * 7.64e4 / 10

    def said(*overrides: str) -> str:
        config = parse(TABLE_S1, [*cell, "phase_field.interface_length=0.4 um", *overrides])
        return " ".join(judgements(config, groups(config)))

    assert "a short circuit ends the run" in said(f"time.end={1.001 * after}")
    assert "a short circuit ends the run" not in said(f"time.end={0.999 * after}")
    assert "a short circuit" not in said(
        f"time.end={2 * after}", "electrochemistry.current=-10 A/m^2"
    )


def test_nuclei_that_leave_no_room_before_a_short_circuit_are_remarked_on():
    """At least 4 l, 1.6 um of the 50 um."""
    for film, remarked in (("48.39 um", False), ("48.41 um", True), ("49.9 um", True)):
        given = ["phase_field.interface_length=0.4 um", "nuclei.count=0", f"nuclei.film={film}"]
        config = parse(TABLE_S1, given)
        said = " ".join(judgements(config, groups(config)))
        assert ("less than 4 l = 1.6 um: metal within 2 l of the counter" in said) == remarked
