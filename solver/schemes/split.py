# SPDX-License-Identifier: MIT
"""The production scheme: an implicit stage by passes over the fields."""

from __future__ import annotations

import numpy as np

from solver.errors import SolverError
from solver.model import Model
from solver.profile import Profile
from solver.schemes.updates import (
    ConcentrationUpdate,
    DisplacementUpdate,
    PhaseFieldUpdate,
    PotentialUpdate,
    Stage,
)

LINEAR_SHARE = 1e-2
"""What the linear solvers may leave, relative to the pass tolerance."""


class StageRejected(Exception):
    """A stage did not converge; the step must be tried again with a smaller size."""


class SplitScheme:
    """Solves (y - base)/tau = f(y) by passes over xi, c, phi and u until nothing changes.

    Attributes:
        profile: Wall time by field.
        passes: Passes of the last stage.
    """

    def __init__(self, model: Model, profile: Profile):
        self.model, self.profile = model, profile
        self.updates = {
            "xi": PhaseFieldUpdate(model),
            "c": ConcentrationUpdate(model),
            "phi": PotentialUpdate(model),
        }
        if model.config.mechanics.enabled:
            self.updates["u"] = DisplacementUpdate(model)
        self.passes = 0

    def solve(self, xi_base: np.ndarray, c_base: np.ndarray, tau: float) -> None:
        """Solve one stage from the current guess in the model's state.

        Args:
            xi_base: Base of the phase field at the nodes, ghosts included.
            c_base: Base of the concentration [mol/m^3], likewise.
            tau: Effective step [s].

        Raises:
            StageRejected: The passes do not converge.
        """
        settings = self.model.config.solver
        tolerance = settings.pass_tolerance
        stage = Stage(xi_base, c_base, tau, LINEAR_SHARE * tolerance)
        last = 0.0
        self.log=[]
        for k in range(settings.max_passes):
            changes = self._pass(stage, k)
            self.log.append((k,tau,changes,{n:u.system.iterations for n,u in self.updates.items()}))
            change = max(changes.values())
            self.passes = k + 1
            if not np.isfinite(change):
                raise StageRejected("the fields are no longer finite")
            ratio = change / last if last else 1.0
            # Passes converge linearly: what is left is about change*ratio/(1 - ratio).
            if change < tolerance or ratio < 0.5 and change * ratio / (1 - ratio) < tolerance:
                return
            last = change
        raise StageRejected(f"no convergence in {settings.max_passes} passes")

    def _pass(self, stage: Stage, number: int) -> dict[str, float]:
        changes = {}
        for name, update in self.updates.items():
            with self.profile.part(name):
                try:
                    changes[name] = update.solve(stage, number)
                except SolverError as error:
                    raise StageRejected(str(error)) from None
        return changes
