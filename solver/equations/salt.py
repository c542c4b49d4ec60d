# SPDX-License-Identifier: MIT
"""The equation of the concentration c of a binary electrolyte's salt."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from mpi4py import MPI

from solver.base.errors import SolverError, StageRejected
from solver.equations.couplings_front import TransportAhead
from solver.equations.equation import Equation
from solver.equations.ion_potential import stiffness
from solver.equations.thin_front import ON_THE_FRONT
from solver.fields.salt import FIELD
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField, Pair
from solver.schemes.stage import Base, Stage
from solver.schemes.update import Update, largest
from solver.terms import salt

WEIGHT = 0.5
"""Weight of an error of c/c0 against one of xi, as that of Li+ in solver.equations.concentration."""
SCARCE = 0.01
"""c/c0 below which passes that find no end have met the end of the salt."""
USED_UP = (
    "the current takes more salt from an electrode than diffusion brings to it; `check` shows the "
    "limiting current and Sand's time"
)
DEEPEST = 0.1
"""Least part of c that a pass leaves where it takes too much."""


class SaltEquation(Equation):
    """Diffusion of the salt between electrodes that pass no anions."""

    field = FIELD

    def linear_system(self) -> EdgeField:
        """Diffusion at the state's xi, solved for c."""
        m, s = self.model, self.model.state
        ahead = TransportAhead(m.edges, *map(m.of_triangles, (m.solved, m.per_layer("D"))))
        nowhere, kinetics = np.zeros(len(s.xi.x.array)), m.coefficients.kinetics

        def couplings() -> Pair:
            return ahead(nowhere, s.xi.x.array, kinetics.normal.x.array.reshape(-1, 2))

        return EdgeField(couplings, m.edges, self.function, self.held(), preconditioners.PHI)

    def residual(self, y, base, tau, closing, test) -> NoReturn:
        """The kinetics have none either."""
        raise SolverError("a front in a binary electrolyte has no forms: solver.scheme split")

    def size(self) -> float:
        """c0 [mol/m^3]."""
        return self.model.config.layers[0].c0

    def weight(self, tau) -> float:
        """Inverse rate of the smallest node."""
        return tau / (self.model.smallest_area * self.size())

    def update(self) -> SaltUpdate:
        """Its share of a pass."""
        return SaltUpdate(self)

    def initialise(self, x: np.ndarray) -> None:
        """Set c0: the metal has the electrolyte's salt to give back."""
        self.function.x.array[:] = self.size()

    def distance(self, a: Base, b: Base) -> np.ndarray:
        """Difference of c/c0 in what is electrolyte, weighted."""
        return WEIGHT * (1 - b.xi) * (a.c - b.c) / self.size()

    def columns(self) -> tuple[str, ...]:
        """The least concentration on the front besides the extremes."""
        return (*super().columns(), "c_front_min_mol_m3")

    def measured(self) -> tuple[float, ...]:
        """The numbers of `columns`; that of the front is infinite where there is none."""
        m, kinetics = self.model, self.model.coefficients.kinetics
        xi = kinetics.inside()
        c_s = kinetics.front(xi).c_s[xi * (1 - xi) > ON_THE_FRONT]
        lowest = m.comm.allreduce(float(c_s.min(initial=np.inf)), MPI.MIN)
        return (*super().measured(), lowest)

    def refuse(self) -> None:
        """Refuse a c that is not positive."""
        lowest = self.model.extremes(self.function)[0]
        if not lowest > 0:
            raise StageRejected(f"c/c0 fell to {lowest / self.size():.1e}: {USED_UP}")


EQUATION = SaltEquation


class SaltUpdate(Update):
    """Diffusion of the salt with the currents that the last update of phi has found.

    What the front answers to a change of c is put into the matrix, with phi - A ln c as it is, or,
    where a current is given, with that shifted everywhere as the current wants: one more solve
    with the same matrix. `close` leaves it out, so that salt is conserved to round-off.
    """

    def __init__(self, equation: SaltEquation):
        self.equation, self.model = equation, equation.model
        self.system, self.size = equation.linear_system(), equation.size()
        self.t_plus = self.model.config.electrochemistry.t_plus

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update c, and let phi and the voltage follow."""
        m, s, potential = self.model, self.model.state, self.model.equations["phi"]
        if pass_number == 0:
            self.system.forget()
        self._require_salt(pass_number)
        reaction = m.coefficients.kinetics.reaction(stage.tau)
        per_rate = m.numbers.charge * m.lumped_mass / stiffness(m, stage, reaction)
        per_c, per_phi = per_rate * reaction.per_c, per_rate * reaction.per_phi
        change = self._solved(self._residual(stage), stage, per_c)
        if potential.given is None:
            change, step = self._bordered(change, per_c, per_phi, stage)
            s.phi.x.array[:] += step
            potential.voltage += step
        return self._take(change)

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Balance the salt with the currents as they are."""
        self.model.state.c.x.array[:] += self._solved(self._residual(stage), stage)

    def _require_salt(self, pass_number: int) -> None:
        """Raise a SolverError if the last pass finds hardly any salt somewhere."""
        lowest = self.model.extremes(self.equation.function)[0] / self.size
        if lowest < SCARCE and pass_number == self.model.config.solver.max_passes - 1:
            raise SolverError(f"c/c0 fell to {lowest:.1e}: {USED_UP}")

    def _residual(self, stage: Stage) -> np.ndarray:
        """Salt that the nodes get less what they store [mol/m/s]."""
        m, s = self.model, self.model.state
        storage = salt.storage(s.c.x.array, stage.base.c, s.xi.x.array, stage.tau)
        got = salt.migration(m.equations["phi"].passed, self.t_plus, m.numbers.F)
        self.system.assemble()
        return got - m.lumped_mass * storage - self.system.product()

    def _solved(self, residual: np.ndarray, stage: Stage, per_c: np.ndarray | float = 0.0):
        """Solve for a change of c that balances the residual's sum to round-off.

        Args:
            residual: Salt that is to be stored or led away [mol/m/s].
            stage: The stage.
            per_c: Rise of the current that the nodes take with c [A m^2/mol].
        """
        m = self.model
        stored = m.lumped_mass * salt.stored(m.state.xi.x.array) / stage.tau
        self.system.add_diagonal(stored + salt.migration(per_c, self.t_plus, m.numbers.F))
        absolute = stage.tolerance * self.size * m.smallest_area / stage.tau
        self.system.solve(residual, absolute, stage.reduction, reuse=not self.system.worn)
        return self.system.balance()

    def _bordered(
        self, change: np.ndarray, per_c: np.ndarray, per_phi: np.ndarray, stage: Stage
    ) -> tuple[np.ndarray, float]:
        """The change with that shift of phi which leaves the current as it is, and the latter."""
        m, total = self.model, self.model.equations["phi"].counter.total
        got = salt.migration(per_phi, self.t_plus, m.numbers.F)
        answer = self._solved(got, stage, per_c)
        step = -total(per_c * change) / total(per_phi - per_c * answer)
        return change - step * answer, step

    def _take(self, change: np.ndarray) -> float:
        """Take a change of c, phi - A ln c as it is; returns the largest of ln c.

        Only in the electrolyte: what c is deep in the metal has no meaning.
        """
        m, s, potential = self.model, self.model.state, self.model.equations["phi"]
        c = s.c.x.array.copy()
        s.c.x.array[:] = np.maximum(c + change, DEEPEST * c)
        relative = np.log(s.c.x.array / c)
        followed = m.coefficients.kinetics.salt.A * relative
        followed[potential.counter.held] = 0.0
        s.phi.x.array[:] += followed
        return largest(m.comm, (1 - s.xi.x.array) * relative)
