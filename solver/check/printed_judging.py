# SPDX-License-Identifier: MIT
"""What is doubtful about a config of the printed equations: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from solver.base.units import si_text
from solver.check.groups import TIP_GAIN, Groups
from solver.check.interface_lines import thinner
from solver.input.config import Config
from solver.laws.front_speed import planar_front_speed

SCARCE = 0.01
"""kinetics.c_half above this share of c0 slows down more than growth from hardly any Li+."""
ELASTIC = 0.1
"""Share of the overpotential above which elasticity counts for more than the error of a run."""
NOTHING = 1e-3
"""An overpotential that counts as none [RT/F]."""
UNABLE = 1e3
"""Charge number from which phi runs away: kinetics and conductivity cannot be brought together."""


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield the warnings on a config; `g` are its groups."""
    for rule in (_front, _hindrance, _transport, _elastic, _shape):
        yield from rule(config, g)


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
            f"below 1): its front needs {extra:.2g} times the overdrive of a sharp one; to bring "
            f"it to 1 {thinner(length, 'what reacts so easily or is so mobile')}; compare two "
            "lengths."
        )


def _length_at_drive_one(g: Groups) -> float:
    """Interface length that brings the drive at the tip down to 1 [m].

    The sharp interface would have the kinetic speed 6 b L_sigma W l, and L_sigma W l falls as 1/l
    under the rescaling.
    """
    limit = TIP_GAIN * (g.speed_diffusion + g.speed_migration)
    sharp_speed_tip = min(6 * g.drive * g.unit_speed, limit)
    return g.interface.length * planar_front_speed(1) * g.unit_speed / sharp_speed_tip


def _hindrance(config: Config, g: Groups) -> Iterator[str]:
    share = config.kinetics.c_half / min(layer.c0 for layer in config.parts)
    if share > SCARCE:
        yield (
            f"kinetics.c_half {config.kinetics.c_half:g} mol/m^3 is {share:.2g} of c0: it slows "
            "growth down also where Li+ is left; 0.001 of c0 is enough to keep c above 0."
        )


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


def driving(config: Config, g: Groups) -> Iterator[str]:
    """Say that a key of the printed equations does nothing; of a cell too."""
    mechanics = config.mechanics
    if mechanics.driving == "thermodynamic" and not (mechanics.enabled and mechanics.feedback):
        yield (
            "mechanics.driving: thermodynamic does nothing here: it is about how stress drives the "
            "front, which mechanics.feedback leaves out."
        )
