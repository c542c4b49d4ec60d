"""The time-step policy, without a mesh."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import SolverError
from solver.stepper import CUT, FASTEST, RECENT, SAFETY, TOO_MANY, Stepper


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


def test_a_run_that_crawls_is_ended():
    s = stepper()
    with pytest.raises(SolverError, match=f"{TOO_MANY} of the last 80 steps.*stuck.*c fell"):
        for _ in range(TOO_MANY):
            assert s.accept(s.dt, 1e-6)  # doubles what the failure has halved
            s.fail(s.dt, "c fell below 0")


def test_failures_now_and_then_are_ordinary():
    s = stepper()
    for _ in range(10 * RECENT):
        assert s.accept(s.dt, 1e-6)
        assert s.accept(s.dt, 0.05)
        s.fail(s.dt, "no convergence")
    assert s.rejected == 10 * RECENT


def test_a_milestone_does_not_shrink_the_steps_after_it():
    s = stepper(dt=8.0, milestones=[10.0])
    assert s.propose(0.0) == 5.0  # two equal steps instead of 8 and a sliver
    assert s.accept(5.0, 0.1 * 0.64)
    assert s.dt == 8.0


@settings(derandomize=True, max_examples=200)
@given(st.floats(0.01, 3.0), st.lists(st.floats(0.1, 50.0), min_size=1, max_size=8, unique=True))
def test_every_milestone_is_met(dt, milestones):
    s = stepper(dt=dt, milestones=sorted(milestones))
    t, met = 0.0, []
    while t < max(milestones) * (1 - 1e-12):
        step = s.propose(t)
        assert 0 < step <= s.dt
        t += step
        met.append(t)
    for m in milestones:
        assert min(abs(t - m) for t in met) < 1e-9 * m
