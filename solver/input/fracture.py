# SPDX-License-Identifier: MIT
"""What must hold for a config whose electrolyte may crack, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from solver.base.units import si_text
from solver.input.fracture_section import Fracture, Notch
from solver.input.sections import Layer
from solver.input.stack import CellConfig
from solver.laws import fracture


def toughness(layer: Layer) -> float | None:
    """G_c of a layer [J/m^2], from K_IC where it is not given; None if neither is."""
    if layer.G_c is not None or layer.K_IC is None:
        return layer.G_c
    return fracture.toughness(layer.K_IC, layer.E, layer.nu)


def pressure(config: CellConfig, eta):
    """Pressure of lithium in cracks at an overpotential, a number or an array [Pa]."""
    limit = config.fracture.pressure_limit or float("inf")
    return fracture.lithium_pressure(eta, config.constants.F, config.lithium.c_Li, limit)


def largest_overpotential(section: Fracture) -> float:
    """Largest |eta| of the run [V]."""
    course = section.overpotential_course
    return max(abs(eta) for _, eta in course) if course else abs(section.overpotential)


def alone(config: CellConfig) -> bool:
    """Whether there are cracks by a given overpotential, and nothing that could grow beside."""
    section = config.fracture
    given = section is not None and bool(section.notches) and section.overpotential_from == "given"
    return given and config.nuclei.top == 0 and not config.nuclei.has_islands


def gap(config: CellConfig, notch: Notch) -> float:
    """Height of a notch above the deposit at the start, 0 where it may touch lithium [m].

    Islands may touch any notch. Cracks of a given overpotential are full of lithium as they are.
    """
    if config.fracture.overpotential_from == "given" or config.nuclei.has_islands:
        return 0.0
    away = min(notch.y, notch.end[1]) - config.nuclei.top
    return away if away > config.fracture.length else 0.0


def buried(config: CellConfig, notch: Notch) -> bool:
    """Whether a notch lies in the film of lithium, where nothing breaks."""
    return max(notch.y, notch.end[1]) <= config.nuclei.film


def problems(config: CellConfig) -> Iterator[str]:
    """Yield one sentence, without its full stop, for everything that does not fit together."""
    for i, layer in enumerate(config.parts):
        if {"G_c", "K_IC"} <= layer.model_fields_set and None not in (layer.G_c, layer.K_IC):
            yield f"{config.parts_key}.{i}: give one of G_c and K_IC, not both"
    section = config.fracture
    if section is None:
        return
    for i, layer in enumerate(config.parts):
        if toughness(layer) is None:
            yield f"{config.parts_key}.{i}: fracture needs its toughness, G_c or K_IC"
    yield from _needed(config)
    yield from _notches(config, section)
    yield from _course(section)


def _needed(config: CellConfig) -> Iterator[str]:
    if not config.mechanics.enabled:
        yield "fracture: needs mechanics.enabled: true"
    if config.mechanics.feedback:
        yield "fracture: needs mechanics.feedback: false; stress of cracks acts on no front yet"
    if config.mechanics.pressure_potential:
        yield "fracture: needs mechanics.pressure_potential: false"
    if config.solver.scheme != "split":
        yield "fracture: needs solver.scheme: split"
    if config.adapt.enabled and config.fracture.way:
        yield "fracture.way: must be 0 m with adapt.enabled: true, whose mesh follows cracks"
    if config.skeleton is not None:
        yield "fracture: works with no skeleton"
    if config.geometry is not None:
        yield "fracture: works with no geometry; its mesh is not fine at notches yet"


def _notches(config: CellConfig, section: Fracture) -> Iterator[str]:
    for i, notch in enumerate(section.notches):
        for point in ((notch.x, notch.y), notch.end):
            if not _inside(config, point):
                yield f"fracture.notches.{i}: {_place(point)} is outside the electrolyte"
        ahead = notch.beyond(section.way)
        if _inside(config, notch.end) and not _inside(config, ahead):
            yield (
                f"fracture.way: {si_text(section.way, 'm')} ahead of notch {i} leads to "
                f"{_place(ahead)}, outside the electrolyte"
            )


def _inside(config: CellConfig, point: tuple[float, float]) -> bool:
    x, y = point
    return 0 <= x <= config.width and 0 <= y < config.cell_height


def _place(point: tuple[float, float]) -> str:
    return f"{si_text(point[0], 'm')} along the anode and {si_text(point[1], 'm')} above it"


def _course(section: Fracture) -> Iterator[str]:
    times = [time for time, _ in section.overpotential_course or ()]
    for i in range(1, len(times)):
        if times[i] <= times[i - 1]:
            yield (
                f"fracture.overpotential_course.{i}: its time, {times[i]:g} s, must be later than "
                f"that of the point before it, {times[i - 1]:g} s"
            )
    if section.overpotential_from == "fields" and (times or section.overpotential):
        yield (
            "fracture.overpotential_from: fields works without fracture.overpotential and "
            "overpotential_course"
        )
    if times and "overpotential" in section.model_fields_set:
        yield "fracture: give one of overpotential and overpotential_course, not both"
