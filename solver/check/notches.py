# SPDX-License-Identifier: MIT
"""What the places and lengths of notches mean: which are one crack, or no place for one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from solver.base.units import si_text
from solver.cell import notches
from solver.input import fracture
from solver.input.config import Config
from solver.input.fracture_section import Notch

SLENDER = 5.0
"""Length of a notch in l_d from which on its critical pressure is right to about 5 %."""

APART = 2.0
"""Distance of two notches, in l_d, below which their bands of damage are one [ours]: half way each
of them alone leaves a quarter of the damage (AT1)."""
MEET = 1e-3
"""Distance of two notches, in l_d, up to which they are said to meet: that of rounded numbers."""


def judgements(config: Config) -> Iterator[str]:
    """Yield what is doubtful about the notches of a config with `fracture`."""
    yield from _joined(config)
    section = config.fracture
    for i, notch in enumerate(section.notches):
        if notch.length < SLENDER * section.length * 0.999:
            yield (
                f"fracture.notches.{i}: {si_text(notch.length, 'm')} is "
                f"{notch.length / section.length:.2g} times fracture.length; from "
                f"{SLENDER:g} times on it runs at the pressure of a sharp one, within about 5 %."
            )
        yield from _place(config, f"fracture.notches.{i}", notch)


def _joined(config: Config) -> Iterator[str]:
    """Say which notches are one crack for the damage field, each of which is judged by itself."""
    section = config.fracture
    near = APART * section.length
    for (i, one), (j, other) in combinations(enumerate(section.notches), 2):
        gap = notches.apart(*(np.array([(x.x, x.y), x.end]) for x in (one, other)))
        if gap <= MEET * section.length:
            yield (
                f"fracture.notches.{i} and {j} meet: they are one crack, and what is said here of "
                "the critical pressure takes each by itself."
            )
        elif gap < near * 0.999:
            yield (
                f"fracture.notches.{i} and {j} are {si_text(gap, 'm')} apart, less than "
                f"{APART:g} l_d = {si_text(near, 'm')}: their bands of damage are one, as of one "
                "crack; make fracture.length smaller, or leave one out."
            )


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
