# SPDX-License-Identifier: MIT
"""A side of the cell that comes in, u.n = -v t, as a smooth stiff wall."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.equations.conditions import Course, Held
from solver.input.mechanics import INWARD, NORMAL


def held(side: str, speed: float) -> Held:
    """What it holds of the displacement, at a speed into the cell [m/s]."""
    return Held(side, Course.ramp(INWARD[side] * speed), NORMAL[side])


class PushedSide:
    """Moves guesses of the displacement along with the side. Methods are collective.

    Args:
        model: The model.
        side: Name of the side.

    Attributes:
        side: That name.
    """

    def __init__(self, model: Any, side: str):
        self.side, self._comm = side, model.comm
        self._held = held(side, model.config.mechanics.push_speed)
        self._rows = 2 * model.domain.dofs(model.Vu, side) + self._held.component
        self._own = 2 * model.Vu.dofmap.index_map.size_local
        size = (model.domain.width, model.domain.height)[self._held.component]
        at = model.Vu.tabulate_dof_coordinates()[:, self._held.component] / size
        self._share = at if INWARD[side] < 0 else 1 - at

    def follow(self, u: fem.Function, t: float) -> None:
        """Have the cell give way evenly from where the side is in `u` to where it is at t [s].

        Moved alone, it would strain the triangles beside it by all of its way: no guess, and no
        measure of forces.
        """
        sign = INWARD[self.side]
        local = float((sign * u.x.array[self._rows]).max(initial=-np.inf))
        missing = self._held.course.at(t) - sign * self._comm.allreduce(local, MPI.MAX)
        u.x.array[self._held.component :: 2] += missing * self._share

    def norm(self, force: np.ndarray) -> float:
        """2-norm of nodal forces along the normal of the side [N]."""
        mine = force[self._rows[self._rows < self._own]]
        return sqrt(self._comm.allreduce(float(mine @ mine), MPI.SUM))
