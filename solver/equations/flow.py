# SPDX-License-Identifier: MIT
"""The deposit's flow: the strain eps_v of every triangle, found together with the displacement."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from mpi4py import MPI

from solver.base.errors import SolverError
from solver.equations.couplings_elastic import Stiffness, by_triangle
from solver.equations.couplings_flow import Answer, Flow, pair
from solver.equations.displacement import DisplacementEquation
from solver.equations.equation import Equation
from solver.equations.model import Model
from solver.fields.flow import FIELD
from solver.input.mechanics import flow_law
from solver.laws.creep import Strain
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField, Pair
from solver.schemes.stage import Base, Stage
from solver.schemes.update import KeepingUpdate, Memory, largest_each

NEWTON_STEPS = 40
"""After which a displacement has no equilibrium with what flows."""
COARSER = 10.0
"""What forces may be missing, in the tolerance of a linear solve: xi feels a fraction of u only."""
INEXACT = 1e-2
"""Reduction of the residual by a linear solve within Newton's method."""
GOOD, REDUCED = 0.1, 0.03
"""A guess that misses less than this share of the forces is left with this share of what it
misses: flow follows the strain, and the next step finds what this one has left."""
PACE = 0.25
"""Digits per iteration that the preconditioner of a deposit that does not flow is to bring; one for
a deposit a tenth or a thirtieth as stiff in shear needs as many."""
ENOUGH = 0.5
"""Share of the forces that are missing which a step may leave before a part of it is tried too."""
SHORTEST = 1 / 64
"""Least share of Newton's step that is tried."""


class Deposit(NamedTuple):
    """The deposit of every triangle in a state.

    Attributes:
        share: Share of it.
        elastic: Deviator of its elastic strain.
        eps_v: The strain by which it has flowed.
    """

    share: np.ndarray
    elastic: Strain
    eps_v: Strain


class FlowEquation(Equation):
    """Holds eps_v, and lets the deposit flow.

    A step of backward Euler leads from the state before a step in time to every stage: of first
    order, but stress that is gone within a step stays gone.

    Attributes:
        before: The deposit in the state before the step.
        elapsed: Time from that to the present stage [s].
    """

    field = FIELD
    has_form = False
    needs = ("elasticity",)
    before: Deposit

    def __init__(self, model: Model):
        super().__init__(model)
        self._begun, self.elapsed = 0.0, 0.0

    @classmethod
    def wanted(cls, config: Any) -> bool:
        """Whether the deposit flows."""
        return config.lithium.flow != "none"

    @property
    def solved(self) -> bool:
        """It is no field that files show."""
        return False

    @cached_property
    def flow(self) -> Flow:
        """The deposit in every triangle."""
        m = self.model
        material = by_triangle(m.coefficients.elasticity, m.of_triangles)
        return Flow(m.edges, m.solved_triangles, material, flow_law(m.config))

    @property
    def _rows(self) -> np.ndarray:
        """Place of every triangle among the values."""
        return self.function.function_space.dofmap.list[:, 0]

    @property
    def eps_v(self) -> Strain:
        """The strain of flow in every triangle."""
        return Strain(*self.function.x.array.reshape(-1, FIELD.components)[self._rows].T.copy())

    @eps_v.setter
    def eps_v(self, strain: Strain) -> None:
        rows = self.function.x.array.reshape(-1, FIELD.components)
        rows[self._rows] = np.column_stack(strain)

    def present(self) -> Deposit:
        """The deposit in the model's state."""
        s, eps_v = self.model.state, self.eps_v
        u, xi = s.u.x.array, s.xi.x.array
        return Deposit(self.flow.metal(xi), self.flow.strain(u, xi).less(eps_v), eps_v)

    def initialise(self, x: np.ndarray) -> None:
        """Nothing has flowed, and nothing is new: the initial deposit has the stress it has."""
        self.before = self.present()

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take the state that the step sets out from."""
        self.before, self._begun = self.present(), t
        return base

    def hold(self, t: float, everything: bool = False) -> None:
        """Take the time of a stage [s]."""
        self.elapsed = t - self._begun

    def answer(self) -> Answer:
        """How the deposit answers to the state's displacement."""
        s = self.model.state
        before = self.before.share, self.before.eps_v
        return self.flow.answer(s.u.x.array, s.xi.x.array, before, self.elapsed)

    def driving(self) -> np.ndarray:
        """What flow adds to the elastic driving force, at the nodes [J/m]."""
        s = self.model.state
        return self.flow.driving(s.u.x.array, s.xi.x.array, self.eps_v)

    def update(self) -> FlowUpdate:
        """The share of displacement and flow in a pass."""
        return FlowUpdate(self, self.model.equations["u"])

    def residual(self, y, base, tau, closing, test) -> None:
        """None."""

    def weight(self, tau) -> float:
        """Not used."""
        return 1.0

    # --- measured --------------------------------------------------------------------------

    def columns(self) -> tuple[str, ...]:
        """The share of the lithium that flows."""
        return ("lithium_flowing",)

    def measured(self) -> tuple[float, ...]:
        """Share of the lithium that flowed half as far in the last step as it gave elastically."""
        m, own = self.model, self.model.mesh.topology.index_map(2).size_local
        before, after = self.before, self.present()
        flowed, elastic = after.eps_v.less(before.eps_v), after.elastic.less(before.elastic)
        lithium = (m.edges.areas * after.share)[:own]
        flowing = (flowed.squared > 0.25 * elastic.squared)[:own]
        total, part = (
            m.comm.allreduce(float(x), MPI.SUM) for x in (lithium.sum(), lithium @ flowing)
        )
        return (part / total if total > 0 else 0.0,)


EQUATION = FlowEquation


class FlowUpdate(KeepingUpdate):
    """Equilibrium of the displacement with what flows, by Newton's method.

    How soft what flows is depends on the step and on its history. The preconditioner is that of a
    deposit that does not flow, which xi alone decides, as a restart has to make it again.

    Attributes:
        guess_error: As that of `DisplacementUpdate`.
        answer: How the deposit answers to the state's displacement; None while the preconditioner
            is made.
    """

    follows = ("xi",)
    answer: Answer | None

    def __init__(self, equation: FlowEquation, of_u: DisplacementEquation):
        self.equation, self.model, self.flow = equation, equation.model, equation.flow
        m = self.model
        self.state = m.state
        self.stiffness = Stiffness(m.edges, m.solved_triangles, m.coefficients.vegard)
        self.with_pressure, self.driving_rate = of_u.with_pressure, of_u.driving_rate()
        self.heed_pressure, self.guess_error = of_u.heed_pressure, np.inf
        self.system = EdgeField(self._slope, m.edges, m.state.u, of_u.held(), preconditioners.U)

    def _slope(self) -> Pair:
        elastic = self.stiffness(self.state.xi.x.array)
        if self.answer is None:
            return elastic
        forward = elastic[0] - pair(self.model.edges, self.flow.softening(self.answer))[0]
        return forward, forward.swapaxes(0, 1)

    def _step(self, missing: np.ndarray, wanted: float) -> np.ndarray:
        """A step of Newton's method towards forces that are missing up to a norm [N]."""
        system = self.system
        if system.worn:
            answer, self.answer = self.answer, None
            system.assemble()
            system.make_preconditioner()
            system.pace, system.lost = PACE, 0.0
            self.made_for = {"xi": self.state.xi.x.array.copy()}
            self.answer = answer
        system.assemble()
        found = system.solve(missing, 0.5 * wanted, INEXACT, reuse=True)
        if system.fresh:  # it had to be made of this slope
            system.forget()
        return found

    def needed(self, final: bool, number: int, tolerance: float) -> bool:
        """As that of `DisplacementUpdate`."""
        return self.guess_error > tolerance or (final and number == 0)

    def memory(self) -> Memory:
        """What the next step needs besides the states before it."""
        found = super().memory()
        return Memory(found.numbers | {"guess_error": self.guess_error}, found.arrays)

    def recall(self, memory: Memory) -> None:
        """Go on with a memory; the model's state is unchanged."""
        self.answer = None
        super().recall(memory)
        self.guess_error = memory.numbers["guess_error"]

    def _missing(self, load: np.ndarray) -> np.ndarray:
        """Forces that are missing in equilibrium; takes the deposit's answer [N]."""
        s = self.model.state
        self.answer = self.equation.answer()
        inner = self.stiffness.force(s.u.x.array, s.xi.x.array)
        return self.flow.force(self.answer.eps_v, s.xi.x.array) - inner - load

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update u; returns the change of xi that the change of stress can make in the stage."""
        m, u, xi = self.model, self.model.state.u.x.array, self.model.state.xi.x.array
        load = self.with_pressure(self.stiffness.load(xi))
        begun, missing = u.copy(), self._missing(load)
        taken = self.flow.force(self.answer.eps_v, xi)
        size = self.system.norm(load) + self.system.norm(taken)
        wanted, left = COARSER * stage.tolerance * size, self.system.norm(missing)
        if left < GOOD * size:
            wanted = max(wanted, REDUCED * left)
        for _ in range(NEWTON_STEPS):
            if left <= wanted:
                break
            missing = self._moved(self._step(missing, wanted), load, left)
            left = self.system.norm(missing)
        else:
            raise SolverError(
                f"no equilibrium of lithium that flows in {NEWTON_STEPS} steps of Newton's method: "
                "what presses on it may be more than it bears"
            )
        self.equation.eps_v = self.answer.eps_v
        moved, most = largest_each(m.comm, u - begun, u)
        effect = moved / max(most, 1e-30) * stage.tau * self.driving_rate
        effect = max(effect, self.heed_pressure())
        self.guess_error = effect if pass_number == 0 else self.guess_error + effect
        return effect

    def _moved(self, step: np.ndarray, load: np.ndarray, left: float) -> np.ndarray:
        """Take as much of a step as serves; returns the forces that are missing then [N].

        What flows by a steep power of the stress has the whole step overshoot, to and fro.
        """
        u, begun = self.model.state.u.x.array, self.model.state.u.x.array.copy()
        share, best = 1.0, np.inf
        while True:
            u[:] = begun + share * step
            missing = self._missing(load)
            norm = self.system.norm(missing)
            if norm <= ENOUGH * left or (share <= SHORTEST and norm < best):
                return missing
            if norm >= best and best < left:
                u[:] = begun + 2 * share * step
                return self._missing(load)
            share, best = 0.5 * share, norm

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Let the deposit flow as the passes have left it."""
        self.equation.eps_v = self.equation.answer().eps_v
