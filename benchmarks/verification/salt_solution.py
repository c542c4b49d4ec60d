# SPDX-License-Identifier: MIT
"""A manufactured solution of a cell with a binary electrolyte; see .cell_solution.

Besides phi_s the concentration c_s on the front is chosen. The current follows from both, and then
c = c_s + L k i and phi = phi_s + x i/sigma + A ln(c/c_s), k = (1 - t_+)/(F D). At the counter
electrode the slopes of c and of phi - A ln c are those that the current of Li+ alone wants. What
bends phi_s and c_s for that changes in time, and the salt's storage with it: its rate is a central
difference.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import ufl

from benchmarks.verification.cell_solution import SIGMA, SWING, CellSolution
from benchmarks.verification.common import LENGTH, TIME, Run
from benchmarks.verification.solution import C0, HEIGHT
from solver.laws import in_metal
from solver.laws.salt import log

D, T_PLUS = 3 * LENGTH**2 / TIME, 0.4
SHORT = 1e-4 * TIME
"""Time to both sides of the difference [s]."""


class SaltSolution(CellSolution):
    """As its base; `sources` has that of c too [mol/m^3/s]."""

    LAYER: ClassVar[dict] = {"D": D, "c0": C0}
    CLOSURE: ClassVar[dict] = {"closure": "binary", "t_plus": T_PLUS}

    def __init__(self, run: Run):
        m, self.law = run.model, run.model.coefficients.kinetics.salt
        self.k = (1 - T_PLUS) / (m.numbers.F * D)
        self._bend_c, self._now = m.constant(0.0), m.constant(0.0)
        self._bending = m.constant(0.0), m.constant(0.0)
        super().__init__(run)

    def _salt_on_front(self, t):
        sin = np.sin if isinstance(t, float) else ufl.sin
        return C0 * (0.8 + 0.1 * sin(SWING * t / TIME))

    def _passing(self, phi_s, c_s):
        """Current density of the front [A/m^2]."""
        return (c_s / C0) ** (1 - self.law.law.alpha) * self.law.law.current(phi_s)

    def _behind(self, t, psi, xi, phi_s) -> tuple[dict, Any]:
        further, side = t - self._now, ufl.cos(2 * self._Y) * ufl.sin(self._Y) ** 2
        phi_s += self._bending[0] * further * ufl.cos(self._Y / 2)
        c_s = self._salt_on_front(t) + 0.1 * C0 * side
        c_s += (self._bend_c + self._bending[1] * further) * ufl.cos(self._Y / 2)
        passing = self._passing(phi_s, c_s)
        c = c_s + in_metal.distance(xi, LENGTH) * self.k * passing
        phi = phi_s - LENGTH * psi * passing / SIGMA + self.law.A * log(c / c_s)
        return {"phi": phi, "c": c}, passing

    def _driving(self, exact: dict):
        return ufl.grad(exact["phi"]) - self.law.A * ufl.grad(exact["c"]) / exact["c"]

    def _strong(self, t, psi, exact: dict, passing) -> dict:
        sources = super()._strong(t, psi, exact, passing)
        xi, c, n = exact["xi"], exact["c"], self.run.model.numbers
        along, normal = 1 - xi, ufl.sin(self._Y)
        across = along + (in_metal.share_along_normal(xi) - along) * normal**2
        flux = ufl.as_vector((along * c.dx(0), across * c.dx(1)))
        less = (1 - T_PLUS) * n.c_Li - in_metal.distance(xi, LENGTH) * self.k * passing
        stored = (1 - xi) * ufl.diff(c, t) + less * ufl.diff(xi, t)
        return {**sources, "c": stored - ufl.div(D * flux)}

    def _meet(self, t: float) -> None:
        # The rates of the bends; then, again, all at t.
        before, after = (self._slopes(at, self._set_time(at)) for at in (t - SHORT, t + SHORT))
        for rate, difference in zip(self._bending, after - before, strict=True):
            rate.value = difference / (2 * SHORT)
        self._now.value = t
        self._bend.value, self._bend_c.value = self._slopes(t, self._set_time(t))
        xi, x, phi_s, c_s = self._top(t)
        i = self._passing(phi_s, c_s)
        c = c_s + float(in_metal.distance(xi, LENGTH)) * self.k * i
        self.voltage = phi_s + x * i / SIGMA + self.law.A * np.log(c / c_s)
        self.voltage += self._beyond(self.law.exchange(c))

    def _top(self, t: float) -> tuple[np.ndarray, float, float, float]:
        """xi, x [m], phi_s [V] and c_s [mol/m^3] at the counter electrode, where bends vanish."""
        psi = 0.5 * t / TIME - 2
        xi = np.array(1 / (1 + np.exp(-psi)))
        return xi, -LENGTH * psi, self._on_front(t), self._salt_on_front(t)

    def _slopes(self, t: float, current: float) -> np.ndarray:
        """What bends phi_s [V] and c_s [mol/m^3], so that a current density of Li+ [A/m^2] enters.

        sigma (1 - xi) of the slope of phi - A ln c, and D (1 - xi) of that of c, are linear in the
        slopes of phi_s and c_s.
        """
        xi, x, phi_s, c_s = self._top(t)
        free, fall = float(1 - xi), float(in_metal.distance(xi, LENGTH)) * self.k
        ohmic = x / SIGMA
        per_phi = (c_s / C0) ** (1 - self.law.law.alpha) * self.law.law.conductance(phi_s)
        per_c = (1 - self.law.law.alpha) * self._passing(phi_s, c_s) / c_s
        matrix = [
            [1 + ohmic * per_phi, ohmic * per_c - self.law.A / c_s],
            [fall * per_phi, 1 + fall * per_c],
        ]
        wanted = [current / (SIGMA * free), self.k * current / free]
        return -np.linalg.solve(matrix, wanted) * 2 * HEIGHT * LENGTH / np.pi
