# SPDX-License-Identifier: MIT
"""What is doubtful about a config that can be run: one sentence each, with the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from solver.base.units import si_text
from solver.check import (
    cell_judging,
    courses,
    cracks,
    einstein,
    flow,
    islands,
    machine,
    printed_judging,
    ranges,
    regions,
    temperature,
    wall,
)
from solver.check.groups import Groups, groups
from solver.check.interface_lines import RESOLVED, USABLE, thinner
from solver.check.islands import THIN
from solver.input import electrochemistry, fracture
from solver.input.config import Config

LITHIUMS, LOWEST, HIGHEST = 0.5, 0.1, 2.0
"""Surface energy of lithium [J/m^2], 0.52 to 0.59 by the faces of its crystal (L. Vitos et al.,
Surf. Sci. 411 (1998) 186); and what it may be against electrolytes, bound or not [ours]."""
ROOM = 2 * electrochemistry.NEAR
"""Least electrolyte above the nuclei, in l: what counts as a short circuit, and half an interface
to grow before it [ours]."""


def obstacle(config: Config) -> str | None:
    """Say in one sentence why a config cannot run, if so.

    A current of Li+ feeds back: the more its resistance takes of the voltage, the lower phi at the
    front, the faster the kinetics. One of electrons stops the growth that it cannot feed.
    """
    if too_large := machine.obstacle(config):
        return too_large
    if config.potential.carrier != "ions" or config.is_cell:
        return None
    charge = groups(config).charge
    if charge <= printed_judging.UNABLE:
        return None
    return (
        f"cannot run: the charge number Pi = F c_Li V L/(sigma U) is {charge:.3g}, so the "
        "conductivity carries 1/Pi of the current that these kinetics draw and phi "
        "leaves the volts in the first steps; use reading: ionic or reading: electron_limited."
    )


def judgements(config: Config, found: Groups) -> list[str]:
    """Return the warnings on a config; none means that nothing looks wrong."""
    own = cell_judging if config.is_cell else printed_judging
    of_front = (
        _resolution, own.judgements, temperature.judgements, _scales, _energy, _start,
        _short_circuit, _contact, printed_judging.driving, flow.judgements, wall.judgements,
        einstein.judgements,
    )  # fmt: skip
    rules = (
        _possible, *(() if fracture.alone(config) else of_front), ranges.judgements,
        machine.judgements, regions.judgements, cracks.judgements, courses.judgements,
    )  # fmt: skip
    return [sentence for rule in rules for sentence in rule(config, found)]


def _possible(config: Config, g: Groups) -> Iterator[str]:
    sentence = obstacle(config)
    if sentence:
        yield sentence


def _resolution(config: Config, g: Groups) -> Iterator[str]:
    length = g.interface.length
    at_start, at_end = length / g.size_start, length / g.size_end
    if config.adapt.enabled:
        if config.adapt.elements < USABLE * 0.999:
            yield (
                f"interface not resolved: adapt.elements {config.adapt.elements:g} should be at "
                f"least {USABLE:g}, {RESOLVED:g} for a front speed within 1 %."
            )
    elif at_start < USABLE * 0.999:
        yield (
            f"interface not resolved: l/h = {at_start:.2g} at the top of the nuclei "
            f"({si_text(config.nuclei.top, 'm')}); use mesh.size_min <= "
            f"{si_text(length / RESOLVED, 'm')} with mesh.fine_height = "
            f"{si_text(g.tip_end, 'm')}, or phase_field.interface_length >= "
            f"{si_text(USABLE * g.size_start, 'm')}."
        )
    elif at_end < USABLE * 0.999:
        yield (
            f"interface not resolved on the whole way: l/h falls from {at_start:.2g} to "
            f"{at_end:.2g} at {si_text(g.tip_end, 'm')}; raise mesh.fine_height or lower "
            "mesh.growth."
        )


def _contact(config: Config, g: Groups) -> Iterator[str]:
    """Say that the contact resistance of a material is not that of the front by itself."""
    if config.phase_field.R_ct is not None:
        return
    for name in dict.fromkeys(part.material for part in config.parts):
        own = config.materials.get(name)
        if own is not None and own.R_ct is not None:
            value = si_text(own.R_ct.value, "ohm*m^2")
            yield (
                f"materials.{name}.R_ct, {value}, does nothing here: the front has what "
                "phase_field.L_eta makes; set phase_field.R_ct."
            )


def _scales(config: Config, g: Groups) -> Iterator[str]:
    length, nuclei = g.interface.length, config.nuclei
    if nuclei.film and nuclei.film < THIN * length:
        yield (
            f"nuclei.film {si_text(nuclei.film, 'm')} is thinner than 3 l = "
            f"{si_text(THIN * length, 'm')}: xi stays below 1 in it."
        )
    if nuclei.has_disks and nuclei.radius < THIN * length:
        yield (
            f"nuclei.radius {si_text(nuclei.radius, 'm')} is smaller than 3 l = "
            f"{si_text(THIN * length, 'm')}: the half-disks dissolve in the interface."
        )
    for number, island in enumerate(nuclei.islands):
        if island.radius < THIN * length:
            yield (
                f"nuclei.islands.{number}.radius {si_text(island.radius, 'm')} is smaller than 3 l "
                f"= {si_text(THIN * length, 'm')}: xi stays below 1 in it, and its size is as much "
                "its interface's as its own."
            )
    yield from islands.judgements(config, g)
    if g.drive > 0 and nuclei.has_disks and nuclei.radius < g.critical_radius:
        yield (
            f"nuclei.radius {si_text(nuclei.radius, 'm')} is below the critical radius "
            f"{si_text(g.critical_radius, 'm')}: the half-disks shrink."
        )
    # A front that is flat, or becomes so, is the same in any width.
    flat = config.is_cell and not (nuclei.has_disks and g.wavelength <= config.width)
    smallest = config.cell_height if flat else min(config.cell_height, config.width)
    if smallest < 20 * length:
        yield (
            f"the interface ({si_text(4.394 * length, 'm')} wide) is too thick for this cell; "
            f"{thinner(smallest / 50, 'so small a cell')}."
        )


def _energy(config: Config, g: Groups) -> Iterator[str]:
    """A surface energy that is given and not lithium's: widths go with its square root."""
    given = config.phase_field.surface_energy
    if given is None or LOWEST <= given <= HIGHEST:
        return
    yield (
        f"phase_field.surface_energy {si_text(given, 'J/m^2')} is {given / LITHIUMS:.3g} times "
        f"lithium's, {LITHIUMS:g} J/m^2 ({LOWEST:g} to {HIGHEST:g} against electrolytes): fingers "
        f"and ripples come out {sqrt(given / LITHIUMS):.2g} times as wide as lithium's; use "
        f"{LITHIUMS:g} J/m^2, and an interface_length that resolves what it makes, unless that is "
        "meant."
    )


def _start(config: Config, g: Groups) -> Iterator[str]:
    if config.nuclei.top == 0:
        yield "no deposit at the start (nuclei.film 0, no half-disks): nothing can grow."
    left, length = config.cell_height - config.nuclei.top, g.interface.length
    if left < ROOM * length:
        yield (
            f"the nuclei reach {si_text(config.nuclei.top, 'm')} and leave {si_text(left, 'm')} of "
            f"electrolyte, less than {ROOM:g} l = {si_text(ROOM * length, 'm')}: metal within "
            f"{electrochemistry.NEAR:g} l of the counter electrode is a short circuit."
        )
    stop = config.time.stop_tip
    if stop is not None and stop <= config.nuclei.top:
        yield (
            f"time.stop_tip {si_text(stop, 'm')} is not above the nuclei "
            f"({si_text(config.nuclei.top, 'm')}): the run ends at once."
        )


def _short_circuit(config: Config, g: Groups) -> Iterator[str]:
    """Metal at the counter electrode before the end that is asked for."""
    touching, stop = electrochemistry.touching(config), config.time.stop_tip
    if config.protocol is not None or g.drive <= 0 or (stop is not None and stop <= touching):
        return
    way = touching - config.nuclei.top
    if 0 < way < g.speed_tip * config.time.end:
        unreached = "" if stop is None else f", and time.stop_tip {si_text(stop, 'm')} is beyond it"
        yield (
            f"a short circuit ends the run before time.end, {si_text(config.time.end, 's')}: at "
            f"{si_text(g.speed_tip, 'm/s')} the tip is at {si_text(touching, 'm')}, 2 l from the "
            f"counter electrode, after about {si_text(way / g.speed_tip, 's')}{unreached}."
        )
