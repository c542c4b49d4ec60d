# SPDX-License-Identifier: MIT
"""Initial guesses for a stage, extrapolated from the last states (pure numpy).

A guess changes the number of passes, not the solution. The phase field is extrapolated in its
front coordinate psi, in which a moving front is a straight line in time, and c as its logarithm.
"""

from __future__ import annotations

import numpy as np

from solver.terms.phase_field import PURE, from_psi, psi

LONGEST = 2.0
"""Largest change of log(c) and of psi per guess; guards against wild guesses."""


def extrapolate(history: list[tuple[float, tuple[np.ndarray, ...]]], t: float):
    """Extrapolate (xi, c, phi, u) to time `t`.

    Args:
        history: (time, nodal values) of the last states, oldest first; the last two are
            used.
        t: Time of the guess [s].

    Returns:
        The guess, as tuple of arrays; the last state itself where there is no history.
    """
    points = history[-2:]
    last = points[-1][1]
    if len(points) < 2:
        return last
    weights = _lagrange([time for time, _ in points], t)
    xi, c, phi, u = ([state[i] for _, state in points] for i in range(4))
    return (
        _psi_limited(xi, weights),
        np.exp(_limited([np.log(np.maximum(a, PURE)) for a in c], weights)),
        _combine(phi, weights),
        _combine(u, weights),
    )


def _lagrange(times: list[float], t: float) -> list[float]:
    weights = []
    for i, ti in enumerate(times):
        factors = [(t - tj) / (ti - tj) for j, tj in enumerate(times) if j != i]
        weights.append(float(np.prod(factors)))
    return weights


def _combine(values: list[np.ndarray], weights: list[float]) -> np.ndarray:
    return sum(w * a for w, a in zip(weights, values, strict=True))


def _limited(values: list[np.ndarray], weights: list[float]) -> np.ndarray:
    change = np.clip(_combine(values, weights) - values[-1], -LONGEST, LONGEST)
    return values[-1] + change


def _psi_limited(xi: list[np.ndarray], weights: list[float]) -> np.ndarray:
    last = xi[-1]
    guess = from_psi(_limited([psi(a) for a in xi], weights))
    return np.where((last <= PURE) | (last >= 1 - PURE), last, guess)
