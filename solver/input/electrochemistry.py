# SPDX-License-Identifier: MIT
"""What must hold between the values of a cell with a current and a voltage."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from solver.input import protocol
from solver.input.protocol_steps import Step
from solver.input.section import Section
from solver.input.stack import CellConfig
from solver.laws import scaling
from solver.laws.bounds import BREAKDOWN

PRINTED_ONLY = {
    "boundary": ("phi_anode", "anode_course", "phi_counter", "c_counter"),
    "potential": ("charge_scale",),
    "transport": ("in_metal",),
    "kinetics": ("overpotential", "phi_eq", "c_half"),
}
"""Keys that say nothing in a cell whose metal is at 0 V and whose c is c0."""
THINNEST = 2.0
"""Least radius of an island in interface lengths: a thinner one has no inside."""
NEAR = 2.0
"""Distance of a tip from the counter electrode, in interface lengths, that counts as touching."""
BARE = 4.0
"""Height of the deposit, in interface lengths, up to which nothing of it can be dissolved."""
GIVEN_BY = {"voltage": "voltage", "current": "current"}
"""The key that a control takes its value from; a rest needs none."""


def problems(config: CellConfig) -> Iterator[str]:
    """Yield one sentence, without its full stop, for everything that does not fit together."""
    if not config.single_ion:
        for key in _leaking(config):
            yield f"{key}: needs electrochemistry.closure: single_ion"
    if not config.is_cell:
        for key in _floating(config):
            yield f"{key}: needs electrochemistry.closure: single_ion or binary"
        for key in _other_than_default(config.electrochemistry):
            yield f"electrochemistry.{key}: needs electrochemistry.closure: single_ion or binary"
        if config.protocol is not None:
            yield "protocol: needs electrochemistry.closure: single_ion or binary"
        return
    yield from _salt(config)
    yield from _control(config)
    yield from _voltages(config)
    yield from _closure(config)
    yield from _scheme(config)
    yield from _islands(config)


def steps(config: CellConfig) -> tuple[Step, ...]:
    """Return what the cell is made to do: the steps of its protocol, or one that has no end."""
    if config.protocol is not None:
        return protocol.flat(config.protocol)
    cell = config.electrochemistry
    held = {"voltage": cell.voltage, "current": cell.current, "rest": 0.0}[cell.control]
    return (Step(cell.control, held, 0.0, (), None, 1),)


def stack_pressure(config: CellConfig, step: Step) -> float | None:
    """Pressure of the stack in a step [Pa]; None: nothing presses."""
    given = config.mechanics.stack_pressure
    return given if step.stack_pressure is None else step.stack_pressure


def first_pressure(config: Any) -> float:
    """Pressure of the stack at the start, of a first step that has its own too [Pa]."""
    if not config.is_cell:
        return config.mechanics.stack_pressure or 0.0
    return stack_pressure(config, steps(config)[0]) or 0.0


def _salt(config: CellConfig) -> Iterator[str]:
    t_plus = config.electrochemistry.t_plus
    if not config.binary:
        if t_plus is not None:
            yield "electrochemistry.t_plus: needs electrochemistry.closure: binary"
        return
    if t_plus is None:
        yield "electrochemistry.t_plus: closure: binary needs its value, from 0 to 1"
    c0 = [layer.c0 for layer in config.parts]
    if min(c0) != max(c0):
        yield (
            f"{config.parts_key}: c0 is {min(c0):g} in one and {max(c0):g} mol/m^3 in another, but "
            "electrochemistry.closure: binary has one salt that is dissolved alike in all of them"
        )


def longest_step(config: CellConfig, step: Step) -> float:
    """Largest step in time within a step of the protocol [s].

    Nothing moves in a rest: its error says enough, unless a largest step has been given.
    """
    free = step.control == "rest" and "dt_max" not in config.time.model_fields_set
    return inf if free else config.time.dt_max


def touching(config: CellConfig) -> float:
    """Height from which metal counts as touching the counter electrode [m]."""
    return config.cell_height - NEAR * scaling.interface(config.phase_field).length


def bare(config: CellConfig) -> float:
    """Height up to which nothing of a deposit can be dissolved [m]."""
    return BARE * scaling.interface(config.phase_field).length


def _control(config: CellConfig) -> Iterator[str]:
    cell = config.electrochemistry
    if config.protocol is not None:
        both = [x for x in _other_than_default(cell) if x in ("control", *GIVEN_BY)]
        if both:
            yield (
                f"electrochemistry.{both[0]}: is not used with a protocol, whose steps say what is "
                "held; leave it out"
            )
        return
    needed = GIVEN_BY.get(cell.control)
    for key in GIVEN_BY.values():
        given = getattr(cell, key) is not None
        if key == needed and not given:
            yield f"electrochemistry.{key}: control: {cell.control} needs its value"
        if key != needed and given:
            yield (
                f"electrochemistry.{key}: is not used with control: {cell.control}; leave it out "
                f"or set control: {key}"
            )


def _voltages(config: CellConfig) -> Iterator[str]:
    if config.protocol is None:
        return
    for step in steps(config):
        if step.control == "voltage":
            way = (step.value, step.at(step.duration) if step.slope else step.value)
            if largest := next((U for U in way if abs(U) >= BREAKDOWN), None):
                yield (
                    f"protocol: step {step.number} holds {largest:g} V; cells of two lithium "
                    f"electrodes have less than {BREAKDOWN:g} V either way"
                )
                return


def _closure(config: CellConfig) -> Iterator[str]:
    closure = f"electrochemistry.closure: {config.electrochemistry.closure}"
    needed = f"{closure} needs"
    if config.kinetics.interface != "quantitative":
        yield f"{needed} kinetics.interface: quantitative, which it takes by itself"
    if config.mechanics.enabled and config.mechanics.feedback:
        yield (
            f"{needed} mechanics.feedback: false, which it takes by itself: the elastic energy is "
            "no share of the work against a pressure; mechanics.pressure_potential is that work"
        )
    if config.phase_field.L_eta == 0:
        yield f"{needed} phase_field.L_eta above 0, from which the front's exchange current follows"
    if config.nuclei.top == 0:
        yield f"{needed} deposit at the start: a nuclei.film, or half-disks"
    for section, keys in PRINTED_ONLY.items():
        for key in _other_than_default(getattr(config, section)):
            if key in keys:
                c = "no electrode holds" if config.binary else "is c0"
                yield (
                    f"{section}.{key}: is not used with {closure}, "
                    f"whose metal is at 0 V and whose c {c}; leave it out"
                )


def _leaking(config: CellConfig) -> Iterator[str]:
    """Keys in use that let electrons through the electrolyte."""
    for number, layer in enumerate(config.parts):
        if layer.sigma_el:
            yield f"{config.parts_key}.{number}.sigma_el"
    if config.grain_boundaries is not None and config.grain_boundaries.sigma_el:
        yield "grain_boundaries.sigma_el"


def _floating(config: CellConfig) -> Iterator[str]:
    """Keys in use of lithium that has no connection to the anode."""
    for key in ("islands", "regions"):
        if getattr(config.nuclei, key):
            yield f"nuclei.{key}"


def _scheme(config: CellConfig) -> Iterator[str]:
    """The monolithic scheme finds one number beside the fields: the voltage."""
    if config.solver.scheme == "split":
        return
    for key in (*_leaking(config), *_floating(config)):
        yield (
            f"{key}: needs solver.scheme: split, whose passes find the potentials of metal; "
            "monolithic finds the cell's voltage alone"
        )


def _islands(config: CellConfig) -> Iterator[str]:
    """An island has an inside, and electrolyte around it."""
    length = scaling.interface(config.phase_field).length
    for number, island in enumerate(config.nuclei.islands):
        key, r = f"nuclei.islands.{number}", island.radius
        if r < THINNEST * length:
            yield (
                f"{key}.radius: {r:g} m must be at least {THINNEST:g} interface lengths, "
                f"{THINNEST * length:.3g} m"
            )
        if island.x > config.width:
            yield f"{key}.x: {island.x:g} m is beside the cell, which is {config.width:g} m wide"
        lowest, highest = config.nuclei.top, config.cell_height
        if island.y - r <= lowest or island.y + r >= highest:
            yield (
                f"{key}.y: {island.y:g} m must leave the disk between the deposit on the anode, up "
                f"to {lowest:g} m, and the counter electrode at {highest:g} m"
            )


def _other_than_default(section: Section) -> list[str]:
    """Keys with another value than if they were left out: a resolved config gives them all."""
    fields = type(section).model_fields
    return [key for key, field in fields.items() if getattr(section, key) != field.default]
