# SPDX-License-Identifier: MIT
"""The displacement's share of a pass of the split scheme, and what it remembers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import ufl

from dolfinx import fem

from solver.equations.model import Model
from solver.schemes import preconditioners
from solver.schemes.linear import LinearField
from solver.schemes.updates import Stage, largest


@dataclass(frozen=True)
class Memory:
    """What DisplacementUpdate carries from step to step.

    Its preconditioner is too dear to be made in every step, so a restart has to make again the one
    that was in use.

    Attributes:
        guess_error: See DisplacementUpdate.
        fresh_iterations: See LinearField.
        worn: See LinearField.
        xi: Phase field that the preconditioner was made for, ghosts included.
    """

    guess_error: float
    fresh_iterations: int
    worn: bool
    xi: np.ndarray


class DisplacementUpdate:
    """Elastic equilibrium.

    Attributes:
        guess_error: Changes of the last stage that had any, summed up from its guess.
    """

    def __init__(self, model: Model):
        self.model, s = model, model.state
        stiffness = model.stiffness_form(ufl.TrialFunction(model.Vu), s.xi)
        self.system = LinearField(
            fem.form(stiffness), s.u, model.held_dofs("u"), preconditioners.U
        )
        self.load_form = fem.form(model.vegard_form(s.xi))
        self.load = fem.Function(model.Vu)
        self.driving_rate = model.elastic_driving_rate()
        self.guess_error = np.inf
        self.made_for = s.xi.x.array.copy()

    def memory(self) -> Memory:
        """What the next step needs besides the states before it."""
        system = self.system
        return Memory(self.guess_error, system.fresh_iterations, system.worn, self.made_for)

    def recall(self, memory: Memory) -> None:
        """Take over a memory; the model's state is unchanged."""
        system, xi = self.system, self.model.state.xi.x.array
        self.guess_error, self.made_for = memory.guess_error, memory.xi
        system.fresh_iterations, system.worn = memory.fresh_iterations, memory.worn
        if memory.fresh_iterations:
            present = xi.copy()
            xi[:] = memory.xi
            system.assemble()
            system.fix_rows()
            system.make_preconditioner()
            xi[:] = present

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update u; returns the change of xi that the change of stress can make in the stage."""
        m, s = self.model, self.model.state
        m.assemble_into(self.load, self.load_form)
        self.system.assemble()
        residual = -(self.system.product() + self.load.x.array)
        self.system.fix_rows()
        size = self.system.norm(self.load.x.array)
        # xi feels a fraction of u only.
        change = self.system.solve(
            residual, stage.tolerance * size, 10 * stage.reduction, reuse=not self.system.worn
        )
        if self.system.fresh:
            self.made_for = s.xi.x.array.copy()
        s.u.x.array[:] += change
        relative = largest(m, change) / max(largest(m, s.u.x.array), 1e-30)
        effect = relative * stage.tau * self.driving_rate
        self.guess_error = effect if pass_number == 0 else self.guess_error + effect
        return effect
