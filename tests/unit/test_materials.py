# SPDX-License-Identifier: MIT
"""The material library, and configs that take from it."""

import io

import pytest

from solver.base.errors import InputError
from solver.input.loading import parse, resolved_yaml
from solver.materials import MATERIALS, listing
from solver.materials.chen2025 import SIGMA_LATP, SIGMA_LPSC, TEMPERATURES
from solver.materials.mixing import Moduli, hill, reuss, voigt
from solver.materials.records import Conductivity
from solver.verbs.cli import main

CELL = """
title: a cell
constants: {T: 298.15 K}
layers:
  - {name: below, thickness: 30 um, material: %s}
  - {name: above, thickness: 20 um, material: LATP, E: 1 GPa}
"""


@pytest.mark.parametrize(("name", "measured"), [("LPSC", SIGMA_LPSC), ("LATP", SIGMA_LATP)])
def test_law_follows_the_table_within_its_scatter(name, measured):
    law = MATERIALS[name].sigma_ion
    for T, sigma in zip(TEMPERATURES, measured, strict=True):
        assert law.at(T) == pytest.approx(sigma, rel=2.5 * law.scatter)


def test_8s_2o_has_the_printed_conductivity_and_slope():
    law = MATERIALS["8S-2O"].sigma_ion
    assert law.at(298.15) == pytest.approx(0.2, rel=1e-12)
    assert law.slope == -3.872


def test_layer_takes_what_it_does_not_give():
    config = parse(CELL % "8S-2O")
    assert config.layers[0].sigma_ion == pytest.approx(0.2, rel=1e-12)
    assert config.layers[1].sigma_ion == pytest.approx(0.119, rel=1e-3)
    assert (config.layers[1].E, config.layers[1].nu) == (1e9, 0.25)
    assert parse(resolved_yaml(config)) == config


def test_conductivity_is_that_of_the_configs_temperature():
    warm = parse(CELL % "LPSC", ["constants.T=343.15 K"]).layers[0].sigma_ion
    assert warm == pytest.approx(2.485, rel=0.05)


@pytest.mark.parametrize(
    ("name", "override", "words"),
    [
        ("LPSX", "title=t", ["layers.0.material", "'LPSC'"]),
        ("LPSC", "constants.T=400 K", ["293.15 to 343.15 K", "400 K", "sigma_ion"]),
        ("7S-3O", "title=t", ["sigma_ion", "7S-3O", "not known"]),
        ("LLZO", "title=t", ["sigma_ion", "not known"]),
    ],
)
def test_material_that_cannot_be_used_is_refused(name, override, words):
    with pytest.raises(InputError) as caught:
        parse(CELL % name, [override])
    assert all(word in str(caught.value) for word in words)


def test_hill_mean_lies_between_the_bounds_which_meet_for_equal_parts():
    a, b = Moduli.of(22.1e9, 0.37), Moduli.of(115e9, 0.25)
    lower, mean, upper = (rule(a, b, 0.8) for rule in (reuss, hill, voigt))
    assert lower.E < mean.E < upper.E
    same = hill(a, a, 0.3)
    assert (same.E, same.nu) == (pytest.approx(22.1e9), pytest.approx(0.37))


def test_every_value_has_a_source_and_every_material_is_listed():
    for material in MATERIALS.values():
        values = [*material.values.values(), *material.others.values()]
        assert all(value.source for value in values)
    stream = io.StringIO()
    listing.show(stream)
    assert all(f"{name}: " in stream.getvalue() for name in MATERIALS)


@pytest.mark.parametrize(("name", "meant"), [("LSPC", "LPSC"), ("lpsc", "LPSC"), ("peo", "PEO")])
def test_a_material_of_nearly_that_name_is_suggested(name, meant, capsys):
    with pytest.raises(InputError, match=f"no known material; did you mean '{meant}'\\?$"):
        parse(CELL % name, [])
    assert main(["materials", name]) == 2
    assert capsys.readouterr().err.strip().endswith(f"no such material; did you mean '{meant}'?")


def test_unknown_material_is_one_sentence(capsys):
    assert main(["materials", "unobtainium"]) == 2
    assert "no such material" in capsys.readouterr().err


def test_bounds_and_their_mean_by_hand():
    a, b = Moduli(2.0, 4.0), Moduli(6.0, 8.0)
    assert voigt(a, b, 0.25) == pytest.approx((5, 7))
    assert reuss(a, b, 0.25) == pytest.approx((4, 6.4))
    assert hill(a, b, 0.25) == pytest.approx((4.5, 6.7))


def test_what_is_known_at_one_temperature_is_that_there_and_nothing_elsewhere():
    law = Conductivity.at_one(323.15, 1.28e-2, "")
    assert law.at(323.15) == pytest.approx(1.28e-2, rel=1e-12)
    with pytest.raises(ValueError, match="at 323.15 K, not at 300 K"):
        law.at(300)


@pytest.mark.parametrize(("name", "slope"), [("LPSC", -3.745), ("LATP", -3.709)])
def test_refitted_slopes_are_those_of_the_tables(name, slope):
    assert round(MATERIALS[name].sigma_ion.slope, 3) == slope
