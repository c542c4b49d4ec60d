# SPDX-License-Identifier: MIT
"""Newton's method for one implicit stage, with a direct solver.

The unknowns are logarithms and potentials in units of RT/F, so a step of a few units is the
largest that the exponentials let Newton's method trust: longer ones are shortened.
"""

from __future__ import annotations

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem

from solver.base import fem_petsc
from solver.base.errors import StageRejected
from solver.equations.ions_model import IonModel
from solver.input.ions_checks import ELECTRODES
from solver.stepping.border import Border

LONGEST_STEP = 2.0
"""Largest change of an unknown in one iteration."""
TOLERANCE = 1e-10
"""Change of the unknowns that ends the iteration; the method squares it once more."""
MAX_ITERATIONS = 60


class Newton:
    """Solves the stage that the model's `tau`, `shares`, `old` and `stages` describe.

    Attributes:
        inflows: Of every species through each electrode in the last stage [mol/m/s].
        iterations: Of the last stage.
    """

    def __init__(self, model: IonModel):
        self.model = model
        balances, held = sum(model.balances), [h.form for h in model.held]
        trial = ufl.TrialFunction(model.space)
        self._balances = fem.form(balances)
        self._held = fem.form(sum(held[1:], held[0]))
        jacobians = (ufl.derivative(form, model.state, trial) for form in (balances, sum(held)))
        self._balances_slope, self._held_slope = map(fem.form, jacobians)
        self._matrix = fem_petsc.create_matrix(self._balances_slope)
        self._matrix.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
        self._residual, self._conditions, self._change = (
            fem.Function(model.space) for _ in range(3)
        )
        self._owned = model.space.dofmap.index_map.size_local
        self._rows_of = [rows[rows < self._owned] for rows in map(model.rows, model.held)]
        self._replaced = np.unique(np.concatenate(self._rows_of)).astype(np.int32)
        self._ksp = PETSc.KSP().create(model.domain.comm)
        self._ksp.setOperators(self._matrix)
        self._ksp.setType("preonly")
        self._ksp.getPC().setType("lu")
        self._ksp.getPC().setFactorSolverType("mumps")
        self._prescribed = self._prescribed_inflows()
        self._total = self._border() if model.total else None
        self.inflows = {side: np.zeros(model.charge_row) for side in ELECTRODES}
        self.iterations = 0

    def solve(self) -> None:
        """Solve from the guess in the model's state.

        Raises:
            StageRejected: No convergence.
        """
        if self._total:
            self._total.begin()
        for number in range(MAX_ITERATIONS):
            self.iterations = number + 1
            self._assemble()
            self._assemble_slope()
            self._ksp.solve(self._residual.x.petsc_vec, self._change.x.petsc_vec)
            self._change.x.scatter_forward()
            step = self._change.x.array
            scalar = self._total.share(step, self._reactions) if self._total else 0.0
            size = max(self._largest(step), abs(scalar))
            if not np.isfinite(size):
                break
            share = min(1.0, LONGEST_STEP / max(size, 1e-300))
            self.model.state.x.array[:] -= share * step
            self.model.potential_of_total.value -= share * scalar
            if size <= TOLERANCE:
                self._measure()
                return
        raise StageRejected("Newton's method does not converge")

    def _border(self) -> Border:
        model, side = self.model, self.model.total.side
        rows = {
            held.row: rows
            for held, rows in zip(model.held, self._rows_of, strict=True)
            if held.side == side and held.row < model.charge_row
        }
        given = float(np.dot(model.charges, self._prescribed[side]))
        return Border(model, self._ksp, rows, given)

    def _assemble(self) -> None:
        for function, form in ((self._residual, self._balances), (self._conditions, self._held)):
            function.x.array[:] = 0.0
            vector = function.x.petsc_vec
            fem_petsc.assemble_vector(vector, form)
            vector.ghostUpdate(PETSc.InsertMode.ADD, PETSc.ScatterMode.REVERSE)
        self._reactions = self._residual.x.array[: self._owned].copy()
        self._residual.x.array[self._replaced] = self._conditions.x.array[self._replaced]

    def _assemble_slope(self) -> None:
        self._matrix.zeroEntries()
        fem_petsc.assemble_matrix(self._matrix, self._balances_slope)
        self._matrix.assemble()
        if self._total:
            self._total.take(self._matrix)
        self._matrix.zeroRowsLocal(self._replaced, 0.0)
        fem_petsc.assemble_matrix(self._matrix, self._held_slope)
        self._matrix.assemble()

    def _largest(self, values: np.ndarray) -> float:
        local = float(np.abs(values).max(initial=0.0))
        # MPI's maximum may drop a NaN.
        local = local if np.isfinite(local) else np.inf
        return self.model.domain.comm.allreduce(local, MPI.MAX)

    def _prescribed_inflows(self) -> dict[str, np.ndarray]:
        """Inflow of every species by the fluxes that the config prescribes [mol/m/s]."""
        config, width = self.model.config, self.model.domain.width
        fluxes = {side: getattr(config.boundary, side).flux for side in ELECTRODES}
        return {
            side: width * np.array([flux.get(s.name, 0.0) for s in config.species])
            for side, flux in fluxes.items()
        }

    def _measure(self) -> None:
        """What the replaced balances lack is the inflow there (the consistent flux)."""
        self._assemble()
        self.inflows = {side: inflow.copy() for side, inflow in self._prescribed.items()}
        for rows, held in zip(self._rows_of, self.model.held, strict=True):
            if held.row < self.model.charge_row:
                local = self.model.scales[held.row] * float(self._reactions[rows].sum())
                self.inflows[held.side][held.row] += self.model.domain.comm.allreduce(local)
