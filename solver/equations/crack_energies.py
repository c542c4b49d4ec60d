# SPDX-License-Identifier: MIT
"""Energies of a cracking electrolyte and of its deposit, in the model's state and in others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from mpi4py import MPI

from solver.equations.crack_pressure import Kept, Pressing
from solver.equations.flow import Deposit
from solver.equations.model import Model


class Energies(NamedTuple):
    """Of a state [J/m].

    Attributes:
        elastic: E.
        cracks: S.
        pressed: A, with the work of the stack.
    """

    elastic: float
    cracks: float
    pressed: float

    @property
    def free(self) -> float:
        """What is least at rest, E + S - A."""
        return self.elastic + self.cracks - self.pressed


class State(NamedTuple):
    """What the energies are taken of, but for the cracks."""

    u: np.ndarray
    xi: np.ndarray
    eps_v: np.ndarray
    pressure: Kept
    stack: float

    def equals(self, other: State) -> bool:
        """Whether all is the same to the bit."""
        return all(map(np.array_equal, self, other))

    def halfway(self, other: State) -> State:
        """The mean of this and another one."""
        return State(*(0.5 * (a + b) for a, b in zip(self, other, strict=True)))


class Rest(NamedTuple):
    """A state with u at rest, its energies, and its deposit where that flows."""

    state: State
    energies: Energies
    deposit: Deposit | None


class Body:
    """What has the energies. All methods are collective.

    Args:
        model: The model.
        pressing: What presses.
        elastic: Gives the elastic energy of the present state [J/m].
        cracks: Gives that of the cracks [J/m].
        pressed: Gives the work of the pressure in cracks and on sides [J/m].
    """

    def __init__(
        self,
        model: Model,
        pressing: Pressing,
        elastic: Callable[[], float],
        cracks: Callable[[], float],
        pressed: Callable[[], float],
    ):
        self.model, self.pressing = model, pressing
        self._elastic, self._cracks, self._pressed = elastic, cracks, pressed
        self._solid, self._flow = model.equations["u"], model.equations.get("eps_v")
        self._summed: tuple[State, np.ndarray, Energies] | None = None

    @property
    def stack(self) -> float:
        """Pressure on the sides that are pushed [Pa]."""
        return self._solid.stack_pressure

    def press(self, stack: float) -> None:
        """Have another pressure on them [Pa]."""
        self._solid.press(stack)

    def state(self) -> State:
        """The present one."""
        s = self.model.state
        flowed = s.eps_v.x.array.copy() if self._flow else np.empty(0)
        fields = s.u.x.array.copy(), s.xi.x.array.copy(), flowed
        return State(*fields, self.pressing.keep(), self.stack)

    def put(self, state: State) -> None:
        """Make it the present one."""
        s = self.model.state
        s.u.x.array[:], s.xi.x.array[:] = state.u, state.xi
        if self._flow:
            s.eps_v.x.array[:] = state.eps_v
        self.pressing.take(state.pressure)
        self.press(state.stack)

    def energies(self) -> Energies:
        """Of the present state; a step ends, is written and begins in one, summed up once."""
        state, d = self.state(), self.model.state.d.x.array.copy()
        summed = self._summed
        known = summed is not None and summed[0].equals(state) and np.array_equal(summed[1], d)
        if summed is None or not self.model.comm.allreduce(known, MPI.LAND):
            found = Energies(self._elastic(), self._cracks(), self._pressed())
            self._summed = summed = state, d, found
        return summed[2]

    def rest(self, cracks: float | None = None) -> Rest:
        """The present state, with a known energy of the cracks or with its own [J/m]."""
        if cracks is None:
            energies = self.energies()
        else:
            energies = Energies(self._elastic(), cracks, self._pressed())
        return Rest(self.state(), energies, self._flow.present() if self._flow else None)

    def pressed(self, state: State) -> float:
        """A of another state, with the cracks as they are [J/m]."""
        with self._as(state):
            return self._pressed()

    def potential(self, state: State) -> float:
        """E - A of another state, with the cracks as they are [J/m]."""
        with self._as(state):
            return self._elastic() - self._pressed()

    @contextmanager
    def _as(self, state: State) -> Iterator[None]:
        """Have another state for a moment."""
        present = self.state()
        self.put(state)
        try:
            yield
        finally:
            self.put(present)

    def flowed(self, start: Rest, end: Rest) -> tuple[float, float]:
        """What flow dissipates on a straight way of eps_v, and how much of it is open [J/m]."""
        return self._flow.spent(start.deposit, end.deposit) if self._flow else (0.0, 0.0)

    def same_deposit(self, one: State, other: State) -> bool:
        """Whether two states have the same xi, to the bit."""
        return self.model.comm.allreduce(bool((one.xi == other.xi).all()), MPI.LAND)
