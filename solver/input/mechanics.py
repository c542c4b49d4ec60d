# SPDX-License-Identifier: MIT
"""The section of the mechanics: what holds the cell, what presses on it, how lithium flows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from solver.base.units import quantity, si_text
from solver.input import protocol
from solver.input.section import Section
from solver.laws import creep
from solver.laws.creep import Law
from solver.materials.lithium import LITHIUM

Support = Literal["roller", "fixed", "free", "pressure", "pushed"]

ACROSS = {0: ("left", "right"), 1: ("anode", "counter")}
"""The sides that face along a component of the displacement, by its number."""
NORMAL = {side: component for component, sides in ACROSS.items() for side in sides}
"""Component of the displacement that is normal to a side."""
INWARD = {"left": 1, "right": -1, "anode": 1, "counter": -1}
"""Sign of that component where it goes into the cell."""
RESTING = ("roller", "fixed")
HOLDING = (*RESTING, "pushed")
NEVER = 1e-50
"""Rate of creep below which no stress that can be told makes lithium flow [1/s] [ours]."""


class Norton(Section):
    """Norton's creep of lithium, d eps/dt = A exp(-Q/RT) (sigma/S)^(1/m).

    The constants are those of `dendrite materials Li`, with their sources there.
    """

    A: quantity("1/s", gt=0, le=1e30) = LITHIUM.others["A"].value
    """Rate of strain at S without the factor of the temperature."""
    Q: quantity("J/mol", ge=0, le=1e6) = LITHIUM.others["Q"].value
    """Activation energy."""
    m: quantity("", ge=0.05, le=1) = LITHIUM.others["m"].value
    """By which power of the rate the stress rises."""
    S: quantity("Pa", gt=0, le=1e12) = LITHIUM.others["S"].value
    """Stress of that rate."""


class Sides(Section):
    """What every side of the cell is to the displacement.

    `roller`: it does not move along its normal. `fixed`: it does not move. `free`: nothing acts on
    it. `pressure`: `mechanics.stack_pressure` acts on it. `pushed`: a smooth stiff wall that comes
    in at `mechanics.push_speed`; one side can be. Where a rigid motion is left, one corner is held
    against it.
    """

    anode: Support = "roller"
    """Of the anode [ours]."""
    counter: Support = "roller"
    """Of the counter electrode [ours]."""
    left: Support = "roller"
    """Of the left side [ours]."""
    right: Support = "roller"
    """Of the right side [ours]."""

    def of(self, *supports: Support) -> tuple[str, ...]:
        """Sides with one of some supports."""
        return tuple(side for side in type(self).model_fields if getattr(self, side) in supports)

    @property
    def loose(self) -> tuple[int, ...]:
        """Components of the displacement in which nothing holds the cell as a whole."""
        fixed, held = self.of("fixed"), self.of(*HOLDING)
        return tuple(a for a, sides in ACROSS.items() if not fixed and not set(sides) & set(held))


class Mechanics(Section):
    """Plane-strain elasticity with the Vegard strain of the deposit."""

    enabled: bool = True
    """Solve for the displacement; false leaves u = 0 and no stress."""
    sides: Sides = Sides()
    """What holds the cell."""
    stack_pressure: quantity("Pa", ge=0, le=1e10) | None = None
    """Pressure on the sides that are `pressure` [ours]."""
    push_speed: quantity("m/s", le=1) | None = None
    """How fast the side that is `pushed` moves into the cell, from the start on; above 0. A current
    density i plates a film at i/(F c_Li), 1.36 nm/s for 1 mA/cm2 [ours]."""
    pressure_potential: bool = False
    """Let the pressure p of lithium lower its equilibrium potential by p/(F c_Li), 0.136 mV/MPa, at
    the front and at the counter electrode: compression holds plating back. Needs a closure with a
    current and a voltage [ours]."""
    feedback: bool = True
    """Let the elastic energy act on the phase field (the term f_els')."""
    driving: Literal["printed", "thermodynamic"] = "printed"
    """How much. `printed`: L_sigma f_els', which shifts the equilibrium of a front by as much as
    L_sigma and L_eta have it [S1]. `thermodynamic`: L_eta/(RT c_Li) f_els', which shifts its
    potential by f_els/(F c_Li), as the energy of a mole of lithium does [ours]."""


def flow_law(config: Any) -> Law | None:
    """How fast the deposit of a config flows; None if it does not."""
    lithium, k = config.lithium, config.constants
    if lithium.flow == "plastic":
        return creep.Plastic(lithium.yield_stress)
    if lithium.flow == "norton":
        n = lithium.norton
        return creep.Norton.of(n.A, n.Q, n.m, n.S, k.R * k.T)
    return None


def stack_pressures(config: Any) -> dict[str, float]:
    """All pressures of the stack, of steps of a protocol too, by key [Pa]."""
    steps = () if config.protocol is None else config.protocol.steps
    given = {"mechanics.stack_pressure": config.mechanics.stack_pressure}
    given |= {f"protocol.steps.{i}.stack_pressure": getattr(step, "stack_pressure", None)
              for i, step in enumerate(steps)}  # fmt: skip
    return {key: value for key, value in given.items() if value is not None}


def least_pressure(config: Any) -> float:
    """Least pressure that the stack has in a run, 0 without one [Pa]."""
    held = config.mechanics.stack_pressure
    own = [step.stack_pressure for step in _steps(config)] or [None]
    return min((held if p is None else p) or 0.0 for p in own)


def _steps(config: Any) -> tuple:
    """All steps of a protocol, if there is one."""
    return () if config.protocol is None else tuple(protocol.flat(config.protocol))


def _every_step_has_its_own(config: Any) -> bool:
    """Whether no step of a protocol needs the pressure of the mechanics."""
    steps = _steps(config)
    return bool(steps) and all(step.stack_pressure is not None for step in steps)


def problems(config: Any) -> Iterator[str]:
    """Yield one sentence, without its full stop, for everything that does not fit together."""
    mechanics = config.mechanics
    pressed, pressure = mechanics.sides.of("pressure"), mechanics.stack_pressure
    if pressed and pressure is None and not _every_step_has_its_own(config):
        yield f"mechanics.stack_pressure: mechanics.sides.{pressed[0]}: pressure needs its value"
    for key, value in () if pressed else stack_pressures(config).items():
        yield (
            f"{key}: {si_text(value, 'Pa')} acts on no side; give one the support pressure, as "
            "with mechanics.sides.counter: pressure, or leave it out"
        )
    if mechanics.enabled:
        yield from _rigid_motions(mechanics.sides)
    yield from _pushed(config)
    if config.lithium.flow != "none":
        yield from _flow(config)
    if mechanics.pressure_potential:
        yield from _pressure_potential(config)


def _rigid_motions(sides: Sides) -> Iterator[str]:
    if len(sides.loose) == len(ACROSS):
        yield (
            "mechanics.sides: nothing holds the cell; make at least one side a roller or fixed (or "
            "set mechanics.enabled: false)"
        )
        return
    for component in sides.loose:
        first, second = ACROSS[component]
        pressed = set(sides.of("pressure")) & {first, second}
        if len(pressed) == 1:
            (side,) = pressed
            other = second if side == first else first
            yield (
                f"mechanics.sides.{side}: pressure pushes the cell away, as nothing holds it "
                f"against that; make {other} a roller or fixed, or press on it too"
            )


def _pushed(config: Any) -> Iterator[str]:
    sides, speed = config.mechanics.sides, config.mechanics.push_speed
    pushed = sides.of("pushed")
    if speed is not None and not speed > 0:
        yield (
            f"mechanics.push_speed: {si_text(speed, 'm/s')} must be above 0: a wall that goes away "
            "would pull at what it has left, as contact is always perfect here"
        )
    if speed is not None and not pushed:
        yield (
            f"mechanics.push_speed: {si_text(speed, 'm/s')} moves no side; give one the support "
            "pushed, as with mechanics.sides.counter: pushed, or leave it out"
        )
    for side in pushed:
        yield from _wall(config, side)
    if len(pushed) > 1:
        yield f"mechanics.sides: {' and '.join(pushed)} are pushed; one side alone can be"


def _wall(config: Any, side: str) -> Iterator[str]:
    """What a side that moves does not go together with."""
    sides, key = config.mechanics.sides, f"mechanics.sides.{side}: pushed"
    if config.mechanics.push_speed is None:
        yield f"mechanics.push_speed: {key} needs its value"
    (other,) = set(ACROSS[NORMAL[side]]) - {side}
    if other not in sides.of(*RESTING, "pushed"):
        yield f"{key} pushes the cell away, as nothing stops it; make {other} a roller or fixed"
    for beside in sorted(set(sides.of("fixed")) - {other}):
        yield f"{key} moves a corner that {beside} holds; make {beside} a roller or free, not fixed"
    if config.fracture is not None:
        yield f"{key} works without fracture; the work of a side on cracks is not counted yet"


def _pressure_potential(config: Any) -> Iterator[str]:
    needed = "mechanics.pressure_potential: true needs"
    if not config.is_cell:
        yield f"{needed} electrochemistry.closure: single_ion or binary"
    if not config.mechanics.enabled:
        yield f"{needed} mechanics.enabled: true"
    if config.solver.scheme != "split":
        yield f"{needed} solver.scheme: split, whose passes find the pressure at the front"


def _flow(config: Any) -> Iterator[str]:
    needed = f"lithium.flow: {config.lithium.flow} needs"
    if not config.mechanics.enabled:
        yield f"{needed} mechanics.enabled: true"
    if config.solver.scheme != "split":
        yield f"{needed} solver.scheme: split, whose passes find the stress of a flow"
    law = flow_law(config)
    if isinstance(law, creep.Norton) and law.rate < NEVER:
        yield (
            f"lithium.norton: A exp(-Q/RT) is {law.rate:.3g} 1/s at {config.constants.T:g} K, and "
            f"lithium of less than {NEVER:g} 1/s never flows; give a lower Q or set "
            "lithium.flow: none"
        )
