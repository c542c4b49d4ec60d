# SPDX-License-Identifier: MIT
r"""Where the work goes that lithium does on a cracking electrolyte.

    work in = change of the elastic energy + change of the cracks' energy + dissipated

u and d are at rest at both ends of a step. On the way u first answers to the new pressure p and
the new deposit with the cracks as they were, then d grows, with u, at the pressure of the end.
With E the elastic energy, S that of the cracks and A the integral of p over the volume between
their faces, * for the state in between and Pi = E - A at the mean of both pressures, the work is

    1/2 int (p + p_0) (v_* - v_0) dx + int p (v - v_*) dx
      + 1/2 [ Pi(u_0, xi) - Pi(u_0, xi_0) + Pi(u_*, xi) - Pi(u_*, xi_0) ],

the last being that of the deposit's strain and moduli, and what cracks release that grow at a held
pressure, beyond what they need, is dissipated:

    (E_* + S_0 - A_*) - (E + S - A) - D >= 0.

A crack that grows just as fast as the pressure lets it dissipates nothing as steps go to 0. A has
the stack's work beside that in cracks, its pressure times the area by which sides have moved in;
sides on rollers, fixed or free do none. D is what flow dissipates, of the deposit's stress s

    int 1/2 (h_0 s_0 + h s) : (eps_v - eps_v0) dx

in the first part as in the second, and with it what new lithium loses that is born without shear:
to E eps_v belongs as u does. Both sums are measured, so that what is open tells how well u and d
have come to rest, how straight the steps are, and what a new mesh has changed. An answer of u that
was not straight, as that of a notch which opens under a stack, is taken in parts.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, sqrt
from sys import float_info
from typing import NamedTuple

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.equations.crack_pressure import Kept, Pressing
from solver.equations.flow import Deposit
from solver.equations.model import Model

TRACE = 1e-6
"""Share of the elastic energy and that of the cracks that counts as no work."""
BENT, PARTS = 1e-2, 16
"""Share of all work that an answer of u may miss before it is taken in parts, and how many at most.
"""
BENT_FLOWING, SLIGHT = 1e-3, 1e-3
"""Share of its own work that it may miss where lithium flows, and the share of all work that counts
as the least of a step."""


class Sums(NamedTuple):
    """Of a run so far [J/m].

    Attributes:
        work: That has gone in.
        dissipated: That cracks have set free beyond what they took.
        moved: All work, whether it went in or came out.
        stored: Elastic energy and that of the cracks at the start.
        flowed: That the deposit's flow has dissipated.
        stack: Pressure on sides that u has last come to rest under [Pa].
    """

    work: float = 0.0
    dissipated: float = 0.0
    moved: float = 0.0
    stored: float = np.nan
    flowed: float = 0.0
    stack: float = 0.0


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
    """What the energies are taken of."""

    u: np.ndarray
    xi: np.ndarray
    eps_v: np.ndarray
    pressure: Kept
    stack: float

    def equals(self, other: State) -> bool:
        """Whether all is the same to the bit."""
        return all(map(np.array_equal, self, other))

    def towards(self, other: State, share: float) -> State:
        """A part of the way to another state, all in proportion; the other itself for 1."""
        return State(*((1 - share) * a + share * b for a, b in zip(self, other, strict=True)))


class Rest(NamedTuple):
    """A state with u at rest, and its energies."""

    state: State
    energies: Energies


class Work:
    """The sums of a run. All methods are collective.

    A step that is taken back leaves no trace: what it has added counts once a step begins later.

    Attributes:
        sums: So far.
        pressed: What the fields pressed with when u last came to rest, at the nodes [Pa]; None on a
            mesh on which it has not yet, and where the pressure follows from the time.
        missing: What of the work was not to be found after the last step, over all work.

    Args:
        model: The model.
        pressing: What presses.
        forms: Compiled forms of the energies, by name.
    """

    def __init__(self, model: Model, pressing: Pressing, forms: dict[str, fem.Form]):
        self.model, self.pressing, self._forms = model, pressing, forms
        self._solid, self._flow = model.equations["u"], model.equations.get("eps_v")
        self.sums = self._before = Sums()
        self.pressed: np.ndarray | None = None
        self._pressed_before: np.ndarray | None = None
        self._begun: float | None = None
        self.missing = 0.0
        self._summed: tuple[State, np.ndarray, Energies] | None = None

    def settled(self) -> None:
        """Take note that u is at rest at the start of the run."""
        self.sums = self._before = Sums(stack=self._solid.stack_pressure)
        self.pressed = self._of_fields()

    def begin(self, t: float) -> None:
        """Take note of the state at time t [s], which has been accepted."""
        if self._begun != t:
            self._begun, self._before, self._pressed_before = t, self.sums, self.pressed
        # A step of a protocol has its own from the start; u is at rest under the last one's.
        if self._pressed_before is None:
            self.pressing.find(t)
        else:
            self.pressing.take(self._pressed_before)
        now = self._solid.stack_pressure
        self._solid.press(self._before.stack)
        self._start, self._first = self._state(), self.energies()
        self._deposit = self._of_flow()
        self._solid.press(now)
        if np.isnan(self._before.stored):
            first = self._first
            self._before = self._before._replace(stored=first.elastic + first.cracks)

    def answered(self, answer: Callable[[], None]) -> None:
        """Take note that u has answered, with the cracks as they were.

        Args:
            answer: Has u answer once more, to other loads and another deposit.
        """
        start, end = Rest(self._start, self._first), self._at_rest()
        self._work, self._flowed = self._straight(start, end), self._spent()
        risen = end.energies.elastic - start.energies.elastic
        bent = abs(self._work - risen - self._flowed)
        if bent > (most := self._missable()):
            # What is missing goes with the square of a part; a notch that shuts at rest needs few.
            parts = 1 + ceil(sqrt(min(bent / max(most, float_info.min), PARTS**2)))
            end = self._in_parts(start, end, answer, min(parts, PARTS))
        self._deposit, self._between = self._of_flow(), end.energies

    def _missable(self) -> float:
        """How much of the work of an answer may go missing [J/m].

        What a corner hides as a notch opens it takes back as that shuts, and no balance tells what
        has flowed meanwhile; an elastic deposit has lost nothing by then.
        """
        own, moved = abs(self._work), self._before.moved
        if self._flow is None:
            return BENT * max(moved, own)
        return BENT_FLOWING * max(SLIGHT * moved, own)

    def _at_rest(self) -> Rest:
        """The present state, with the cracks as they were."""
        state = self._state()
        elastic, pressed = self._of("elastic", state), self._of("pressed", state)
        return Rest(state, Energies(elastic, self._first.cracks, pressed))

    def _straight(self, start: Rest, end: Rest) -> float:
        """Work from one state to another if all changes in proportion [J/m]."""
        (before, first), (after, last) = start, end
        swapped = [
            self._of("pressed", state._replace(pressure=other.pressure, stack=other.stack))
            for state, other in ((after, before), (before, after))
        ]
        work = 0.5 * (last.pressed + swapped[0] - swapped[1] - first.pressed)
        if not self.model.comm.allreduce(bool((before.xi == after.xi).all()), MPI.LAND):
            # Pi at both ends, of the mean pressure, and where the other's deposit is.
            free = first.elastic - 0.5 * (first.pressed + swapped[1])
            freed = last.elastic - 0.5 * (last.pressed + swapped[0])
            mean = {"pressure": 0.5 * (before.pressure + after.pressure),
                    "stack": 0.5 * (before.stack + after.stack)}  # fmt: skip
            mixed = before._replace(xi=after.xi, **mean), after._replace(xi=before.xi, **mean)
            cross = [self._of("potential", state) for state in mixed]
            work += 0.5 * (cross[0] - free + freed - cross[1])
        return work

    def _in_parts(self, start: Rest, end: Rest, answer: Callable[[], None], parts: int) -> Rest:
        """Sum up a way with a corner, as where a notch opens that a stack has shut.

        What flows answers every part as if the step were over.

        Returns:
            The state at the end of the way, at the same loads as `end`.
        """
        here, (before, _), (after, _) = start, start, end
        self._work = self._flowed = 0.0
        for share in (part / parts for part in range(1, parts + 1)):
            self._put(before.towards(after, share)._replace(u=here.state.u))
            answer()
            there = self._at_rest()
            self._work += self._straight(here, there)
            self._flowed += self._spent()
            here, self._deposit = there, self._of_flow()
        return here

    def ended(self) -> None:
        """Add up a step that has come to rest."""
        end, before, between = self.energies(), self._before, self._between
        work, flowed = self._work + end.pressed - between.pressed, self._spent()
        self.sums = before._replace(
            work=before.work + work,
            moved=before.moved + abs(work),
            dissipated=before.dissipated + between.free - end.free - flowed,
            flowed=before.flowed + self._flowed + flowed,
            stack=self._solid.stack_pressure,
        )
        sums, stored = self.sums, end.elastic + end.cracks
        missing = sums.work - (stored - sums.stored) - sums.dissipated - sums.flowed
        most = max(sums.moved, TRACE * stored)
        self.missing = missing / most if most else 0.0
        self.pressed = self._of_fields()

    def _of_flow(self) -> Deposit | None:
        return None if self._flow is None else self._flow.present()

    def _spent(self) -> float:
        """What flow has dissipated since the deposit was last taken note of [J/m]."""
        return 0.0 if self._flow is None else self._flow.spent(self._deposit, self._of_flow())

    def _of_fields(self) -> np.ndarray | None:
        kept = self.pressing.keep()
        return kept if isinstance(kept, np.ndarray) else None

    def of_state(self) -> tuple[Sums, np.ndarray | None]:
        """Sums and `pressed` that belong to the model's state, be it that a step was taken back."""
        back = self._begun is not None and np.array_equal(self.model.state.u.x.array, self._start.u)
        if self.model.comm.allreduce(bool(back), MPI.LAND):
            return self._before, self._pressed_before
        return self.sums, self.pressed

    def energies(self) -> Energies:
        """Of the present state; a step ends, is written and begins in one, summed up once."""
        state, d = self._state(), self.model.state.d.x.array.copy()
        summed = self._summed
        known = summed is not None and summed[0].equals(state) and np.array_equal(summed[1], d)
        if summed is None or not self.model.comm.allreduce(known, MPI.LAND):
            found = Energies(*map(self._assembled, Energies._fields))
            self._summed = summed = state, d, found
        return summed[2]

    def _assembled(self, name: str) -> float:
        local = fem.assemble_scalar(self._forms[name])
        return self.model.comm.allreduce(local, MPI.SUM)

    def _state(self) -> State:
        s = self.model.state
        flowed = np.empty(0) if self._flow is None else s.eps_v.x.array.copy()
        fields = s.u.x.array.copy(), s.xi.x.array.copy(), flowed
        return State(*fields, self.pressing.keep(), self._solid.stack_pressure)

    def _of(self, name: str, state: State) -> float:
        """An energy of another state, with the cracks as they are [J/m]."""
        present = self._state()
        self._put(state)
        found = self._assembled(name)
        self._put(present)
        return found

    def _put(self, state: State) -> None:
        s = self.model.state
        s.u.x.array[:], s.xi.x.array[:] = state.u, state.xi
        if self._flow is not None:
            s.eps_v.x.array[:] = state.eps_v
        self.pressing.take(state.pressure)
        self._solid.press(state.stack)
