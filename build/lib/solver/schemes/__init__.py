# SPDX-License-Identifier: MIT
"""How an implicit stage of the coupled equations is solved."""

# Before any of its modules: PETSc and DOLFINx from PyPI can be imported only after MPI.
import mpi4py.MPI  # noqa: F401
