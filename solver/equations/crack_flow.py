# SPDX-License-Identifier: MIT
"""The flow of the deposit beside cracks: how it answers while u and d are brought to rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.equations.couplings_elastic import forces
from solver.equations.couplings_flow import Answer

STILL = 1e-6
"""Share of the deposit's stiffness in shear below which its slope makes no other matrix."""


class CrackFlow:
    """See `solver.schemes.flowing.Flowing`.

    Args:
        equation: That of the flow.

    Attributes:
        eps_v: The strain by which the deposit has flowed, DG0, as forms take it.
        softening: What flow takes from the stiffness of the triangles [Pa], as `Flow.softening`
            gives it; None before the first answer.
    """

    softening: tuple[np.ndarray, ...] | None = None
    present: Answer
    _begun: Answer

    def __init__(self, equation: Any):
        self.equation, self.model = equation, equation.model
        self.eps_v: fem.Function = equation.function

    def answer(self) -> None:
        """Let the deposit flow as far as the state's displacement has it."""
        self.present = answer = self.equation.answer()
        self.equation.eps_v = answer.eps_v
        self.softening = self.equation.flow.softening(answer)

    def begin(self) -> None:
        """Take note of where a step of Newton's method sets out from."""
        self._begun = self.present

    @property
    def flows(self) -> bool:
        """Whether the stiffness is another by its flow. Collective."""
        most = max(float(np.abs(x).max(initial=0.0)) for x in self.softening)
        most = self.model.comm.allreduce(most, MPI.MAX)
        return most > STILL * 2 * self.equation.flow.mu

    def astray(self, step: np.ndarray) -> np.ndarray:
        """Forces by which flow has answered a step otherwise than by its slope [N].

        At nodes of other ranks incomplete.

        Args:
            step: From where it was begun to the state's displacement [m].
        """
        flow, edges, xi = self.equation.flow, self.model.edges, self.model.state.xi.x.array
        xx, yy, xy = edges.strain(step)
        s11, s12, s13, s22, s23, s33 = flow.softening(self._begun)
        slope = (
            s11 * xx + s12 * yy + 2 * s13 * xy,
            s12 * xx + s22 * yy + 2 * s23 * xy,
            s13 * xx + s23 * yy + 2 * s33 * xy,
        )
        now, then = (flow.taken(x.eps_v, xi) for x in (self.present, self._begun))
        return forces(edges, *(a - b - c for a, b, c in zip(now, then, slope, strict=True)))
