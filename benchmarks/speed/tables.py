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


def percent(value: float, form: str = "+.1%") -> str:
    """A relative number, signed by default; absent if it is NaN."""
    return ABSENT if math.isnan(value) else f"{value:{form}}".replace("%", " %")


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
                number(typical(rounds, lambda r: r.loop_s)),
                f"{typical(rounds, lambda r: r.memory_MB):.0f}",
            )
        )
    head = ("code", "nodes", "steps", "passes", f"tip at {at:g} s, um", "error", "lithium balance",
            "processor s", f"against {first}", "loop, wall s", "peak MB")  # fmt: skip
    return markdown(head, rows)


def per_way(results: Sequence[Result], first: str) -> str:
    """Processor time per way of the tip.

    Args:
        results: Of all codes and rounds.
        first: Name of the code that the others are compared with.
    """

    def cost(result: Result) -> float:
        return processor(result) / (result.tip_um[-1] - result.tip_um[0])

    codes, rows = by_code(results), []
    for name, rounds in codes.items():
        one = rounds[0]
        rows.append(
            (
                name,
                f"{one.nodes}",
                f"{one.steps}",
                f"{one.passes}",
                f"{one.tip_um[-1] - one.tip_um[0]:.2f}",
                number(typical(rounds, processor)),
                number(typical(rounds, cost)),
                number(ratio(rounds, codes[first], cost)),
            )
        )
    head = ("code", "nodes", "steps", "passes", "way of the tip, um", "processor s", "s per um",
            f"against {first}")  # fmt: skip
    return markdown(head, rows)


def errors(results: Sequence[Result], at: float, converged: dict[str, float]) -> dict[str, float]:
    """Relative error of every code's tip at a time [s] against its converged one [um]."""
    return {r.code: interpolated(at, r.t_s, r.tip_um) / converged[r.code] - 1 for r in results}


def equal_error(
    results: Sequence[Result], errors: dict[str, float], within: Sequence[float], first: str
) -> str:
    """The cheapest settings of every code whose tip is right to so much.

    Args:
        results: Of all codes and rounds; settings of one code share its name up to a comma.
        errors: Relative error by name.
        within: Errors at which codes are compared.
        first: Code that the others are compared with.
    """
    rows = []
    for most in within:
        best: dict[str, list[Result]] = {}
        for name, rounds in by_code(results).items():
            family = name.split(",")[0]
            cheaper = family not in best or (
                typical(rounds, processor) < typical(best[family], processor)
            )
            if abs(errors[name]) <= most and cheaper:
                best[family] = rounds
        for rounds in best.values():
            against = ratio(rounds, best[first], processor) if first in best else math.nan
            name = rounds[0].code
            cells = percent(errors[name]), number(typical(rounds, processor)), number(against)
            rows.append((percent(most, ".0%"), name, *cells))
    return markdown(
        ("within", "cheapest settings", "error", "processor s", f"against {first}"), rows
    )


def ranks(results: Sequence[Result]) -> str:
    """Seconds of the time loop by number of ranks, and how much faster than the first."""
    codes = by_code(results)
    first, rows = next(iter(codes.values())), []
    for name, rounds in codes.items():
        rows.append(
            (
                name,
                number(typical(rounds, lambda r: r.loop_s)),
                number(ratio(first, rounds, lambda r: r.loop_s)),
                number(typical(rounds, processor)),
                f"{rounds[0].tip_um[-1]:.4f}",
            )
        )
    head = ("ranks", "loop, wall s", "times faster", "processor s, whole run", "tip at the end, um")
    return markdown(head, rows)


def slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Exponent p of the power law y ~ x^p that is closest to points, in logarithms."""
    x, y = [math.log(value) for value in xs], [math.log(value) for value in ys]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    moment = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return moment / sum((a - mean_x) ** 2 for a in x)


def exponent(results: Sequence[Result]) -> str:
    """Seconds per step and per pass by nodes, with the exponents."""
    rows, nodes, per_step, per_pass = [], [], [], []
    for rounds in by_code(results).values():
        one, loop = rounds[0], typical(rounds, lambda r: r.loop_s)
        nodes.append(one.nodes)
        per_step.append(loop / one.steps)
        per_pass.append(loop / one.passes)
        micro = 1e6 * per_pass[-1] / one.nodes
        shown = (number(per_step[-1]), number(per_pass[-1]), f"{micro:.2f}")
        memory = typical(rounds, lambda r: r.memory_MB)
        rows.append((f"{one.nodes}", f"{one.steps}", f"{one.passes}", *shown, f"{memory:.0f}"))
    head = ("nodes", "steps", "passes", "s per step", "s per pass", "us per node and pass",
            "peak MB")  # fmt: skip
    found = (
        f"Seconds per step ~ nodes^{slope(nodes, per_step):.2f}, "
        f"per pass ~ nodes^{slope(nodes, per_pass):.2f}."
    )
    return f"{markdown(head, rows)}\n\n{found}"
