# SPDX-License-Identifier: MIT
"""The section of a config that lets the electrolyte crack."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Annotated, Literal

from pydantic import Field

from solver.base.units import quantity, whole
from solver.input.section import Section
from solver.input.sections import Length, Point
from solver.laws import fracture


class Notch(Section):
    """A straight crack that is there from the start, full of lithium."""

    x: quantity("m", ge=0, le=1)
    """Position of its beginning along the anode."""
    y: quantity("m", ge=0, le=1) = 0.0
    """Height of its beginning above the anode."""
    length: Length
    """How long it is."""
    angle: quantity("deg", ge=-180, le=180) = 90.0
    """Its direction, from that along the anode; 90 deg leads straight to the counter electrode."""

    @property
    def end(self) -> tuple[float, float]:
        """Where it ends [m]."""
        return self.beyond(0.0)

    def beyond(self, way: float) -> tuple[float, float]:
        """The point a way straight ahead of its end [m]."""
        angle, length = self.angle * pi / 180, self.length + way
        return self.x + length * cos(angle), self.y + length * sin(angle)


class Fracture(Section):
    """Damage d of the electrolyte, with the toughness of its layers; cracks start at notches."""

    model: Literal[fracture.MODELS] = "AT1"
    """Of the surface energy: `AT1` is elastic up to a threshold, `AT2` is damaged from no load on
    [ours]."""
    length: Length
    """Length l_d over which a crack is smeared; a tenth of the notch at most, and 3 triangles at
    least."""
    overpotential_from: Literal["given", "fields"] = "given"
    """Where the overpotential eta that drives lithium into cracks is from. `given`: the same in all
    of them, by the keys below. `fields`: at every place that between the metal and the electrolyte
    there; where it dissolves lithium nothing presses [ours]."""
    overpotential: quantity("V", gt=-2.5, lt=2.5) = 0.0
    """eta, of either sign; that between the lithium of a crack and the electrolyte at its tip
    [ours]."""
    overpotential_course: Annotated[tuple[Point, ...], Field(min_length=2)] | None = None
    """eta in time, as points [time, eta] with straight lines between, instead of `overpotential`.
    Null: it does not change [ours]."""
    pressure_limit: quantity("Pa", ge=1e-6) | None = None
    """Largest pressure that lithium in a crack keeps up, as its flow allows; it presses with
    F |eta| c_Li up to this. Null: no limit [ours]."""
    notches: tuple[Notch, ...] = ()
    """Cracks at the start."""
    elements: quantity("", gt=0, le=100) = 3.0
    """Triangles per damage length l_d/h along notches, 3 l_d to both sides [ours]."""
    way: quantity("m", ge=0, le=1) = 0.0
    """How far straight ahead of notches the mesh is as fine [ours]."""
    residual: quantity("", gt=0, le=0.01) = 1e-6
    """Share k of its stiffness that is left where all is broken [ours]."""
    tolerance: quantity("", gt=0, le=0.1) = 1e-3
    """u and d are solved in turn until no d changes by more than this [ours]."""
    rounds: whole(ge=1, le=100_000) = 200
    """Most turns in a step. A crack that runs goes on in the next [ours]."""
    relaxation: quantity("", ge=1, lt=2) = 1.3
    """Factor on the steps of d in a turn [ours]."""
