#!/usr/bin/env bash
# Where numba is installed, dolfinx.fem.petsc of the wheel dolfinx-solver-real shows PETSc to all that is
# loaded later (llvmlite's load_library_permanently), and with it the HDF5 that the wheel brings.  h5py's
# wheel brings another HDF5, finds the symbols of the first and can no longer be imported: ValueError,
# "Not a datatype".  In the other order, or without numba, both work.
# Exit code 1 if that is no longer so.
. "$(dirname "$0")/common.sh"
fresh dolfinx-solver-real==0.11.0.post0 mpi4py==4.1.2 mpich==5.0.2 h5py==3.16.0
"$python" -m pip list --disable-pip-version-check | grep -E '^(dolfinx|h5py|mpi4py|mpich)'
forms="from mpi4py import MPI; import dolfinx.fem.petsc"
try "$forms, h5py" ok
"$python" -m pip install -q --disable-pip-version-check numba==0.68.1
echo "with numba 0.68.1:"
try "$forms, h5py" "Not a datatype"
try "import h5py; $forms" ok
