# SPDX-License-Identifier: MIT
"""Quantities at the input: an SI number or a text "value unit" becomes an SI float."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field
from pydantic.fields import FieldInfo

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
UNIT_LENGTH = 40
EXAMPLES = {"K": "for example '298.15 K' or '25 degC'"}
"""Of quantities whose SI unit is not the one that people write."""
MEANT = {("K", "C"): "degC", ("K", "c"): "degC", ("K", "F"): "degF", ("K", "k"): "K"}
"""What people mean by the coulomb, the velocity of light, the farad and Boltzmann's constant."""
SECONDS = {"d": 86400.0, "h": 3600.0, "min": 60.0, "m": 60.0, "s": 1.0}
DURATION = re.compile(r"(\d+\.?\d*)\s*(d|h|min|m|s)(?![a-zA-Z])")

PLAIN_POWER = re.compile(r"(?<=[A-Za-z])(-?[1-4])(?![\w.^*(])")
"""A power as in `mA/cm2`, `mA cm-2`: a digit right after a unit."""
POINT = re.compile(r"(?<=[A-Za-z0-9])[.·](?=[A-Za-z])")
"""A product as in `mA.cm-2`."""

# pint evaluates powers with Python integers: 9^9^9 in a unit would never end.
POWER_TOWER = re.compile(r"(\^|\*\*)[\s(+-]*(\d{3,}|\d+[\s)]*(\^|\*\*))")


@functools.cache
def _registry():
    import pint

    return pint.UnitRegistry()


def to_si(value: Any, unit: str) -> float:
    """Convert an input value to a finite SI number.

    Args:
        value: An SI number, or a text such as ``"3.73e-9 S/cm"``.
        unit: The SI unit of the quantity, e.g. ``"S/m"``; empty for a plain number.

    Returns:
        The value in ``unit``.

    Raises:
        ValueError: The text cannot be read, has a unit of another dimension, or is not finite.
            The message does not repeat the value.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        wanted = f"a number in {unit} or a text 'value unit'" if unit else "a number"
        raise ValueError(f"must be {wanted}")
    try:
        number = _parse(value.strip(), unit) if isinstance(value, str) else float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    return number


def _parse(text: str, unit: str) -> float:
    try:
        return float(text)
    except ValueError:
        pass
    example = EXAMPLES.get(unit) or (f"for example '1 {unit}'" if unit else "for example 0.1")
    number = NUMBER.match(text)
    if number is None:
        raise ValueError(f"must start with a number, {example}")
    written = text[number.end() :].strip()
    magnitude = _registry().Quantity(float(number.group()), _unit(written, example))
    if not magnitude.is_compatible_with(unit):
        meant = MEANT.get((unit, written))
        hint = f"; did you mean '{number.group()} {meant}'?" if meant else ""
        raise ValueError(
            f"has the wrong unit; it must be convertible to {unit or 'a number'}{hint}"
        )
    # 15 digits: "50 um" is 5e-05, not 4.9999999999999996e-05.
    return float(f"{magnitude.to(unit).magnitude:.15g}")


def _unit(text: str, example: str) -> Any:
    text = PLAIN_POWER.sub(r"^\1", POINT.sub("*", text))
    if len(text) > UNIT_LENGTH or POWER_TOWER.search(text):
        raise ValueError(f"has a unit that cannot be read; write it as {example}")
    try:
        return _registry().Unit(text)
    except Exception:
        # pint leaks many exception types on malformed text; all mean the same here.
        raise ValueError(f"has the unknown unit '{text}'; write it as {example}") from None


def quantity(unit: str, **bounds: float) -> Any:
    """Return the annotated float type of a quantity with an SI unit and optional bounds.

    Args:
        unit: The SI unit; empty for a plain number.
        bounds: Keywords of pydantic's Field, in SI: ``gt``, ``ge``, ``lt``, ``le``.
    """
    extra = {"unit": unit} if unit else {}
    return Annotated[
        float,
        Field(json_schema_extra={"type": ["number", "string"], **extra}, **bounds),
        BeforeValidator(functools.partial(to_si, unit=unit)),
    ]


def seconds(value: Any) -> float:
    """Convert a duration: as `to_si`, or as a queue writes it, ``"23h30m"``, ``"1d 2h"``.

    Raises:
        ValueError: The text cannot be read.
    """
    parts = DURATION.findall(value) if isinstance(value, str) else []
    if not parts or DURATION.sub("", value).strip():
        return to_si(value, "s")
    return sum(float(number) * SECONDS[unit] for number, unit in parts)


def duration(**bounds: float) -> Any:
    """Return the annotated float type of a duration in s with optional bounds."""
    extra = {"type": ["number", "string"], "unit": "s"}
    return Annotated[float, Field(json_schema_extra=extra, **bounds), BeforeValidator(seconds)]


def whole(**bounds: int) -> Any:
    """Return the annotated type of a whole number, for which true and false are no numbers."""
    return Annotated[int, Field(**bounds), BeforeValidator(_no_bool)]


def unit_of(field: FieldInfo) -> str:
    """Return the SI unit of a field made by `quantity`, also inside lists; empty for none."""
    return next(iter(units_of(field)), "")


def units_of(field: FieldInfo) -> tuple[str, ...]:
    """Return the SI units of a field, of a pair or triple that of each part."""
    return tuple(_units(field))


def _units(part: Any) -> Iterator[str]:
    if isinstance(part, FieldInfo):
        if isinstance(part.json_schema_extra, dict):
            yield part.json_schema_extra.get("unit", "")
        yield from _units(part.annotation)
    for inner in get_args(part):
        yield from _units(inner)


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


def si_text(value: float, unit: str) -> str:
    """Write an SI value with an engineering prefix where it helps reading, e.g. ``15.3 nm``."""
    prefixed = unit in ("m", "m/s", "V", "Pa") or (unit == "s" and abs(value) < 1)
    if not prefixed or value == 0 or not math.isfinite(value):
        return f"{value:.4g} {unit}".rstrip()
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1, ""), (1e-3, "m"), (1e-6, "u"), (1e-9, "n")):
        if abs(value) >= factor * 0.9999:
            return f"{value / factor:.4g} {prefix}{unit}"
    return f"{value:.3g} {unit}"
