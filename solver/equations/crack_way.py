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
end to the other. Where lithium flows it does not tell all, as work and D may be wrong alike: by a
stress that turns round and is 0 in the mean. How much its change leaves of D open does.

Then u answers half way too. The sums of both halves and of the whole, which are of second order,
give one of fourth (Richardson); a corner is halved further. The body flows on the way as if the
step were over: a share of its time would change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import float_info
from typing import NamedTuple

from solver.base.errors import SolverError
from solver.equations.crack_energies import Body, Rest, State

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
        open: How much of what flow has dissipated is.
    """

    work: float
    flowed: float
    missing: float
    open: float

    def plus(self, other: Spent, share: float = 1.0) -> Spent:
        """With a share of another one."""
        return Spent(*(a + share * b for a, b in zip(self, other, strict=True)))


class Part(NamedTuple):
    """Of a way.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        spent: On it.
        told: Whether what is missing is of its shape, as far as is known.
        halves: Its halves, if u has answered half way.
    """

    start: Rest
    end: Rest
    spent: Spent
    told: bool = True
    halves: tuple[Part, ...] = ()

    def over(self, allowed: tuple[float, float]) -> tuple[float, float]:
        """What is missing and open of it, over how much may be."""
        found = abs(self.spent.missing) * self.told, self.spent.open
        return tuple(a / max(b, float_info.min) for a, b in zip(found, allowed, strict=True))


class Way:
    """From one state of rest to the next. All methods are collective.

    Args:
        body: What is on the way.
        answer: Brings u, and what flows, to rest under the loads of the present state.
    """

    def __init__(self, body: Body, answer: Callable[[], None]):
        self.body, self._answer = body, answer

    def spent(
        self, start: Rest, end: Rest, allowed: Callable[[Spent], tuple[float, float]]
    ) -> Spent:
        """What is spent on it; leaves the body where it ends.

        Args:
            start: Where it begins.
            end: Where it ends.
            allowed: How much may go missing, and be open of what flow dissipates, of what is spent
                on a straight way [J/m].
        """
        whole = self._part(start, end)
        try:
            parts = self._parts(whole, allowed(whole.spent))
        finally:
            self.body.put(end.state)
        found = Spent(0.0, 0.0, 0.0, 0.0)
        for part in parts:
            found = found.plus(part.spent)
        return found

    def _parts(self, whole: Part, allowed: tuple[float, float]) -> list[Part]:
        """What a way is summed up by, until no more than so much is missing and open [J/m]."""
        parts, answers = [whole], 0
        while answers < ANSWERS:
            over = [part.over(allowed) for part in parts]
            if max(map(sum, zip(*over, strict=True))) <= 1:
                break
            worst = parts.pop(max(range(len(parts)), key=lambda i: max(over[i])))
            if worst.halves:
                parts.extend(worst.halves)
                continue
            try:
                parts.append(self._halved(worst))
            except SolverError:  # the step has a state at its end, which is all that it needs
                return [*parts, worst]
            answers += 1
        return parts

    def _part(self, start: Rest, end: Rest) -> Part:
        """A straight one."""
        work, (flowed, left_open) = self._work(start, end), self.body.flowed(start, end)
        risen = end.energies.elastic - start.energies.elastic
        return Part(start, end, Spent(work, flowed, work - risen - flowed, left_open))

    def _halved(self, part: Part) -> Part:
        """The same part by the state half way.

        Raises:
            SolverError: There is none.
        """
        start, end, whole = part[:3]
        self.body.put(start.state.halfway(end.state))
        self._answer()
        middle = self.body.rest(start.energies.cracks)
        first, second = self._part(start, middle), self._part(middle, end)
        both = first.spent.plus(second.spent)
        found = both.plus(both, 1 / 3).plus(whole, -1 / 3)
        change = found.missing - whole.missing
        told = part.told and abs(change) > TOLD * abs(whole.missing)
        halves = first._replace(told=told), second._replace(told=told)
        left_open = abs(both.flowed - whole.flowed) / 3
        return Part(start, end, found._replace(open=left_open), told, halves)

    def _work(self, start: Rest, end: Rest) -> float:
        """Work on a straight way [J/m]."""
        (before, first, _), (after, last, _) = start, end
        # The end's deposit first, then the start's: for another one all that resists is found anew.
        ended = 0.5 * (last.pressed + self._pressed(after, before))
        same = self.body.same_deposit(before, after)
        crossed = 0.0 if same else self._crossed(before, after)
        begun = 0.5 * (first.pressed + self._pressed(before, after))
        if same:
            return ended - begun
        return ended - begun + 0.5 * (crossed + last.elastic - ended - first.elastic + begun)

    def _pressed(self, state: State, other: State) -> float:
        """A of a state under another one's pressures [J/m]."""
        return self.body.pressed(state._replace(pressure=other.pressure, stack=other.stack))

    def _crossed(self, before: State, after: State) -> float:
        """Pi of the start with the end's deposit less that of the end with the start's [J/m]."""
        mean = {"pressure": 0.5 * (before.pressure + after.pressure),
                "stack": 0.5 * (before.stack + after.stack)}  # fmt: skip
        mixed = before._replace(xi=after.xi, **mean), after._replace(xi=before.xi, **mean)
        first, last = map(self.body.potential, mixed)
        return first - last
