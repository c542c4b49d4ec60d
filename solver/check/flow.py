# SPDX-License-Identifier: MIT
"""What a stack pressure and the flow of lithium mean for a config."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from solver.base.units import si_text
from solver.check.cell import cell
from solver.check.groups import Groups
from solver.check.line import Line
from solver.input.config import Config
from solver.input.electrochemistry import first_pressure
from solver.input.mechanics import flow_law, stack_pressures
from solver.laws import elasticity
from solver.laws.bounds import SMALL_STRAIN

THIN = 10e-6
"""Thickness of lithium below which it is stronger than bulk metal [m]: pillars of a micrometre bear
a hundred times as much (`dendrite materials Li`)."""

PRESSED = (1e4, 1e9)
"""Stack pressures that cells are under, isostatic ones included [Pa]."""
BORNE = (1e5, 5e8)
"""Flow stresses of lithium: 0.4 to 1 MPa in bulk, 105 MPa in a pillar of 1.4 um [Pa]."""
ACTIVATION = (1e4, 1e5)
"""Activation energies of creep; lithium has 37 kJ/mol [J/mol]."""


def lines(config: Config, g: Groups) -> list[Line]:
    """Describe them; none without mechanics."""
    if not config.mechanics.enabled:
        return []
    return [*_pressure(config), *_flow(config, g)]


def _pressure(config: Config) -> Iterator[Line]:
    pressure = first_pressure(config)
    if not pressure:
        return
    acts = "of an electrode" if config.mechanics.pressure_potential else "would be, of an electrode"
    yield Line(
        "shift by the stack pressure",
        "p/(F c_Li)",
        pressure / (config.constants.F * config.lithium.c_Li),
        "V",
        f"{acts} whose lithium bears all of it; "
        f"{1e9 / (config.constants.F * config.lithium.c_Li):.4g} mV per MPa.",
    )


def _flow(config: Config, g: Groups) -> Iterator[Line]:
    law, top = flow_law(config), config.nuclei.top
    speed = abs(cell(config).speed) if config.is_cell else g.speed_tip
    if law is None or not speed or not top:
        return
    rate = speed / top
    stress = law.stress(rate)
    shear = config.lithium.E / (2 * (1 + config.lithium.nu))
    yield Line(
        "flow stress of lithium",
        "sigma with f(sigma) = V/h",
        stress,
        "Pa",
        f"at {rate:.3g} 1/s, the rate of growth over the height of the deposit; shear of that size "
        f"relaxes within some {si_text(stress / (3 * shear * rate), 's')}, growth takes "
        f"{si_text(1 / rate, 's')}.",
    )


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Say what flow makes doubtful, and which of its keys do nothing."""
    lithium, fields = config.lithium, type(config.lithium).model_fields
    # A resolved config gives them all.
    given = {key for key in fields if getattr(lithium, key) != fields[key].default}
    for key, flow in (("norton", "norton"), ("yield_stress", "plastic")):
        if key in given and lithium.flow != flow:
            yield f"lithium.{key} does nothing here: it needs lithium.flow: {flow}."
    own = {"norton", "yield_stress"} & given
    if lithium.flow != "none" and config.nuclei.top < THIN and not own:
        yield (
            f"lithium.flow: {lithium.flow} has the stress of bulk lithium, and the deposit begins "
            f"{si_text(config.nuclei.top, 'm')} thick: a micrometre of it may bear a hundred times "
            "as much; give lithium.yield_stress or lithium.norton.S."
        )
    if config.mechanics.enabled:
        yield from _compressed(config)
        yield from _squeezed_out(config)
        yield from _unusual(config)
    else:
        for key in stack_pressures(config):
            yield f"{key} does nothing here: it needs mechanics.enabled: true."


def _compressed(config: Config) -> Iterator[str]:
    """Judge the strain of what a stack presses hardest, between sides that hold it."""
    if not (pressures := stack_pressures(config)):
        return
    key = max(pressures, key=pressures.get)
    for number, part in enumerate(config.parts):
        lam, mu = elasticity.lame(part.E, part.nu)
        strain = pressures[key] / (lam + 2 * mu)
        if strain > SMALL_STRAIN:
            yield (
                f"{key} compresses {config.parts_key}.{number} by {strain:.2g}: beyond "
                f"{SMALL_STRAIN:g} strains are not small, and displacement and stress no longer "
                "mean much."
            )


def _squeezed_out(config: Config) -> Iterator[str]:
    """Judge a deposit between rough plates, at the mean pressure that it bears (Prandtl)."""
    law, pressures, top = flow_law(config), stack_pressures(config), config.nuclei.top
    sides = config.mechanics.sides
    free = set(sides.of("free")) & {"left", "right"}
    if law is None or not free or not top or not set(sides.of("pressure")) & {"anode", "counter"}:
        return
    half = config.width / len(free)
    # 2 k (1 + a/h/2), where the stress of flow is that of a strain of SMALL_STRAIN by the end.
    bears = 2 / sqrt(3) * law.stress(SMALL_STRAIN / config.time.end) * (1 + 0.5 * half / top)
    if max(pressures.values()) > bears:
        yield (
            f"mechanics.sides.{min(free)}: free lets lithium that flows out: a deposit that is "
            f"{si_text(top, 'm')} thick bears a stack pressure of some {si_text(bears, 'Pa')} "
            f"before it has flowed by a strain of {SMALL_STRAIN:g}, beyond which strains are not "
            "small; make the side a roller."
        )


def _unusual(config: Config) -> Iterator[str]:
    """What no cell has, most likely by a unit."""
    lithium = config.lithium
    # A step without any pressure is a stack that is let go.
    values = [(key, p, "Pa", PRESSED) for key, p in stack_pressures(config).items() if p]
    if lithium.flow == "plastic":
        values.append(("lithium.yield_stress", lithium.yield_stress, "Pa", BORNE))
    if lithium.flow == "norton":
        values.append(("lithium.norton.S", lithium.norton.S, "Pa", BORNE))
        values.append(("lithium.norton.Q", lithium.norton.Q, "J/mol", ACTIVATION))
    for key, value, unit, (least, most) in values:
        if not least <= value <= most:
            yield (
                f"{key}: {si_text(value, unit)} is outside of {si_text(least, unit)} to "
                f"{si_text(most, unit)}; is the unit right?"
            )
