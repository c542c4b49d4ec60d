# SPDX-License-Identifier: MIT
"""The potential phi_s of the electrons: that of the metal, and of the electrolyte's electrons.

It has no share of a pass: the pass of solver.equations.ion_update finds it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.equations.equation import Equation
from solver.fields.electrons import FIELD

COLUMNS = ("islands", "islands_um2", "leak_A_per_m2", "anode_current_A_per_m2")
"""Islands and the area of their deposit; current of electrons out of the counter electrode, and
that of ions and electrons into the anode and the metal that hangs together with it."""


class ElectronsEquation(Equation):
    """Holds phi_s for guesses, files and restarts."""

    field = FIELD
    has_form = False

    @classmethod
    def wanted(cls, config: Any) -> bool:
        """Whether metal may be at other potentials than the anode's."""
        return config.is_cell

    @property
    def solved(self) -> bool:
        """It has no equation of its own in a stage."""
        return False

    def update(self) -> None:
        """None."""

    def residual(self, y, base, tau, closing, test) -> None:
        """None."""

    def weight(self, tau) -> float:
        """Not used."""
        return 1.0

    def initialise(self, x: np.ndarray) -> None:
        """Islands start at the potential of the ions in their place."""
        bodies = self.model.coefficients.kinetics.bodies
        bodies.find()
        bodies.potentials = bodies.mean(self.model.state.phi.x.array)
        self.function.x.array[:] = bodies.nodal()

    def columns(self) -> tuple[str, ...]:
        """Names of the numbers that it adds to scalars.csv."""
        return COLUMNS

    def measured(self) -> tuple[float, ...]:
        """The numbers of `COLUMNS`. Collective."""
        m, ions = self.model, self.model.equations["phi"]
        count, area = m.coefficients.kinetics.bodies.isolated()
        return count, area * 1e12, ions.leak, ions.anode_current


EQUATION = ElectronsEquation
