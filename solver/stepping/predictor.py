# SPDX-License-Identifier: MIT
"""Initial guesses for a stage, extrapolated from the last states (pure numpy).

A guess changes the number of passes, not the solution. Every field is extrapolated in the form in
which it is straight in time; its record says which.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.fields.record import Field

State = tuple[np.ndarray, ...]
"""Nodal values of all fields."""


def extrapolate(fields: Sequence[Field], history: list[tuple[float, State]], t: float) -> State:
    """Extrapolate all fields to time `t`.

    Args:
        fields: Their records.
        history: (time, nodal values) of the last states, oldest first; the last two are used.
        t: Time of the guess [s].

    Returns:
        The guess; the last state itself where there is no history.
    """
    points = history[-2:]
    last = points[-1][1]
    if len(points) < 2:
        return last
    weights = _lagrange([time for time, _ in points], t)
    by_field = zip(*(state for _, state in points), strict=True)
    return tuple(
        field.extrapolation(values, weights)
        for field, values in zip(fields, by_field, strict=True)
    )


def _lagrange(times: list[float], t: float) -> list[float]:
    weights = []
    for i, ti in enumerate(times):
        factors = [(t - tj) / (ti - tj) for j, tj in enumerate(times) if j != i]
        weights.append(float(np.prod(factors)))
    return weights
