# SPDX-License-Identifier: MIT
r"""Where the work goes that lithium does on a cracking electrolyte.

    work in = change of the elastic energy + change of the cracks' energy + dissipated

u and d are at rest at both ends of a step. On the way u first answers to the new pressure p and
the new deposit with the cracks as they were, then d grows, with u, at the pressure of the end.
With E the elastic energy, S that of the cracks and A the integral of p over the volume between
their faces, * for the state in between, the work of the first part is that of
`solver.equations.crack_way`, and

    int p (v - v_*) dx

of the second. What cracks release that grow at a held pressure, beyond what they need, is
dissipated:

    (E_* + S_0 - A_*) - (E + S - A) - D >= 0.

A crack that grows just as fast as the pressure lets it dissipates nothing as steps go to 0. A has
the stack's work beside that in cracks, its pressure times the area by which sides have moved in;
sides on rollers, fixed or free do none. D is what flow dissipates in the second part as in the
first, and with it what new lithium loses that is born without shear: to E eps_v belongs as u does.
Both sums are measured, so that what is open tells how well u and d have come to rest, how straight
the steps are, and what a new mesh has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from mpi4py import MPI

from solver.equations.crack_energies import Body, Energies
from solver.equations.crack_way import Spent, Way

TRACE = 1e-6
"""Share of the elastic energy and that of the cracks that counts as no work."""
BENT, OPEN = 2e-3, 1e-2
"""Share of the work of a step that an answer of u may miss before its way is halved, and of what
flow dissipates, or might, that may be open."""
SLIGHT = 1e-3
"""Share of either so far that counts as the least of a step."""


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


class Work:
    """The sums of a run. All methods are collective.

    A step that is taken back leaves no trace: what it has added counts once a step begins later.

    Attributes:
        sums: So far.
        pressed: What the fields pressed with when u last came to rest, at the nodes [Pa]; None
            where the pressure follows from the time.
        missing: What of the work was not to be found after the last step, over all work.

    Args:
        body: What works.
    """

    def __init__(self, body: Body):
        self.model, self.pressing, self._body = body.model, body.pressing, body
        self.sums = self._before = Sums()
        self.pressed: np.ndarray | None = None
        self._pressed_before: np.ndarray | None = None
        self._begun: float | None = None
        self.missing = 0.0

    def settled(self) -> None:
        """Take note that u is at rest at the start of the run."""
        self.sums = self._before = Sums(stack=self._body.stack)
        self.pressed = self._of_fields()

    def carried_over(self, t: float) -> None:
        """Take note, on a new mesh, of what the fields press with at time t [s]."""
        self.pressing.find(t)
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
        now = self._body.stack
        self._body.press(self._before.stack)
        self._start = self._body.rest()
        self._body.press(now)
        if np.isnan(self._before.stored):
            first = self._start.energies
            self._before = self._before._replace(stored=first.elastic + first.cracks)

    def answered(self, answer: Callable[[], None]) -> None:
        """Take note that u has answered, with the cracks as they were.

        Args:
            answer: Has u answer once more, to other loads and another deposit.
        """
        self._between = self._body.rest(self._start.energies.cracks)
        way = Way(self._body, answer)
        self._answer = way.spent(self._start, self._between, self._allowed)

    def _allowed(self, straight: Spent) -> tuple[float, float]:
        """How much of the work of an answer may go missing, and of its flow be open [J/m].

        By the step's own work, or its elastic energy where that of the deposit makes up for that of
        the pressure: of what all steps have worked, many cycles would miss as much each.
        """
        first, before = self._start.energies, self._before
        none = TRACE * (first.elastic + first.cracks)
        risen = straight.work - straight.flowed - straight.missing
        work = max(abs(straight.work), abs(risen), SLIGHT * before.moved, none)
        flow = max(abs(straight.flowed), straight.open, SLIGHT * before.flowed, none)
        return BENT * work, OPEN * flow

    def ended(self) -> None:
        """Add up a step that has come to rest."""
        rest, before, between = self._body.rest(), self._before, self._between
        end, answered = rest.energies, between.energies
        flowed, _ = self._body.flowed(between, rest)
        work = self._answer.work + end.pressed - answered.pressed
        self.sums = before._replace(
            work=before.work + work,
            moved=before.moved + abs(work),
            dissipated=before.dissipated + answered.free - end.free - flowed,
            flowed=before.flowed + self._answer.flowed + flowed,
            stack=self._body.stack,
        )
        sums, stored = self.sums, end.elastic + end.cracks
        missing = sums.work - (stored - sums.stored) - sums.dissipated - sums.flowed
        most = max(sums.moved, TRACE * stored)
        self.missing = missing / most if most else 0.0
        self.pressed = self._of_fields()

    def _of_fields(self) -> np.ndarray | None:
        kept = self.pressing.keep()
        return kept if isinstance(kept, np.ndarray) else None

    def of_state(self) -> tuple[Sums, np.ndarray | None]:
        """Sums and `pressed` that belong to the model's state, be it that a step was taken back."""
        u = self.model.state.u.x.array
        back = self._begun is not None and np.array_equal(u, self._start.state.u)
        if self.model.comm.allreduce(bool(back), MPI.LAND):
            return self._before, self._pressed_before
        return self.sums, self.pressed

    def energies(self) -> Energies:
        """Of the present state."""
        return self._body.energies()
