# SPDX-License-Identifier: MIT
"""A square that is held below, on any number of ranks whose nodes lie at random among each other.

Rank 0 prints JSON: why the solver of u ends, after how many iterations, and what is left.
"""

from __future__ import annotations

import json

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc
from scipy.sparse import csr_array

from dolfinx import fem, mesh

from solver.schemes import preconditioners
from solver.schemes.linear import LinearField

COMM = MPI.COMM_WORLD
CELLS, TIGHT, MOST = 24, 1e-8, 200


def stiffness() -> csr_array:
    """The whole matrix, the same on every rank, its nodes in an order of chance."""
    square = mesh.create_unit_square(MPI.COMM_SELF, CELLS, CELLS)
    V = fem.functionspace(square, ("Lagrange", 1, (2,)))
    u, w = ufl.TrialFunction(V), ufl.TestFunction(V)
    strain = [ufl.sym(ufl.grad(x)) for x in (u, w)]
    form = 2 * ufl.inner(*strain) + ufl.div(u) * ufl.div(w)
    below = fem.locate_dofs_geometrical(V, lambda x: np.isclose(x[1], 0))
    held = np.concatenate([2 * below, 2 * below + 1]).astype(np.int32)
    system = LinearField(fem.form(form * ufl.dx), fem.Function(V), held, {})
    system.assemble()
    system.fix_rows()
    begins, columns, values = system.matrix.getValuesCSR()
    nodes = np.random.default_rng(0).permutation(len(begins) // 2)
    places = np.column_stack([2 * nodes, 2 * nodes + 1]).ravel()
    return csr_array((values, columns, begins))[places][:, places].tocsr()


def main() -> None:
    """Solve for a load of one everywhere."""
    whole = stiffness()
    nodes = whole.shape[0] // 2
    first, last = (2 * (nodes * rank // COMM.size) for rank in (COMM.rank, COMM.rank + 1))
    own = whole[first:last]
    own.sort_indices()
    sizes = (last - first, 2 * nodes)
    csr = own.indptr, own.indices, own.data
    matrix = PETSc.Mat().createAIJ((sizes, sizes), csr=csr, comm=COMM)
    matrix.setBlockSize(2)
    for name, value in preconditioners.U.items():
        PETSc.Options()[name] = value
    ksp = PETSc.KSP().create(COMM)
    ksp.setOperators(matrix)
    ksp.setFromOptions()
    ksp.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
    ksp.setTolerances(rtol=TIGHT, atol=0.0, max_it=MOST)
    load, found = matrix.createVecLeft(), matrix.createVecLeft()
    load.set(1.0)
    ksp.solve(load, found)
    image = matrix.createVecLeft()
    matrix.mult(found, image)
    image.axpy(-1.0, load)
    left = image.norm() / load.norm()
    if COMM.rank == 0:
        reason, iterations = ksp.getConvergedReason(), ksp.getIterationNumber()
        print(json.dumps({"reason": reason, "iterations": iterations, "left": left}))


if __name__ == "__main__":
    main()
