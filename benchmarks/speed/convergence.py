# SPDX-License-Identifier: MIT
"""What a sequence of ever thinner interfaces says: order, limit, and seconds at equal error."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.speed import tables
from benchmarks.speed.codes import Result

LEAST_ORDER = 0.5
"""Differences that fall more slowly do not say where they lead."""


def orders(values: Sequence[float]) -> list[float]:
    """Observed orders log2((a - b)/(b - c)) of values at l, l/2, l/4...; NaN where none is seen."""
    found = []
    for a, b, c in zip(values, values[1:], values[2:], strict=False):
        quotient = (a - b) / (b - c) if b != c else math.nan
        found.append(math.log2(quotient) if quotient > 0 else math.nan)
    return found


def limit(values: Sequence[float]) -> float:
    """Limit of the last three values by their observed order; NaN unless they converge."""
    order = orders(values[-3:])[-1]
    if not order > LEAST_ORDER:
        return math.nan
    return values[-1] + (values[-1] - values[-2]) / (2**order - 1)


def seconds_at(error: float, errors: Sequence[float], seconds: Sequence[float]) -> float:
    """Seconds that an error costs: straight lines in logarithms, drawn on beyond the ends."""
    x, y = [math.log(abs(e)) for e in errors], [math.log(s) for s in seconds]
    pairs = range(len(x) - 1)
    bracketing = (i for i in pairs if min(x[i : i + 2]) <= math.log(error) <= max(x[i : i + 2]))
    i = next(bracketing, 0 if math.log(error) > max(x) else len(x) - 2)
    share = (math.log(error) - x[i]) / (x[i + 1] - x[i])
    return math.exp(y[i] + share * (y[i + 1] - y[i]))


def table(results: Sequence[Result], height: float, error: float) -> str:
    """Time to a height by variant and interface length, with what that implies.

    Args:
        results: Of all codes and rounds; a code is called `VARIANT, LENGTH` with the length in um.
        height: Of the tip [um].
        error: Relative error at which variants are compared.
    """
    families: dict[str, dict[float, list[Result]]] = {}
    for name, rounds in tables.by_code(results).items():
        variant, length = name.split(", ")
        families.setdefault(variant, {})[float(length)] = rounds
    rows, said = [], []
    for variant, by_length in families.items():
        times, seconds = [], []
        for rounds in by_length.values():
            times.append(tables.interpolated(height, rounds[0].tip_um, rounds[0].t_s))
            seconds.append(tables.typical(rounds, tables.processor))
        end = limit(times)
        errors, seen = [t / end - 1 for t in times], [math.nan, math.nan, *orders(times)]
        for i, (length, rounds) in enumerate(by_length.items()):
            one = rounds[0]
            size = (f"{one.nodes}", f"{one.steps}", f"{one.passes}", f"{times[i]:.1f}")
            rows.append((variant, f"{length:g}", *size, tables.number(seen[i]),
                         tables.percent(errors[i]), tables.number(seconds[i])))  # fmt: skip
        cost = seconds_at(error, errors, seconds) if not math.isnan(end) else math.nan
        said.append(
            f"{variant}: limit {tables.number(end)} s; an error of "
            f"{tables.percent(error, '.0%')} costs "
            f"{tables.number(cost)} processor seconds."
        )
    head = ("variant", "l, um", "mean nodes", "steps", "passes", f"s to {height:g} um", "order",
            "error", "processor s")  # fmt: skip
    return "\n\n".join([tables.markdown(head, rows), *said])
