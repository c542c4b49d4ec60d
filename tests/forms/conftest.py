# SPDX-License-Identifier: MIT
"""A coarse cell for tests of forms."""

import mpi4py.MPI  # noqa: F401
import pytest

from tests.small_cell import bases, build


@pytest.fixture(scope="session")
def cell():
    """Model of the small cell, coarse, at its start."""
    return build("mesh.size_min=1 um", "mesh.size_max=1 um")[0]


@pytest.fixture(scope="session")
def base(cell):
    """Base of a stage on the cell."""
    return bases(cell)
