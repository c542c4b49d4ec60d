# SPDX-License-Identifier: MIT
"""What `check` says about where notches are, and about the lithium in them, by hand."""

import numpy as np
import pytest

from solver.check import pressed, report
from solver.input import loading
from tests.unit.test_check_cracks import CELL, ROOT, lines, said
from tests.unit.test_fracture_config import TEXT

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
    assert "critical pressure" not in lines(*buried)


def test_a_film_holds_the_mouth_of_a_notch():
    """Of 1 um the 0.8 above the film are a whole crack: 129.8 MPa/sqrt(0.4), 27.8 mV."""
    film = "nuclei.film=0.2 um"
    for eta, runs in (("27.6 mV", 0), ("28 mV", 1)):
        found = lines(film, f"fracture.overpotential={eta}")
        assert found["critical pressure"].value == pytest.approx(129.8e6 / 0.4**0.5, rel=1e-3)
        assert "its mouth held by the film: 27.8" in found["critical pressure"].meaning
        assert f"{runs} of 1 run." in found["critical notch length"].meaning


def test_the_critical_pressure_is_that_of_the_notch_that_runs_first():
    found = lines()["critical pressure"]
    assert found.value == pytest.approx(129.8e6, rel=1e-3)
    assert "of notch 0, a = 1 um in A: 17.6 mV; it is pressed with 1.14 times" in found.meaning
    # One of 3 um in the middle of the cell is a whole crack; it is longer all the same.
    inside = "fracture.notches=[{x: 4 um, length: 1 um}, {x: 2 um, y: 3 um, length: 3 um}]"
    found = lines(inside)["critical pressure"]
    assert found.value == pytest.approx(129.8e6 / 1.5**0.5, rel=1e-3)
    assert "of notch 1, a = 1.5 um" in found.meaning
    assert "2 of 2 run." in lines(inside)["critical notch length"].meaning
    assert "critical pressure" not in lines("fracture.notches=[]")


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


def test_the_largest_current_that_plates_counts():
    """Of steps that strip at least as much; the plating alone presses."""
    path = ROOT / "configs" / "notch_plating.yaml"
    plated, stripped = "Charge at 30 mA/cm2 for 1 min", "Discharge at 40 mA/cm2 for 1 min"

    def when(*steps):
        given = f"protocol={{steps: [{', '.join(steps)}]}}"
        return pressed.when_it_runs(loading.parse(path.read_text(), [given], name=str(path)))

    (notch, drive), (same, equal) = when(plated), when(stripped, plated)
    assert (same.number, equal.current) == (notch.number, drive.current)
    assert drive.current == pytest.approx(300)
    assert when(stripped) is None


def test_where_nothing_presses_the_weakest_notch_is_the_nearest():
    two = "fracture.notches=[{x: 2 um, length: 1 um}, {x: 6 um, length: 2 um}]"
    rests = lines(two, "fracture.overpotential=0 V")["critical pressure"]
    assert "of notch 1, a = 2 um" in rests.meaning
    # sqrt(25.61 GPa 2.066 J/m^2/(pi 2 um))
    assert rests.value == pytest.approx(91.77e6, rel=1e-3)


def test_parts_of_a_course_have_their_own_units():
    config = loading.parse(TEXT, ["fracture.overpotential_course=[[0, 0], [100, 25 mV]]"])
    assert "overpotential_course ((0 s 0 V) (100 s 0.025 V))" in str(report.report(config))


FLOWING = ("lithium={flow: plastic, yield_stress: 0.8 MPa}", "fracture.notches.0.y=0.2 um")


def test_lithium_that_flows_holds_no_mouth_and_keeps_up_what_its_shear_bears():
    """A notch of 1 um runs at 129.8 MPa, open by 20.27 nm: 2 0.8 MPa/sqrt(3) over that, 45.57."""
    cell = [*CELL, *FLOWING]
    found = lines(*cell)
    assert found["critical pressure"].value == pytest.approx(129.8e6, rel=1e-3)
    assert "held" not in found["critical pressure"].meaning
    assert found["pressure that flow leaves"].value == pytest.approx(45.57e6, rel=2e-3)
    elastic = lines(*cell, "lithium.flow=none")
    assert elastic["critical pressure"].value == pytest.approx(np.sqrt(2) * 129.8e6, rel=1e-3)
    assert "held by the film" in elastic["critical pressure"].meaning
    assert "pressure that flow leaves" not in elastic
    # Norton: 2 a/(w t_end) = 2/(0.02027 100 s) of strain.
    creeping = lines(*cell, "lithium={flow: norton}")["pressure that flow leaves"].value
    prefactor = 4.25e4 * np.exp(-37e3 / 8.314 / 297.15)
    stress = 1.1e6 * (2 / (20.27e-3 * 100) / prefactor) ** 0.15
    assert creeping == pytest.approx(45.57e6 * stress / 0.8e6, rel=3e-3)


def test_lithium_that_would_be_squeezed_out_of_a_notch_is_remarked_on():
    cell = [*CELL, *FLOWING]
    (sentence,) = (x for x in said(*cell) if "squeezed out" in x)
    assert "45.5" in sentence and "129." in sentence and "pressure_limit" in sentence
    limited = "fracture.pressure_limit=50 MPa"
    for quiet in ("lithium.yield_stress=3 MPa", limited, "lithium.flow=none"):
        assert not any("squeezed out" in x for x in said(*cell, quiet))


PRESSED = ("mechanics.sides.counter=pressure", "mechanics.stack_pressure=30 MPa")


@pytest.mark.parametrize(
    ("sides", "angle", "share"),
    [
        ("counter: pressure", 90, 0.37 / 0.63),
        ("counter: pressure", 0, 1.0),
        ("counter: pressure", 45, 0.5 * (1 + 0.37 / 0.63)),
        ("counter: pressure, left: free, right: free", 90, 0.0),
        ("counter: pressure, left: free", 45, 0.5),
        ("left: pressure", 90, 1.0),
        ("left: pressure", 0, 0.37 / 0.63),
        ("left: pressure, counter: pressure", 45, 1.0),
    ],
)
def test_a_stack_shuts_a_notch(sides, angle, share):
    """By what it presses across it: between rollers nu/(1 - nu) along them, as nu is 0.37."""
    notch = f"fracture.notches=[{{x: 4 um, y: 3 um, length: 1 um, angle: {angle}}}]"
    nu = "layers.0.nu=0.37"
    alone = lines(notch, nu)["critical pressure"]
    found = lines(notch, nu, f"mechanics.sides={{{sides}}}", PRESSED[1])
    pressure = found["critical pressure"]
    assert pressure.value - alone.value == pytest.approx(share * 30e6, abs=1e3)
    assert ("stack's least pressure shuts" in pressure.meaning) == (share > 0)


def test_a_solid_that_a_stack_pulls_open_is_not_shut():
    """Of a negative Poisson's ratio."""
    alone, pulled = (lines("layers.0.nu=-0.5", *x)["critical pressure"] for x in ((), PRESSED))
    assert pulled.value == alone.value and "shuts" not in pulled.meaning


def test_a_shut_notch_needs_to_be_longer():
    """147.45 less 17.6 MPa, 0.37/0.63 of 30: 0.7745 um (147.45/129.83)^2."""
    nu = ("layers.0.nu=0.37", "fracture.notches.0.length=0.9 um")
    alone, shut = (lines(*nu, *x)["critical notch length"] for x in ((), PRESSED))
    longer = (147.45 / (147.45 - 30 * 0.37 / 0.63)) ** 2
    assert shut.value == pytest.approx(alone.value * longer, rel=1e-4)
    assert ("1 of 1 run." in alone.meaning, "0 of 1 run." in shut.meaning) == (True, True)
    more = lines(*nu, PRESSED[0], "mechanics.stack_pressure=1 GPa")["critical notch length"]
    assert np.isinf(more.value)


def test_what_the_stack_bears_breaks_nothing():
    """Of 318 MPa in the crack 294 shut it again; 315 break an electrolyte without a notch."""
    given = ("layers.0.nu=0.37", "fracture.overpotential=60 mV", PRESSED[0])
    shut = said(*given, "mechanics.stack_pressure=320 MPa")
    assert not any("breaks without a notch" in x for x in shut)


@pytest.mark.parametrize(("yield_stress", "squeezed"), [("2.1 MPa", True), ("2.4 MPa", False)])
def test_at_the_mouth_lithium_has_the_pressure_of_the_stack(yield_stress, squeezed):
    """Shear keeps up 119.6 or 136.7 MPa, and without the stack the notch runs at 129.8."""
    given = ("layers.0.nu=0.37", f"lithium.yield_stress={yield_stress}")
    found = said(*CELL, *FLOWING, *given, *PRESSED)
    assert any("squeezed out" in x for x in found) == squeezed


def test_the_least_pressure_of_a_protocol_shuts_a_notch():
    rest = "control: rest, until: [{time: 10 s}], stack_pressure: "
    steps = [f"{{{rest}{p} MPa}}" for p in (30, 10)]
    given = ("nuclei.film=1.5 um", "fracture.notches.0.y=3 um", "layers.0.nu=0.37")
    protocol = f"protocol={{steps: [{', '.join(steps)}]}}"
    held = [x.replace(", control: current, current: 200 A/m^2", "") for x in CELL]
    one, other = (lines(*cell, *given)["critical pressure"]
                  for cell in (CELL, (*held, *PRESSED[:1], protocol)))  # fmt: skip
    assert other.value - one.value == pytest.approx(10e6 * 0.37 / 0.63, rel=1e-6)
    # What no step is under does not count.
    never = lines(*held, *PRESSED[:1], protocol, "mechanics.stack_pressure=1 MPa", *given)
    assert never["critical pressure"].value == other.value


def test_a_shut_slit_opens_by_what_presses_beyond_the_stack():
    """Lithium keeps up as much in it: 45.57 MPa, as wide as without a stack."""
    held = [*CELL, *FLOWING, "layers.0.nu=0.37"]
    alone, shut = (lines(*held, *x)["pressure that flow leaves"].value for x in ((), PRESSED))
    assert shut == pytest.approx(alone, rel=1e-9)
