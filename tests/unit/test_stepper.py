"""The time-step policy, without a mesh."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.base.errors import SolverError
from solver.stepping.stepper import (
    CUT,
    FASTEST,
    HOLD,
    HOPELESS,
    SAFETY,
    SHORT,
    SLOWEST,
    TOO_MANY,
    Stepper,
)


def stepper(**changes) -> Stepper:
    values = {"dt": 1.0, "dt_min": 1e-6, "dt_max": 100.0, "tolerance": 0.1}
    return Stepper(**(values | changes))


def test_a_second_order_error_sets_the_next_step():
    s = stepper()
    assert s.accept(1.0, 0.09)
    assert s.dt == pytest.approx(SAFETY * (0.1 / 0.09) ** 0.5)
    assert not s.accept(1.0, 0.4)
    assert s.dt == pytest.approx(SAFETY * 0.5)
    assert s.rejected == 1


def test_growth_and_size_are_bounded():
    s = stepper(dt=80.0)
    assert s.accept(80.0, 0.0)
    assert s.dt == 100.0
    s = stepper()
    assert s.accept(1.0, 1e-12)
    assert s.dt == FASTEST


def test_a_failed_step_is_cut_until_the_minimum():
    s = stepper(dt=4e-6)
    s.fail(4e-6, "no convergence")
    assert s.dt == pytest.approx(4e-6 * CUT)
    with pytest.raises(SolverError, match="dt_min.*no convergence"):
        for _ in range(3):
            s.fail(s.dt, "no convergence")


def march(s: Stepper, largest: float, end: float) -> float:
    """Steps to `end` where any larger than `largest` fails; the time that was reached."""
    t = 0.0
    while t < end * (1 - 1e-12):
        dt = s.propose(t)
        if dt > largest:
            s.fail(dt, "c fell below 0")
        elif s.accept(dt, 1e-6):
            t += dt
    return t


def test_a_run_that_crawls_is_ended():
    end = 2.0 * HOPELESS
    with pytest.raises(
        SolverError, match=f"{TOO_MANY} of the last [0-9]+ steps.*at this pace.*c fell"
    ):
        march(stepper(milestones=[end]), 1.0, end)


def test_a_run_whose_steps_are_bounded_goes_on_to_its_end():
    s = stepper(milestones=[1000.0])
    assert march(s, 1.0, 1000.0) == pytest.approx(1000.0)
    assert TOO_MANY < s.rejected <= 1000 / (HOLD + 1)


def test_a_step_does_not_grow_soon_after_a_failure():
    s = stepper()
    s.fail(1.0, "no convergence")
    for _ in range(HOLD):
        assert s.accept(s.dt, 1e-6)
        assert s.dt == CUT
    assert s.accept(s.dt, 1e-6)
    assert s.dt == CUT * FASTEST


def test_a_milestone_does_not_shrink_the_steps_after_it():
    s = stepper(dt=8.0, milestones=[10.0])
    assert s.propose(0.0) == 5.0  # two equal steps instead of 8 and a sliver
    assert s.accept(5.0, 0.1 * 0.64)
    assert s.dt == 8.0


@pytest.mark.parametrize("dt", [39.3, 39.995, 40.0, 40.005, 79.9])
def test_round_off_does_not_decide_between_one_step_and_two(dt):
    assert stepper(dt=dt, milestones=[40.0]).propose(0.0) == 40.0


def test_a_step_that_ends_well_before_a_milestone_is_followed_by_another():
    assert stepper(dt=39.1, milestones=[40.0]).propose(0.0) == 20.0


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.floats(0.01, 3.0), st.lists(st.floats(0.1, 50.0), min_size=1, max_size=8, unique=True))
def test_every_milestone_is_met(dt, milestones):
    s = stepper(dt=dt, milestones=sorted(milestones))
    t, met = 0.0, []
    while t < max(milestones) * (1 - 1e-12):
        step = s.propose(t)
        assert 0 < step <= s.dt / SHORT
        t += step
        met.append(t)
    for m in milestones:
        assert min(abs(t - m) for t in met) < 1e-9 * m


def test_an_error_of_the_tolerance_passes_and_one_above_it_does_not():
    assert stepper().accept(1.0, 0.1)
    s = stepper()
    assert not s.accept(1.0, 0.1 * (1 + 1e-9))
    assert s.dt == pytest.approx(SAFETY)


def test_one_error_does_not_tell_of_steps_a_hundred_times_smaller():
    s = stepper()
    assert not s.accept(1.0, 1e4 * 0.1)
    assert s.dt == SLOWEST


def test_a_crawling_run_that_is_restarted_goes_on_crawling_towards_its_end():
    """A requeued hopeless run is ended by the failures of its lives together."""

    def crawl(s, steps):
        for _ in range(steps):
            s.propose(0.0)
            s.fail(s.dt, "stuck")
            s.dt = 1.0

    s = stepper(milestones=[1e9])
    s.propose(0.0)
    assert s.accept(1e-3, 1e-6)
    crawl(s, TOO_MANY - 1)
    fresh = stepper(milestones=[1e9])
    fresh.recall(json.loads(json.dumps(s.memory())))
    assert fresh.memory() == s.memory() and fresh.first == "stuck"
    with pytest.raises(SolverError, match=f"{TOO_MANY} of the last {TOO_MANY + 1} steps"):
        crawl(fresh, 1)
