# SPDX-License-Identifier: MIT
"""The displacement's share of a pass where the deposit flows: Newton's method."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.base.errors import SolverError
from solver.equations.couplings_elastic import Stiffness, forces
from solver.equations.couplings_flow import Answer, pair
from solver.equations.solid_update import Displacement, SolidUpdate
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField, Pair
from solver.schemes.stage import Stage
from solver.schemes.update import Memory

NEWTON_STEPS = 40
"""After which a displacement has no equilibrium with what flows."""
INEXACT = 3e-2
"""Reduction of the residual by a linear solve within Newton's method: 308 iterations in 47 steps
where 1.5e-2 takes 345 in 47 and 5e-2 290 in 51."""
PACE = 0.2
"""Digits per iteration that the preconditioner of a deposit that does not flow is to bring; one for
a deposit a tenth or a thirtieth as stiff in shear needs as many."""
ENOUGH = 0.5
"""Share of the forces that are missing which a step may leave before a part of it is tried too."""
SHORTEST = 1 / 64
"""Least share of Newton's step that is tried."""


class FlowUpdate(SolidUpdate):
    """Equilibrium of the displacement with what flows, by Newton's method.

    How soft what flows is depends on the step and on its history. The preconditioner is that of a
    deposit that does not flow, which xi alone decides, as a restart has to make it again.

    Attributes:
        answer: How the deposit answers to the state's displacement; None while the preconditioner
            is made.
    """

    answer: Answer | None

    def __init__(self, equation: Any, of_u: Displacement):
        super().__init__(of_u)
        self.equation, self.flow, m = equation, equation.flow, self.model
        self.stiffness = Stiffness(m.edges, m.solved_triangles, m.coefficients.vegard)
        self.with_pressure = of_u.with_pressure
        held, options = of_u.held(), preconditioners.U
        self.system = EdgeField(self._slope, m.edges, m.state.u, held, options)

    def _slope(self) -> Pair:
        xi = self.state.xi.x.array
        if self.answer is None:
            return self.stiffness(xi)
        lam, mu = self.stiffness.moduli(xi)
        s11, s12, s13, s22, s23, s33 = self.flow.softening(self.answer)
        along = lam + 2 * mu
        return pair(self.model.edges, (along - s11, lam - s12, -s13, along - s22, -s23, mu - s33))

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

    def recall(self, memory: Memory) -> None:
        """Go on with a memory; the model's state is unchanged."""
        self.answer = None
        super().recall(memory)

    def _missing(self, load: np.ndarray) -> np.ndarray:
        """Forces that are missing in equilibrium; takes the deposit's answer [N]."""
        xi = self.state.xi.x.array
        self.answer = answer = self.equation.answer()
        whole, taken = self.stiffness.stress(answer.total, xi), self.flow.taken(answer.eps_v, xi)
        left = (a - b for a, b in zip(taken, whole, strict=True))
        return forces(self.model.edges, *left) - load

    def balance(self, stage: Stage) -> np.ndarray:
        """See `SolidUpdate`."""
        u, xi = self.state.u.x.array, self.state.xi.x.array
        load = self.with_pressure(self.stiffness.load(xi))
        begun, missing = u.copy(), self._missing(load)
        taken = self.flow.force(self.answer.eps_v, xi)
        size = self.system.norm(load) + self.system.norm(taken) + self.of_u.borne(missing)
        wanted, left = stage.tolerance * size, self.system.norm(missing)
        for _ in range(NEWTON_STEPS):
            if not np.isfinite(left):
                raise SolverError("the forces on lithium that flows are no longer finite")
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
        return u - begun

    def _moved(self, step: np.ndarray, load: np.ndarray, left: float) -> np.ndarray:
        """Take as much of a step as serves; returns the forces that are missing then [N].

        What flows by a steep power of the stress has the whole step overshoot, to and fro.
        """
        u, begun = self.state.u.x.array, self.state.u.x.array.copy()
        share, best = 1.0, np.inf
        while True:
            u[:] = begun + share * step
            missing = self._missing(load)
            norm = self.system.norm(missing)
            if norm <= ENOUGH * left or (share <= SHORTEST and not norm >= best):
                return missing
            if norm >= best and best < left:
                u[:] = begun + 2 * share * step
                return self._missing(load)
            share, best = 0.5 * share, norm

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Let the deposit flow as the passes have left it; within a step its guess serves u too."""
        if stage.closing:
            self.equation.eps_v = self.equation.answer().eps_v
