# SPDX-License-Identifier: MIT
"""The current of electrons through the electrolyte, between the electrodes and islands.

    div(sigma_el grad phi_s) = kappa (phi_s - phi_k),    kappa = sigma_el xi (1 - xi)/(-l^2 ln xi)

The right side is what electrons enter the metal k by, which is at phi_k throughout. kappa is such
that phi_s - phi_k = l ln(1 + exp(x/l)) across a flat front, xi = 1/(1 + exp(x/l)): a distance l
into the electrolyte it is straight, and the line meets 0 at xi = 1/2, where a sharp metal begins.
No coefficient is that of the metal's conductivity, so that the matrix has no contrast.
"""

from __future__ import annotations

import numpy as np

from dolfinx import fem

from solver.equations.bodies import Bodies
from solver.equations.model import Model
from solver.laws.front import PURE
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField

EXACT = 1e-11
"""Residual that the linear system may leave, of that at 0 V."""


class Leak:
    """Conductances between the bodies and the counter electrode; methods are collective.

    Attributes:
        conducting: Whether any layer lets electrons pass.
        conductances: Currents out of the bodies and the counter electrode, the last, per potential
            of each [S/m]; rows and columns sum to 0.
    """

    def __init__(self, model: Model, bodies: Bodies):
        self.model, self.bodies = model, bodies
        self.conducting = model.config.conducts_electrons
        self._answers: list[np.ndarray] = []
        if not self.conducting:
            return
        sigma = model.per_layer("sigma_el")
        mass = np.where(model.lumped_mass > 0, model.lumped_mass, 1.0)
        self._exchange = model.nodal(fem.form(sigma * model.v * model.dx)) / mass
        self._exchange *= model.lumped_mass / model.numbers.interface.length**2
        # A layer that lets none pass would leave its nodes without an equation.
        self._idle = (self._exchange == 0) * float(self._exchange.max(initial=0.0) or 1.0)
        entries = model.edges.stiffness @ model.of_triangles(sigma)
        self._counter = model.domain.dofs(model.V, "counter")
        held = np.union1d(self._counter, model.domain.dofs(model.V, "anode")).astype(np.int32)
        self._w = fem.Function(model.V, name="phi_s")
        self.system = EdgeField(
            lambda: (entries, entries), model.edges, self._w, held, preconditioners.PHI
        )

    def destroy(self) -> None:
        """Free the linear system."""
        if self.conducting:
            self.system.destroy()

    def begin(self) -> None:
        """Forget what earlier stages have found: a restart has it not."""
        self._answers = []
        if self.conducting:
            self.system.forget()

    def find(self) -> None:
        """Take the conductances from the state's xi, setting out from what the stage has found."""
        count, of_node = self.bodies.islands, self.bodies.of_node
        self.conductances = np.zeros((count + 2, count + 2))
        if not self.conducting:
            return
        xi = np.clip(self.model.state.xi.x.array, PURE, 1 - PURE)
        exchange = self._exchange * xi * (1 - xi) / -np.log(xi)
        self.system.assemble()
        self.system.add_diagonal(exchange + self._idle)
        known, self._answers = self._answers or [None] * (count + 1), []
        for body in range(1, count + 2):
            of_body = (of_node == body).astype(float)
            answer = self._answer(exchange, of_body, body == count + 1, known[body - 1])
            out = self.bodies.totals(exchange * (of_body - answer))
            counter = self.system.product()[self._counter[self._counter < self._owned]].sum()
            column = np.append(out, self.model.comm.allreduce(float(counter)))
            column[0] = -column[1:].sum()
            self.conductances[:, body] = column
            self._answers.append(answer)
        self.conductances[:, 0] = -self.conductances[:, 1:].sum(axis=1)

    @property
    def _owned(self) -> int:
        return self.model.V.dofmap.index_map.size_local

    def _answer(
        self, exchange: np.ndarray, of_body: np.ndarray, of_counter: bool, known: np.ndarray | None
    ) -> np.ndarray:
        """phi_s where one body, or the counter electrode, is at 1 V and all others at 0."""
        w = self._w.x.array
        w[:] = 0.0
        w[self._counter] = float(of_counter)
        absolute = EXACT * self.system.norm(exchange * of_body - self.system.product())
        if known is not None:
            w[:] = known
        residual = exchange * (of_body - w) - self.system.product()
        w += self.system.solve(residual, absolute, 0.0, reuse=not self.system.worn)
        return w.copy()

    def potential(self, potentials: np.ndarray) -> np.ndarray:
        """phi_s of the bodies' potentials and the counter electrode's [V], at the nodes.

        As before a sharp metal: straight up to xi = 1/2, and that of the metal throughout it. What
        is inside the front would be taken for the metal's, by l times the field before it.
        """
        of_metal = potentials[self.bodies.of_node]
        if not self.conducting:
            return of_metal
        found = sum(V * w for V, w in zip(potentials[1:], self._answers, strict=True))
        xi = np.clip(self.model.state.xi.x.array, PURE, 0.5)
        # x over l ln(1 + exp(x/l)).
        return of_metal + (1 - np.log1p(-xi) / np.log(xi)) * (found - of_metal)
