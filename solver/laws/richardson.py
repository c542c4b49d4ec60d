# SPDX-License-Identifier: MIT
"""The limit of a number under refinement, and how far it may be off.

A number f(s) = f_0 + a s^p is computed with the sizes s, s/r, s/r^2, ... The limit is that of
Richardson's extrapolation; the error bar is a safety factor times the distance to it, as in the
grid convergence index: 3 where the order p is assumed, 1.25 where three sizes show it (Roache,
J. Fluids Eng. 116 (1994) 405). Where they show none, nothing is extrapolated and the bar is three
times their range (Eca and Hoekstra, J. Comput. Phys. 262 (2014) 104).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log
from typing import NamedTuple

ASSUMED, SHOWN = 3.0, 1.25
"""Safety factors: of an assumed order, and of one that three sizes show."""
LOWEST, HIGHEST = 0.5, 1.5
"""Shares of the expected order between which an observed one is believed."""


class Limit(NamedTuple):
    """What a number tends to.

    Attributes:
        value: Its limit; the finest value where it cannot be extrapolated.
        error: Half-width of the error bar.
        order: Observed order; None with two sizes, or where the values show none.
        used: Order by which it has been extrapolated; None if it has not.
        remark: What is wrong with the values, without a full stop; empty if nothing is.
    """

    value: float
    error: float
    order: float | None
    used: float | None
    remark: str


def limit(values: Sequence[float], ratio: float, expected: float) -> Limit:
    """Extrapolate a number.

    Args:
        values: From the coarsest size to the finest, each `ratio` times finer; at least two.
        ratio: Of neighbouring sizes, above 1.
        expected: The order that theory or earlier measurements give.

    Raises:
        ValueError: There are too few values, or one is not finite.
    """
    if len(values) < 2 or not all(map(isfinite, values)):
        raise ValueError("two finite values at least are needed")
    finest, last = values[-1], values[-1] - values[-2]
    if all(value == finest for value in values[-3:]):
        return Limit(finest, 0.0, None, None, "all values are the same")
    if len(values) == 2:
        return _extrapolated(finest, last, ratio, expected, ASSUMED, None, "")
    before, recent = values[-2] - values[-3], values[-3:]
    refused = ""
    if last * before <= 0:
        refused = "the differences change sign"
    elif abs(last) >= abs(before):
        refused = "the differences do not shrink"
    if refused:
        return _refused(recent, None, refused)
    order = log(before / last) / log(ratio)
    if order < LOWEST * expected:
        return _refused(recent, order, f"the observed order {order:.2f} is far below {expected:g}")
    if order > HIGHEST * expected:
        remark = f"the observed order {order:.2f} is far above {expected:g}, which is used instead"
        return _extrapolated(finest, last, ratio, expected, ASSUMED, order, remark)
    return _extrapolated(finest, last, ratio, order, SHOWN, order, "")


def _extrapolated(
    finest: float, last: float, ratio: float, order: float, safety: float,
    observed: float | None, remark: str,
) -> Limit:  # fmt: skip
    way = last / (ratio**order - 1)
    return Limit(finest + way, safety * abs(way), observed, order, remark)


def _refused(recent: Sequence[float], order: float | None, remark: str) -> Limit:
    error = ASSUMED * (max(recent) - min(recent))
    return Limit(recent[-1], error, order, None, f"{remark}: not extrapolated")
