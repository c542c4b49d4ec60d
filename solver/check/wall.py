# SPDX-License-Identifier: MIT
"""What a side that comes in means for a config: as which current, and how it strains the cell."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from solver.base.units import si_text
from solver.check.gap import above
from solver.check.groups import Groups
from solver.check.line import Line
from solver.input.config import Config
from solver.input.electrochemistry import first_pressure
from solver.input.mechanics import ACROSS, HOLDING, NORMAL, flow_law
from solver.laws import elasticity
from solver.laws.bounds import SMALL_STRAIN

MA_PER_CM2 = 10.0
"""1 mA/cm^2 [A/m^2]."""
SPEEDS = (1e-12, 1e-6)
"""What 1e-3 mA/cm^2 to nearly 1 A/cm^2 plates in a second [m/s]."""


def side(config: Config) -> str | None:
    """The side that is pushed; None without, or without mechanics."""
    pushed = config.mechanics.sides.of("pushed")
    return pushed[0] if pushed and config.mechanics.enabled else None


def lines(config: Config) -> Iterator[Line]:
    """Describe it."""
    pushed, speed = side(config), config.mechanics.push_speed
    if pushed is None:
        return
    charge = config.constants.F * config.lithium.c_Li
    yield Line(
        "current of the wall",
        "v F c_Li",
        speed * charge,
        "A/m^2",
        f"plates lithium as fast as {pushed} comes in; 1 mA/cm2 plates "
        f"{si_text(MA_PER_CM2 / charge, 'm/s')}.",
    )
    modulus, length = mean_modulus(config, pushed)
    yield Line(
        "rise of pressure on the wall",
        "v/sum(h/M)" if pushed in ACROSS[1] else "v sum(h M)/(H W)",
        speed * modulus / length,
        "Pa/s",
        f"while nothing flows, with the deposit as a film; {si_text(speed / length, '1/s')} "
        "is the rate of the strain of the cell.",
    )
    law, rate = flow_law(config), speed / config.width
    if law is None or pushed in ACROSS[1] or not is_open(config, pushed) or not config.nuclei.film:
        return
    # What widens against the stack bears that too.
    p = first_pressure(config) if set(ACROSS[1]) & set(config.mechanics.sides.of("pressure")) else 0
    yield Line(
        "pressure that lithium bears",
        "p + 2/sqrt(3) sigma, f(sigma) = 2/sqrt(3) rate",
        p + 2 / sqrt(3) * law.stress(2 / sqrt(3) * rate),
        "Pa",
        f"once it flows at {si_text(rate, '1/s')} against p of the stack, if nothing that it slips "
        "along holds it.",
    )


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Say what is doubtful about it."""
    speed = config.mechanics.push_speed
    if speed is not None and not config.mechanics.enabled:
        yield "mechanics.push_speed does nothing here: it needs mechanics.enabled: true."
    pushed = side(config)
    if pushed is None:
        return
    least, most = SPEEDS
    if not least <= speed <= most:
        yield (
            f"mechanics.push_speed: {si_text(speed, 'm/s')} is outside of {si_text(least, 'm/s')} "
            f"to {si_text(most, 'm/s')}; is the unit right?"
        )
    share, what = max(_shares(config, pushed))
    rate = share * speed / _length(config, pushed)
    if rate * config.time.end > SMALL_STRAIN:
        yield (
            f"mechanics.push_speed strains {what} by {rate * config.time.end:.2g} until time.end: "
            f"beyond {SMALL_STRAIN:g} strains are not small, and displacement and stress no longer "
            f"mean much; let it end by {si_text(SMALL_STRAIN / rate, 's')}."
        )


def is_open(config: Config, pushed: str) -> bool:
    """Whether a side beside the one that is pushed lets the cell widen."""
    beside = set(ACROSS[1 - NORMAL[pushed]])
    return not beside <= set(config.mechanics.sides.of(*HOLDING))


def _length(config: Config, pushed: str) -> float:
    """Of the cell along the way of a side [m]."""
    return config.cell_height if pushed in ACROSS[1] else config.width


def _parts(config: Config, pushed: str) -> list[tuple[float, float, str]]:
    """Thickness [m], modulus [Pa] and name of the film and of what is above it."""
    free, parts = is_open(config, pushed), above(config, config.nuclei.film)
    moduli = [(t, _modulus(part, free), part.name) for t, part in parts]
    film, lithium = config.nuclei.film, config.lithium
    return [(film, _modulus(lithium, free), "lithium"), *moduli] if film else moduli


def _modulus(part, free: bool) -> float:
    """Stress over strain of a plate [Pa], which is free to widen in the plane or is not."""
    if free:
        return part.E / (1 - part.nu**2)
    lam, mu = elasticity.lame(part.E, part.nu)
    return lam + 2 * mu


def mean_modulus(config: Config, pushed: str) -> tuple[float, float]:
    """Stress of the wall over the strain of the cell while nothing flows [Pa], and its length."""
    parts, height = _parts(config, pushed), config.cell_height
    if pushed in ACROSS[1]:
        return height / sum(t / modulus for t, modulus, _ in parts), height
    return sum(t * modulus for t, modulus, _ in parts) / height, config.width


def _shares(config: Config, pushed: str) -> Iterator[tuple[float, str]]:
    """Strain of the parts over that of the cell, and their names.

    Lithium that flows takes all of it where it can widen; where it cannot, flow leaves it its bulk
    modulus.
    """
    if pushed in ACROSS[0]:
        yield 1.0, "the cell"
        return
    parts, flows = _parts(config, pushed), config.lithium.flow != "none" and config.nuclei.film > 0
    if flows and is_open(config, pushed):
        yield config.cell_height / config.nuclei.film, "lithium"
        return
    if flows:
        lam, mu = elasticity.lame(config.lithium.E, config.lithium.nu)
        parts[0] = (parts[0][0], lam + 2 / 3 * mu, "lithium")
    mean = config.cell_height / sum(t / modulus for t, modulus, _ in parts)
    yield from ((mean / modulus, name) for _, modulus, name in parts)
