#!/usr/bin/env bash
# petsc4py keeps what setFunction gets in a place that Python's collector cannot see into. An object
# that holds its SNES and gives it a method of its own is a cycle that is never collected, with all
# that it holds: matrices, vectors, and a communicator, of which MPICH has 2048. A weakref.WeakMethod
# as the callback, or snes.destroy(), lets it go.
# Exit code 1 if that is no longer so.
. "$(dirname "$0")/common.sh"
fresh dolfinx-solver-real==0.11.0.post0 mpi4py==4.1.2 mpich==5.0.2
"$python" - <<'PYTHON'
from mpi4py import MPI
import gc
import sys
import weakref
from petsc4py import PETSc


class Owner:
    """Solves x = 1 by Newton's method, on a communicator of its own."""

    def __init__(self, weakly):
        self.comm = MPI.COMM_SELF.Dup()
        self.matrix = PETSc.Mat().createAIJ([1, 1], nnz=1, comm=self.comm)
        self.matrix.setUp()
        self.x, self.f = self.matrix.createVecs()
        self.snes = PETSc.SNES().create(self.comm)
        self.snes.setFunction(later(self.residual) if weakly else self.residual, self.f)
        self.snes.setJacobian(jacobian, self.matrix)

    def residual(self, snes, x, f):
        x.copy(f)
        f.shift(-1.0)

    def solved(self):
        self.snes.solve(None, self.x)
        return self.x.getValue(0)


def later(method):
    """The method, held by a weak reference."""
    held = weakref.WeakMethod(method)
    return lambda *given: held()(*given)


def jacobian(snes, x, matrix, preconditioner):
    matrix.zeroEntries()
    matrix.setValue(0, 0, 1.0)
    matrix.assemble()


def stays(weakly=False, destroyed=False):
    """Whether an owner is still there when nothing refers to it any more, and all is collected."""
    owner = Owner(weakly)
    assert owner.solved() == 1.0
    if destroyed:
        owner.snes.destroy()
    seen = weakref.ref(owner)
    del owner
    gc.collect()
    return seen() is not None


print("PETSc", ".".join(map(str, PETSc.Sys.getVersion())), "petsc4py", sys.modules["petsc4py"].__version__)
seen = {
    "its own method": stays(),
    "its own method, held weakly": stays(weakly=True),
    "its own method, and snes.destroy()": stays(destroyed=True),
}
print("an object that holds a SNES, deleted and collected, is still there where the callback is")
for callback, there in seen.items():
    print(f"  {callback}: {there}")
sys.exit(list(seen.values()) != [True, False, False])
PYTHON
