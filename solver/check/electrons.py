# SPDX-License-Identifier: MIT
"""What electrons that leak through the electrolyte do, and islands of lithium in it, to read."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, inf

import numpy as np

from solver.base.units import si_text
from solver.cell import effective, regions
from solver.cell.band import Network
from solver.check import equivalent, islands
from solver.check.cell import Cell
from solver.check.line import Line
from solver.input.config import Config
from solver.input.deposit import Island
from solver.laws import island

GROWN = 1e-6
"""Radius that the time of an island's growth is told for; of a larger one that of twice its own."""
NOTICED = 0.01
"""Share of the cell's current that may leak before the numbers for ions alone are wrong by it."""
HOUR = 3600.0


def resistance(config: Config) -> float:
    """Resistance of the electrolyte above the film for electrons [ohm m^2]; infinite for none."""
    left, found = config.nuclei.film, 0.0
    for layer in equivalent.stack(config):
        free = max(layer.thickness - left, 0.0)
        left = max(left - layer.thickness, 0.0)
        if free:
            found += free / layer.sigma_el if layer.sigma_el else inf
    return found


def lines(config: Config, its: Cell) -> list[Line]:
    """Describe leak and islands, where there are any."""
    return [*_leak(config, its), *_islands(config, its)]


def judged(config: Config, its: Cell) -> Iterator[str]:
    """Yield a sentence if too much leaks for what has been said of the cell."""
    leak = its.voltage / resistance(config)
    if abs(leak) > NOTICED * abs(its.current):
        yield (
            f"electrons leak {si_text(leak, 'A/m^2')}, more than {NOTICED:.0%} of the current: the "
            f"cell's numbers here are those of the ions alone; use a smaller {_leakiest(config)} "
            "if that is not meant."
        )


def _leakiest(config: Config) -> str:
    """Key of the sigma_el that lets most electrons through."""
    band, parts = config.grain_boundaries, config.parts
    most = max(range(len(parts)), key=lambda i: parts[i].sigma_el)
    own = f"{config.parts_key}.{most}.sigma_el"
    if config.geometry is None or band is None or not band.sigma_el:
        return own
    without = band.model_copy(update={"sigma_el": None})
    grains = effective.of_regions(
        config.model_copy(update={"grain_boundaries": without}), "sigma_el"
    )
    half = 0.5 * effective.of_regions(config, "sigma_el")
    return own if grains > half else "grain_boundaries.sigma_el"


def _leak(config: Config, its: Cell) -> Iterator[Line]:
    electronic = resistance(config)
    if electronic == inf:
        return
    k = config.constants
    F_RT, charge = k.F / (k.R * k.T), k.F * config.lithium.c_Li
    leak = its.voltage / electronic
    blocking = (1 - exp(-F_RT * abs(its.voltage))) / (F_RT * electronic)
    yield Line(
        "leak current density",
        "U/sum(L/sigma_el)",
        leak,
        "A/m^2",
        f"self-discharge of {abs(leak) / charge * HOUR * 1e9:.3g} nm of lithium per hour at that "
        "voltage. Between lithium and an electrode that blocks ions (Hebb-Wagner), electrons in "
        f"equilibrium with lithium would pass {blocking:.3g} A/m^2 at it: conductivities measured "
        "so belong to the lithium's side.",
    )


def _islands(config: Config, its: Cell) -> Iterator[Line]:
    charge, height = config.constants.F * config.lithium.c_Li, config.cell_height
    if (pore := islands.full(config)) is not None:
        yield islands.drift(config, its, pore)
    for number, seed in enumerate(config.nuclei.islands, 1):
        yield islands.drift(config, its, islands.disk(config, number))
        sigma, through = _feeding(config, seed)
        if not sigma:
            continue
        # Both potentials are straight; of the ions' drop the electrodes' part is at the front.
        part = (seed.y - config.nuclei.film) / (height - config.nuclei.film)
        ions = its.front + part * its.current * its.ohmic
        drive, ring = ions - part * its.voltage, island.reach(height, seed.y)
        goal = GROWN if seed.radius < GROWN else 2 * seed.radius
        time = island.time_to(goal, seed.radius, sigma * drive, ring, charge)
        until = f"{time / HOUR:.4g} h until {goal * 1e6:g} um" if time < inf else "it dissolves"
        yield Line(
            f"growth of island {number}",
            "sigma_el (phi_l - phi_s)/(F c_Li a ln(b/a))",
            island.growth(sigma * drive, seed.radius, ring, charge),
            "m/s",
            f"by electrons that leak to it{through}, driven by {drive * 1e3:.3g} mV; {until}; b = "
            f"{ring * 1e6:.3g} um, for electrodes that are wider than they are apart.",
        )


def _feeding(config: Config, seed: Island) -> tuple[float, str]:
    """Electronic conductivity round an island [S/m], and words for what has it.

    Of one that a boundary with a film touches it is that of grains and boundaries together.
    """
    band, around = config.grain_boundaries, islands.around(config, seed)
    if config.geometry is not None and band is not None and band.sigma_el:
        reach = seed.radius + 0.5 * band.width
        network = Network(regions.boundaries(config), reach)
        if network.distance(np.array([[seed.x, seed.y]]))[0] <= reach:
            return effective.of_regions(config, "sigma_el"), " along the boundaries that it touches"
    return around.sigma_el, islands.place(config, around)
