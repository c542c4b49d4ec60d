# SPDX-License-Identifier: MIT
"""In which form the values of a field are straight in time, for the first guess of a stage.

Each takes the values of the last states, oldest first, and the weights of Lagrange's polynomial.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from solver.laws.front import PURE, from_psi, psi

Extrapolation = Callable[[Sequence[np.ndarray], Sequence[float]], np.ndarray]

LONGEST = 2.0
"""Largest change of log(c) and of psi per guess; guards against wild guesses."""


def straight(values: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """The values themselves."""
    return sum(w * a for w, a in zip(weights, values, strict=True))


def last(values: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """The last values, whatever was before."""
    return values[-1]


def logarithm(values: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """log(c), for a concentration."""
    return np.exp(_limited([np.log(np.maximum(a, PURE)) for a in values], weights))


def front(values: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """The front coordinate psi, for a phase field; pure electrolyte and metal stay as they are."""
    last = values[-1]
    guess = from_psi(_limited([psi(a) for a in values], weights))
    return np.where((last <= PURE) | (last >= 1 - PURE), last, guess)


def _limited(values: list[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    change = np.clip(straight(values, weights) - values[-1], -LONGEST, LONGEST)
    return values[-1] + change
