# SPDX-License-Identifier: MIT
"""What is doubtful about a protocol, as far as a flat front tells: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from solver.base.units import si_text
from solver.check import protocol, ranges
from solver.check.cell import at
from solver.check.protocol import Begun, begun, described
from solver.input import electrochemistry
from solver.input.config import Config
from solver.input.protocol_steps import End, Moment, Step
from solver.laws.bounds import BREAKDOWN

AREAL = ranges.Known(
    10.0, 1e7, "C/m^2", "mAh/cm^2", "lithium of 1 nm to a foil of 1 mm, at F c_Li"
)
"""Charges per area that are plated or stripped."""


def judgements(config: Config) -> Iterator[str]:
    """Yield the warnings on the steps of a config with a protocol, of equal steps once."""
    yield from _units(config)
    yield from _pressed(config)
    seen, last, first = set(), None, True
    for last in begun(config):
        step = last.step._replace(cycle=1)
        if step not in seen:
            seen.add(step)
            tip = config.nuclei.top if first else last.film
            yield from _of_step(config, step, last.film, tip)
        first = False
    yield from _at_an_electrode(config, last)


def _units(config: Config) -> Iterator[str]:
    """Charges and voltages that no cell of two lithium electrodes comes to."""
    if config.protocol.capacity is not None:
        yield from ranges.judged("protocol.capacity", config.protocol.capacity, AREAL)
    limits = [(f"protocol.safety.{key}", x) for key, x in config.protocol.safety.ends.items()]
    # Of equal steps, those of all cycles, one.
    ends = {(step.number, x): step for step in electrochemistry.steps(config) for x in step.ends}
    for (number, end), step in ends.items():
        if end.kind == "capacity":
            yield from ranges.judged(f"the capacity that ends step {number}", end.value, AREAL)
        elif step.duration < inf:
            limits.append((f"step {number}", end))
    for where, end in limits:
        side = {"voltage_above": 1.0, "voltage_below": -1.0}.get(end.kind, 0.0)
        if side * end.value >= BREAKDOWN:
            yield (
                f"{where}: {described(end)} is beyond {BREAKDOWN:g} V, from which on electrolytes "
                "decompose: no cell of two lithium electrodes is to meet it; is the unit right?"
            )


def _pressed(config: Config) -> Iterator[str]:
    """Pressures of steps that reach the stress alone."""
    mechanics = config.mechanics
    own = [x.number for x in electrochemistry.steps(config) if x.stack_pressure is not None]
    if own and mechanics.enabled and not mechanics.pressure_potential:
        yield (
            f"step {own[0]} has a stack pressure of its own, which changes stress, flow and cracks "
            "alone: voltage and current know of it with mechanics.pressure_potential: true."
        )


def _of_step(config: Config, step: Step, film: float | None, tip: float | None) -> Iterator[str]:
    starts = _moment(config, step, film, tip)
    yield from _limits(config, step, starts)
    met = next((end for end in step.ends if starts and end.beyond(starts) >= 0), None)
    if met:
        yield (
            f"step {step.number} is over as soon as it begins: its end, {described(met)}, is met "
            f"by {_seen(met, starts)} that a flat front begins it with."
        )
        return
    outside = [end for end in step.ends if _outside(config, step, end, film)]
    for end in outside:
        yield (
            f"step {step.number} never reaches its end, {described(end)}: the run ends before, "
            f"{_way_out(config, step)}."
        )
    ends = [end for end in step.ends if end not in outside]
    if ends and step.duration == inf and not step.slope and starts:
        yield from _unreachable(config, step, ends)


def _moment(
    config: Config, step: Step, film: float | None, tip: float | None, time: float = 0.0
) -> Moment | None:
    """What a flat front shows at a time of a step; None where that needs what is not known.

    Args:
        config: The config.
        step: The step.
        film: Thickness of the deposit [m].
        tip: Height of its highest part [m].
        time: Since the step began [s].
    """
    if step.control == "rest" and not _remembers(config):
        return Moment(time, 0.0, 0.0, 0.0, tip or 0.0, False)
    if film is None or step.control == "rest":
        return None
    its = at(config, step.control, step.at(time), film)
    return Moment(time, its.voltage, its.current, 0.0, tip or film, False)


def _remembers(config: Config) -> bool:
    """Whether a cell without a current may show a voltage, by its salt or by what presses on it."""
    return config.binary or config.mechanics.pressure_potential


def _limits(config: Config, step: Step, starts: Moment | None) -> Iterator[str]:
    """Limits of the protocol that a step is beyond by what it holds, or at its beginning."""
    for key, end in config.protocol.safety.ends.items():
        of_voltage = end.kind.startswith("voltage")
        if step.control == ("voltage" if of_voltage else "current"):
            # Held values are known, whatever the deposit is by then.
            times = (0.0, step.duration) if step.slope and step.duration < inf else (0.0,)
            seen = [Moment(t, *[step.at(t)] * 2, 0.0, 0.0, False) for t in times]
        else:
            seen = [starts] if starts else []
        beyond = next((moment for moment in seen if end.beyond(moment) >= 0), None)
        if beyond:
            yield (
                f"protocol.safety.{key}, {si_text(end.value, protocol.UNITS[end.kind])}, ends the "
                f"run in step {step.number}, which has {_seen(end, beyond)}."
            )


def _seen(end: End, moment: Moment) -> str:
    """What an end is compared with, in words."""
    if end.kind.startswith("voltage"):
        return f"the {si_text(moment.voltage, 'V')}"
    if end.kind == "tip":
        return f"the tip at {si_text(moment.tip, 'm')}"
    return f"the {moment.current / protocol.MA_CM2:.4g} mA/cm2"


def _way_out(config: Config, step: Step) -> str:
    """What ends a run whose metal goes on as in a step."""
    if (step.value or step.slope) > 0:
        return f"by a short circuit from {si_text(electrochemistry.touching(config), 'm')} up"
    return f"as the anode is exhausted at {si_text(electrochemistry.bare(config), 'm')}"


def _outside(config: Config, step: Step, end: End, film: float | None) -> bool:
    """Whether there is no room for metal, or no metal, as far as an end waits for it."""
    low, high = electrochemistry.bare(config), electrochemistry.touching(config)
    way = step.value or step.slope
    match end.kind:
        case "tip":
            return end.value > high if way > 0 else end.value < low
        case "short":
            return way < 0 and not step.slope
        case "capacity":
            if step.control != "voltage" or not step.value or step.slope or film is None:
                return False  # of a current it is told by the charge
            room = high - film if way > 0 else film - low
            return end.value > room * config.constants.F * config.lithium.c_Li
    return False


def _unreachable(config: Config, step: Step, ends: list[End]) -> Iterator[str]:
    """What a step waits for in vain that no clock and no charge ends."""
    if step.control == "rest":
        yield (
            f"step {step.number} waits for {_any(ends)}, but a cell at rest shows 0 V: it lasts "
            "until time.end."
        )
        return
    if not step.value:
        if not _remembers(config):
            yield (
                f"step {step.number} waits for {_any(ends)} in vain: at 0 V no current flows "
                "between two electrodes of lithium, so that it lasts until time.end."
            )
        return
    plating = step.value > 0
    # Voltage and current of a flat front have their extremes where its way ends.
    film = (electrochemistry.touching if plating else electrochemistry.bare)(config)
    last = _moment(config, step, film, film)
    if any(end.kind in ("short", "capacity", "tip") or end.beyond(last) >= 0 for end in ends):
        return
    stop = "a short circuit" if plating else "an exhausted anode"
    yield (
        f"step {step.number} waits for {_any(ends)} in vain: a flat front only comes to "
        f"{_seen(ends[0], last)}, at {stop}, which ends the run."
    )


def _any(ends: list[End]) -> str:
    return " or ".join(map(described, ends))


def _at_an_electrode(config: Config, last: Begun) -> Iterator[str]:
    """Where the charge of the steps is more than the cell has room or lithium for."""
    bare, charge = electrochemistry.bare(config), config.constants.F * config.lithium.c_Li
    if last.after is None:
        return
    where = f"step {last.step.number} of cycle {last.step.cycle}"
    if last.after > electrochemistry.touching(config):
        yield f"{where} plates more than the gap holds: a short circuit ends the run in it."
    if last.after < bare and last.step.charge < 0:  # a thin film may be plated on
        yield (
            f"{where} strips more than there is: the run ends in it with 'anode exhausted', and "
            f"4 l of the film, {si_text(bare, 'm')} or {bare * charge / protocol.MAH_CM2:.3g} "
            "mAh/cm2, stay on the anode, which the coulombic efficiency of that cycle lacks."
        )
