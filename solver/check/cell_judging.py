# SPDX-License-Identifier: MIT
"""What is doubtful about a cell with a current and a voltage: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from solver.base.units import si_text
from solver.check import electrons, protocol_judging
from solver.check.cell import cell
from solver.check.groups import Groups
from solver.check.interface_lines import thinner
from solver.input.config import Config
from solver.laws.bounds import BREAKDOWN

QUICK = 5.0
"""sigma R over l below which a front in a single-ion conductor moves by more than 1 % wrongly."""
ABSURD = "what conducts so badly (sigma_ion, R_gb) or reacts so easily"
UNUSED = frozenset({"c0", "D", "sigma_Li", "sigma_e"})
"""Keys of a layer that mean nothing in a single-ion conductor."""


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield the warnings on a cell; `g` are its groups."""
    yield from _cell(config, g)
    yield from _salt(config)
    if config.protocol is not None:
        yield from protocol_judging.judgements(config)
    yield from _unused(config)


def _cell(config: Config, g: Groups) -> Iterator[str]:
    its = cell(config)
    equivalent = its.equivalent
    if equivalent < QUICK * g.interface.length:
        yield (
            f"the interface is too thick for these kinetics: the front resists as much as "
            f"{si_text(equivalent, 'm')} of electrolyte, which should be above {QUICK:g} l; "
            f"{thinner(equivalent / QUICK, ABSURD)}."
        )
    if abs(its.voltage) > BREAKDOWN:
        yield (
            f"the cell would show {si_text(its.voltage, 'V')}, at which electrolytes decompose and "
            "the exponentials of the electrodes leave all numbers; use a smaller current."
        )
    yield from electrons.judged(config, its)
    if g.speed > 0 and g.wavelength > config.width and config.nuclei.has_disks:
        yield (
            f"no fingers expected: at this current ripples shorter than "
            f"{si_text(g.wavelength, 'm')} decay, and the width is {si_text(config.width, 'm')}."
        )
    if config.protocol is None and g.speed < 0 and -g.speed * config.time.end > config.nuclei.film:
        yield (
            f"the anode's lithium, {si_text(config.nuclei.film, 'm')}, is gone before time.end: "
            "the run ends there, as no front is left."
        )


def _salt(config: Config) -> Iterator[str]:
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


def _unused(config: Config) -> Iterator[str]:
    for i, layer in enumerate(config.parts if config.single_ion else ()):
        # A resolved config gives them too.
        fields = type(layer).model_fields
        given = [
            key for key in UNUSED & layer.model_fields_set
            if layer.material is None and getattr(layer, key) != fields[key].default
        ]  # fmt: skip
        for key in sorted(given):
            yield (
                f"{config.parts_key}.{i}.{key} does nothing here: with closure: single_ion all "
                "current is Li+'s and its concentration is the same everywhere, whatever it is."
            )
