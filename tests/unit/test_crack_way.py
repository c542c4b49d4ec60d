# SPDX-License-Identifier: MIT
"""Work on the way between two states of a body whose volume of cracks is a function of pressure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from solver.base.errors import SolverError
from solver.equations.crack_energies import Energies, Rest, State
from solver.equations.crack_way import Spent, Way

ALLOWED = 1e-3


class Volume:
    """A body in which cracks have the volume v(p), and the energy int p dv [J/m]."""

    def __init__(self, volume: Callable[[float], float], energy: Callable[[float], float]):
        self.volume, self.energy, self.answers = volume, energy, 0
        self.put(self.at(0.0).state)

    def at(self, p: float, unrest: float = 0.0) -> Rest:
        """At rest under a pressure, but for a part of the energy."""
        state = State(np.array([self.volume(p)]), np.zeros(1), np.empty(0), p, 0.0)
        return Rest(state, Energies(self.energy(p) + unrest, 0.0, p * self.volume(p)), None)

    def put(self, state: State) -> None:
        self.state = state

    def answer(self) -> None:
        self.answers += 1
        self.state = self.at(self.state.pressure).state

    def rest(self, cracks: float) -> Rest:
        return self.at(self.state.pressure)

    def pressed(self, state: State) -> float:
        return float(state.pressure * state.u[0])

    def flowed(self, start: Rest, end: Rest) -> tuple[float, float]:
        return 0.0, 0.0

    def same_deposit(self, one: State, other: State) -> bool:
        return True

    def spent(self, start: Rest, end: Rest, allowed: float = ALLOWED) -> Spent:
        """On the way from one to the other."""
        return Way(self, self.answer).spent(start, end, lambda straight: (allowed, allowed))


def opening_at(p: float) -> Volume:
    """A crack that is shut below a pressure."""
    return Volume(lambda x: max(0.0, x - p), lambda x: max(0.0, x * x - p * p) / 2)


def test_a_straight_way_takes_no_answer():
    body = opening_at(0.0)
    assert body.spent(body.at(0.2), body.at(1.0)).work == pytest.approx((1 - 0.2**2) / 2, rel=1e-14)
    assert body.answers == 0


def test_one_answer_half_way_is_exact_for_a_parabola():
    body = Volume(lambda x: x * x, lambda x: 2 / 3 * x**3)
    found = body.spent(body.at(0.0), body.at(1.0))
    assert found.work == pytest.approx(2 / 3, rel=1e-14)  # 1/2 on a straight way
    assert abs(found.missing) < 1e-15 and body.answers == 1


@pytest.mark.parametrize("corner", [0.13, 0.5, 0.77])
def test_a_corner_is_halved_where_it_is(corner):
    body = opening_at(corner)
    end = body.at(1.0)
    found = body.spent(body.at(0.0), end)
    straight = (1 - corner) / 2 - (1 - corner**2) / 2
    assert abs(straight) > 50 * ALLOWED
    assert found.work == pytest.approx((1 - corner**2) / 2, abs=ALLOWED)
    assert abs(found.missing) <= ALLOWED and body.answers <= 5 < np.sqrt(abs(straight) / ALLOWED)
    assert body.state is end.state


def test_what_a_start_lacks_of_rest_is_asked_for_once():
    body = Volume(lambda x: x, lambda x: x * x / 2)
    found = body.spent(body.at(0.0, unrest=0.1), body.at(1.0))
    assert found.missing == pytest.approx(0.1) and body.answers == 1
    assert found.work == pytest.approx(0.5)


def test_corners_that_make_up_for_each_other_in_part_are_both_found():
    """Open from 0.3 on, half as stiff from 0.6 on."""

    def volume(x: float) -> float:
        return max(0.0, x - 0.3) - 0.6 * max(0.0, x - 0.6)

    def energy(x: float) -> float:
        return max(0.0, x * x - 0.3**2) / 2 - 0.6 * max(0.0, x * x - 0.6**2) / 2

    body = Volume(volume, energy)
    assert body.spent(body.at(0.0), body.at(1.0)).work == pytest.approx(energy(1.0), abs=ALLOWED)


def test_there_is_an_end_to_answers():
    body = opening_at(0.37)
    body.spent(body.at(0.0), body.at(1.0), allowed=0.0)
    assert body.answers <= 15


def test_a_way_without_a_state_half_way_is_straight_and_ends_where_it_ends():
    body = opening_at(0.5)
    end = body.at(1.0)

    def none() -> None:
        raise SolverError("no equilibrium")

    found = Way(body, none).spent(body.at(0.0), end, lambda straight: (ALLOWED, ALLOWED))
    assert found.work == pytest.approx(0.25) and found.missing == pytest.approx(-0.125)
    assert body.state is end.state


class Turning(Volume):
    """Lithium whose stress turns round with p, from -1 to 1 Pa at 0.45, and which flows then."""

    def __init__(self):
        super().__init__(lambda p: 0.0, lambda p: 0.0)

    def flowed(self, start: Rest, end: Rest) -> tuple[float, float]:
        (p, q), most = (x.state.pressure for x in (start, end)), 0.45
        (s, t), (e, f) = (
            [of(x) for x in (p, q)]
            for of in (lambda x: min(2 * x / most - 1, 1.0), lambda x: max(0.0, x - most))
        )
        return 0.5 * (s + t) * (f - e), 0.5 * abs(t - s) * (f - e)


def test_a_stress_that_turns_round_dissipates_what_it_does_once_it_has():
    """By the mean of both ends none, and nothing of the work is missing."""
    body = Turning()
    assert body.flowed(body.at(0.0), body.at(1.0))[0] == 0.0
    way = Way(body, body.answer)
    found = way.spent(body.at(0.0), body.at(1.0), lambda straight: (np.inf, 0.02 * straight.open))
    assert found.flowed == pytest.approx(0.55, abs=0.02)
    assert 2 <= body.answers <= 6
