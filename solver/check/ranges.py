# SPDX-License-Identifier: MIT
"""Values far outside what any known material has: most likely a slip of the unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from solver.base.units import si_text, to_si
from solver.check.groups import Groups
from solver.input.config import Config


class Known(NamedTuple):
    """What is known of a quantity.

    Attributes:
        low: Least value [unit].
        high: Largest [unit].
        unit: SI unit.
        slip: The unit that its numbers are usually given in.
        source: Which materials these are.
        called: "known", or "expected" where they have a margin beyond what is known.
    """

    low: float
    high: float
    unit: str
    slip: str
    source: str
    called: str = "known"


OF_LAYER = {
    "sigma_ion": Known(
        1e-6, 5.0, "S/m", "mS/cm",
        "poly(ethylene oxide) to warm sulfides (2.5 S/m at 25 degC: Kato et al., Nature Energy 1 "
        "(2016) 16030)",
    ),
    "D": Known(1e-16, 1e-9, "m^2/s", "cm^2/s", "glasses to liquid carbonates"),
    "c0": Known(10.0, 1e5, "mol/m^3", "mol/L", "dilute salts to all lithium of an oxide"),
    "E": Known(1e5, 5e11, "Pa", "GPa", "rubbery polymers to alumina"),
}  # fmt: skip
"""Of electrolytes, by the key of a layer."""
OF_IONS = Known(1e-17, 1e-8, "m^2/s", "cm^2/s", "glasses to protons in water")
"""Diffusivities of any ions."""
METAL = Known(7e4, 8e4, "mol/m^3", "mol/cm^3", "lithium metal: 0.534 g/cm^3, 76,900 mol/m^3")
METAL_E = Known(
    1e9, 3e10, "Pa", "GPa",
    "around lithium metal: its crystals have 3.0 to 21.2 GPa (Xu et al., PNAS 114 (2017) 57)",
    called="expected",
)  # fmt: skip
TOUGHNESS = {
    "K_IC": Known(
        1e5, 2e7, "Pa*m^0.5", "MPa*m^0.5",
        "sulfide glass (0.23 MPa*m^0.5: McGrogan et al., Adv. Energy Mater. 7 (2017) 1602011) to "
        "toughened zirconia",
    ),
    "G_c": Known(0.1, 1e4, "J/m^2", "kJ/m^2", "twice the least surface energies to tough polymers"),
}  # fmt: skip
"""Of electrolytes that may crack, by the key of a layer."""
PRESSURE = Known(
    1e5, 1e11, "Pa", "MPa",
    "below the yield strength of lithium in bulk, 0.7 MPa (Masias et al., J. Mater. Sci. 54 (2019) "
    "2585), to beyond all that electrolytes withstand",
    called="expected",
)  # fmt: skip
"""What lithium in a crack keeps up."""
CONSTANTS = {
    "F": Known(9.6e4, 9.7e4, "C/mol", "kC/mol", "the Faraday constant: 96,485 C/mol"),
    "R": Known(8.3, 8.33, "J/mol/K", "kJ/mol/K", "the gas constant: 8.314 J/mol/K"),
}


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield a sentence for every value that no known material has."""
    for i, layer in enumerate(config.parts):
        for key, known in OF_LAYER.items():
            if _matters(config, key):
                yield from judged(f"{config.parts_key}.{i}.{key}", getattr(layer, key), known)
        yield from _toughness(config, i)
    if config.fracture is not None and config.fracture.pressure_limit is not None:
        yield from judged("fracture.pressure_limit", config.fracture.pressure_limit, PRESSURE)
    yield from judged("lithium.c_Li", config.lithium.c_Li, METAL)
    yield from _elasticity(config)
    for key, known in CONSTANTS.items():
        yield from judged(f"constants.{key}", getattr(config.constants, key), known)
    most = max(layer.c0 for layer in config.parts)
    if not config.single_ion and config.lithium.c_Li <= most:
        yield (
            f"lithium.c_Li {config.lithium.c_Li:g} mol/m^3 is not above c0, {most:g} mol/m^3: the "
            "metal would hold less lithium than the electrolyte does."
        )


def _elasticity(config: Config) -> Iterator[str]:
    """Judge the metal's modulus, and whether anything would widen when it is pulled."""
    if not config.mechanics.enabled:
        return
    yield from judged("lithium.E", config.lithium.E, METAL_E)
    named = {"lithium": config.lithium}
    named |= {f"{config.parts_key}.{i}": layer for i, layer in enumerate(config.parts)}
    if config.skeleton is not None:
        named["skeleton"] = config.skeleton
    for key, solid in named.items():
        if solid.nu < 0:
            yield (
                f"{key}.nu is {solid.nu:g}: it would widen when it is pulled, which neither "
                "lithium nor any known solid round it does; is the sign right?"
            )


def _matters(config: Config, key: str) -> bool:
    if key == "E":
        return config.mechanics.enabled
    return key == "sigma_ion" or not config.single_ion


def _toughness(config: Config, i: int) -> Iterator[str]:
    """Judge the toughness that counts of a layer, which is G_c where both are there."""
    layer = config.parts[i]
    key = "K_IC" if layer.G_c is None else "G_c"
    if config.fracture is not None:
        yield from judged(f"{config.parts_key}.{i}.{key}", getattr(layer, key), TOUGHNESS[key])


def judged(key: str, value: float, known: Known) -> Iterator[str]:
    """Say that a value of a key is none that is known or expected, if so."""
    if known.low <= value <= known.high:
        return
    slip = _slip(known)
    remedy = "see whether its unit is right."
    if known.low <= value * slip <= known.high:
        remedy = f"if {value:g} is meant in {known.slip}, write '{value:g} {known.slip}'."
    yield (
        f"{key} is {both(value, known)}; {known.called} are {si_text(known.low, known.unit)} to "
        f"{si_text(known.high, known.unit)} ({known.low / slip:.4g} to {known.high / slip:.4g} "
        f"{known.slip}), {known.source}: {remedy}"
    )


def both(value: float, known: Known) -> str:
    """Write a value in its SI unit and in the one that its numbers are usually given in."""
    return f"{si_text(value, known.unit)} ({value / _slip(known):.4g} {known.slip})"


def _slip(known: Known) -> float:
    """What the usual unit is in SI."""
    return to_si(f"1 {known.slip}", known.unit)


def strange(symbol: str, value: float, known: Known, given: str) -> Iterator[str]:
    """Say that a value which was made of others is none that is known, if so.

    Args:
        symbol: Of the value.
        value: It.
        known: What is known of it.
        given: What it was made of, with its verb.
    """
    if not known.low <= value <= known.high:
        yield (
            f"UNLIKELY: {symbol} {si_text(value, known.unit)} is none that is known, "
            f"{si_text(known.low, known.unit)} to {si_text(known.high, known.unit)}, "
            f"{known.source}: see whether {given} the right unit"
        )
