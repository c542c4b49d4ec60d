"""What a cycler makes of voltage, current and charge: ends, landings, records, cycles."""

from math import inf

import pytest

from solver.input.protocol_steps import End, Moment, Step
from solver.stepping.cycler import TRIES, Cycler, Limit, Place, Records, resolved
from solver.stepping.stepper import Stepper

CHARGE = Step("current", 10.0, 0.0, (End("time", 100.0),), None, 1)
UP = CHARGE._replace(ends=(End("voltage_above", 0.2), End("time", 100.0)))
REST = Step("rest", 0.0, 0.0, (End("time", 50.0),), 20.0, 2)


def cycler(*steps, limits=(), records=Records(), place=None):  # noqa: B008
    return Cycler(steps, limits, records, place or Place())


def moment(time=1.0, voltage=0.0, current=10.0, charge=0.0, tip=1e-6, shorted=False, dead=0.0):
    return Moment(time, voltage, current, charge, tip, shorted, dead=dead)


def test_a_step_lands_on_its_voltage_by_the_secant():
    """U = 0.1 V + t^2 V/s^2, of which every try sees a chord from the state before, at 0.1 s."""
    c = cycler(UP)
    c.take(0.1, moment(0.1, voltage=0.11))
    dt, tries = 1.0, []
    while (sooner := c.landing(moment(voltage=0.1 + (0.1 + dt) ** 2), dt)) is not None:
        tries.append(dt := sooner)
    # 0.09/(1.1^2 - 0.1^2) = 3/40: it falls short, and the next step goes on from there.
    assert tries == [pytest.approx(0.075)]
    c.take(0.175, moment(0.175, voltage=0.1 + 0.175**2))
    assert not c.place.ended
    assert c.landing(moment(voltage=0.2 + 2e-4), 1.0) is not None
    c.take(0.2, moment(0.2, voltage=0.2 - 1.5e-4))
    assert not c.place.ended and c.landing(moment(voltage=0.2 + 0.9e-4), 1.0) is None
    c.take(0.3, moment(0.3, voltage=0.2 - 0.9e-4))
    assert c.place.ended and c.place.stopped == "end of the protocol"


def test_ends_are_as_close_as_they_are_large():
    close = [resolved(End("voltage_above", U)) for U in (5.0, -3e-3, 0.0)]
    assert close == pytest.approx([1e-4, 3e-6, 1e-6], rel=1e-12)
    assert resolved(End("capacity", 3600.0)) == pytest.approx(3.6, rel=1e-12)


def test_a_landing_is_tried_so_often_and_no_more():
    c = cycler(UP)
    c.take(1.0, moment(voltage=0.1))
    sizes = [c.landing(moment(voltage=0.5), 1.0) for _ in range(TRIES + 1)]
    assert sizes == [pytest.approx(0.25)] * TRIES + [None]


def test_a_first_step_becomes_shorter_until_it_ends_before_the_end():
    """U = 1 mV/s t, of which 0.2 V are waited for, from a first step of 1000 s."""
    c = cycler(UP._replace(ends=UP.ends[:1]), UP)
    dt, tries = 1e3, [1e3]
    while (sooner := c.landing(moment(voltage=1e-3 * dt), dt)) is not None:
        tries.append(dt := sooner)
    assert tries == pytest.approx([1e3, 100.0])
    c.take(100.0, moment(100.0, voltage=0.1))
    assert not c.place.ended
    assert c.landing(moment(voltage=0.3), 200.0) == pytest.approx(100.0)


def test_an_end_that_is_met_at_once_takes_a_first_step_that_is_as_good_as_none():
    c = cycler(UP, UP)
    dt, tries = 9.0, 0
    while (sooner := c.landing(moment(voltage=0.5), dt)) is not None:
        dt, tries = sooner, tries + 1
    assert dt == pytest.approx(9e-4) and tries == 4
    c.take(dt, moment(voltage=0.5))
    # At the start of a step the voltage before is that of another one.
    assert c.place.ended and c.turn(dt)
    assert c.landing(moment(voltage=0.5), 1.0) == pytest.approx(0.1)


def test_the_clock_ends_what_it_can():
    c = cycler(CHARGE._replace(ends=(End("capacity", 250.0),)), REST)
    assert c.edge == 25.0
    c.take(24.0, moment(24.0, charge=240.0))
    assert not c.place.ended and not c.turn(24.0)
    c.take(25.0 * (1 - 1e-15), moment(25.0, charge=250.0))
    assert c.place.ended and c.turn(25.0)
    assert (c.step, c.place.begun, c.place.charge, c.edge) == (REST, 25.0, 0.0, 75.0)


def test_records_are_landed_on_until_the_edge():
    c = cycler(REST, records=Records(every=7.0))
    assert [c.landmark(t) for t in (0.0, 19.0, 20.0, 20.0 - 1e-12, 45.0)] == [20, 20, 40, 40, 50]
    assert cycler(CHARGE._replace(ends=())).landmark(3.0) == inf
    assert cycler(CHARGE, records=Records(every=30.0)).landmark(95.0) == 100.0


def test_changes_between_rows_are_as_small_as_asked():
    c = cycler(CHARGE, records=Records(dU=0.01, dI=1.0))
    assert c.landing(moment(voltage=0.5), 1.0) is None  # the first state of a step is a jump
    c.take(1.0, moment(voltage=0.5))
    assert c.landing(moment(voltage=0.52), 1.0) == pytest.approx(0.5)
    assert c.landing(moment(voltage=0.52, current=14.0), 1.0) == pytest.approx(0.25)
    assert c.landing(moment(voltage=0.49), 1.0) is None


@pytest.mark.parametrize(
    ("end", "seen"),
    [
        (End("tip_above", 2e-6), {"tip": 2e-6, "current": -1.0}),
        (End("bare", 1e-6), {"tip": 1e-6, "current": -1.0}),
        (End("crack_left"), {"cracked": ("counter", "left")}),
        (End("current_over", 20.0), {"current": 20.0}),
        (End("current_under", -5.0), {"current": -5.0}),
    ],
)
def test_limits_end_everything(end, seen):
    c = cycler(CHARGE, REST, limits=(Limit(end, "enough"),))
    c.take(1.0, moment(tip=1.5e-6))
    assert not c.place.stopped
    c.take(2.0, moment(tip=1.5e-6)._replace(**seen))
    assert c.place.stopped == "enough" and not c.turn(2.0)


def test_cycles_count_what_has_passed_each_way():
    c = cycler(CHARGE, CHARGE._replace(value=-10.0, cycle=2))
    c.take(60.0, moment(60.0, charge=600.0))
    c.take(100.0, moment(100.0, charge=1000.0))
    c.turn(100.0)
    c.take(130.0, moment(30.0, charge=-300.0, dead=7.0))
    assert c.place.cycles == [[1, 100.0, 1000.0, 0.0, 0.0], [2, 130.0, 0.0, 300.0, 7.0]]


def test_round_off_of_a_rest_counts_for_no_cycle():
    c = cycler(CHARGE._replace(value=-10.0), REST)
    c.take(100.0, moment(100.0, charge=-1000.0, current=-10.0))
    c.turn(100.0)
    c.take(150.0, moment(50.0, charge=1e-13, current=1e-15))
    assert c.place.cycles == [[1, 150.0, 0.0, 1000.0, 0.0]]


def test_a_scan_through_zero_waits_for_the_tip_that_it_began_towards():
    scan = Step("voltage", 0.01, -1e-4, (End("tip", 7e-6), End("time", 200.0)), None, 1)
    c = cycler(scan, scan)
    for t, current, tip in ((50.0, 5.0, 6.4e-6), (150.0, -5.0, 6.4e-6)):
        seen = dict(voltage=0.0, current=current, tip=tip, shorted=False)
        c.take(t, c.moment(t, 0.0, **seen))
        assert not c.place.ended
    c.take(160.0, c.moment(160.0, 0.0, **seen | {"tip": 7e-6}))
    assert c.place.ended and c.turn(160.0) and c.place.rising is None


def test_a_step_in_time_ends_where_it_is_aimed_at():
    s = Stepper(dt=8.0, dt_min=1e-3, dt_max=100.0, tolerance=0.1, milestones=[0.0, 50.0])
    s.edge = 7.0
    assert s.propose(0.0) == 7.0
    s.aim(3.0)
    assert s.propose(0.0) == 3.0
    assert s.accept(3.0, 0.1) and s.rejected == 1
    # The size planned before is not that of a landing; the next one knows of it no more.
    assert (s.dt, s.propose(3.0)) == (8.0, 4.0)
