# SPDX-License-Identifier: MIT
"""Methods in time as data: diagonally implicit Runge-Kutta, the last stage being the new state.

A stage y_i solves y_i = y_n + dt (a_i1 f(y_1) + ... + a_ii f(y_i)), which is a step of implicit
Euler, (y_i - base_i)/(a_ii dt) = f(y_i), from a base that the stages before it give. So a scheme
that solves one such stage does for all methods, and a new method is an entry of `METHODS`.
"""

from __future__ import annotations

from typing import NamedTuple


class Tableau(NamedTuple):
    """A method.

    Attributes:
        nodes: Time of every stage, as a share of the step; the last is 1.
        A: Its coefficients a_i1 ... a_ii, row by row; the last row are the weights of the rates.
    """

    nodes: tuple[float, ...]
    A: tuple[tuple[float, ...], ...]

    def ratios(self, i: int) -> tuple[float, ...]:
        """Factors of the increments y_j - base_j of earlier stages in base_i - y_n."""
        return tuple(self.A[i][j] / self.A[j][j] for j in range(i))

    def shares(self, i: int) -> tuple[float, ...]:
        """Factors of the ways y_j - y_n of earlier stages in base_i - y_n."""
        found = list(self.ratios(i))
        for j, ratio in enumerate(self.ratios(i)):
            for k, share in enumerate(self.shares(j)):
                found[k] -= ratio * share
        return tuple(found)

    @property
    def estimate(self) -> tuple[float, ...]:
        """Factors of the ways y_j - y_n in the last stage as the rate before it would have it.

        Its distance from the new state, a_ss dt (f(y_s) - f(y_(s-1))), is of second order in dt,
        as the error of a step of first order; a method of one stage has none.
        """
        if len(self.A) == 1:
            return ()
        last = self.A[-1][-1] / self.A[-2][-1]
        found = [*self.shares(len(self.A) - 1)]
        found[-1] += last
        for k, share in enumerate(self.shares(len(self.A) - 2)):
            found[k] -= last * share
        return tuple(found)


GAMMA = 1 - 0.5**0.5

METHODS = {
    # Alexander, SIAM J. Numer. Anal. 14 (1977) 1006: L-stable, of order 2.
    "sdirk2": Tableau((GAMMA, 1.0), ((GAMMA,), (1 - GAMMA, GAMMA))),
    "backward_euler": Tableau((1.0,), ((1.0,),)),
}
"""The methods by the name that a config gives them."""
