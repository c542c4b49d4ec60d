# SPDX-License-Identifier: MIT
"""Surface energy and charge-transfer resistance in place of the mobilities of a front."""

from __future__ import annotations

import pytest

from solver.base.errors import InputError
from solver.check.groups import groups
from solver.check.report import report
from solver.input.loading import parse

TABLE_S1 = "title: Table S1\nlayers: [{name: LPSC, thickness: 50 um}]\n"
F, RT, C_LI = 96500, 8.314 * 297.15, 7.64e4


def of(*overrides: str):
    return parse(TABLE_S1, list(overrides))


def test_table_s1_is_a_surface_energy_of_14_4_and_a_resistance_of_0_76_ohm_cm2():
    # i_0 = 6 F c_Li L_eta l = 337.855 A/m2; Gamma = 3.5e-15 m2/s.
    g = groups(of())
    R_ct = RT / (F * 337.855)
    assert g.R_ct == pytest.approx(R_ct, rel=1e-5)
    assert g.surface_energy == pytest.approx(3.5e-15 * R_ct * (F * C_LI) ** 2, rel=1e-5)
    assert g.surface_energy == pytest.approx(14.42, rel=1e-3)


@pytest.mark.parametrize("length", ["0.4 um", "null"])
def test_there_and_back(length):
    g = groups(of(f"phase_field.interface_length={length}"))
    given = [f"phase_field.surface_energy={g.surface_energy!r}", f"phase_field.R_ct={g.R_ct!r}"]
    p = of(*given, f"phase_field.interface_length={length}").phase_field
    assert (p.L_sigma, p.L_eta) == pytest.approx((5e-6, 0.5), rel=1e-12)


def test_units_of_impedance():
    one, other = of("phase_field.R_ct=0.76 ohm cm^2"), of("phase_field.R_ct=0.076 mohm m^2")
    assert one.phase_field.R_ct == other.phase_field.R_ct == pytest.approx(0.76e-4, rel=1e-14)


def test_small_overpotential_moves_a_flat_front_by_ohms_law():
    """V = eta/(R_ct F c_Li), whatever Li+, temperature and interface are."""
    more = ["lithium.c_Li=5e4", "constants.T=330", "phase_field.kappa_0=1e-9", "phase_field.W=1e6"]
    g = groups(of("phase_field.R_ct=3 ohm cm^2", "boundary.phi_anode=-1 uV", *more))
    assert g.speed == pytest.approx(1e-6 / (3e-4 * F * 5e4), rel=1e-3)
    assert g.R_ct == pytest.approx(3e-4, rel=1e-12)


def test_gibbs_thomson():
    """A tip of radius r whose equilibrium is shifted by eta stands: gamma/(F c_Li r) = eta."""
    config = of("phase_field.surface_energy=0.5", "phase_field.R_ct=1 ohm cm^2",
                "phase_field.kappa_0=1e-9", "boundary.phi_anode=-1 uV")  # fmt: skip
    g = groups(config)
    assert g.critical_radius == pytest.approx(0.5 / (F * C_LI * 1e-6), rel=1e-3)
    assert g.surface_energy == pytest.approx(0.5, rel=1e-12)


def test_surface_energy_alone_has_the_resistance_of_the_rate():
    p = of("phase_field.surface_energy=14.42", "phase_field.L_eta=1").phase_field
    assert p.L_eta == 1
    assert p.L_sigma == pytest.approx(2 * 5e-6, rel=1e-3)
    assert of("phase_field.R_ct=1e-4").phase_field.L_sigma == 5e-6


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (("surface_energy=0.5", "L_sigma=5e-6"), "surface_energy: 0.5 means L_sigma 1.734"),
        (("R_ct=1e-4", "L_eta=0.5"), "R_ct: 0.0001 means L_eta 0.378877"),
        (("surface_energy=0.5", "L_eta=0"), "surface_energy: 0.5 J/m^2 needs a reaction"),
        (("R_ct=1e12", "kappa_0=1e300", "W=1e-300"), "R_ct: 1e+12 leaves no L_eta (0)"),
    ],
)
def test_two_ways_to_say_it_or_none_is_one_sentence(overrides, sentence):
    with pytest.raises(InputError) as caught:
        of(*(f"phase_field.{x}" for x in overrides))
    assert sentence in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_resolved_config_shows_both_and_runs_again():
    config = of("phase_field.surface_energy=0.5", "phase_field.R_ct=2 ohm cm^2")
    text = config.to_yaml()
    assert "surface_energy: 0.5" in text and f"L_sigma: {config.phase_field.L_sigma!r}" in text
    again = parse(text).phase_field
    assert (again.L_sigma, again.L_eta) == (config.phase_field.L_sigma, config.phase_field.L_eta)


def test_mobilities_follow_a_changed_config():
    config = of("phase_field.surface_energy=0.5", "phase_field.R_ct=2 ohm cm^2")
    changed = config.with_({"phase_field.R_ct": "1 ohm cm^2"}).phase_field
    assert changed.L_sigma == pytest.approx(2 * config.phase_field.L_sigma, rel=1e-12)
    assert changed.L_eta == pytest.approx(2 * config.phase_field.L_eta, rel=1e-12)


def test_check_says_what_the_mobilities_mean():
    text = str(report(of()))
    for part in ("R_ct = RT/(6 F^2 c_Li L_eta l)", "7.578e-05 ohm m^2", "14.42 J/m^2"):
        assert part in text
