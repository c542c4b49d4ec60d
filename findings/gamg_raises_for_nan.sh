#!/usr/bin/env bash
# A NaN in the matrix: PETSc's KSPSetUp with GAMG ends in error 77 (PETSC_ERR_PLIB, "Computed maximum
# singular value as zero"), while with ILU or Jacobi KSPSolve ends with a negative reason, for which
# KSPSetErrorIfNotConverged is the switch.  After the error KSPReset does not help: the same KSP fails
# for a sound matrix with reason -11 (KSP_DIVERGED_PC_FAILED).
# Exit code 1 if that is no longer so.
. "$(dirname "$0")/common.sh"
fresh dolfinx-solver-real==0.11.0.post0 mpi4py==4.1.2 mpich==5.0.2
"$python" - <<'PYTHON'
from mpi4py import MPI
import sys
from petsc4py import PETSc

N = 40


def poisson():
    """Five-point Laplacian on a square."""
    matrix = PETSc.Mat().createAIJ([N * N, N * N], nnz=5)
    for row in range(N * N):
        i, j = divmod(row, N)
        matrix[row, row] = 4.0
        for k, m in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
            if 0 <= k < N and 0 <= m < N:
                matrix[row, k * N + m] = -1.0
    matrix.assemble()
    return matrix


def solver(kind, matrix):
    ksp = PETSc.KSP().create()
    ksp.setType("gmres")
    ksp.setOperators(matrix)
    ksp.getPC().setType(kind)
    return ksp


def end(ksp, matrix):
    """PETSc's error code with `error`, or its reason for the end of the iteration with `reason`."""
    b, x = matrix.createVecs()
    b.set(1.0)
    try:
        ksp.setUp()
        ksp.solve(b, x)
    except PETSc.Error as error:
        print("   ", str(error).splitlines()[-1])
        return "error", error.ierr
    return "reason", ksp.getConvergedReason()


print("PETSc", ".".join(map(str, PETSc.Sys.getVersion())))
sound, broken = poisson(), poisson()
broken[5, 5] = float("nan")
broken.assemble()
good = True
for kind in ("gamg", "ilu", "jacobi"):
    for name, matrix in (("sound", sound), ("with a NaN", broken)):
        what, number = end(solver(kind, matrix), matrix)
        print(f"{kind}, {name}: {what} {number}")
        if name == "sound":
            good &= what == "reason" and number > 0
        else:
            good &= (what, number) == ("error", 77) if kind == "gamg" else what == "reason" and number < 0
ksp = solver("gamg", broken)
end(ksp, broken)
ksp.reset()
ksp.setOperators(sound)
seen = end(ksp, sound)
print("gamg, sound after the NaN and KSPReset:", *seen)
sys.exit(not (good and seen == ("reason", -11)))
PYTHON
