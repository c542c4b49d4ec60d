#!/usr/bin/env bash
# PETSc's Jacobi preconditioner takes the diagonal of its matrix at the first application, not in
# PCSetUp: with KSPSetReusePreconditioner the matrix of that moment counts, not that of the set-up.
# ILU takes its matrix in PCSetUp.
# Exit code 1 if that is no longer so.
. "$(dirname "$0")/common.sh"
fresh dolfinx-solver-real==0.11.0.post0 mpi4py==4.1.2 mpich==5.0.2
"$python" - <<'PYTHON'
from mpi4py import MPI
import sys
from petsc4py import PETSc


def answer(kind, apply_first):
    """What 1 becomes by a preconditioner set up for 2 I and applied when the matrix is 4 I."""
    matrix = PETSc.Mat().createAIJ([3, 3], nnz=1)
    x, y = matrix.createVecs()
    x.set(1.0)
    matrix.assemble()
    matrix.shift(2.0)
    ksp = PETSc.KSP().create()
    ksp.setOperators(matrix)
    ksp.getPC().setType(kind)
    ksp.setUp()
    if apply_first:
        ksp.getPC().apply(x, y)
    matrix.shift(2.0)
    ksp.getPC().setReusePreconditioner(True)
    ksp.setOperators(matrix)
    ksp.setUp()
    ksp.getPC().apply(x, y)
    return y.getValue(0)


print("PETSc", ".".join(map(str, PETSc.Sys.getVersion())))
print("set up for 2, applied at 4, reuse on; 1 becomes 0.5 by what was set up, 0.25 by what is")
seen = {(kind, first): answer(kind, first) for kind in ("ilu", "jacobi") for first in (False, True)}
for (kind, first), value in seen.items():
    print(f"  {kind}{', applied once right after the set-up' if first else ''}: {value}")
expected = {("ilu", False): 0.5, ("ilu", True): 0.5, ("jacobi", False): 0.25, ("jacobi", True): 0.5}
sys.exit(seen != expected)
PYTHON
