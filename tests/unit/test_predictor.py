"""Guesses: exact for what they assume, harmless where they cannot know."""

from __future__ import annotations

import numpy as np
import pytest

from solver.fields import known
from solver.fields.extrapolation import LONGEST
from solver.laws.front import PURE, from_psi
from solver.stepping.predictor import extrapolate

FIELDS = [field for field in known.FIELDS if field.name in ("xi", "c", "phi", "u")]


def moving_front(t: float):
    x = np.linspace(-8, 8, 33)
    xi = from_psi(-(x - 0.7 * t))
    return xi, 100 * np.exp(-0.3 * t) * np.ones_like(x), 0.2 * t * x, np.array([0.0, 3e-9 * t])


def test_a_steady_front_is_extrapolated_exactly():
    history = [(t, moving_front(t)) for t in (0.0, 1.0)]
    for guess, exact in zip(extrapolate(FIELDS, history, 2.5), moving_front(2.5), strict=True):
        assert guess == pytest.approx(exact, rel=1e-9, abs=1e-12)


def test_without_history_the_guess_is_the_last_state():
    state = moving_front(0.0)
    assert extrapolate(FIELDS, [(0.0, state)], 1.0) is state


def test_pure_phases_stay_pure_and_c_stays_positive():
    xi = np.array([0.0, PURE / 2, 1.0])
    before = (xi, np.array([1e3, 1.0, 1e-3]), xi, xi)
    after = (xi, np.array([1e-3, 1e3, 1e-3]), xi, xi)
    guess = extrapolate(FIELDS, [(0.0, before), (1.0, after)], 30.0)
    assert np.array_equal(guess[0], xi)
    assert (guess[1] > 0).all()
    # e^LONGEST is the largest factor in one guess.
    assert (guess[1] <= after[1] * np.exp(LONGEST) * (1 + 1e-12)).all()
