# SPDX-License-Identifier: MIT
"""What drives lithium into notches before a run, and which of them runs first, and at what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import cos, inf, radians, sin, sqrt
from typing import NamedTuple

import numpy as np

from solver.base.units import si_text
from solver.check import cell
from solver.check.gap import above
from solver.input import electrochemistry, fracture
from solver.input.config import Config
from solver.input.fracture_section import Notch
from solver.input.mechanics import ACROSS, flow_law, least_pressure
from solver.input.sections import Layer
from solver.laws import fracture as law

HALVINGS = 60
"""Of the bracket of a current, until it has all digits of a double."""


class Drive(NamedTuple):
    """Overpotential of lithium in cracks, by height.

    Attributes:
        eta: At the surface of a flat deposit [V].
        current: Into it, whose ohmic drop adds to that along a crack [A/m^2].
    """

    eta: float
    current: float = 0.0

    def at(self, config: Config, height: float) -> float:
        """The overpotential at a height above the anode [V]."""
        return self.eta + self.current * _resistance(config, height)


class Sharp(NamedTuple):
    """The sharp crack that a notch is.

    Attributes:
        half_length: a of Griffith's law [m].
        whole: Whether its mouth is held shut as its end is; else it is half of such a crack.
        mouth: Height of where its lithium is from, in the electrolyte [m].
        end: Height of where it runs from [m].
    """

    half_length: float
    whole: bool
    mouth: float
    end: float


class Pressed(NamedTuple):
    """A notch under pressure, as a sharp crack.

    Attributes:
        number: Among the notches of the config.
        notch: The notch.
        layer: That of its end, into which it runs.
        half_length: a of Griffith's law [m].
        held: Whether the film of lithium that it opens into holds its mouth.
        pressure: The uniform one that opens its end as hard as what there is along it [Pa].
        closing: What a stack presses it shut with [Pa].
        critical: From which on it runs [Pa].
    """

    number: int
    notch: Notch
    layer: Layer
    half_length: float
    held: bool
    pressure: float
    closing: float
    critical: float

    @property
    def top(self) -> float:
        """Height of its upper end [m]."""
        return max(self.notch.y, self.notch.end[1])

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self.pressure > self.critical


def largest(config: Config) -> Drive:
    """The largest drive of a run."""
    section = config.fracture
    if section.overpotential_from == "given":
        return Drive(fracture.largest_overpotential(section))
    if not config.is_cell:
        return Drive(max(config.kinetics.phi_eq - config.boundary.phi_anode, 0.0))
    most = max(current for way in _currents(config) for current in way)
    return _of_cell(cell.at(config, "current", most))


def all_of(config: Config, drive: Drive) -> list[Pressed]:
    """The notches that are not buried in the deposit, under a drive."""
    found = []
    for number, notch in enumerate(config.fracture.notches):
        if fracture.buried(config, notch):
            continue
        crack = _sharp(config, notch)
        layer, half = _layer(config, crack.end), crack.half_length
        alone = law.critical_pressure(fracture.toughness(layer), layer.E, layer.nu, half)
        shut = closing(config, notch.angle, layer.nu)
        held = crack.whole and crack.mouth == config.nuclei.film
        p = _opens(config, crack, drive)
        found.append(Pressed(number, notch, layer, half, held, p, shut, alone + shut))
    return found


def first(config: Config, drive: Drive) -> Pressed | None:
    """The notch that is nearest to running, where none is pressed the weakest; None without any."""
    found = all_of(config, drive)
    return max(found, key=lambda x: (x.pressure / x.critical, -x.critical), default=None)


def closing(config: Config, angle: float, nu: float) -> float:
    """Stress of a stack across a notch, far from it, that its pressure has to overcome [Pa].

    Of the least pressure of all steps. Along sides that hold the cell it is nu/(1 - nu) of that
    pressure, by plane strain; along free ones none. That an inclined notch slides besides is left
    out, and that a solid with a negative nu is pulled open.

    Args:
        config: The config.
        angle: Of the notch, from the x axis [deg].
        nu: Poisson's ratio around it.
    """
    p, sides = least_pressure(config), config.mechanics.sides
    if not p:
        return 0.0
    pressed, free = (
        [bool({*across} & {*sides.of(support)}) for across in ACROSS.values()]
        for support in ("pressure", "free")
    )
    across = (1.0 if pressed[a] else 0.0 if free[a] else nu / (1 - nu) for a in ACROSS)
    ways = sin(radians(angle)) ** 2, cos(radians(angle)) ** 2
    share = sum(part * way for part, way in zip(across, ways, strict=True))
    return round(max(share, 0.0), 12) * p  # a right angle has a cosine of 1e-16


def never_runs(config: Config, notch: Pressed) -> bool:
    """Whether lithium in a notch gives way before it has the critical pressure."""
    limit = config.fracture.pressure_limit
    return limit is not None and limit < notch.critical


def critical_current(config: Config, notch: Pressed) -> float:
    """Current of a cell at which lithium opens a notch as its critical pressure does [A/m^2].

    Of a notch that runs at one (`never_runs`).
    """
    crack, low, high = _sharp(config, notch.notch), 0.0, 1.0

    def rests(current: float) -> bool:
        drive = _of_cell(cell.at(config, "current", current))
        return _opens(config, crack, drive) < notch.critical

    while rests(high):
        high *= 2
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if rests(middle) else (low, middle)
    return high


def sustained(config: Config, notch: Pressed) -> float | None:
    """Pressure that lithium keeps up by itself in a notch from a film [Pa]; None: it does not flow.

    2 sigma a/(sqrt(3) w), what it takes to squeeze it out of a slit as wide as the notch opens at
    its critical pressure, 4 p a/E', by the time that the run ends.
    """
    flows = flow_law(config)
    if flows is None:
        return None
    layer, way = notch.layer, notch.half_length
    width = 4 * (notch.critical - notch.closing) * way * (1 - layer.nu**2) / layer.E
    rate = 2 * way / (width * config.time.end)
    return 2 / sqrt(3) * flows.stress(rate) * way / width


def when_it_runs(config: Config) -> tuple[Pressed, Drive] | None:
    """The notch that runs first and the drive at that moment; None where all rest.

    None with printed kinetics too, of whose overpotential the electrolyte takes an unknown part. A
    drive that rises past the critical one is that one; one that jumps beyond is where it lands.
    """
    section, notch = config.fracture, first(config, largest(config))
    if notch is None or not notch.runs:
        return None
    if section.overpotential_from == "given":
        critical = notch.critical / (config.constants.F * config.lithium.c_Li)
        course = section.overpotential_course or ((0.0, section.overpotential),)
        values = [abs(eta) for _, eta in course]
        ways = zip([values[0], *values], values, strict=False)
        return notch, Drive(_first_above(critical, ways))
    if not config.is_cell:
        return None
    held = _first_above(critical_current(config, notch), _currents(config))
    return notch, _of_cell(cell.at(config, "current", held))


def described(config: Config, drive: Drive) -> str:
    """Say of a drive where it is from."""
    if config.fracture.overpotential_from == "given":
        return "the largest overpotential of the config"
    if not config.is_cell:
        return "the anode's; less where the electrolyte takes a part"
    if drive.current <= 0:
        return "as no current plates"
    return f"at the end of a notch, at {si_text(drive.current, 'A/m^2')}"


def _of_cell(its: cell.Cell) -> Drive:
    return Drive(its.front, its.current) if its.current > 0 else Drive(0.0)


def _currents(config: Config) -> Iterator[tuple[float, float]]:
    """Currents at the beginning and the end of every step of a cell [A/m^2]."""
    for step in electrochemistry.steps(config):
        last = step.duration if step.slope and step.duration < inf else 0.0
        yield tuple(
            cell.at(config, step.control, step.at(time)).current for time in (0.0, last)
        )


def _first_above(critical: float, ways: Iterable[tuple[float, float]]) -> float:
    """Where ways from one value to another first get beyond the critical value."""
    return next(max(start, critical) for start, end in ways if max(start, end) >= critical)


def _resistance(config: Config, height: float) -> float:
    """Of the electrolyte between the film and a height [ohm m^2]."""
    left, found = height - config.nuclei.film, 0.0
    for thickness, layer in above(config, config.nuclei.film):
        part = min(thickness, max(left, 0.0))
        found += part / layer.sigma_ion
        left -= part
    return found


def _layer(config: Config, height: float) -> Layer:
    """The layer at a height, of two that meet there the lower one."""
    top = 0.0
    for layer in config.layers:
        top += layer.thickness
        if height <= top:
            break
    return layer


def _opens(config: Config, crack: Sharp, drive: Drive) -> float:
    """Uniform pressure that opens the end of a crack as hard as a drive does [Pa]."""

    def pressure(places: np.ndarray) -> np.ndarray:
        heights = crack.mouth + places * (crack.end - crack.mouth)
        eta = np.array([drive.at(config, height) for height in heights])
        return fracture.pressure(config, eta)

    return law.as_uniform(pressure, crack.whole)


def _sharp(config: Config, notch: Notch) -> Sharp:
    """What is in the electrolyte of a notch, as a sharp crack.

    From a side, along which it can slide open, a notch is half of a crack. One that begins inside
    is a whole one, and so is one from a film of lithium that does not flow: its mouth is held
    together. Along lithium that flows it slides open.
    """
    (x, y), film = notch.end, config.nuclei.film
    low, high = sorted((notch.y, y))
    if film and low <= film:
        above, held = notch.length * (high - film) / (high - low), config.lithium.flow == "none"
        return Sharp(0.5 * above if held else above, held, film, high)
    near = min(config.fracture.length, notch.length / 2)
    ends = ((notch.x, notch.y), (x, y))
    depths = [min(a, config.width - a, b, config.cell_height - b) for a, b in ends]
    if min(depths) > near:
        return Sharp(0.5 * notch.length, True, low, high)
    # Of one along a side neither end is the mouth: it runs where it is pressed harder.
    along = max(depths) <= near or depths[0] == depths[1]
    mouth, end = (low, high) if along else (notch.y, y) if depths[0] < depths[1] else (y, notch.y)
    return Sharp(notch.length, False, mouth, end)
