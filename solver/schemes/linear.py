# SPDX-License-Identifier: MIT
"""Linear systems whose matrices are those of forms."""

from __future__ import annotations

import numpy as np
import ufl
from petsc4py import PETSc

from dolfinx import fem

from solver.base import fem_petsc
from solver.schemes.krylov import KrylovField


def with_all_couplings(V: fem.FunctionSpace) -> PETSc.Mat:
    """Matrix with the couplings of all cells, also of those that a form leaves out.

    Held rows need a diagonal, and PETSc drops places that the first assembly leaves empty.
    """
    couplings = ufl.inner(ufl.TrialFunction(V), ufl.TestFunction(V)) * ufl.dx
    form = fem.form(couplings)
    matrix = fem_petsc.create_matrix(form)
    fem_petsc.assemble_matrix(matrix, form)
    matrix.assemble()
    return matrix


class LinearField(KrylovField):
    """A field whose matrix is that of a form.

    Args:
        form: Compiled bilinear form without boundary conditions.
        unknown: The field.
        fixed: Local degrees of freedom held at their value.
        options: PETSc options of the Krylov solver.
    """

    def __init__(self, form: fem.Form, unknown: fem.Function, fixed: np.ndarray, options: dict):
        super().__init__(with_all_couplings(unknown.function_space), unknown, fixed, options)
        self.form, self._form_diagonal = form, self.matrix.createVecLeft()
        self._diagonal = fem.Function(unknown.function_space)

    def assemble(self) -> None:
        """Assemble the form into the matrix."""
        self.matrix.zeroEntries()
        fem_petsc.assemble_matrix(self.matrix, self.form)
        self.matrix.assemble()
        self.matrix.scale(self.scale)
        self.matrix.getDiagonal(self._form_diagonal)

    def _multiply(self, factor: float) -> None:
        super()._multiply(factor)
        self._form_diagonal.scale(factor)

    def add_diagonal(self, values: np.ndarray) -> None:
        """Set the diagonal to the form's own plus nodal values (those of ghosts are ignored)."""
        self._diagonal.x.array[:] = self.scale * values
        diagonal = self._form_diagonal + self._diagonal.x.petsc_vec
        diagonal.array[self.fixed] = 1.0
        self.matrix.setDiagonal(diagonal)

    def product(self) -> np.ndarray:
        """Matrix times the current value; the values of ghosts are meaningless."""
        self.matrix.mult(self.unknown.x.petsc_vec, self._residual.x.petsc_vec)
        return self._residual.x.array / self.scale

    def fix_rows(self) -> None:
        """Give the held rows a unit diagonal."""
        self.matrix.zeroRowsColumnsLocal(self.fixed, 1.0)

    def destroy(self) -> None:
        """Free matrix, vectors and solver. Collective."""
        super().destroy()
        self._form_diagonal.destroy()
