"""Methods in time: order conditions, stability, and the algebra of bases."""

import numpy as np
import pytest

from solver.laws.tableau import METHODS, Tableau


def step(tableau: Tableau, rate: complex, dt: float) -> tuple[complex, complex]:
    """One step of y' = rate y from 1, stage by stage as the steppers do it, and its estimate."""
    y, ways, increments = 1.0, [], []
    for i, row in enumerate(tableau.A):
        base = y + np.dot(tableau.shares(i), ways) if i else y
        assert base == pytest.approx(y + np.dot(tableau.ratios(i), increments) if i else y)
        stage = base / (1 - row[i] * dt * rate)
        ways.append(stage - y)
        increments.append(stage - base)
    estimate = y + np.dot(tableau.estimate, ways[:-1]) if tableau.estimate else None
    return stage, estimate


@pytest.mark.parametrize("name", METHODS)
def test_every_method_ends_with_its_last_stage_at_consistent_times(name):
    tableau = METHODS[name]
    assert tableau.nodes == pytest.approx([sum(row) for row in tableau.A], rel=1e-15)
    assert tableau.nodes[-1] == 1.0
    assert all(row[i] > 0 for i, row in enumerate(tableau.A))


def test_the_methods_have_the_orders_of_their_papers():
    assert {n: t.order for n, t in METHODS.items()} == {
        "backward_euler": 1, "sdirk2": 2, "sdirk3": 3,
    }  # fmt: skip


@pytest.mark.parametrize("tableau", METHODS.values(), ids=METHODS)
def test_order_of_one_step(tableau):
    errors = [abs(step(tableau, 1.0, dt)[0] - np.exp(dt)) for dt in (0.02, 0.01)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(tableau.order + 1, abs=0.05)


@pytest.mark.parametrize("tableau", METHODS.values(), ids=METHODS)
def test_stiff_decay_is_damped_and_oscillations_do_not_grow(tableau):
    assert abs(step(tableau, -1e9, 1.0)[0]) < 1e-8
    for frequency in (0.1, 1.0, 10.0):
        assert abs(step(tableau, 1j * frequency, 1.0)[0]) <= 1


@pytest.mark.parametrize("tableau", [METHODS["sdirk2"], METHODS["sdirk3"]])
def test_the_estimate_is_the_last_stage_with_the_rate_before_it(tableau):
    dt, rate = 0.1, -0.7
    stages = []
    for i, row in enumerate(tableau.A):
        known = 1 + dt * sum(a * rate * y for a, y in zip(row, stages, strict=False))
        stages.append(known / (1 - row[i] * dt * rate))
    wanted = tableau.A[-1][-1] * dt * rate * (stages[-1] - stages[-2])
    end, estimate = step(tableau, rate, dt)
    assert end == pytest.approx(stages[-1], rel=1e-14)
    assert end - estimate == pytest.approx(wanted, rel=1e-12)
