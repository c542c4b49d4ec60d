# SPDX-License-Identifier: MIT
"""What the section `fracture` of a config means: which notches run, on which mesh."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from solver.base.units import si_text
from solver.cell.triangles import size_at_front
from solver.check.cell import cell
from solver.check.groups import Groups
from solver.check.line import Line
from solver.input import fracture
from solver.input.config import Config
from solver.input.fracture_section import Notch
from solver.input.resolution import resolution
from solver.input.sections import Layer
from solver.laws import fracture as law

FINE = 3.0
"""Triangles per l_d from which on the mesh adds at most 13 % to the toughness (AT1)."""
SLENDER = 5.0
"""Length of a notch in l_d from which on its critical pressure is right to about 5 %."""

LARGE = 0.05
"""Share of Young's modulus beyond which a pressure makes strains that are not small."""


def lines(config: Config) -> list[Line]:
    """Describe when cracks run; empty without `fracture`."""
    section = config.fracture
    if section is None:
        return []
    layer = _weakest(config)
    material = (fracture.toughness(layer), layer.E, layer.nu)
    eta, where = _overpotential(config)
    p = float(fracture.pressure(config, eta))
    length = law.critical_length(*material, p) if p else inf
    h = _size(config)
    return [
        Line("toughness", "G_c", material[0], "J/m^2", f"of {layer.name}, {_of(layer)}."),
        Line(
            "pressure in cracks",
            "min(F |eta| c_Li, pressure_limit)",
            p,
            "Pa",
            f"at {si_text(eta, 'V')}, {where}.",
        ),
        Line(
            "critical notch length",
            "E' G_c/(pi p^2)",
            length,
            "m",
            "a notch that is longer runs, far from walls; "
            + _notches_meaning(config, length),
        ),
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
    layer, (eta, _) = _weakest(config), _overpotential(config)
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
    for i, notch in enumerate(section.notches):
        if notch.length < SLENDER * section.length * 0.999:
            yield (
                f"fracture.notches.{i}: {si_text(notch.length, 'm')} is "
                f"{notch.length / section.length:.2g} times fracture.length; from "
                f"{SLENDER:g} times on it runs at the pressure of a sharp one, within about 5 %."
            )
        yield from _place(config, f"fracture.notches.{i}", notch)


def _place(config: Config, key: str, notch: Notch) -> Iterator[str]:
    """Say of a notch where it is, if that is no place for one."""
    if fracture.buried(config, notch):
        film = si_text(config.nuclei.film, "m")
        yield f"{key} lies in the deposit, nuclei.film {film}, where nothing breaks."
        return
    if away := fracture.gap(config, notch):
        yield (
            f"{key} begins {si_text(away, 'm')} away from the deposit: no lithium would get there "
            "before that has grown to it, yet lithium presses in it from the start."
        )
    for side in _sides_along(config, notch):
        yield (
            f"{key} lies along {side}, within fracture.length of it: is its place meant, and its "
            f"angle, {notch.angle:g} deg?"
        )


def _sides_along(config: Config, notch: Notch) -> Iterator[str]:
    """Sides that both ends of a notch are at; a short one that leads away from its side is not."""
    (x, y), film = notch.end, config.nuclei.film
    depths = {
        "the left side": (notch.x, x),
        "the right side": (config.width - notch.x, config.width - x),
        "the deposit" if film else "the anode": (notch.y - film, y - film),
        "the counter electrode": (config.cell_height - notch.y, config.cell_height - y),
    }
    near = min(config.fracture.length, notch.length / 2)
    yield from (side for side, ends in depths.items() if max(map(abs, ends)) <= near)


def _overpotential(config: Config) -> tuple[float, str]:
    """Largest overpotential that lithium in cracks is to expect [V], and where that is so."""
    section = config.fracture
    if section.overpotential_from == "given":
        return fracture.largest_overpotential(section), "the largest overpotential of the config"
    if not config.is_cell:
        found = max(config.kinetics.phi_eq - config.boundary.phi_anode, 0.0)
        return found, "the anode's; less where the electrolyte takes a part"
    its, longest = cell(config), max((x.length for x in section.notches), default=0.0)
    if its.current <= 0:
        return 0.0, "as no current plates"
    ohmic = its.current * longest / config.parts[0].sigma_ion
    where = f"at the tip of the longest notch, at {si_text(its.current, 'A/m^2')}"
    return its.front + ohmic, where


def _weakest(config: Config) -> Layer:
    """The layer whose cracks run at the lowest pressure."""
    return min(config.parts, key=lambda x: law.plane_strain(x.E, x.nu) * fracture.toughness(x))


def _of(layer: Layer) -> str:
    return "as given" if layer.G_c is not None else "from K_IC"


def _notches_meaning(config: Config, length: float) -> str:
    notches = config.fracture.notches
    running = sum(x.length > length and not fracture.buried(config, x) for x in notches)
    return f"{running} of {len(notches)} are." if notches else "there is none."


def _size(config: Config) -> float:
    """Size of the triangles where they are coarsest along a notch [m]."""
    section = config.fracture
    if config.adaptive:
        found = resolution(config)
        return found.edge(found.deepest)
    tops = [max(notch.y, notch.end[1]) for notch in section.notches]
    graded = size_at_front(config, max(tops, default=0.0))
    return min(graded, section.length / section.elements)
