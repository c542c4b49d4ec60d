# SPDX-License-Identifier: MIT
"""The skeleton: cells in which nothing is deposited or transported, only deformed.

The equations of xi, c and phi are integrated over the other cells, which makes the filaments'
surface one without flux. Nodes strictly inside filaments belong to no equation and are held.
"""

from __future__ import annotations

from typing import NamedTuple

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np
import ufl

from dolfinx import fem

from meshes.skeleton import SKELETON
from solver.cell.domain import Domain


def cells(domain: Domain) -> np.ndarray:
    """Local cells of the skeleton, ghosts included."""
    if SKELETON not in domain.tags:
        return np.empty(0, dtype=np.int32)
    return domain.cell_tags.find(domain.tags[SKELETON])


class Measures(NamedTuple):
    """Measures over all cells but the skeleton's, with two rules, and over all with the first."""

    dx: ufl.Measure
    dx_one: ufl.Measure
    dx_all: ufl.Measure


def measures(domain: Domain, rule: dict, rule_one: dict) -> Measures:
    """Make the measures of a domain for two quadrature rules."""
    if SKELETON not in domain.tags:
        dx, dx_one = (ufl.Measure("dx", domain.mesh, metadata=r) for r in (rule, rule_one))
        return Measures(dx, dx_one, dx)
    owned = np.arange(domain.mesh.topology.index_map(2).size_local, dtype=np.int32)
    skeleton = np.isin(owned, cells(domain))
    # One object: the integrals of a form must share their subdomains.
    parts = [(1, owned[~skeleton]), (2, owned[skeleton])]
    dx, dx_one = (
        ufl.Measure("dx", domain.mesh, subdomain_data=parts, metadata=r) for r in (rule, rule_one)
    )
    return Measures(dx(1), dx_one(1), dx((1, 2)))


def share_solved(domain: Domain) -> fem.Function:
    """DG0 function: 1 where xi, c and phi are solved for, 0 in the skeleton."""
    field = fem.Function(domain.constants, name="solved")
    field.x.array[:] = 1.0
    field.x.array[cells(domain)] = 0.0
    return field


def set_values(field: fem.Function, domain: Domain, value: float) -> fem.Function:
    """Give a DG0 function a value in the skeleton."""
    field.x.array[cells(domain)] = value
    return field
