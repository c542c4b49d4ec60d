# SPDX-License-Identifier: MIT
"""The integrator's states as values in an order of the mesh, for files and new meshes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from solver.cell.order import InputOrder
from solver.stepping.integrator import Integrator

if TYPE_CHECKING:
    from dolfinx.fem import Function

Gathered = list[tuple[float, tuple[np.ndarray, ...]]]
"""Times [s] and values of all fields, oldest first, on each rank what the order gives it."""


def gather(integrator: Integrator, order: InputOrder) -> Gathered:
    """Bring the states into an order; the model's state is then the last of them. Collective."""
    return [
        (t, tuple(order.values(f) for f in functions)) for t, functions in each(integrator)
    ]


def each(integrator: Integrator) -> Iterator[tuple[float, Sequence[Function]]]:
    """The states one after the other as the model's, which is then the last of them."""
    state = integrator.model.state
    for t, values in integrator.history:
        state.restore(values)
        yield t, state.functions


def scatter(integrator: Integrator, order: InputOrder, gathered: Gathered) -> None:
    """Give states to an integrator, which goes on from the last of them. Collective."""
    state, history = integrator.model.state, []
    for t, values in gathered:
        for f, array in zip(state.functions, values, strict=True):
            order.set_values(f, array)
        history.append((t, state.arrays()))
    integrator.resume(history)
