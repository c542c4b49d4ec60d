# SPDX-License-Identifier: MIT
"""The pressure of the lithium at a front, and what it shifts the front's equilibrium by.

    U_eq = -Omega_Li p/F,    Omega_Li = 1/c_Li

against lithium without pressure: compression holds plating back. The pressure jumps through a
front, as the moduli do, so that a value of every node's own would have the rate of a front differ
from node to node. What counts is that of the metal right behind it. It is carried on through the
front by the mean

    p(x) = P/W,    (w + delta) P - div(r^2 grad P) = w p,    and W the same of p = 1,

with the weight w of metal that is all deposit. A constant p is what it was.
"""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.equations.couplings_elastic import pressure_of_deposit
from solver.equations.model import Model
from solver.equations.side_force import SideForce
from solver.laws.energy import h
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField

INSIDE = 0.95
"""xi from which on metal counts, 3 interface lengths behind a front: before, its pressure is that
of a mixture."""
TRACE = 1e-6
"""Weight of all deposit beside: what is thinner than an interface has no metal that counts more."""
REACH = 2.0
"""r in interface lengths."""
BEYOND = 0.1
"""delta: the mean reaches some r/sqrt(delta) beyond the metal, as far as a front reacts."""
EXACT = 1e-10
"""Reduction of the residual by the linear solver."""


class FrontPressure:
    """Finds the pressures of both electrodes in the model's state. Methods are collective.

    Attributes:
        front: Of the lithium at the nearest front, at the nodes [Pa].
        counter: Of the lithium of the counter electrode [Pa].
        volts: What a pressure of 1 Pa shifts an equilibrium by [V/Pa].
    """

    def __init__(self, model: Model):
        self.model, n = model, model.numbers
        self.volts = 1 / (n.F * n.c_Li)
        self.front, self.counter = np.zeros(len(model.lumped_mass)), 0.0
        length = REACH * n.interface.length
        edges = model.edges
        spread = edges.stiffness @ np.full(len(edges.areas), length * length)
        self._mean = fem.Function(model.V)
        none = np.empty(0, dtype=np.int32)
        self._system = EdgeField(
            lambda: (spread, spread), edges, self._mean, none, preconditioners.XI
        )
        self._on_counter = SideForce(model, "counter")

    def find(self) -> float:
        """Take them from the state; returns the largest change of a shift [V]."""
        before = self.front.copy(), self.counter
        self.front, self.counter = self._at_front(), self._at_counter()
        moved = float(np.abs(self.front - before[0]).max(initial=abs(self.counter - before[1])))
        return self.volts * self.model.comm.allreduce(moved, MPI.MAX)

    def of_deposit(self) -> np.ndarray:
        """Pressure of the deposit in the triangles [Pa]."""
        m = self.model
        values = m.state.u.x.array, m.state.xi.x.array
        return pressure_of_deposit(m.edges, m.solved_triangles, m.coefficients.vegard, *values)

    def _at_front(self) -> np.ndarray:
        m, edges = self.model, self.model.edges
        xi = np.clip(m.state.xi.x.array, 0.0, 1.0)
        whole = h(np.clip((xi - INSIDE) / (1 - INSIDE), 0.0, 1.0))
        weight = edges.areas * m.solved_triangles * (edges.mean @ (whole + TRACE * h(xi)))
        self._system.assemble()
        self._system.add_diagonal(edges.to_nodes @ (weight + BEYOND * edges.areas))
        pressed, share = (edges.to_nodes @ (weight * x) for x in (self.of_deposit(), 1.0))
        mean = self._system.solve(pressed, 0.0, EXACT)
        return mean / self._system.solve(share, 0.0, EXACT, reuse=True)

    def destroy(self) -> None:
        """Free what PETSc holds. Collective."""
        self._system.destroy()

    def _at_counter(self) -> float:
        """By the force on that side: the stack pressure, or what a wall has to hold."""
        if "counter" in self.model.config.mechanics.sides.of("pressure"):
            return self.model.equations["u"].stack_pressure
        return self._on_counter.pressure()
