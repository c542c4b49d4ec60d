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
        order: By which power of the step its error falls.
    """

    nodes: tuple[float, ...]
    A: tuple[tuple[float, ...], ...]
    order: int

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
GAMMA_3 = 0.4358665215084590
"""Root of g^3 - 3 g^2 + 3 g/2 - 1/6 between 1/6 and 1/2."""

METHODS = {
    # Alexander, SIAM J. Numer. Anal. 14 (1977) 1006: L-stable, of orders 2 and 3.
    "sdirk2": Tableau((GAMMA, 1.0), ((GAMMA,), (1 - GAMMA, GAMMA)), order=2),
    "sdirk3": Tableau(
        (GAMMA_3, (1 + GAMMA_3) / 2, 1.0),
        (
            (GAMMA_3,),
            ((1 - GAMMA_3) / 2, GAMMA_3),
            (
                -(6 * GAMMA_3**2 - 16 * GAMMA_3 + 1) / 4,
                (6 * GAMMA_3**2 - 20 * GAMMA_3 + 5) / 4,
                GAMMA_3,
            ),
        ),
        order=3,
    ),
    "backward_euler": Tableau((1.0,), ((1.0,),), order=1),
}
"""The methods by the name that a config gives them."""
