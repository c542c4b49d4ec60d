# SPDX-License-Identifier: MIT
"""Steps, their error and the going back, on equations whose stages can be solved by hand.

c decays, the front coordinate psi decays or advances evenly, and Li+ enters at a rate that follows
c: implicit Euler of all three is a division.
"""

from math import sqrt

import numpy as np
import pytest

from solver.base.errors import StageRejected
from solver.laws.front import from_psi, psi
from solver.laws.tableau import METHODS
from tests.small_cell import build

COARSE = ("mesh.size_min=2 um", "mesh.size_max=2 um", "mechanics.enabled=false")
GAMMA = 1 - 1 / sqrt(2)
DT = 0.4
C_WEIGHT = 0.5
"""Weight of an error of c/c0 against one of xi (docs/numerics.md)."""
PSI = 1.7
"""Front coordinate at the start."""


class ByHand:
    """Scheme for dc/dt = -decay c, dpsi/dt = advance - relax psi and an inflow of c at node 0."""

    def __init__(self, model, decay=0.0, advance=0.0, relax=0.0):
        self.state, self.passes = model.state, 1
        self.decay, self.advance, self.relax = decay, advance, relax

    def begin_step(self):
        pass

    def solve(self, base, tau, final=True):
        s = self.state
        s.c.x.array[:] = base.c / (1 + self.decay * tau)
        s.xi.x.array[:] = from_psi((base.psi + self.advance * tau) / (1 + self.relax * tau))
        self.deposit, self.inflow = s.xi.x.array - base.xi, s.c.x.array[0]


@pytest.fixture(scope="module")
def built():
    return {name: build(*COARSE, f"time.scheme={name}") for name in METHODS}


def started(built, method, **rates):
    """Integrator of uniform fields, c = c0 in both layers."""
    model, integrator = built[method]
    integrator.scheme = ByHand(model, **rates)
    model.state.xi.x.array[:] = from_psi(np.full(len(model.coefficients.inv_c0), PSI))
    model.state.c.x.array[:] = 1 / model.coefficients.inv_c0
    integrator.start(0.0)
    return model, integrator


def stages(y, rate, dt):
    """Results of both stages of SDIRK2 for dy/dt = -rate y."""
    first = y / (1 + GAMMA * rate * dt)
    return first, (y - (1 - GAMMA) * dt * rate * first) / (1 + GAMMA * rate * dt)


def test_sdirk2_is_alexanders_method(built):
    model, integrator = started(built, "sdirk2", decay=1.5, relax=0.8)
    integrator.step(DT)
    ratio = model.state.c.x.array * model.coefficients.inv_c0
    assert ratio == pytest.approx(stages(1.0, 1.5, DT)[1], rel=1e-12)
    assert psi(model.state.xi.x.array) == pytest.approx(stages(PSI, 0.8, DT)[1], rel=1e-12)
    # Of order 2: exp(-z) but for a term of third order.
    assert stages(1.0, 1.5, DT)[1] == pytest.approx(np.exp(-1.5 * DT), abs=0.1 * (1.5 * DT) ** 3)


def test_sdirk3_is_alexanders_method(built):
    """R(z) of an L-stable method of order 3 with three equal diagonal coefficients is unique."""
    model, integrator = started(built, "sdirk3", decay=1.5, relax=0.8)
    integrator.step(DT)
    g = 0.43586652150845967

    def growth(z):
        top = 1 + (1 - 3 * g) * z + (0.5 - 3 * g + 3 * g * g) * z * z
        return top / (1 - g * z) ** 3

    ratio = model.state.c.x.array * model.coefficients.inv_c0
    assert ratio == pytest.approx(growth(-1.5 * DT), rel=1e-12)
    assert psi(model.state.xi.x.array) == pytest.approx(PSI * growth(-0.8 * DT), rel=1e-12)
    assert growth(-1.5 * DT) == pytest.approx(np.exp(-1.5 * DT), abs=0.1 * (1.5 * DT) ** 4)


def test_error_of_c_is_the_second_stage_with_both_rates(built):
    _, integrator = started(built, "sdirk2", decay=1.5)
    first, second = stages(1.0, 1.5, DT)
    expected = C_WEIGHT * GAMMA * DT * 1.5 * (first - second)
    assert integrator.step(DT).error == pytest.approx(expected, rel=1e-9)


def test_error_of_xi_is_that_of_psi_as_a_change_of_xi(built):
    model, integrator = started(built, "sdirk2", relax=0.8)
    first, second = stages(PSI, 0.8, DT)
    step = integrator.step(DT)
    xi = model.state.xi.x.array[0]
    assert xi == pytest.approx(1 / (1 + np.exp(-second)))
    assert step.error == pytest.approx(xi * (1 - xi) * GAMMA * DT * 0.8 * (first - second))


@pytest.mark.parametrize("method", METHODS)
def test_a_front_that_advances_evenly_is_exact_at_any_step(built, method):
    model, integrator = started(built, method, advance=-2.0)
    for number, dt in enumerate((DT, 3 * DT)):
        step = integrator.step(dt)
        integrator.keep((1 + 3 * number) * DT)
    assert psi(model.state.xi.x.array) == pytest.approx(PSI - 2.0 * 4 * DT, abs=1e-10)
    assert step.error < 1e-12


def test_inflow_is_weighted_as_the_stages_are(built):
    model, integrator = started(built, "sdirk2", decay=1.5)
    first, second = (c / model.coefficients.inv_c0[0] for c in stages(1.0, 1.5, DT))
    expected = (1 - GAMMA) * DT * first + GAMMA * DT * second
    assert integrator.step(DT).inflow == pytest.approx(expected, rel=1e-12)


def test_error_of_backward_euler_is_half_the_second_difference(built):
    _, integrator = started(built, "backward_euler", decay=1.5)
    one = 1 / (1 + 1.5 * DT)
    assert integrator.step(DT).error == pytest.approx(C_WEIGHT * (1 - one) / 2, rel=1e-9)
    integrator.keep(DT)
    two = one / (1 + 1.5 * 2 * DT)  # a step twice as large
    slopes = (one - 1) / DT, (two - one) / (2 * DT)
    # dt^2/2 y'' with y'' from the slopes at the middles of both steps, 3/2 DT apart.
    expected = C_WEIGHT * (2 * DT) ** 2 / 2 * (slopes[1] - slopes[0]) / (1.5 * DT)
    assert integrator.step(2 * DT).error == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("xi", 1.001, "xi left"), ("xi", -1e-3, "xi left"), ("c", -1.0, "c/c0 fell"),
     ("phi", np.nan, "finite"), ("u", np.inf, "finite")],
)  # fmt: skip
def test_a_step_out_of_bounds_is_rejected_and_undone(built, field, value, words):
    model, integrator = started(built, "sdirk2", decay=1.5)
    before = model.state.arrays()
    solve = integrator.scheme.solve

    def solved_wrongly(base, tau, final=True):
        solve(base, tau, final)
        if final:
            getattr(model.state, field).x.array[1] = value

    integrator.scheme.solve = solved_wrongly
    with pytest.raises(StageRejected, match=words):
        integrator.step(DT)
    after = model.state.arrays()
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_without_mechanics_nothing_is_displaced():
    model, integrator = build(*COARSE, "mechanics.enabled=false")
    integrator.step(DT)
    assert not model.state.u.x.array.any()
