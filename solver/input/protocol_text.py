# SPDX-License-Identifier: MIT
"""Steps in words, in the grammar of PyBaMM's experiments, and a little more.

    Charge | Discharge at CURRENT   Hold at VOLTAGE   Rest   Scan from VOLTAGE to VOLTAGE at RATE
    [under PRESSURE] [for TIME] [or] [until END] [or until END] ... [(TIME period)]

docs/protocols.md describes it with examples. What PyBaMM reads in another way, or passes over, is
refused.
"""

from __future__ import annotations

import re

from solver.base.units import NUMBER, to_si
from solver.input.protocol_amounts import Sample

PERIOD = re.compile(r"(?P<step>.*?)\s*\(\s*(?P<time>[^()]*?)\s+period\s*\)", re.DOTALL)
CONDITION = re.compile(r"\s+(?:or\s+)?(for|until)\s+", re.IGNORECASE)
UNDER = re.compile(r"\s+under\s+", re.IGNORECASE)
RAMP = re.compile(r"\s+to\s+", re.IGNORECASE)
SCAN = re.compile(r"from\s+(?P<start>.+?)\s+to\s+(?P<stop>.+?)\s+at\s+(?P<rate>.+)", re.IGNORECASE)
MINUTES = re.compile(r"(?<=[\d\s.])m$")
"""PyBaMM's `m` is a minute."""
FORMS = (
    "Charge at, Discharge at, Hold at, Rest or Scan from, as in 'Charge at 1 mA/cm2 for 1 hour or "
    "until 0.2 V'"
)


def parsed(text: str, sample: Sample) -> dict:
    """Return the section that a line stands for, with values in SI.

    Args:
        text: One step, `Charge at 1 mA/cm2 for 1 hour`.
        sample: What currents of a cell and rates refer to.

    Raises:
        ValueError: The line cannot be read; the message goes on after the line.
    """
    with_period = PERIOD.fullmatch(text.strip())
    line = with_period["step"] if with_period else text.strip()
    action, *conditions = CONDITION.split(line)
    action, *pressures = UNDER.split(action)
    if any(map(UNDER.search, conditions)):
        raise ValueError(
            "has a pressure behind 'for' or 'until'; 'under PRESSURE' must stand before them, as "
            "in 'Charge at 1 mA/cm2 under 5 MPa for 1 hour'"
        )
    if action.lower().endswith(" under"):
        raise ValueError("has no pressure after 'under', as in 'under 5 MPa'")
    step = _action(action, sample)
    if len(pressures) > 1:
        raise ValueError("has more than one pressure after 'under'")
    if pressures:
        step["stack_pressure"] = _pressure(pressures[0])
    pairs = zip(conditions[::2], conditions[1::2], strict=True)
    ends = [_end(word.lower(), amount, action, sample) for word, amount in pairs]
    if ends:
        step["until"] = ends
    if with_period:
        step["period"] = _time(with_period["time"])
    return step


def _action(text: str, sample: Sample) -> dict:
    verb, _, rest = text.partition(" ")
    at, _, amount = rest.strip().partition(" ")
    match verb.lower(), at.lower():
        case "rest", "":
            return {"control": "rest"}
        case ("charge" | "discharge") as verb, "at":
            value = _amount(amount, "current", verb.capitalize(), sample)
            if value <= 0:
                raise ValueError(
                    f"has the current '{amount}', which must be greater than 0; 'Charge at' and "
                    "'Discharge at' say its direction"
                )
            return {"control": "current", "value": value if verb == "charge" else -value}
        case "hold", "at":
            return {"control": "voltage", "value": _amount(amount, "voltage", "Hold", sample)}
        case "scan", "from":
            return _scan(rest)
    raise ValueError(f"begins with '{text}'; it must begin with {FORMS}")


def _amount(text: str, wanted: str, verb: str, sample: Sample) -> float:
    kind, value = sample.read(text.strip())
    if kind != wanted:
        raise ValueError(f"has '{text}', a {kind}; '{verb} at' must be followed by a {wanted}")
    return value


def _scan(text: str) -> dict:
    found = SCAN.fullmatch(text)
    if found is None:
        raise ValueError(f"has 'Scan {text}'; it must be as in 'Scan from 0 V to 0.1 V at 1 mV/s'")
    start, stop = (_read(found[name], "V") for name in ("start", "stop"))
    rate = _positive(found["rate"], "V/s")
    return {"control": "voltage", "value": start, "to": stop, "rate": rate}


def _end(word: str, text: str, action: str, sample: Sample) -> dict:
    if word == "for":
        return {"time": _time(text)}
    if text.lower() == "short":
        return {"short": True}
    if text.lower().startswith("tip "):
        return {"tip": _positive(text[4:], "m")}
    operator, amount = (text[0], text[1:].strip()) if text[:1] in "<>" else ("", text)
    kind, value = sample.read(amount)
    if kind == "voltage":
        return {_direction(operator, text, action): value}
    if operator:
        raise ValueError(f"has the end '{text}'; only a voltage can stand after < or >")
    if value <= 0:  # PyBaMM compares the amount of the current: a negative one would never end
        raise ValueError(f"has the end '{text}', an amount, which must be greater than 0")
    return {"current_below" if kind == "current" else "capacity": value}


def _direction(operator: str, text: str, action: str) -> str:
    """The end that a voltage after `until` stands for."""
    verb = action.partition(" ")[0].lower()
    sign = operator or {"charge": ">", "discharge": "<"}.get(verb)
    if sign is None:
        raise ValueError(
            f"has the end '{text}'; in a step that neither charges nor discharges it must be "
            f"'> {text}' or '< {text}'"
        )
    return "voltage_above" if sign == ">" else "voltage_below"


def _time(text: str) -> float:
    return _positive(MINUTES.sub("min", text.strip()), "s")


def _pressure(text: str) -> float:
    if RAMP.search(text):
        raise ValueError(
            f"has the pressure '{text.strip()}'; a stack pressure stays as it is for a whole step: "
            "for one that rises give several steps"
        )
    value = _read(text, "Pa")
    # As all amounts behind `at`: a bare 5 is hardly meant to be 5 Pa.
    if NUMBER.fullmatch(text.strip()):
        raise ValueError(f"has the pressure '{text.strip()}', which needs a unit, as in '5 MPa'")
    if value < 0:
        raise ValueError(f"has '{text.strip()}', which must not be below 0")
    return value


def _positive(text: str, unit: str) -> float:
    value = _read(text, unit)
    if value <= 0:
        raise ValueError(f"has '{text.strip()}', which must be greater than 0")
    return value


def _read(text: str, unit: str) -> float:
    try:
        return to_si(text.strip(), unit)
    except ValueError as error:
        raise ValueError(f"has '{text}', which {error}") from None
