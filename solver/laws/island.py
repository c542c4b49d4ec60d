# SPDX-License-Identifier: MIT
"""A disk of lithium in an electrolyte: how it drifts in a field, how electrons that leak feed it.

In a field that drives the current density i the local current through its surface is
2 i cos(theta)/(1 + sigma R/a): it plates on the side of the counter electrode, strips on the other,
and so drifts without changing its shape. In a binary electrolyte c falls where it plates and rises
where it strips. Once this dipole is there, after some a^2/D, it holds the current back too:

    2 i cos(theta)/(1 + S + sigma R/a),    S = sigma A (1 - t_+)/(F D c0),

with A of the diffusion potential (solver.laws.salt). An ellipse of the half axes a across the field
and b along it, k = b/a, plates by

    (1 + k) i n_y/(1 + S + k sigma R/m),    m = oint y^2 ds/(pi a b),

whose centre moves as fast: exact without R, by the depolarisation a/(a + b) of an ellipse (L. D.
Landau, E. M. Lifshitz, Electrodynamics of Continuous Media, section 4), of a disk, and for a large
R, that of an insulator; between these with a potential along its surface that is linear in y. One
that is much wider than high takes the current that meets it, i, and a disk twice as much.

Electrons come to it from two electrodes at a distance H, far wider than that, through sigma_el.
With potentials against what they are in its place, the flow round a line at the height y between
two planes gives

    da/dt = sigma_el drive/(F c_Li a Lambda),    Lambda = ln[ (2 H/(pi a)) sin(pi y/H) ].
"""

from __future__ import annotations

from math import inf, log, pi, sin
from typing import NamedTuple

import numpy as np

ANGLES = 256
"""Points round an ellipse for means along it."""


class Ellipse(NamedTuple):
    """An ellipse with its axes across and along the current.

    Attributes:
        half_width: a [m].
        half_height: b [m].
    """

    half_width: float
    half_height: float

    @property
    def aspect(self) -> float:
        """k, height over width."""
        return self.half_height / self.half_width

    @property
    def mean(self) -> float:
        """m = oint y^2 ds/(pi a b), of a disk its radius [m]."""
        a, b = self
        t = 2 * pi * np.arange(ANGLES) / ANGLES
        around = np.hypot(a * np.sin(t), b * np.cos(t))
        return float(2 * b / a * np.mean(np.sin(t) ** 2 * around))


def drift(
    current: float, shape: Ellipse, equivalent: float, charge: float, salt: float = 0.0
) -> float:
    """Speed towards the counter electrode [m/s].

    Args:
        current: Density of the ionic current far from it [A/m^2].
        shape: Of the lithium, alone in a wide cell.
        equivalent: sigma R_ct [m].
        charge: F c_Li [C/m^3].
        salt: S; 0 before c has changed, and where it cannot.
    """
    k = shape.aspect
    return (1 + k) * current / (charge * (1 + salt + k * equivalent / shape.mean))


def reach(height: float, y: float) -> float:
    """Radius of a ring that resists as much as the electrodes do, a exp(Lambda) [m]."""
    return 2 * height / pi * sin(pi * y / height)


def growth(conductance: float, radius: float, ring: float, charge: float) -> float:
    """da/dt [m/s] at sigma_el times the drive [A/m]; negative where it dissolves."""
    return conductance / (charge * radius * log(ring / radius))


def time_to(radius: float, start: float, conductance: float, ring: float, charge: float) -> float:
    """Time of growth from one radius to a larger one [s]; infinite where it does not grow."""
    if conductance <= 0:
        return inf

    def integral(a: float) -> float:
        return a**2 / 2 * log(ring / a) + a**2 / 4

    return charge / conductance * (integral(radius) - integral(start))
