# SPDX-License-Identifier: MIT
r"""The work on a cracking electrolyte between two states of rest, with the cracks as they are.

With E the elastic energy and A the integral of the pressure p over the volume v between the faces
of cracks, Pi = E - A at the mean of both pressures, it is on a straight way, from 0,

    1/2 int (p + p_0) (v - v_0) dx
      + 1/2 [ Pi(u_0, xi) - Pi(u_0, xi_0) + Pi(u, xi) - Pi(u, xi_0) ],

the latter being that of the deposit's strain and moduli. What flow dissipates meanwhile, D, is of
the deposit's stress s

    int 1/2 (h_0 s_0 + h s) : (eps_v - eps_v0) dx,

and as u is at rest at both ends, work = E - E_0 + D. What is open there tells how far the way is
from straight: one on which a notch opens or shuts has a corner, or many, as it does so from one
end to the other. Then u answers half way too. The sums of both halves and of the whole, which are
of second order, give one of fourth (Richardson); a corner is halved further. The body flows on the
way as if the step were over: a share of its time would change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from solver.equations.crack_energies import Body, Rest

ANSWERS = 15
"""Most states in between that u is asked for: as many as halve every part of a way four times."""
TOLD = 0.5
"""Share of what is missing on a part by which halving changes it if it is of the part's shape: that
of a corner by 2/3 at least. What an end lacks of rest, as on a new mesh, stays as it is."""


class Spent(NamedTuple):
    """On a way, or on a part of one [J/m].

    Attributes:
        work: That has gone in.
        flowed: That flow has dissipated.
        missing: What of the work is found neither there nor in the elastic energy.
    """

    work: float
    flowed: float
    missing: float

    def plus(self, other: Spent, share: float = 1.0) -> Spent:
        """With a share of another one."""
        return Spent(*(a + share * b for a, b in zip(self, other, strict=True)))


class Part(NamedTuple):
    """Of a way.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        spent: On it.
        halves: Its halves, if u has answered half way.
    """

    start: Rest
    end: Rest
    spent: Spent
    halves: tuple[Part, ...] = ()


class Way:
    """From one state of rest to the next. All methods are collective.

    Args:
        body: What is on the way.
        answer: Brings u, and what flows, to rest under the loads of the present state.
    """

    def __init__(self, body: Body, answer: Callable[[], None]):
        self.body, self._answer = body, answer

    def spent(self, start: Rest, end: Rest, missable: Callable[[Spent], float]) -> Spent:
        """What is spent on it; leaves the body where it ends.

        Args:
            start: Where it begins.
            end: Where it ends.
            missable: How much may go missing of what is spent on a straight way [J/m].
        """
        whole = self._part(start, end)
        try:
            parts = self._parts(whole, missable(whole.spent))
        finally:  # its loads too, where there is no answer half way
            self.body.put(end.state)
        found = Spent(0.0, 0.0, 0.0)
        for part in parts:
            found = found.plus(part.spent)
        return found

    def _parts(self, whole: Part, most: float) -> list[Part]:
        """What a way is summed up by, until no more than so much is missing [J/m]."""
        bent, settled, answers = [whole], [], 0
        while sum(abs(part.spent.missing) for part in bent) > most and answers < ANSWERS:
            worst = bent.pop(max(range(len(bent)), key=lambda i: abs(bent[i].spent.missing)))
            if worst.halves:
                bent.extend(worst.halves)
                continue
            halved, answers = self._halved(worst), answers + 1
            missing, change = worst.spent.missing, halved.spent.missing - worst.spent.missing
            (bent if abs(change) > TOLD * abs(missing) else settled).append(halved)
        return [*bent, *settled]

    def _part(self, start: Rest, end: Rest) -> Part:
        """A straight one."""
        work, flowed = self._work(start, end), self.body.flowed(start, end)
        risen = end.energies.elastic - start.energies.elastic
        return Part(start, end, Spent(work, flowed, work - risen - flowed))

    def _halved(self, part: Part) -> Part:
        """The same part by the state half way."""
        start, end, whole, _ = part
        self.body.put(start.state.halfway(end.state))
        self._answer()
        middle = self.body.rest(start.energies.cracks)
        halves = self._part(start, middle), self._part(middle, end)
        both = halves[0].spent.plus(halves[1].spent)
        return Part(start, end, both.plus(both, 1 / 3).plus(whole, -1 / 3), halves)

    def _work(self, start: Rest, end: Rest) -> float:
        """Work on a straight way [J/m]."""
        (before, first, _), (after, last, _) = start, end
        swapped = [
            self.body.pressed(state._replace(pressure=other.pressure, stack=other.stack))
            for state, other in ((after, before), (before, after))
        ]
        work = 0.5 * (last.pressed + swapped[0] - swapped[1] - first.pressed)
        if not self.body.same_deposit(before, after):
            # Pi at both ends, of the mean pressure, and where the other's deposit is.
            free = first.elastic - 0.5 * (first.pressed + swapped[1])
            freed = last.elastic - 0.5 * (last.pressed + swapped[0])
            mean = {"pressure": 0.5 * (before.pressure + after.pressure),
                    "stack": 0.5 * (before.stack + after.stack)}  # fmt: skip
            mixed = before._replace(xi=after.xi, **mean), after._replace(xi=before.xi, **mean)
            cross = [self.body.potential(state) for state in mixed]
            work += 0.5 * (cross[0] - free + freed - cross[1])
        return work
