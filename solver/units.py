# SPDX-License-Identifier: MIT
"""Quantities at the input: an SI number or a text "value unit" becomes an SI float."""

from __future__ import annotations

import functools
import math
from typing import Annotated, Any

from pydantic import BeforeValidator, Field


@functools.cache
def _registry():
    import pint

    return pint.UnitRegistry()


def to_si(value: Any, unit: str) -> float:
    """Convert an input value to a finite SI number.

    Args:
        value: An SI number, or a text such as ``"3.73e-9 S/cm"``.
        unit: The SI unit of the quantity, e.g. ``"S/m"``.

    Returns:
        The value in ``unit``.

    Raises:
        ValueError: The text cannot be read, has a unit of another dimension, or is not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is no quantity; give a number in {unit} or a text 'value unit'")
    number = _parse(value, unit) if isinstance(value, str) else float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is not a finite number")
    return number


def _parse(text: str, unit: str) -> float:
    import pint

    try:
        return float(text)
    except ValueError:
        pass
    try:
        quantity = _registry().Quantity(text)
        # A bare unit such as "um" parses as one of it: a forgotten number, not a quantity.
        if not any(character.isdigit() for character in text):
            raise ValueError(f"'{text}' has no number; give for example '1 {unit}'")
        # 15 digits: "50 um" is 5e-05, not 4.9999999999999996e-05.
        return float(f"{float(quantity.to(unit).magnitude):.15g}")
    except pint.DimensionalityError:
        raise ValueError(f"'{text}' has the wrong unit; it must be convertible to {unit}") from None
    except pint.UndefinedUnitError as error:
        raise ValueError(f"'{text}' has an unknown unit ({error}); use for example {unit}") from None
    except ValueError:
        raise
    except Exception:
        # pint's tokenizer leaks many exception types on malformed text; all mean the same here.
        raise ValueError(f"'{text}' cannot be read as 'value unit', e.g. '1 {unit}'") from None


def quantity(unit: str, **bounds: float) -> Any:
    """Return the annotated float type of a quantity with an SI unit and optional bounds."""
    return Annotated[
        float,
        Field(json_schema_extra={"unit": unit, "type": ["number", "string"]}, **bounds),
        BeforeValidator(functools.partial(to_si, unit=unit)),
    ]


def si_text(value: float, unit: str) -> str:
    """Write an SI value with an engineering prefix where it helps reading, e.g. ``15.3 nm``."""
    if unit not in ("m", "s", "V", "Pa") or value == 0 or unit == "s" and abs(value) >= 1:
        return f"{value:.4g} {unit}"
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1, ""), (1e-3, "m"), (1e-6, "u"), (1e-9, "n")):
        if abs(value) >= factor * 0.9999:
            return f"{value / factor:.4g} {prefix}{unit}"
    return f"{value:.3g} {unit}"
