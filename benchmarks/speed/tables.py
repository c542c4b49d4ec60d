# SPDX-License-Identifier: MIT
"""From results to tables in Markdown."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.speed.codes import Result

ABSENT = "-"


def interpolated(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Value at x of the straight lines through points; NaN outside them. The xs ascend."""
    if not xs[0] <= x <= xs[-1]:
        return math.nan
    i = max(1, bisect_left(xs, x))
    share = (x - xs[i - 1]) / (xs[i] - xs[i - 1])
    return ys[i - 1] + share * (ys[i] - ys[i - 1])


def by_code(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Results of each code in the order of the rounds."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.code, []).append(result)
    return found


def typical(rounds: Sequence[Result], what: Callable[[Result], float]) -> float:
    """Median of a number over the rounds."""
    return median(what(result) for result in rounds)


def ratio(
    rounds: Sequence[Result], others: Sequence[Result], what: Callable[[Result], float]
) -> float:
    """Median over the rounds of the ratio of a number to that of another code in the same round.

    Two runs of one round come close after each other, so that what else the machine does slows
    both.
    """
    return median(what(a) / what(b) for a, b in zip(rounds, others, strict=False))


def processor(result: Result) -> float:
    """Processor seconds."""
    return result.processor_s


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def percent(value: float) -> str:
    """A relative error, signed; absent if it is NaN."""
    return ABSENT if math.isnan(value) else f"{value:+.1%}".replace("%", " %")


def number(value: float) -> str:
    """Seconds or a ratio with three digits, as far as they mean something."""
    if math.isnan(value):
        return ABSENT
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def comparison(
    results: Sequence[Result], at: float, converged: dict[str, float], first: str
) -> str:
    """Codes by processor time, with the errors of their tips.

    Args:
        results: Of all codes and rounds.
        at: Simulated time of the tip [s].
        converged: Converged tip at that time by the name of the code [um]; NaN where unknown.
        first: Name of the code that the others are compared with.
    """
    codes, rows = by_code(results), []
    for name, rounds in codes.items():
        one = rounds[0]
        tip = interpolated(at, one.t_s, one.tip_um)
        rows.append(
            (
                name,
                f"{one.nodes}",
                f"{one.steps}",
                f"{one.passes}",
                f"{tip:.3f}",
                percent(tip / converged[name] - 1),
                f"{one.balance:.0e}",
                number(typical(rounds, processor)),
                number(ratio(rounds, codes[first], processor)),
                f"{typical(rounds, lambda r: r.memory_MB):.0f}",
            )
        )
    head = ("code", "nodes", "steps", "passes", f"tip at {at:g} s, um", "error", "lithium balance",
            "processor s", f"against {first}", "peak MB")  # fmt: skip
    return markdown(head, rows)


def cheapest(results: Sequence[Result], errors: dict[str, float], within: float) -> Result | None:
    """The run of least processor time among those whose tip is right to `within`, None if none."""
    good = [r for r in results if abs(errors[r.code]) <= within]
    return min(good, key=processor, default=None)
