# SPDX-License-Identifier: MIT
"""One linear system per field, solved for increments of the current value."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from petsc4py import PETSc

from dolfinx import fem

from solver.base.errors import SolverError

_prefixes = itertools.count()

WORTH = 8
"""Iterations that a multigrid may cost beyond its pace before it is made anew. To make it is as
dear as 15 with BoomerAMG and 23 to 33 with GAMG, but what older ones leave makes ranks differ: with
16 the times of two ranks are 1.1e-4 s apart where they are 6e-5 s apart now."""
PATIENCE, LAST_PATIENCE = 500, 5000
"""Most iterations with a preconditioner that was made for another matrix, and with one of its own:
an electrolyte that breaks through at once hangs on a millionth of its stiffness."""
SMALLEST, LARGEST = np.finfo(float).tiny, np.finfo(float).max
"""Between which a diagonal entry is one."""
BREAKDOWNS = (72, 77)
"""Error codes of PETSc, PETSC_ERR_FP and PETSC_ERR_PLIB, for numbers that are not finite."""


class KrylovField(ABC):
    """Dirichlet rows and Krylov solver of one field; subclasses fill the matrix.

    The system is solved for the increment of a value that already meets the boundary conditions,
    so Dirichlet rows only need a unit diagonal and a zero residual.

    Args:
        matrix: The matrix, with all its places; the field's own from here on.
        unknown: The field.
        fixed: Local degrees of freedom held at their value.
        options: PETSc options of the Krylov solver.

    Attributes:
        iterations: Iterations of the last solve.
        fresh: Whether the last solve made the preconditioner.
        pace: Digits per iteration with the preconditioner as it was made; 0 before the first.
        lost: Iterations that later solves have taken beyond that pace, in total.
        scale: What the matrix is multiplied by, a power of two.
    """

    def __init__(self, matrix: PETSc.Mat, unknown: fem.Function, fixed: np.ndarray, options: dict):
        self.matrix, self.unknown = matrix, unknown
        V = unknown.function_space
        self._residual, self._increment = fem.Function(V), fem.Function(V)
        owned = V.dofmap.index_map.size_local * V.dofmap.index_map_bs
        self.fixed = fixed[fixed < owned].astype(np.int32)
        self._prefix = f"dendrite_{next(_prefixes)}_"
        self._options = {self._prefix + key: value for key, value in options.items()}
        self.ksp = self._new_solver()
        self.iterations, self.pace, self.lost, self.fresh = 0, 0.0, 0.0, False
        self.scale = 1.0

    def _new_solver(self) -> PETSc.KSP:
        ksp = PETSc.KSP().create(self.matrix.comm)
        ksp.setOperators(self.matrix)
        ksp.setOptionsPrefix(self._prefix)
        with self._options_given():
            ksp.setFromOptions()
        # Tolerances speak of the true residual, not of the preconditioned one.
        if ksp.getType() != "cg":
            ksp.setPCSide(PETSc.PC.Side.RIGHT)
        ksp.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
        return ksp

    @contextmanager
    def _options_given(self) -> Iterator[None]:
        """Have the options in PETSc's database; multigrid reads its levels' at every set-up."""
        database = PETSc.Options()
        for name, value in self._options.items():
            database[name] = value
        try:
            yield
        finally:
            # At its end PETSc complains of what nothing has read.
            for name in self._options:
                database.delValue(name)

    def destroy(self) -> None:
        """Free matrix and solver. Collective."""
        self.ksp.destroy()
        self.matrix.destroy()

    def release(self) -> None:
        """Keep the matrix alone of what has been assembled."""

    def forget(self) -> None:
        """Let go of the preconditioner: the next solve makes one, whatever it is asked to reuse."""
        self.ksp.reset()
        self.pace = 0.0

    def rest(self) -> None:
        """Keep nothing that the next assembly and the next solve can make."""
        self.forget()

    @property
    def worn(self) -> bool:
        """Whether the preconditioner has cost more iterations than to make it would, or is none."""
        return self.pace == 0 or self.lost > WORTH

    def make_preconditioner(self) -> None:
        """Make the preconditioner of the matrix as it is, for use with later ones.

        Raises:
            SolverError: The matrix is beyond the preconditioner.
        """
        self._set_up()
        # PETSc's Jacobi, a smoother of GAMG, takes its diagonal only when it is first applied.
        with self._work() as (ones, image):
            self.ksp.getPC().apply(ones, image)

    @contextmanager
    def _work(self) -> Iterator[tuple[PETSc.Vec, PETSc.Vec]]:
        """Lend two vectors: 1 where free and 0 where held, and one to overwrite; seldom needed."""
        ones, image = self.matrix.createVecLeft(), self.matrix.createVecLeft()
        ones.set(1.0)
        ones.array[self.fixed] = 0.0
        try:
            yield ones, image
        finally:
            ones.destroy()
            image.destroy()

    def _set_up(self) -> None:
        """Make the preconditioner of the matrix as it is, for use with this one first.

        Raises:
            SolverError: The matrix is beyond the preconditioner.
        """
        # Without the reset PETSc keeps parts of the last one (GAMG its coarse spaces): a run that
        # was restarted could not repeat what an undisturbed one does.
        self.ksp.reset()
        self._rescale()
        self.ksp.getPC().setReusePreconditioner(False)
        self.ksp.setOperators(self.matrix)
        try:
            with self._options_given():
                self.ksp.setUp()
        except PETSc.Error as error:
            if error.ierr not in BREAKDOWNS:
                raise
            # GAMG raises for the matrix of a runaway state, which BoomerAMG leaves to the solver.
            # What it has half made would fail for every later matrix.
            self.ksp.destroy()
            self.ksp = self._new_solver()
            reason = str(error).splitlines()[-1]
            raise SolverError(
                f"no preconditioner for {self.unknown.name} can be made (PETSc: {reason})"
            ) from None

    def _rescale(self) -> None:
        """Have the least diagonal entry that is free between 1 and 2 for a set-up. Collective.

        PETSc takes pivots below 100 machine epsilons for zero, whatever the others are: its SOR of
        a coarse level, where rows share their places, and the factorisation of the coarsest. Those
        of c in SI units are areas over times, 1e-14 in a pocket that metal has cut off.
        """
        diagonal = self.matrix.getDiagonal()
        diagonal.abs()
        diagonal.array[self.fixed] = np.inf
        least = diagonal.min()[1]
        diagonal.destroy()
        # Where all is held PETSc gives the largest number for the least of an empty rank.
        ordinary = SMALLEST < least < LARGEST
        factor = 2.0 ** -np.floor(np.log2(least)) if ordinary else 1.0
        if factor != 1.0:
            self.scale *= factor
            self._multiply(factor)

    def _multiply(self, factor: float) -> None:
        """Multiply the matrix, but for held rows."""
        self.matrix.scale(factor)
        self.fix_rows()

    @abstractmethod
    def fix_rows(self) -> None:
        """Give the held rows a unit diagonal."""

    def diagonal(self) -> np.ndarray:
        """Diagonal of the matrix, in its own units; the values of ghosts are meaningless."""
        self.matrix.getDiagonal(self._residual.x.petsc_vec)
        return self._residual.x.array / self.scale

    def norm(self, residual: np.ndarray) -> float:
        """2-norm of a residual over the free degrees of freedom of all ranks."""
        self._load(residual)
        return self._residual.x.petsc_vec.norm() / self.scale

    def _load(self, residual: np.ndarray) -> None:
        """Take a residual, in the matrix's unit and 0 where held."""
        self._residual.x.array[:] = self.scale * residual
        self._residual.x.array[self.fixed] = 0.0
        # PETSc remembers a norm until it is told that the values are others.
        self._residual.x.petsc_vec.stateIncrease()

    def solve(
        self, residual: np.ndarray, absolute: float, relative: float, reuse: bool = False
    ) -> np.ndarray:
        """Solve matrix * increment = residual.

        Args:
            residual: Right-hand side; the values of ghosts are ignored.
            absolute: Tolerance of the residual's 2-norm.
            relative: Reduction of the residual's 2-norm that is enough as well.
            reuse: Keep the preconditioner of an earlier matrix, if there is one.

        Returns:
            The increment with ghosts updated, the caller's own.

        Raises:
            SolverError: The Krylov solver diverged, or the preconditioner cannot be made.
        """
        self._increment.x.array[:] = 0.0
        self.iterations, self.fresh = 0, False
        size = self.norm(residual)
        if size <= absolute:
            return self._increment.x.array.copy()
        fresh = not reuse or self.pace == 0
        reason = self._iterate(residual, absolute, relative, fresh)
        if reason < 0 and not self.fresh:
            # That of an earlier matrix may be worn out at once.
            self._increment.x.array[:] = 0.0
            reason = self._iterate(residual, absolute, relative, fresh=True)
        if reason < 0:
            raise SolverError(
                f"the linear solver for {self.unknown.name} failed (PETSc reason {reason})"
            )
        self._note_wear(size)
        # What the preconditioner leaks into held rows passes for converged where others are larger.
        self._increment.x.array[self.fixed] = 0.0
        self._increment.x.scatter_forward()
        return self._increment.x.array.copy()

    def _note_wear(self, size: float) -> None:
        """Compare the last solve, of a residual of this size, with what the preconditioner can."""
        left = max(self.ksp.getResidualNorm() / self.scale, 1e-16 * size)
        digits = max(np.log10(size / left), 0.1)
        if self.fresh:
            self.pace, self.lost = digits / max(1, self.iterations), 0.0
        self.lost += max(0.0, self.iterations - digits / self.pace)

    def _iterate(self, residual: np.ndarray, absolute: float, relative: float, fresh: bool) -> int:
        """Run the Krylov solver from an increment of 0; returns PETSc's reason for its end."""
        self.fresh = fresh
        if fresh:
            self._set_up()
        most = LAST_PATIENCE if fresh else PATIENCE
        self.ksp.setTolerances(rtol=relative, atol=self.scale * absolute, max_it=most)
        self._load(residual)
        self.ksp.getPC().setReusePreconditioner(True)
        self.ksp.setOperators(self.matrix)
        self.ksp.solve(self._residual.x.petsc_vec, self._increment.x.petsc_vec)
        self.iterations = self.ksp.getIterationNumber()
        return self.ksp.getConvergedReason()

    def balance(self) -> np.ndarray:
        """Add to the last increment the constant that makes its residual sum to zero.

        For a conservation law this makes the solution conserve exactly what the linear solver's
        tolerance would let go. The residual is that of the last solve, be it one that had nothing
        to do: no other method that loads one may come between.

        Returns:
            The increment with ghosts updated.
        """
        with self._work() as (ones, image):
            self.matrix.mult(self._increment.x.petsc_vec, image)
            image.aypx(-1.0, self._residual.x.petsc_vec)
            defect = image.dot(ones)
            self.matrix.mult(ones, image)
            self._increment.x.petsc_vec.axpy(defect / image.dot(ones), ones)
        self._increment.x.scatter_forward()
        return self._increment.x.array.copy()
