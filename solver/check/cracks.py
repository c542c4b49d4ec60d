# SPDX-License-Identifier: MIT
"""What the section `fracture` of a config means: which notches run, on which mesh."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from solver.base.units import si_text
from solver.cell.triangles import size_at_front
from solver.check import notches, pressed
from solver.check.groups import Groups
from solver.check.line import Line
from solver.check.pressed import Drive, Pressed
from solver.input import fracture
from solver.input.config import Config
from solver.input.resolution import resolution
from solver.input.sections import Layer
from solver.laws import fracture as law

FINE = 3.0
"""Triangles per l_d from which on the mesh adds at most 13 % to the toughness (AT1)."""
ATOMS = 10e-9
"""Least damage length that a continuum has [m]: ten cells of the crystal of Li6PS5Cl, of 0.986 nm
(Kraft et al., J. Am. Chem. Soc. 139 (2017) 10909) [ours]."""
BROAD = 0.1
"""Share of a cell beyond which the damage length leaves no line of a crack in it."""
BRIDGED = 0.01
"""Share of its opening that the stiffness left in a notch may keep it from."""
LARGE = 0.05
"""Share of Young's modulus beyond which a pressure makes strains that are not small."""


def lines(config: Config) -> list[Line]:
    """Describe when cracks run; empty without `fracture`."""
    section = config.fracture
    if section is None:
        return []
    layer = _weakest(config)
    material = (fracture.toughness(layer), layer.E, layer.nu)
    drive = pressed.largest(config)
    found = pressed.all_of(config, drive)
    eta = max((drive.at(config, notch.top) for notch in found), default=drive.eta)
    p = float(fracture.pressure(config, eta))
    upright = pressed.closing(config, 90.0, layer.nu)
    mean = max((notch.pressure for notch in found), default=p)
    length = law.critical_length(*material, mean - upright) if mean > upright else inf
    h = _size(config)
    return [
        Line("toughness", "G_c", material[0], "J/m^2", f"of {layer.name}, {_of(layer)}."),
        Line(
            "pressure in cracks",
            "min(F |eta| c_Li, pressure_limit)",
            p,
            "Pa",
            f"at {si_text(eta, 'V')}, {pressed.described(config, drive)}.",
        ),
        Line(
            "critical notch length",
            "E' G_c/(pi (p - s)^2)" if upright else "E' G_c/(pi p^2)",
            length,
            "m",
            f"of an upright notch at a wall, far from others{_shut(upright)}; twice as long if a "
            f"film holds its mouth; {_running(config, found)}",
        ),
        *_first(config, drive),
        Line(
            "elements of a crack",
            "l_d/h",
            section.length / h,
            "",
            f"the mesh makes G_c {law.on_mesh(section.model, h, section.length):.3g} times as "
            "large.",
        ),
        Line(
            "strength without a notch",
            "sqrt(3 E' G_c/(8 l_d))" if section.model == "AT1" else "3/16 sqrt(3 E' G_c/l_d)",
            law.strength(section.model, *material, section.length),
            "Pa",
            "of the damage field, not of the material: cracks start at notches only.",
        ),
    ]


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield what is doubtful about notches, damage length and mesh."""
    section = config.fracture
    if section is None:
        return
    if not section.notches:
        yield (
            "fracture.notches: there is none, so nothing cracks: without a notch the damage field "
            "is stronger than any real electrolyte."
        )
    elif section.overpotential_from == "given" and not fracture.largest_overpotential(section):
        yield (
            "fracture: no overpotential is given, so nothing presses; set fracture.overpotential "
            "or overpotential_course, or overpotential_from: fields."
        )
    layer, drive = _weakest(config), pressed.largest(config)
    found = pressed.all_of(config, drive)
    eta = max((drive.at(config, notch.top) for notch in found), default=drive.eta)
    p = float(fracture.pressure(config, eta))
    if p > LARGE * layer.E:
        yield (
            f"fracture: {si_text(eta, 'V')} presses with {si_text(p, 'Pa')}, {p / layer.E:.2g} of "
            f"Young's modulus of {layer.name}: strains are not small then; is the unit of the "
            "overpotential right?"
        )
    elements = section.length / _size(config)
    if elements < FINE * 0.999:
        yield (
            f"fracture.length: {si_text(section.length, 'm')} has {elements:.2g} triangles at the "
            f"notches, fewer than {FINE:g}: the mesh then adds much to the toughness; raise "
            "fracture.elements."
        )
    room = min(config.width, config.cell_height)
    if section.length > BROAD * room:
        yield (
            f"fracture.length: {si_text(section.length, 'm')} is more than a tenth of the cell, "
            f"{si_text(room, 'm')}: a crack is no line in it then; is the unit right?"
        )
    if section.length < ATOMS * 0.999:
        yield (
            f"fracture.length: {si_text(section.length, 'm')} is less than ten cells of a crystal, "
            f"{si_text(ATOMS, 'm')}, over which nothing is smeared, and needs triangles of "
            f"{si_text(section.length / FINE, 'm')}; is the unit right?"
        )
    yield from _bridged(config, found)
    yield from _strength(config)
    yield from _held_back(config, drive)
    yield from _squeezed_out(config, drive)
    yield from notches.judgements(config)


def _bridged(config: Config, found: list[Pressed]) -> Iterator[str]:
    """Say of the notch that opens the widest that what is left of its stiffness holds it back."""
    if not found:
        return
    notch, residual = max(found, key=lambda x: x.half_length), config.fracture.residual
    material = notch.layer.E, notch.layer.nu
    ratio = law.bridging(residual, *material, notch.half_length, _size(config))
    if ratio > BRIDGED:
        yield (
            f"fracture.residual: {residual:g} of its stiffness that is left of notch "
            f"{notch.number} takes some {ratio / (1 + ratio):.1%} of its opening on these "
            f"triangles, and has it run later; {residual * BRIDGED / ratio:.1g} takes "
            f"{BRIDGED:.0%}."
        )


def _squeezed_out(config: Config, drive: Drive) -> Iterator[str]:
    """Say of a notch that it runs at a pressure which lithium that flows does not keep up.

    At its mouth lithium has the pressure of the stack already.
    """
    notch, limit = pressed.first(config, drive), config.fracture.pressure_limit
    kept = None if notch is None else pressed.sustained(config, notch)
    if kept is not None and kept < notch.critical - notch.closing and limit is None:
        yield (
            f"fracture.pressure_limit: lithium.flow: {config.lithium.flow} is that of the deposit "
            f"alone; lithium in notch {notch.number} that flows likewise keeps up some "
            f"{si_text(kept, 'Pa')} and would be squeezed out before the "
            f"{si_text(notch.critical, 'Pa')} at which it runs, unless plating makes up for it; "
            "give the limit that you mean."
        )


def _strength(config: Config) -> Iterator[str]:
    """Say of a crack that runs if its pressure reaches what bears without a notch, and where."""
    if (found := pressed.when_it_runs(config)) is None:
        return
    notch, drive = found
    section, low, top = config.fracture, notch.top, 0.0
    for layer in config.layers:
        top += layer.thickness
        if top <= low:
            continue
        p = float(fracture.pressure(config, drive.at(config, top)))
        bears = law.strength(
            section.model, fracture.toughness(layer), layer.E, layer.nu, section.length
        )
        if p - notch.closing >= bears:
            at = "" if drive.current == 0 else f" at {si_text(drive.current, 'A/m^2')}"
            yield (
                f"fracture: the crack of notch {notch.number} runs{at} and presses with "
                f"{si_text(p, 'Pa')} once it is {si_text(top, 'm')} above the anode; from "
                f"{si_text(bears, 'Pa')} on {layer.name} breaks without a notch too, for its "
                "damage field, so that the crack widens and branches: make fracture.length "
                "smaller or the cell thinner."
            )
            return
        low = top


def _held_back(config: Config, drive: Drive) -> Iterator[str]:
    """Say that lithium flows before it has the pressure of any notch, if so."""
    found = pressed.all_of(config, drive)
    if found and all(pressed.never_runs(config, notch) for notch in found):
        weakest = min(found, key=lambda x: x.critical)
        yield (
            f"fracture.pressure_limit: {si_text(config.fracture.pressure_limit, 'Pa')} is below "
            f"the critical pressure of every notch, {si_text(weakest.critical, 'Pa')} and more: "
            "lithium flows before it presses as hard, so that none runs at any current or voltage."
        )


def _weakest(config: Config) -> Layer:
    """The layer whose cracks run at the lowest pressure."""
    return min(config.parts, key=lambda x: law.plane_strain(x.E, x.nu) * fracture.toughness(x))


def _of(layer: Layer) -> str:
    return "as given" if layer.G_c is not None else "from K_IC"


def _shut(closing: float) -> str:
    """What a stack shuts a notch with, if anything."""
    s = si_text(closing, "Pa")
    return f", which the stack's least pressure shuts with s = {s}" if closing else ""


def _running(config: Config, found: list[Pressed]) -> str:
    total = len(config.fracture.notches)
    return f"{sum(x.runs for x in found)} of {total} run." if total else "there is none."


def _first(config: Config, drive: Drive) -> Iterator[Line]:
    """Describe the notch that is nearest to running."""
    if (notch := pressed.first(config, drive)) is None:
        return
    eta = notch.critical / (config.constants.F * config.lithium.c_Li)
    held = ", its mouth held by the film" if notch.held else ""
    half, times = si_text(notch.half_length, "m"), notch.pressure / notch.critical
    never = pressed.never_runs(config, notch)
    limit = "; fracture.pressure_limit is below it, so that it never runs" if never else ""
    yield Line(
        "critical pressure",
        "sqrt(E' G_c/(pi a))" + (" + s" if notch.closing else ""),
        notch.critical,
        "Pa",
        f"of notch {notch.number}{_shut(notch.closing)}, a = {half} in {notch.layer.name}{held}: "
        f"{si_text(eta, 'V')}; "
        f"it is pressed with {times:.3g} times that as a mean along it{limit}.",
    )
    if (kept := pressed.sustained(config, notch)) is not None:
        yield Line(
            "pressure that flow leaves",
            "2 sigma a/(sqrt(3) w)",
            kept,
            "Pa",
            f"of lithium in notch {notch.number}, as wide as it opens at its critical pressure, "
            "if nothing is plated there; fracture.pressure_limit is yours to give.",
        )
    if not never and config.is_cell and config.fracture.overpotential_from == "fields":
        yield Line(
            "critical current density",
            "mean F c_Li (eta + i sum h/sigma) = p_c",
            pressed.critical_current(config, notch),
            "A/m^2",
            f"from which notch {notch.number} runs, with the deposit of the start; the mean along "
            "it, weighted as K of its end is.",
        )


def _size(config: Config) -> float:
    """Size of the triangles where they are coarsest along a notch [m]."""
    section = config.fracture
    if config.adaptive:
        found = resolution(config)
        return found.edge(found.deepest)
    tops = [max(notch.y, notch.end[1]) for notch in section.notches]
    graded = size_at_front(config, max(tops, default=0.0))
    return min(graded, section.length / section.elements)
