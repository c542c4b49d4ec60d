# SPDX-License-Identifier: MIT
"""What `check` says of a side that comes in."""

from __future__ import annotations

from pathlib import Path

import pytest

import solver
from solver.check import wall
from solver.input import loading
from solver.laws import elasticity

PRESET = Path(__file__).parents[2] / "configs" / "pushed_wall.yaml"
SPEED, LITHIUM, LPSC = 1.356e-9, (4.9e9, 0.36), (22.1e9, 0.37)
TOP = ("mechanics.sides={counter: pushed, right: free}", "nuclei.film=5 um")
HELD = ("mechanics.sides={counter: pushed}", "nuclei.film=5 um")


def lines(*overrides: str):
    config = loading.load(PRESET, list(overrides))
    return {line.name: line for line in wall.lines(config)}


def said(*overrides: str) -> list[str]:
    found = solver.report(loading.load(PRESET, list(overrides))).judgements
    return [x for x in found if x.startswith("mechanics.push_speed")]


def plate(E: float, nu: float) -> float:
    return E / (1 - nu**2)


def confined(E: float, nu: float) -> float:
    return E * (1 - nu) / ((1 + nu) * (1 - 2 * nu))


def test_a_current_that_plates_as_fast():
    line = lines()["current of the wall"]
    assert line.value == pytest.approx(SPEED * 96500 * 7.64e4, rel=1e-12)
    assert line.value == pytest.approx(10, rel=1e-3)
    assert "1 mA/cm2 plates 1.356 nm/s" in line.meaning
    still = ("mechanics.push_speed=null", "mechanics.sides.right=roller")
    assert not lines(*still) and not lines("mechanics.enabled=false", "lithium.flow=none")


@pytest.mark.parametrize(
    ("changes", "modulus", "length"),
    [
        ((), (plate(*LITHIUM) + plate(*LPSC)) / 2, 10e-6),
        (("mechanics.sides={right: pushed}",), (confined(*LITHIUM) + confined(*LPSC)) / 2, 10e-6),
        (TOP, 1 / (0.25 / plate(*LITHIUM) + 0.75 / plate(*LPSC)), 20e-6),
        (HELD, 1 / (0.25 / confined(*LITHIUM) + 0.75 / confined(*LPSC)), 20e-6),
    ],
)
def test_rise_of_the_pressure_while_nothing_flows(changes, modulus, length):
    line = lines(*changes)["rise of pressure on the wall"]
    assert line.value == pytest.approx(SPEED * modulus / length, rel=1e-9)


def test_what_lithium_bears_at_the_rate_of_the_wall():
    name, law = "pressure that lithium bears", loading.load(PRESET)
    stress = wall.flow_law(law).stress
    assert lines()[name].value == pytest.approx(
        2 / 3**0.5 * stress(2 / 3**0.5 * SPEED / 10e-6), rel=1e-9
    )
    # Between plates the electrolyte holds it.
    assert name not in lines(*TOP) and name not in lines(*HELD)
    assert name not in lines("lithium.flow=none")


def test_what_widens_against_a_stack_bears_that_too():
    name = "pressure that lithium bears"
    pressed = ("mechanics.sides={right: pushed, counter: pressure}", "mechanics.stack_pressure=5e6")
    assert lines(*pressed)[name].value == pytest.approx(5e6 + lines()[name].value, rel=1e-12)


def limit(seconds: float, *changes: str) -> None:
    """The strain is remarked on just from an end of the run on."""
    assert not said(*changes, f"time.end={0.999 * seconds}")
    (sentence,) = said(*changes, f"time.end={1.001 * seconds}")
    assert "by 0.1 until" in sentence


def test_strains_that_are_not_small_are_remarked_on():
    limit(0.1 * 10e-6 / SPEED)
    limit(0.1 * 5e-6 / SPEED, *TOP)  # lithium takes all of it
    lam, mu = elasticity.lame(*LITHIUM)
    for flow, soft in (("none", confined(*LITHIUM)), ("norton", lam + 2 / 3 * mu)):
        mean = 1 / (0.25 / soft + 0.75 / confined(*LPSC))
        limit(0.1 * soft / mean * 20e-6 / SPEED, *HELD, f"lithium.flow={flow}")
    (sentence,) = said(*HELD, "time.end=2000 s")
    assert "strains lithium" in sentence
    soft = ("layers.0.E=12.6 MPa", "layers.0.nu=0.45")
    (sentence,) = said(*HELD, *soft, "time.end=2000 s")
    assert "strains LPSC" in sentence


def test_slips_of_a_unit_and_a_speed_that_does_nothing_are_remarked_on():
    assert not said()
    assert any("is the unit right?" in x for x in said("mechanics.push_speed=1.36 um/s"))
    assert any("is the unit right?" in x for x in said("mechanics.push_speed=1e-13"))
    (sentence,) = said("mechanics.enabled=false", "lithium.flow=none")
    assert "does nothing here" in sentence
