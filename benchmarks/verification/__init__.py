# SPDX-License-Identifier: MIT
"""The verification ladder: the program's own terms and schemes against numbers known otherwise."""

# Before any of its modules: PETSc and DOLFINx from PyPI can be imported only after MPI.
import mpi4py.MPI  # noqa: F401
