# SPDX-License-Identifier: MIT
"""The equation of the concentration c of a binary electrolyte's salt."""

from __future__ import annotations

import numpy as np
import ufl
from mpi4py import MPI

from solver.base.errors import StageRejected
from solver.equations import crowding
from solver.equations.binary_front import BinaryFront, BinaryReaction
from solver.equations.binary_potential import USED_UP, refuse_scarcity
from solver.equations.couplings_front import TransportAhead
from solver.equations.equation import Equation
from solver.equations.ion_update import LONGEST, stiffness
from solver.equations.model import Model
from solver.equations.thin_front import ON_THE_FRONT
from solver.fields.salt import FIELD
from solver.laws.salt import SCARCEST
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField, Pair
from solver.schemes.stage import Base, Stage
from solver.schemes.update import Update, largest
from solver.terms import salt, transport

WEIGHT = 0.5
"""Weight of an error of c/c0 against one of xi, as that of Li+."""
OUTSIDE = 0.5
"""xi of the nodes in the electrolyte, where c has a meaning."""
DEEPEST = 0.1
"""Least part of c that a pass leaves where it takes too much, and inverse of the most."""


class SaltEquation(Equation):
    """Diffusion of the salt between electrodes that pass no anions."""

    field = FIELD

    def __init__(self, model: Model):
        super().__init__(model)
        self._D = model.per_layer("D")

    def linear_system(self) -> EdgeField:
        """Diffusion at the state's xi, solved for c."""
        m, s = self.model, self.model.state
        ahead = TransportAhead(m.edges, *map(m.of_triangles, (m.solved, self._D)))
        nowhere, kinetics = np.zeros(len(s.xi.x.array)), m.coefficients.kinetics

        def couplings() -> Pair:
            return ahead(nowhere, s.xi.x.array, kinetics.normal.x.array.reshape(-1, 2))

        return EdgeField(couplings, m.edges, self.function, self.held(), preconditioners.PHI)

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [mol/m/s]: of the anions, which no electrode passes, without its currents."""
        m, given, n = self.model, self.model.config.electrochemistry, self.model.numbers
        share = transport.share(y["xi"], m.coefficients.kinetics.normal)
        increment = m.stage_deposit(y["xi"], base, closing)
        stored = salt.storage(y["c"], base.c, y["xi"], tau)
        stored -= salt.covered(m.coefficients.kinetics.rise(y), increment, tau)
        form = stored * test * m.dx
        form += transport.diffusion(y["c"], test, self._D, m.dx_one, share)
        conducted = m.equations["phi"].conduction(y, test)
        return form - salt.migration(conducted, *map(m.constant, (given.t_plus, n.F)))

    def size(self) -> float:
        """c0 [mol/m^3]."""
        return self.model.config.parts[0].c0

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
        """The least concentration on the front besides the extremes in the electrolyte."""
        return (*super().columns(), "c_front_min_mol_m3")

    def measured(self) -> tuple[float, ...]:
        """The numbers of `columns`; that of the front is infinite where there is none."""
        m, kinetics = self.model, self.model.coefficients.kinetics
        xi = kinetics.inside()
        c_s = kinetics.front(xi).c_s[xi * (1 - xi) > ON_THE_FRONT]
        lowest = m.comm.allreduce(float(c_s.min(initial=np.inf)), MPI.MIN)
        outside = self.function.x.array[m.state.xi.x.array < OUTSIDE]
        least, most = m.extremes_of(outside)
        return (least, most, lowest)

    def remark(self) -> str:
        """Say that salt crowds in the electrolyte."""
        outside = self.model.state.xi.x.array < OUTSIDE
        return crowding.remark(self.model, self.function.x.array[outside] / self.size())

    def refuse(self) -> None:
        """Refuse a c that is not positive in the electrolyte.

        In the metal, where a coarse mesh may take more than there is, it counts as none.
        """
        outside = self.function.x.array[self.model.state.xi.x.array < OUTSIDE]
        lowest = self.model.extremes_of(outside)[0] / self.size()
        if not lowest > 0:
            raise StageRejected(f"c/c0 fell to {lowest:.1e}: {USED_UP}")


EQUATION = SaltEquation


class SaltUpdate(Update):
    """Diffusion of the salt with the currents that the last update of phi has found.

    What the electrodes answer to a change of c is put into the matrix, with phi - A ln c as it is,
    or shifted for each electrode, as its current wants: more solves with the same matrix. `close`
    leaves that of the front out, whose deposit stays, so that salt is conserved to round-off.
    """

    def __init__(self, equation: SaltEquation):
        self.equation, self.model = equation, equation.model
        self.system, self.size = equation.linear_system(), equation.size()
        self.t_plus = self.model.config.electrochemistry.t_plus

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update c, and let phi and the voltage follow."""
        m, s = self.model, self.model.state
        if pass_number == 0:
            self.system.forget()
        if pass_number == m.config.solver.max_passes - 1:
            refuse_scarcity(m)
        reaction = m.coefficients.kinetics.reaction(stage.tau)
        ports = self._ports(stage, reaction)
        deposit = m.stage_deposit(s.xi.x.array, stage.base, float(stage.closing))
        residual = self._residual(stage, reaction.front, deposit)
        change, shifts = self._answered(residual, ports, stage)
        # As Newton's step of phi: the tangent to an exponential leads volts away from it.
        most = float(np.abs(shifts).max()) * m.numbers.F_RT
        share = min(1.0, LONGEST / most) if most > 0 else 1.0
        self._shift(share * shifts)
        # They are no larger than 2 (1 - t_+) times what c moves, which is measured.
        return self._take(share * change)

    def _shift(self, shifts: np.ndarray) -> None:
        """Shift phi, and the metals' potentials such that each electrode sees its own shift [V]."""
        m, s, potential = self.model, self.model.state, self.model.equations["phi"]
        bodies = m.coefficients.kinetics.bodies
        floating = shifts[0] - shifts[: bodies.islands + 1]
        s.phi.x.array[:] += shifts[0]
        bodies.potentials = bodies.potentials + floating
        s.phi_s.x.array[:] += floating[bodies.of_node]
        if potential.given is None:
            potential.voltage += shifts[0] - shifts[-1]
        potential.take(potential.voltage)

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Balance the salt with the currents of the front as they are.

        What the counter electrode passes stays too, but is shared out along it as c wants: currents
        that had not found that yet would be answered by diffusion alone, many times too much.
        """
        kinetics, potential = self.model.coefficients.kinetics, self.model.equations["phi"]
        residual = self._residual(stage, kinetics.front(kinetics.inside()), deposit)
        counter = potential.counter.answers(potential.voltage)
        self.model.state.c.x.array[:] += self._answered(residual, [counter], stage)[0]

    def _ports(self, stage: Stage, reaction: BinaryReaction) -> list[tuple[np.ndarray, np.ndarray]]:
        """How much less current nodes get at the electrodes for a rise of c, and for one of phi.

        Of the front on the anode, of every island and of the counter electrode, which have each
        their current. Where the voltage is given that is only known of the first and the last
        together, which are then one, the first.

        Returns:
            Pairs [A m^2/mol, S/m].
        """
        m, potential = self.model, self.model.equations["phi"]
        per_rate = m.numbers.charge * m.lumped_mass / stiffness(m, stage, reaction)
        bodies = m.coefficients.kinetics.bodies
        anode, *islands = (
            (own * per_rate * reaction.per_c, own * per_rate * reaction.per_phi)
            for own in (bodies.of_node == body for body in range(bodies.islands + 1))
        )
        counter = potential.counter.answers(potential.voltage)
        if potential.given is None:
            return [anode, *islands, counter]
        return [(anode[0] + counter[0], anode[1] + counter[1]), *islands]

    def _residual(self, stage: Stage, front: BinaryFront, deposit: np.ndarray) -> np.ndarray:
        """Salt that the nodes get less what they store [mol/m/s]."""
        m, s = self.model, self.model.state
        storage = salt.storage(s.c.x.array, stage.base.c, s.xi.x.array, stage.tau)
        storage -= salt.covered(s.c.x.array - front.c_s, deposit, stage.tau)
        got = self._with(m.equations["phi"].passed)
        self.system.assemble()
        return got - m.lumped_mass * storage - self.system.product()

    def _with(self, current):
        """Salt that comes with a current [mol/m/s]."""
        return salt.migration(current, self.t_plus, self.model.numbers.F)

    def _solved(self, residual: np.ndarray, stage: Stage, per_c: np.ndarray | float = 0.0):
        """Solve for a change of c that balances the residual's sum to round-off.

        Args:
            residual: Salt that is to be stored or led away [mol/m/s].
            stage: The stage.
            per_c: How much less current there is for a rise of c [A m^2/mol].
        """
        m = self.model
        stored = m.lumped_mass * salt.stored(m.state.xi.x.array) / stage.tau
        self.system.add_diagonal(stored + self._with(per_c))
        absolute = stage.tolerance * self.size * m.smallest_area / stage.tau
        self.system.solve(residual, absolute, stage.reduction, reuse=not self.system.worn)
        return self.system.balance()

    def _answered(
        self, residual: np.ndarray, ports: list[tuple[np.ndarray, np.ndarray]], stage: Stage
    ) -> tuple[np.ndarray, np.ndarray]:
        """Change of c with what ports answer, and the shifts of phi that leave their currents.

        Without a current to be kept, what one electrode takes is what the other gives.
        """
        counter, less = self.model.equations["phi"].counter, sum(x for x, _ in ports)
        if counter.law is None:
            self.system.couple(counter.along, self._with(counter.levelled()))
        change = self._solved(residual, stage, less)
        answers = [self._solved(self._with(per_phi), stage, less) for _, per_phi in ports]
        total = counter.total
        matrix = [[-total(per_c * answer) for answer in answers] for per_c, _ in ports]
        for i, (_, per_phi) in enumerate(ports):
            matrix[i][i] += total(per_phi)
        shifts = np.linalg.solve(matrix, [-total(per_c * change) for per_c, _ in ports])
        return change - sum(x * y for x, y in zip(shifts, answers, strict=True)), shifts

    def _take(self, change: np.ndarray) -> float:
        """Take a change of c, phi - A ln c as it is; returns the largest of ln c.

        Only in the electrolyte: what c is deep in the metal has no meaning.
        """
        m, s, potential = self.model, self.model.state, self.model.equations["phi"]
        floor = SCARCEST * self.size
        c = np.maximum(s.c.x.array, floor)
        least = np.maximum(DEEPEST * c, floor)
        s.c.x.array[:] = np.clip(s.c.x.array + change, least, c / DEEPEST)
        relative = np.log(s.c.x.array / c)
        followed = m.coefficients.kinetics.salt.A * relative
        followed[potential.counter.held] = 0.0
        s.phi.x.array[:] += followed
        return largest(m.comm, (1 - s.xi.x.array) * relative)
