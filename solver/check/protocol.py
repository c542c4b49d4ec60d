# SPDX-License-Identifier: MIT
"""The steps of a protocol before a run: how long they take, and what the cell shows then."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import inf, log2
from typing import NamedTuple

from solver.base.units import si_text
from solver.check.cell import at
from solver.input import electrochemistry
from solver.input.config import Config
from solver.input.protocol_steps import End, Step

STARTING_STEPS = 15
"""Steps in time from dt_initial to the one that the front allows."""
MOST = 40
"""Steps that are listed; cycles are alike."""
MA_CM2, MAH_CM2 = 10.0, 36000.0
"""1 mA/cm^2 [A/m^2] and 1 mAh/cm^2 [C/m^2]."""
UNITS = {
    "tip": "m", "time": "s", "voltage_above": "V", "voltage_below": "V",
    "current_over": "A/m^2", "current_under": "A/m^2",
}  # fmt: skip


class Begun(NamedTuple):
    """A step with the thickness of a flat deposit; None: not known before.

    Attributes:
        step: The step.
        film: The thickness when it begins [m].
        after: What clock and charge would make of it, were there room and lithium enough [m].
    """

    step: Step
    film: float | None
    after: float | None


def begun(config: Config) -> Iterator[Begun]:
    """Yield the steps of a cell, as far as its metal reaches from electrode to electrode.

    The deposit is known until a held voltage, or an end by it, has a say.
    """
    film, charge = config.nuclei.film, config.constants.F * config.lithium.c_Li
    low, high = electrochemistry.bare(config), electrochemistry.touching(config)
    for step in electrochemistry.steps(config):
        passed = step.charge
        after = None if film is None or passed is None else film + passed / charge
        yield Begun(step, film, after)
        film = after
        # A film that is thin from the start may be plated on.
        if film is not None and (film > high or passed < 0 and film < low):
            return


def lines(config: Config) -> tuple[str, ...]:
    """Describe the steps of a config with a protocol."""
    total = len(electrochemistry.steps(config))
    found = [_line(config, item.step, item.film) for item in islice(begun(config), MOST)]
    if len(found) < min(total, MOST):
        found.append("then the metal has met an electrode: the run ends")
    elif total > MOST:
        found.append(f"... {total - MOST} more")
    limits = [
        f"{key} {si_text(end.value, UNITS[end.kind])}"
        for key, end in config.protocol.safety.ends.items()
    ]
    return (*found, f"{total} steps; limits: time.end {_time(config.time.end)}", *limits)


def time_steps(config: Config, travel: float) -> float:
    """Estimate how many steps in time a protocol takes.

    Args:
        config: The config.
        travel: Way of the front in one of them [m].
    """
    charge, every = config.constants.F * config.lithium.c_Li, config.protocol.record.every
    count = 0.0
    for step in electrochemistry.steps(config):
        count += STARTING_STEPS
        if step.duration == inf:
            continue
        longest = min(step.period or every or inf, electrochemistry.longest_step(config, step))
        doublings = log2(max(1.0, step.duration / config.time.dt_initial)) - STARTING_STEPS
        way = abs(step.charge or 0.0) / charge / travel
        count += max(way, step.duration / longest, doublings if step.control == "rest" else 0.0)
    return count


def _line(config: Config, step: Step, film: float | None) -> str:
    parts = [f"step {step.number}, cycle {step.cycle}: {_held(step)}"]
    if step.duration < inf and [end.kind for end in step.ends] != ["time"]:
        parts.append(("at most " if ends_otherwise(step) else "") + _time(step.duration))
    if step.charge:
        parts.append(f"{step.charge / MAH_CM2:.4g} mAh/cm2")
    if step.control != "voltage" and step.value and film is not None:
        parts.append(f"U = {si_text(at(config, step.control, step.value, film).voltage, 'V')}")
    return ", ".join(parts)


def _held(step: Step) -> str:
    pressed = step.stack_pressure
    value = _value(step) + ("" if pressed is None else f" under {si_text(pressed, 'Pa')}")
    times = [f"for {_time(end.value)}" for end in step.ends if end.kind == "time"]
    others = " or ".join(described(end) for end in step.ends if end.kind != "time")
    words = [*times, *([f"until {others}"] if others else [])]
    return " ".join([value, " or ".join(words)]).rstrip()


def _value(step: Step) -> str:
    if step.control == "rest":
        return "rest"
    unit, size = ("V", 1.0) if step.control == "voltage" else ("mA/cm2", MA_CM2)
    rate = f" + {step.slope / size:.4g} {unit}/s" if step.slope else ""
    return f"{step.value / size:.4g} {unit}{rate}"


def _time(seconds: float) -> str:
    return si_text(seconds, "s")


def ends_otherwise(step: Step) -> bool:
    """Whether something else than clock and charge can end a step."""
    told = {"time", "capacity"} if step.control == "current" else {"time"}
    return any(end.kind not in told for end in step.ends)


def described(end: End) -> str:
    """Write an end in words."""
    name = end.kind.replace("_", " ")
    match end.kind:
        case "short":
            return "short circuit"
        case "capacity":
            return f"{name} {end.value / MAH_CM2:.4g} mAh/cm2"
        case "current_below":
            return f"{name} {end.value / MA_CM2:.4g} mA/cm2"
    return f"{name} {si_text(end.value, UNITS[end.kind])}"
