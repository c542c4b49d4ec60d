# SPDX-License-Identifier: MIT
"""Interface rescaling: the phase-field parameters in force for a wanted interface length."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Protocol


class Printed(Protocol):
    """The printed parameters and the wanted interface length [m], None for the printed one."""

    W: float
    kappa_0: float
    L_sigma: float
    L_eta: float
    interface_length: float | None


@dataclass(frozen=True, slots=True)
class Interface:
    """Phase-field parameters in force, after any rescaling (SI).

    Attributes:
        W: Height of the double well [J/m^3].
        kappa_0: Gradient energy coefficient [J/m].
        L_sigma: Interface mobility [m^3/J/s].
        L_eta: Reaction rate constant [1/s].
        factor: Interface length over the printed one.
    """

    W: float
    kappa_0: float
    L_sigma: float
    L_eta: float
    factor: float

    @property
    def length(self) -> float:
        """l = sqrt(kappa_0/2W) [m]; the planar profile is 1/(1 + exp(x/l))."""
        return sqrt(self.kappa_0 / (2 * self.W))

    @property
    def surface_energy(self) -> float:
        """gamma = sqrt(2 kappa_0 W)/6 [J/m^2]."""
        return sqrt(2 * self.kappa_0 * self.W) / 6


def interface(p: Printed) -> Interface:
    """Rescale the printed parameters to the wanted interface length.

    For l -> f l: W/f, kappa_0 f, L_sigma/f, L_eta/f keep the surface energy, the curvature
    mobility L_sigma kappa_0 and the small-drive front speed 6 L_eta |B| l; the drive
    b = L_eta |B|/(L_sigma W) grows by f.
    """
    printed = sqrt(p.kappa_0 / (2 * p.W))
    f = 1.0 if p.interface_length is None else p.interface_length / printed
    return Interface(p.W / f, p.kappa_0 * f, p.L_sigma / f, p.L_eta / f, f)
