# SPDX-License-Identifier: MIT
"""Islands and electrons in a config: what is refused, and what `check` says of them."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.base.units import si_text
from solver.check import electrons
from solver.check.cell import cell
from solver.check.groups import groups
from solver.check.judging import judgements
from solver.check.report import report
from solver.input import loading
from solver.laws import island
from solver.laws.island import Ellipse

CELL = """\
title: a cell
width: 80 um
layers: [{name: LPSC, thickness: 50 um, sigma_el: 1e-8 S/cm}]
electrochemistry: {closure: single_ion, control: current, current: 1 mA/cm**2,
                   counter_R_ct: 0.76 ohm*cm**2}
phase_field: {interface_length: 0.2 um}
nuclei: {film: 2.5 um, count: 0, islands: [{x: 10 um, y: 12 um, radius: 0.5 um}]}
"""
CHARGE = 96500 * 7.64e4


def of(*overrides: str):
    return loading.parse(CELL, list(overrides))


def test_a_resolved_config_with_islands_is_a_config():
    assert loading.parse(loading.resolved_yaml(of())) == of()


PLACE = "nuclei.islands=[{{x: {} um, y: {} um, radius: {} um}}]"
REFUSED = {
    "nuclei.islands.0.radius: 1e-07 m must be at least 2 interface lengths": (10, 12, 0.1),
    "nuclei.islands.0.x: 8.1e-05 m is beside the cell": (81, 12, 1),
    "nuclei.islands.0.y: 3e-06 m must leave the disk between": (10, 3, 0.5),
    "nuclei.islands.0.y: 4.96e-05 m must leave the disk between": (10, 49.6, 0.5),
}


@pytest.mark.parametrize("words", REFUSED)
def test_an_island_that_cannot_be_one_is_refused(words):
    with pytest.raises(InputError, match="nuclei.islands.0") as caught:
        of(PLACE.format(*REFUSED[words]))
    assert words in str(caught.value)


PRINTED = "title: printed\nlayers: [{name: LPSC, thickness: 50 um}]\n"
BINARY = PRINTED + "electrochemistry: {closure: binary, t_plus: 0.4, control: rest}\n"
LEAKING, SEED = "layers.0.sigma_el=1e-6", "nuclei.islands=[{x: 1e-5, y: 1.2e-5, radius: 1e-6}]"


@pytest.mark.parametrize(
    "text, given, closures",
    [(PRINTED, LEAKING, "single_ion"), (BINARY, LEAKING, "single_ion"),
     (PRINTED, SEED, "single_ion or binary")],
)  # fmt: skip
def test_other_closures_have_no_electrons_and_the_printed_one_no_islands(text, given, closures):
    key = given.partition("=")[0]
    with pytest.raises(InputError) as caught:
        loading.parse(text, [given])
    assert f"{key}: needs electrochemistry.closure: {closures}." in str(caught.value)


@pytest.mark.parametrize("closure", ["single_ion", "binary"])
def test_the_monolithic_scheme_finds_no_potentials_of_metal(closure):
    given = ["solver.scheme=monolithic", f"electrochemistry.closure={closure}"]
    given += ["electrochemistry.t_plus=0.4"] * (closure == "binary")
    with pytest.raises(InputError) as caught:
        of(*given)
    for key in ("layers.0.sigma_el", "nuclei.islands"):
        assert f"{key}: needs solver.scheme: split, whose passes" in str(caught.value)
    alone = "layers.0.sigma_el=0", "nuclei.islands=[]"
    assert of(*given, *alone).solver.scheme == "monolithic"


def test_leak_and_self_discharge():
    """2.0e-3 A/m2 at 0.1 V through 50 um, 0.97659 nm/h; Hebb-Wagner 5.0172e-4 A/m2."""
    held = ["electrochemistry.control=voltage", "electrochemistry.current=null",
            "electrochemistry.voltage=0.1", "layers.0.thickness=52.5 um"]  # fmt: skip
    line = electrons.lines(of(*held), cell(of(*held)))[0]
    assert line.value == pytest.approx(2.0e-3, rel=1e-9)
    assert "0.977 nm" in line.meaning and "0.000502 A/m^2" in line.meaning
    assert electrons.resistance(of("layers.0.sigma_el=0")) == inf
    assert not electrons.lines(of("layers.0.sigma_el=0", "nuclei.islands=[]"), cell(of()))


def test_drift_growth_and_time_of_a_disk():
    equivalent = 42.79e-6
    for radius, expected in ((1e-6, 0.06194), (5e-6, 0.28379), (50e-6, 1.46169)):
        disk = Ellipse(radius, radius)
        assert disk.mean == pytest.approx(radius, rel=1e-12)
        assert island.drift(10, disk, equivalent, CHARGE) * 1e9 == pytest.approx(expected, rel=1e-3)
    rate = island.growth(1e-6 * 0.1, 1e-6, 50e-6, CHARGE)
    assert rate * 3600e9 == pytest.approx(12.4819, rel=1e-4)
    hours = island.time_to(2e-6, 1e-6, 1e-6 * 0.1, 50e-6, CHARGE) / 3600
    assert hours == pytest.approx(107.143, rel=1e-5)
    assert island.time_to(2e-6, 1e-6, -1e-9, 50e-6, CHARGE) == inf
    assert island.reach(78.5398e-6, 39.2699e-6) == pytest.approx(50e-6, rel=1e-5)


def plated(a: float, b: float, equivalent: float) -> float:
    """Velocity of an ellipse over i/(F c_Li): modes in elliptic coordinates, by collocation.

    On its surface phi = -E (b sin v + sum d_n sin n v) and dphi/dmu = -E (a sin v - sum n d_n
    sin n v), odd n, with sigma R dphi/dmu = h phi; its first moment is 1 - d_1/a.
    """
    n, v = np.arange(1, 80, 2), (np.arange(400) + 0.5) * np.pi / 400
    h, modes = np.hypot(a * np.sin(v), b * np.cos(v)), np.sin(np.outer(v, n))
    wanted = equivalent * a * np.sin(v) - h * b * np.sin(v)
    found, *_ = np.linalg.lstsq(modes * (equivalent * n + h[:, None]), wanted, rcond=None)
    return 1 - found[0] / a


@pytest.mark.parametrize(("a", "b"), [(4.0, 1.0), (1.0, 4.0), (1.5, 1.0)])
def test_drift_of_an_ellipse(a, b):
    """Without a resistance (1 + b/a) i; one 4 times as wide as high took 2 i for a disk's."""
    for equivalent, error in ((0.0, 1e-6), (0.1, 0.01), (1.0, 0.025), (10.0, 0.01), (1e3, 1e-3)):
        found = island.drift(1.0, Ellipse(a, b), equivalent, 1.0)
        assert found == pytest.approx(plated(a, b, equivalent), rel=error)
    assert island.drift(1.0, Ellipse(a, b), 0.0, 1.0) == pytest.approx(1 + b / a, rel=1e-12)
    assert island.drift(1.0, Ellipse(a, b), 0.0, 1.0, salt=1.0) == pytest.approx((1 + b / a) / 2)


def test_a_disk_that_fills_the_cell_is_told_from_one_alone():
    """A third of 80 um: radii of 13.3 um."""
    for radius, share in ((13.2, ""), (13.5, "takes 34% of the width")):
        config = of(PLACE.format(40, 25, radius))
        meaning = electrons.lines(config, cell(config))[1].meaning
        assert share in meaning and ("alone" in meaning) is bool(share)
        beside = of(PLACE.format(0, 25, radius))  # half of it is in the cell
        assert "alone" not in electrons.lines(beside, cell(beside))[1].meaning


@pytest.mark.parametrize(
    ("y", "words"),
    [(3.59, "nuclei.islands.0 begins 590 nm above the anode's deposit"), (3.61, ""),
     (49.05, ""), (49.15, "nuclei.islands.0 is within 2 l of the counter electrode")],
)  # fmt: skip
def test_islands_at_the_electrodes_are_remarked_on(y, words):
    """0.5 um of radius over a film of 2.5 um; metal from 49.6 um up is a short circuit."""
    config = of(PLACE.format(10, y, 0.5))
    found = judgements(config, groups(config))
    said = [x for x in found if "islands.0 begins" in x or "islands.0 is within" in x]
    assert [words in sentence for sentence in said] == [True] * bool(words)


def test_check_tells_how_a_seed_grows_in_the_anodes_half_and_dissolves_in_the_other():
    drift, grown = electrons.lines(of(), cell(of()))[1:]
    disk = Ellipse(0.5e-6, 0.5e-6)
    assert drift.value == pytest.approx(island.drift(10, disk, 42.8e-6, CHARGE), rel=1e-3)
    # phi_l - phi_s falls from 0.757 mV at the front to -0.760 mV at the counter electrode.
    assert "0.454 mV" in grown.meaning and "h until 1 um" in grown.meaning
    assert grown.value == pytest.approx(1e-6 * 0.4539e-3 / (CHARGE * 0.5e-6 * 3.7746), rel=2e-3)
    far = PLACE.format(10, 40, 0.5)
    assert "it dissolves" in electrons.lines(of(far), cell(of(far)))[2].meaning
    assert "growth of island 1" in str(report(of()))


SALT = ("electrochemistry.closure=binary", "electrochemistry.t_plus=0.4", "layers.0.D=1e-11",
        "layers.0.sigma_ion=0.565", "layers.0.sigma_el=0", "phase_field.R_ct=1e-5")  # fmt: skip


def test_drift_in_a_salt_is_that_with_its_dipole_and_the_time_it_takes_is_said():
    """S = 0.565 A 0.6/(96500 1e-11 1000) = 10.8, A = 2 0.6 RT/F; as tests/system/test_islands.py.

    It was that of a cell whose front hinders it, at no time that any run shows.
    """
    radius, A = 1.2e-6, 1.2 * 8.314 * 297.15 / 96500
    S = 0.565 * A * 0.6 / (96500 * 1e-11 * 1000)
    config = of(*SALT, PLACE.format(10, 12, 1.2))
    (line,) = electrons.lines(config, cell(config))
    assert line.value == pytest.approx(2 * 10 / CHARGE / (1 + S + 0.565e-5 / radius))
    at_first = 2 * 10 / CHARGE / (1 + 0.565e-5 / radius)
    assert f"S = sigma A (1 - t_+)/(F D c0) = {S:.3g} holds it back" in line.meaning
    assert "about a^2/D = 144 ms" in line.meaning
    assert f"at first it drifts by {si_text(at_first, 'm/s')}." in line.meaning


def test_drift_is_that_in_the_islands_own_layer():
    lower = "{name: a, thickness: 8 um, sigma_ion: 0.1}"
    upper = "{name: b, thickness: 42 um, sigma_ion: 1}"
    config = of(f"layers=[{lower}, {upper}]", "phase_field.R_ct=1e-5")
    (line,) = electrons.lines(config, cell(config))
    assert line.value == pytest.approx(2 * 10 / CHARGE / (1 + 1e-5 / 0.5e-6), rel=1e-6)


@pytest.mark.parametrize(("radius", "remarked"), [(0.59, True), (0.61, False)])
def test_an_island_without_a_bulk_is_remarked_on(radius, remarked):
    config = of(PLACE.format(10, 12, radius))
    words = f"nuclei.islands.0.radius {radius * 1e3:g} nm is smaller than 3 l = 600 nm"
    assert (words in " ".join(judgements(config, groups(config)))) is remarked


@pytest.mark.parametrize(
    ("part", "words"),
    [(0.79, "0 and 1 overlap: they are one"), (0.82, "0 and 1 are 100 nm apart, less than 3 l = "),
     (0.919, "may join"), (0.921, "")],
)  # fmt: skip
def test_islands_that_are_as_good_as_one_are_remarked_on(part, words):
    """Radii of 1 and 3 um, centres 3 and 4 um apart times a part: a gap of 5 part - 4 um."""
    one, other = "{x: 10 um, y: 20 um, radius: 1 um}", f"x: {10 + 3 * part} um, y: {20 + 4 * part}"
    config = of(f"nuclei.islands=[{one}, {{{other} um, radius: 3 um}}]")
    said = [x for x in judgements(config, groups(config)) if x.startswith("nuclei.islands.0 and")]
    assert [words in sentence for sentence in said] == [True] * bool(words)


def test_check_warns_of_a_leak_that_is_part_of_the_current():
    def warned(sigma_el: str) -> bool:
        config = of(f"layers.0.sigma_el={sigma_el}")
        return any("electrons leak" in text for text in judgements(config, groups(config)))

    assert not warned("1e-8 S/cm") and warned("0.05 S/m")
