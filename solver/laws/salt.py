# SPDX-License-Identifier: MIT
"""An electrode of lithium in a binary electrolyte: Butler-Volmer where c is not c0.

phi is what a lithium reference electrode would read where it is, so that no current passes at
phi = 0 whatever c is, and the exchange current density is i_0 (c/c0)^(1 - alpha), by the law of
mass action. Against such a reference the current is

    i = -sigma [ grad phi - A grad ln c ],    A = 2 (1 - t_+) RT/F.

Across a thick front, xi = 1/(1 + exp(x/l)), the current is i (1 - xi), and so is the conductivity
sigma (1 - xi); the salt diffuses as solver.laws.in_metal has it of a metal without ions. Then

    c(x) = c_s + L k i,    phi(x) = phi_s + x i/sigma + A ln(c/c_s),    k = (1 - t_+)/(F D),

with x = -l ln(xi/(1 - xi)) and the distance L of that module. Every node finds with these two the i
of the sharp front, at which c is c_s and phi is phi_s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from solver.base.lazy import ufl
from solver.laws.electrode import MOST, Electrode

SCARCEST = 1e-9
"""Share of c0 below which c counts no further: its logarithm is to stay one."""
NEARLY = 1 - 1e-9
"""Share of the current at which c_s would be 0 that an iteration may try."""
ITERATIONS, ENOUGH = 100, 1e-13
"""Newton's steps at most, and the relative change of i that ends them."""


def diffusion_potential(t_plus: float, F_RT: float) -> float:
    """A = 2 (1 - t_+) RT/F of an ideal salt [V]."""
    return 2 * (1 - t_plus) / F_RT


def in_form(value) -> bool:
    """Whether a value is an expression of a form: neither an array nor a number."""
    return not isinstance(value, np.ndarray | np.number | float | int)


def largest(value, bound):
    """A value, an array or in a form, or a bound that it is below."""
    return ufl.max_value(value, bound) if in_form(value) else np.maximum(value, bound)


def log(value):
    """Its logarithm, of an array or in a form."""
    return ufl.ln(value) if in_form(value) else np.log(value)


class Front(NamedTuple):
    """What a node knows of the sharp front.

    Attributes:
        current: Current density that plates [A/m^2].
        c_s: Concentration there [mol/m^3].
        per_phi: Its rise with phi at the node, c as it is [S/m^2].
        per_c: Its rise with c at the node, with phi - A ln c as it is [A m/mol].
        per_x: Its fall with x [A/m^3].
        per_L: Its fall with L [A/m^3].
        hindrance: k (i_c + i_phi A/c_s), how much less passes per L: it divides curvature too
            [1/m].
    """

    current: np.ndarray
    c_s: np.ndarray
    per_phi: np.ndarray
    per_c: np.ndarray
    per_x: np.ndarray
    per_L: np.ndarray
    hindrance: np.ndarray


class SaltElectrode(NamedTuple):
    """A Butler-Volmer law at any c.

    Attributes:
        law: That at c0.
        c0: Reference concentration [mol/m^3].
        A: Of the diffusion potential [V].
    """

    law: Electrode
    c0: float
    A: float

    def mapped(self, number: Callable) -> SaltElectrode:
        """The law with something made of each of its numbers, as for a form."""
        return SaltElectrode(self.law.mapped(number), number(self.c0), number(self.A))

    def exchange(self, c):
        """i_0 at c over that at c0, (c/c0)^(1 - alpha); c in mol/m^3."""
        return (largest(c, SCARCEST * self.c0) / self.c0) ** (1 - self.law.alpha)

    def behind(self, phi, c, x, L, resistivity, k) -> Front:
        """What nodes at phi and c know of the front at a distance.

        Solves the two relations above by Newton's method on i, between bounds that it halves where
        a step leaves them.

        Args:
            phi: At the nodes [V].
            c: At the nodes [mol/m^3].
            x: Distance from the front, negative behind it [m].
            L: What it is for the salt [m].
            resistivity: 1/sigma [ohm m].
            k: (1 - t_+)/(F D) [mol/(A m)].
        """
        law, share = self.law, 1 - self.law.alpha
        c = np.maximum(c, SCARCEST * self.c0)
        exchange = self.exchange(c)
        resistance = self._counted(phi, c, x * resistivity)
        # Without a change of c on the way; from it the bounds of i.
        found = exchange * law.behind(phi, exchange * resistance)[0]
        fall = L * k
        most = np.minimum(found, NEARLY * c / np.maximum(fall, 1e-300))
        least = found * (1 + np.abs(found) * fall / c) ** (share / law.alpha)
        low, high = np.where(found > 0, 0.0, least), np.where(found > 0, most, 0.0)
        i = np.clip(found, low, high)
        for _ in range(ITERATIONS):
            given, slope = self._at(phi, c, i, resistance, fall)[:2]
            excess = i - given
            high, low = np.where(excess > 0, i, high), np.where(excess > 0, low, i)
            step = -excess / slope
            outside = (i + step < low) | (i + step > high)
            step = np.where(outside, 0.5 * (low + high) - i, step)
            i = i + step
            if np.all(np.abs(step) <= ENOUGH * np.abs(i)):
                break
        _, slope, conductance, per_c_s = self._at(phi, c, i, resistance, fall)
        return Front(
            current=i,
            c_s=c - fall * i,
            per_phi=conductance / slope,
            per_c=per_c_s / slope,
            per_x=conductance * resistivity * i / slope,
            per_L=per_c_s * k * i / slope,
            hindrance=per_c_s * k,
        )

    def improved(self, phi, c, x, L, resistivity, k, current):
        """A current density as a step of Newton's method for `behind` leaves it, in a form.

        As solver.laws.electrode.Electrode.improved.

        Args:
            phi: At the nodes [V].
            c: At the nodes [mol/m^3].
            x: Distance from the front, negative behind it [m].
            L: What it is for the salt [m].
            resistivity: 1/sigma [ohm m].
            k: (1 - t_+)/(F D) [mol/(A m)].
            current: Current density that the step sets out from [A/m^2].
        """
        c = largest(c, SCARCEST * self.c0)
        resistance = self._counted(phi, c, x * resistivity)
        given, slope = self._at(phi, c, current, resistance, L * k)[:2]
        return current - (current - given) / slope

    def _counted(self, phi, c, resistance):
        """As solver.laws.electrode: behind the front only as far as there is a solution."""
        return largest(resistance, -MOST / (self.exchange(c) * self.law.conductance(phi)))

    def _at(self, phi, c, i, resistance, fall):
        """The law's current where i passes, 1 less its slope, and its slopes by phi_s and c_s.

        That by c_s is with phi_s - A ln c_s as it is.
        """
        c_s = largest(c - fall * i, SCARCEST * (1 - NEARLY) * self.c0)
        phi_s = phi - resistance * i - self.A * log(c / c_s)
        exchange = (c_s / self.c0) ** (1 - self.law.alpha)
        current = exchange * self.law.current(phi_s)
        conductance = exchange * self.law.conductance(phi_s)
        per_c_s = ((1 - self.law.alpha) * current + self.A * conductance) / c_s
        return current, 1 + per_c_s * fall + conductance * resistance, conductance, per_c_s
