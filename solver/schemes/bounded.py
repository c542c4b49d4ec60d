# SPDX-License-Identifier: MIT
"""A field that minimises a quadratic energy within bounds."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem

from solver.base import memory
from solver.base.errors import SolverError
from solver.cell.edges import Edges
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField

_prefixes = itertools.count()

ITERATIONS = 200
"""Sets of held nodes that are tried; a field spreads by about one row of triangles in each."""


class Quadratic(NamedTuple):
    """An energy 1/2 matrix(d, d) - load(d); what other ranks have of it is incomplete.

    Attributes:
        entries: Of the symmetric matrix, at the edges.
        rows: Sums of its rows, at the nodes.
        load: At the nodes.
    """

    entries: np.ndarray
    rows: np.ndarray
    load: np.ndarray


class BoundedField:
    """A scalar field between nodal bounds, at its least energy.

    Newton's method on the nodes that are not held by a bound (PETSc's vinewtonrsls; Benson and
    Munson, Optim. Methods Softw. 21 (2006) 155).

    Args:
        energy: Gives the present one.
        edges: The edges.
        unknown: The field.
    """

    def __init__(self, energy: Callable[[], Quadratic], edges: Edges, unknown: fem.Function):
        self.unknown, self._energy = unknown, energy
        V = unknown.function_space
        self.lower, self.upper = fem.Function(V), fem.Function(V)
        self.upper.x.array[:] = 1.0
        self._load, self._pair = fem.Function(V), None
        free = np.empty(0, dtype=np.int32)
        self._system = EdgeField(lambda: self._pair, edges, unknown, free, preconditioners.D)
        self._matrix = self._system.matrix
        self._residual = self._matrix.createVecLeft()
        self._snes = self._new_solver()

    def _new_solver(self) -> PETSc.SNES:
        snes = PETSc.SNES().create(self.unknown.function_space.mesh.comm)
        snes.setFunction(memory.weakly(self._evaluate), self._residual)
        snes.setJacobian(lambda *_: None, self._matrix)
        snes.setType("vinewtonrsls")
        prefix = f"dendrite_bounded_{next(_prefixes)}_"
        snes.setOptionsPrefix(prefix)
        PETSc.Options()[prefix + "snes_linesearch_type"] = "basic"
        snes.setFromOptions()
        PETSc.Options().delValue(prefix + "snes_linesearch_type")
        snes.setTolerances(max_it=ITERATIONS)
        snes.setKSP(self._system.ksp)
        snes.getKSP().setTolerances(rtol=1e-10, max_it=2000)
        return snes

    def _evaluate(self, snes: PETSc.SNES, values: PETSc.Vec, residual: PETSc.Vec) -> None:
        self._matrix.mult(values, residual)
        residual.axpy(-1.0, self._load.x.petsc_vec)

    def solve(self, lower: np.ndarray, tolerance: float = 1e-8) -> float:
        """Minimise from the present values; returns the largest change at a node. Collective.

        Args:
            lower: Lower bound at the nodes, ghosts included.
            tolerance: Residual of what is free, over what a change by 1 would make it.

        Raises:
            SolverError: It does not converge.
        """
        before = self.unknown.x.array.copy()
        entries, rows, load = self._energy()
        self._pair = entries, entries
        self._system.assemble()
        self._system.add_diagonal(rows)
        self._system.release()
        self._load.x.array[:] = load
        self.lower.x.array[:] = lower
        self._snes.setVariableBounds(self.lower.x.petsc_vec, self.upper.x.petsc_vec)
        self._matrix.getDiagonal(self._residual)
        absolute = tolerance * self._residual.norm()
        self._snes.setTolerances(rtol=0.0, atol=absolute, stol=0.0, max_it=ITERATIONS)
        self._snes.solve(None, self.unknown.x.petsc_vec)
        if (reason := self._snes.getConvergedReason()) < 0:
            raise SolverError(f"{self.unknown.name} finds no minimum (PETSc reason {reason})")
        self.unknown.x.scatter_forward()
        change = np.abs(self.unknown.x.array - before).max(initial=0.0)
        return self.unknown.function_space.mesh.comm.allreduce(float(change), MPI.MAX)

    def destroy(self) -> None:
        """Free what PETSc has for it. Collective."""
        for thing in (self._snes, self._system, self._residual):
            thing.destroy()
