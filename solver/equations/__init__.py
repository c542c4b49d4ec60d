# SPDX-License-Identifier: MIT
"""The unknowns, their equations on one mesh, and what is measured of them."""

# Before any of its modules: PETSc and DOLFINx from PyPI can be imported only after MPI.
import mpi4py.MPI  # noqa: F401
