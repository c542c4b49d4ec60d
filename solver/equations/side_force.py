# SPDX-License-Identifier: MIT
"""What a side of the cell bears along its normal, by the forces on its nodes."""

from __future__ import annotations

from mpi4py import MPI

from solver.equations.couplings_elastic import Stiffness
from solver.equations.model import Model
from solver.input.mechanics import INWARD, NORMAL


class SideForce:
    """Reads the pressure that holds a side where it is.

    The sum of the nodal forces is exact in what the triangles are in equilibrium with, where the
    stress in the triangles beside the side has the error of their strain.

    Args:
        model: With the coefficients that its equations bring.
        side: Name of the side.
    """

    def __init__(self, model: Model, side: str):
        self._model, self._component = model, NORMAL[side]
        self._stiffness = Stiffness(model.edges, model.solved_triangles, model.coefficients.vegard)
        nodes = model.domain.dofs(model.V, side)
        self._nodes = nodes[nodes < model.V.dofmap.index_map.size_local]
        domain = model.domain
        length = domain.height if self._component == 0 else domain.width
        self._sign, self._length = INWARD[side], length

    def pressure(self) -> float:
        """Mean pressure on the side in the model's state [Pa]. Collective."""
        m, s = self._model, self._model.state
        force = self._stiffness.force(s.u.x.array, s.xi.x.array)
        force += self._stiffness.load(s.xi.x.array)
        flow = m.equations.get("eps_v")
        if flow is not None:
            force -= flow.flow.force(flow.eps_v, s.xi.x.array)
        across = force.reshape(-1, 2)[self._nodes, self._component]
        return self._sign * m.comm.allreduce(float(across.sum()), MPI.SUM) / self._length
