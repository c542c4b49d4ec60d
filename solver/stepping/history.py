# SPDX-License-Identifier: MIT
"""The integrator's states as values in an order of the mesh, for files and new meshes."""

from __future__ import annotations

import numpy as np

from solver.cell.order import InputOrder
from solver.stepping.integrator import Integrator

Gathered = list[tuple[float, tuple[np.ndarray | None, ...]]]
"""Times [s] and values of all fields, oldest first, on each rank what the order gives it."""


def gather(integrator: Integrator, order: InputOrder) -> Gathered:
    """Bring the states into an order; the model's state is then the last of them. Collective."""
    state, gathered = integrator.model.state, []
    for t, values in integrator.history:
        state.restore(values)
        gathered.append((t, tuple(order.values(f) for f in state.functions)))
    return gathered


def scatter(integrator: Integrator, order: InputOrder, gathered: Gathered) -> None:
    """Give states to an integrator, which goes on from the last of them. Collective."""
    state, history = integrator.model.state, []
    for t, values in gathered:
        for f, array in zip(state.functions, values, strict=True):
            order.set_values(f, array)
        history.append((t, state.arrays()))
    integrator.resume(history)
