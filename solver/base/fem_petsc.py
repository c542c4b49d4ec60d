# SPDX-License-Identifier: MIT
"""DOLFINx's forms for PETSc, the only module that imports them.

h5py must come first. Where numba is installed, as with the extra `ebsd`, those of the wheels show
the HDF5 that DOLFINx brings to all that is loaded later: h5py, which brings another, can then no
longer be imported (findings/numba_shows_hdf5.sh).
"""

import h5py  # noqa: F401
import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)

from dolfinx.fem.petsc import assemble_matrix, assemble_vector, create_matrix

__all__ = ["assemble_matrix", "assemble_vector", "create_matrix"]
