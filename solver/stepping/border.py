# SPDX-License-Identifier: MIT
"""One scalar unknown beside a field: the potential of an electrode whose current is prescribed.

Newton's matrix J gets a border: the residual r answers to the unknown V with the column b, and the
total G with the row g to the fields,

    J d + b dV = r,   g d = G - total,

which takes one more solve with J: d = x - y dV with J x = r, J y = b, and
dV = (g x - (G - total))/(g y).
"""

from __future__ import annotations

import numpy as np
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem

from solver.base import fem_petsc
from solver.equations.ions_model import IonModel


class Border:
    """The border of an ion model's `total`; all methods are collective.

    Args:
        model: The model.
        ksp: Solver with the matrix as it stands.
        rows: Local owned rows whose balances add up to the total, by the number of the balance.
        prescribed: What goes in besides, by fluxes that are given [mol/m/s].
    """

    def __init__(
        self, model: IonModel, ksp: PETSc.KSP, rows: dict[int, np.ndarray], prescribed: float
    ):
        self.model, self._ksp, self._prescribed = model, ksp, prescribed
        self._weights, self._row, self._column, self._answer = (
            fem.Function(model.space) for _ in range(4)
        )
        for balance, of_balance in rows.items():
            charge = model.charges[balance] * model.scales[balance]
            self._weights.x.array[of_balance] = charge
        self._owned = model.space.dofmap.index_map.size_local
        self._mean = fem.form(model.mean_at_total)
        column = fem.form(model.answer_to_total)
        fem_petsc.assemble_vector(self._column.x.petsc_vec, column)
        self._column.x.petsc_vec.ghostUpdate(PETSc.InsertMode.ADD, PETSc.ScatterMode.REVERSE)

    def begin(self) -> None:
        """Take the potential from the state: nothing else outlives a stage."""
        mean = self.model.domain.comm.allreduce(float(fem.assemble_scalar(self._mean)), MPI.SUM)
        self.model.potential_of_total.value = mean

    def take(self, balances: PETSc.Mat) -> None:
        """Take the row from the slopes of all balances, none of them replaced."""
        balances.multTranspose(self._weights.x.petsc_vec, self._row.x.petsc_vec)

    def share(self, step: np.ndarray, reactions: np.ndarray) -> float:
        """Correct Newton's step of the fields in place; returns that of the potential.

        Args:
            step: The fields' step with the potential as it is.
            reactions: Residuals of all balances at owned rows, none of them replaced.
        """
        self._ksp.solve(self._column.x.petsc_vec, self._answer.x.petsc_vec)
        self._answer.x.scatter_forward()
        owned = slice(self._owned)
        row, weights = self._row.x.array[owned], self._weights.x.array[owned]
        local = (weights @ reactions, row @ step[owned], row @ self._answer.x.array[owned])
        comm = self.model.domain.comm
        inside, of_step, of_answer = (comm.allreduce(float(value), MPI.SUM) for value in local)
        missing = inside + self._prescribed - self.model.total.amount
        change = (of_step - missing) / of_answer
        step -= change * self._answer.x.array
        return change
