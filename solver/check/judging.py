# SPDX-License-Identifier: MIT
"""What is doubtful about a config that can be run: one sentence each, with the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from solver.base.units import si_text
from solver.check import (
    einstein,
    electrons,
    flow,
    machine,
    protocol_judging,
    ranges,
    temperature,
)  # fmt: skip
from solver.check.cell import cell
from solver.check.groups import TIP_GAIN, Groups, groups
from solver.check.meaning import RESOLVED, USABLE
from solver.input.config import Config
from solver.laws.front_speed import planar_front_speed

SCARCE = 0.01
"""kinetics.c_half above this share of c0 slows down more than growth from hardly any Li+."""
THIN = 3.0
"""A film or half-disk thinner than this many l has no bulk: xi stays below 0.95 in it."""


ELASTIC = 0.1
"""Share of the overpotential above which elasticity counts for more than the error of a run."""
NOTHING = 1e-3
"""An overpotential that counts as none [RT/F]."""
QUICK = 5.0
"""sigma R over l below which a front in a single-ion conductor moves by more than 1 % wrongly."""
BREAKDOWN = 2.5
"""Cell voltage that no cell of two lithium electrodes has [V]; electrochemistry.voltage ends so."""
UNUSED = frozenset({"c0", "D", "sigma_Li", "sigma_e"})
"""Keys of a layer that mean nothing in a single-ion conductor."""
UNABLE = 1e3
"""Charge number from which phi runs away: kinetics and conductivity cannot be brought together."""


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
    if charge <= UNABLE:
        return None
    return (
        f"cannot run: the charge number Pi = F c_Li V L/(sigma U) is {charge:.3g}, so the "
        "conductivity carries 1/Pi of the current that these kinetics draw and phi "
        "leaves the volts in the first steps; use reading: ionic or reading: electron_limited."
    )


def judgements(config: Config, found: Groups) -> list[str]:
    """Return the warnings on a config; none means that nothing looks wrong."""
    if config.is_cell:
        own = (_cell, _salt, _protocol, _unused, temperature.judgements)
        rules = (_possible, _resolution, *own, _scales, _start)
    else:
        own = (_front, _hindrance, temperature.judgements, _scales, _transport, _elastic, _shape)
        rules = (_possible, _resolution, *own, _start)
    rules += (_driving, flow.judgements, einstein.judgements, ranges.judgements, machine.judgements)
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


def _front(config: Config, g: Groups) -> Iterator[str]:
    if config.boundary.phi_counter < config.kinetics.phi_eq:
        yield (
            f"boundary.phi_counter, {config.boundary.phi_counter:g} V, is below kinetics.phi_eq: "
            "lithium grows at the counter electrode too, from the Li+ that the film gives where "
            "that dissolves, and the tip is then read there."
        )
    if g.drive == 0:
        yield "nothing drives the front: boundary.phi_anode is kinetics.phi_eq."
    if g.drive < 0:
        yield (
            f"no plating: the drive at the anode potential is {g.drive:.3g}, which dissolves the "
            f"film, gone after about {si_text(config.nuclei.film / g.speed_tip, 's')}; lithium "
            "grows where boundary.phi_anode is below kinetics.phi_eq."
        )
    if g.drive > 0 and g.drive_tip > 1:
        extra = 6 * g.drive_tip / planar_front_speed(g.drive_tip)
        length = _length_at_drive_one(g)
        yield (
            f"the interface is too thick for the drive at the tip, {g.drive_tip:.2g} (should be "
            f"below 1): its front needs {extra:.2g} times the overdrive of a sharp one; "
            f"phase_field.interface_length <= {si_text(length, 'm')} would bring it to 1; "
            "compare two lengths."
        )


def _cell(config: Config, g: Groups) -> Iterator[str]:
    its = cell(config)
    equivalent = its.equivalent
    if equivalent < QUICK * g.interface.length:
        yield (
            f"the interface is too thick for these kinetics: the front resists as much as "
            f"{si_text(equivalent, 'm')} of electrolyte, which should be above {QUICK:g} l; "
            f"use phase_field.interface_length <= {si_text(equivalent / QUICK, 'm')}."
        )
    if abs(its.voltage) > BREAKDOWN:
        yield (
            f"the cell would show {si_text(its.voltage, 'V')}, at which electrolytes decompose and "
            "the exponentials of the electrodes leave all numbers; use a smaller current."
        )
    yield from electrons.judged(config, its)
    if g.speed > 0 and g.wavelength > config.width and _has_disks(config):
        yield (
            f"no fingers expected: at this current ripples shorter than "
            f"{si_text(g.wavelength, 'm')} decay, and the width is {si_text(config.width, 'm')}."
        )
    if config.protocol is None and g.speed < 0 and -g.speed * config.time.end > config.nuclei.film:
        yield (
            f"the anode's lithium, {si_text(config.nuclei.film, 'm')}, is gone before time.end: "
            "the run ends there, as no front is left."
        )


def _salt(config: Config, g: Groups) -> Iterator[str]:
    its = cell(config)
    if its.salt is None or abs(its.current) <= its.salt.limiting:
        return
    where = "front" if its.current > 0 else "counter electrode"
    above = (
        f"the current density {si_text(abs(its.current), 'A/m^2')} is above the limiting one, "
        f"{si_text(its.salt.limiting, 'A/m^2')}"
    )
    after = f"after about {si_text(its.salt.sand_time, 's')}"
    if config.protocol is None and config.electrochemistry.control == "voltage":
        yield f"{above}: {after} diffusion decides how much passes, and the current falls to that."
    else:
        yield (
            f"{above}: c at the {where} runs out {after}, where no voltage lets it pass; use less "
            "current, a shorter time, or a protocol that ends at a voltage."
        )


def _protocol(config: Config, g: Groups) -> Iterator[str]:
    if config.protocol is not None:
        yield from protocol_judging.judgements(config)


def _unused(config: Config, g: Groups) -> Iterator[str]:
    for i, layer in enumerate(config.layers if config.single_ion else ()):
        # A resolved config gives them too.
        fields = type(layer).model_fields
        given = [
            key for key in UNUSED & layer.model_fields_set
            if layer.material is None and getattr(layer, key) != fields[key].default
        ]  # fmt: skip
        for key in sorted(given):
            yield (
                f"layers.{i}.{key} does nothing here: with closure: single_ion all current is "
                "Li+'s and its concentration is the same everywhere, whatever it is."
            )


def _hindrance(config: Config, g: Groups) -> Iterator[str]:
    share = config.kinetics.c_half / min(layer.c0 for layer in config.layers)
    if share > SCARCE:
        yield (
            f"kinetics.c_half {config.kinetics.c_half:g} mol/m^3 is {share:.2g} of c0: it slows "
            "growth down also where Li+ is left; 0.001 of c0 is enough to keep c above 0."
        )


def _length_at_drive_one(g: Groups) -> float:
    """Interface length that brings the drive at the tip down to 1 [m].

    The sharp interface would have the kinetic speed 6 b L_sigma W l, and L_sigma W l falls as 1/l
    under the rescaling.
    """
    limit = TIP_GAIN * (g.speed_diffusion + g.speed_migration)
    sharp_speed_tip = min(6 * g.drive * g.unit_speed, limit)
    return g.interface.length * planar_front_speed(1) * g.unit_speed / sharp_speed_tip


def _scales(config: Config, g: Groups) -> Iterator[str]:
    length, nuclei = g.interface.length, config.nuclei
    if nuclei.film and nuclei.film < THIN * length:
        yield (
            f"nuclei.film {si_text(nuclei.film, 'm')} is thinner than 3 l = "
            f"{si_text(THIN * length, 'm')}: xi stays below 1 in it."
        )
    if nuclei.top > nuclei.film and nuclei.radius < THIN * length:
        yield (
            f"nuclei.radius {si_text(nuclei.radius, 'm')} is smaller than 3 l = "
            f"{si_text(THIN * length, 'm')}: the half-disks dissolve in the interface."
        )
    if g.drive > 0 and nuclei.top > nuclei.film and nuclei.radius < g.critical_radius:
        yield (
            f"nuclei.radius {si_text(nuclei.radius, 'm')} is below the critical radius "
            f"{si_text(g.critical_radius, 'm')}: the half-disks shrink."
        )
    # A front that is flat, or becomes so, is the same in any width.
    flat = config.is_cell and not (_has_disks(config) and g.wavelength <= config.width)
    smallest = config.cell_height if flat else min(config.cell_height, config.width)
    if smallest < 20 * length:
        yield (
            f"the interface ({si_text(4.394 * length, 'm')} wide) is too thick for this cell; "
            f"use phase_field.interface_length <= {si_text(smallest / 50, 'm')}."
        )


def _elastic(config: Config, g: Groups) -> Iterator[str]:
    k, eta = config.constants, abs(config.boundary.phi_anode - config.kinetics.phi_eq)
    shift = abs(g.elastic_shift)
    if config.mechanics.driving == "thermodynamic":
        return  # what it shifts is so
    if shift > ELASTIC * max(eta, NOTHING * k.R * k.T / k.F):
        yield (
            f"elasticity shifts the equilibrium of a flat film by {si_text(shift, 'V')}, "
            f"{abs(g.elastic_shift / g.elastic_bound):.2g} times what thermodynamics says, "
            f"f/(F c_Li), and "
            f"{'more than' if shift > eta else f'{shift / eta:.2g} of'} the overpotential: at no "
            f"voltage it would pass {si_text(-g.rest_current, 'A/m^2')}. mechanics.driving: "
            "thermodynamic binds it by RT c_Li; mechanics.feedback: false leaves it out."
        )


def _driving(config: Config, g: Groups) -> Iterator[str]:
    mechanics = config.mechanics
    if mechanics.driving == "thermodynamic" and not (mechanics.enabled and mechanics.feedback):
        yield (
            "mechanics.driving: thermodynamic does nothing here: it is about how stress drives the "
            "front, which mechanics.feedback leaves out."
        )


def _has_disks(config: Config) -> bool:
    return config.nuclei.top > config.nuclei.film


def _transport(config: Config, g: Groups) -> Iterator[str]:
    limit = g.speed_diffusion + g.speed_migration
    if g.drive > 0 and g.speed > 10 * limit:
        yield (
            f"transport-limited growth: the kinetics would allow {si_text(g.speed, 'm/s')}, the "
            f"electrolyte can feed {si_text(limit, 'm/s')}; c at the front runs out after about "
            f"{si_text(g.sand_time, 's')}."
        )
    electrons = config.potential.carrier == "electrons"
    if electrons and g.charge > 1:
        alone = 2 * g.speed_charge < limit
        yield (
            f"growth limited by the deposit's own resistance{'' if alone else ' and by Li+ alike'} "
            f"(charge number {g.charge:.3g}): fronts stay flat, and c rises where phi is negative, "
            "because phi falls across an electrolyte that carries no current."
        )
    if not electrons and 10 < g.charge <= UNABLE:
        yield (
            f"charge number {g.charge:.2g}: the conductivities carry only a part of the current "
            "of these kinetics, so the potential drops before the front."
        )


def _shape(config: Config, g: Groups) -> Iterator[str]:
    if g.stiffness <= 0:
        yield (
            f"anisotropy not convex (smallest stiffness {g.stiffness:.2g}): use a smaller "
            "phase_field.delta or omega, or expect facets that depend on the mesh."
        )
    if config.width < g.wavelength < inf:
        yield (
            f"no fingers expected: the fastest wavelength {si_text(g.wavelength, 'm')} is larger "
            f"than the width {si_text(config.width, 'm')}."
        )
    elif g.wavelength < 4.394 * g.interface.length:
        yield (
            f"the fastest wavelength {si_text(g.wavelength, 'm')} is below the interface width "
            f"{si_text(4.394 * g.interface.length, 'm')}: the interface, not capillarity, sets "
            "the distance of fingers."
        )


def _start(config: Config, g: Groups) -> Iterator[str]:
    if config.nuclei.top == 0:
        yield "no deposit at the start (nuclei.film 0, no half-disks): nothing can grow."
    stop = config.time.stop_tip
    if stop is not None and stop <= config.nuclei.top:
        yield (
            f"time.stop_tip {si_text(stop, 'm')} is not above the nuclei "
            f"({si_text(config.nuclei.top, 'm')}): the run ends at once."
        )
