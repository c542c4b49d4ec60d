#!/usr/bin/env bash
# In the wheel dolfinx-solver-real, petsc4py and dolfinx can be imported only after mpi4py.MPI (or
# dolfinx_solver, which imports it): libmpi.so.12 lies in the environment's lib/, which the modules do
# not search; mpi4py loads it by its path.  Builds of petsc4py elsewhere start MPI themselves.
# Exit code 1 if that is no longer so.
. "$(dirname "$0")/common.sh"
fresh dolfinx-solver-real==0.11.0.post0 mpi4py==4.1.2 mpich==5.0.2
unset LD_LIBRARY_PATH
"$python" -m pip list --disable-pip-version-check | grep -E '^(dolfinx|mpi4py|mpich)'
try "import dolfinx" "libmpi.so.12: cannot open shared object file"
try "from petsc4py import PETSc" "libmpi.so.12: cannot open shared object file"
try "import mpi4py, dolfinx" "libmpi.so.12: cannot open shared object file"
try "from mpi4py import MPI; import dolfinx" ok
try "import dolfinx_solver, dolfinx" ok
