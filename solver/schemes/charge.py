# SPDX-License-Identifier: MIT
"""The potential's share of a pass of the split scheme."""

from __future__ import annotations

import numpy as np
import ufl

from dolfinx import fem

from solver.base.errors import SolverError
from solver.equations.model import Model
from solver.equations.residual import stage_charged
from solver.input.checks import MAX_EXPONENT
from solver.laws import energy
from solver.schemes import preconditioners
from solver.schemes.linear import LinearField
from solver.schemes.updates import SMALLEST_INERTIA, Growth, Reaction, Stage, largest

COARSE = 0.1
"""Reduction by the linear solve that closes the charge balance of a stage."""


class PotentialUpdate:
    """Conduction with the charge that the deposit takes.

    The current of electrons stops the growth that asks for too much of it: the source is linear in
    the new phi, with the slope that xi's own equation answers with, as the sink of c is in the new
    c. It adds to the diagonal, so that the passes are stable at any scale. How c answers to phi is
    left to the passes, which become slow at a charge number of thousands. The current of Li+ feeds
    back with the other sign; it stays as the last phi made it.
    """

    def __init__(self, model: Model):
        self.model, s = model, model.state
        self.system = LinearField(
            fem.form(model.conduction_form(ufl.TrialFunction(model.V), s.xi)),
            s.phi,
            model.held_dofs("phi"),
            preconditioners.PHI,
        )
        sigma = min(electrolyte for _, electrolyte in model.config.conductivities)
        self.scale = sigma / model.numbers.F_RT * 0.1

    def forget(self) -> None:
        """Make a new preconditioner at the next solve."""
        self.system.forget()

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update phi."""
        m, s, slope = self.model, self.model.state, None
        charged = stage_charged(m, s.xi.x.array, stage.base, float(stage.closing))
        if m.numbers.charge < 0 and not stage.resting:
            slope = -m.numbers.charge * m.lumped_mass * self._slope(stage)
        reuse = pass_number > 0 and not self.system.worn
        change = self._respond(stage, charged, stage.reduction, reuse, slope)
        s.phi.x.array[:] += change
        self._refuse_runaway()
        return largest(m, change) * m.numbers.F_RT

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Answer the deposit that the lithium balance has taken in the end.

        One or two iterations take the last small change of xi to the electrodes, and a constant
        makes their currents differ by that of the deposit to round-off. The current of electrons is
        left as it is: phi would answer with a multiple of what the passes have left.
        """
        m = self.model
        if m.numbers.charge < 0:
            return
        charged = deposit
        if m.config.potential.source == "h":
            charged = stage_charged(m, m.state.xi.x.array, stage.base, float(stage.closing))
        self._respond(stage, charged, COARSE, reuse=True)
        m.state.phi.x.array[:] += self.system.balance()
        self._refuse_runaway()

    def _respond(
        self,
        stage: Stage,
        charged: np.ndarray,
        reduction: float,
        reuse: bool,
        slope: np.ndarray | None = None,
    ) -> np.ndarray:
        """Solve for the change of phi that an increment of the charge's source asks for."""
        m = self.model
        self.system.assemble()
        source = m.numbers.charge * charged / stage.tau
        residual = -(self.system.product() + m.lumped_mass * source)
        if slope is not None:
            self.system.add_diagonal(slope)
        self.system.fix_rows()
        return self.system.solve(residual, stage.tolerance * self.scale, reduction, reuse)

    def _refuse_runaway(self) -> None:
        """Raise a SolverError if phi is where the Butler-Volmer factor overflows."""
        m, phi = self.model, self.model.state.phi.x.array
        far = largest(m, phi - m.numbers.phi_eq)
        if not far * m.numbers.F_RT < MAX_EXPONENT:
            raise SolverError(f"phi has run away to {far:.2g} V from phi_eq")

    def _slope(self, stage: Stage) -> np.ndarray:
        """Fall of the source's rate per rise of phi [1/s/V], with c as it is."""
        m, reaction = self.model, Reaction(self.model, stage.tau)
        i = m.numbers.interface
        stiff = Growth(m, stage).inertia + stage.tau * (reaction.slope + i.L_sigma * i.W)
        per_phi = i.L_eta * energy.dh(reaction.xi) * reaction.B_per_phi
        weight = energy.dh(reaction.xi) if m.config.potential.source == "h" else 1.0
        return weight * per_phi / np.maximum(stiff, SMALLEST_INERTIA)
