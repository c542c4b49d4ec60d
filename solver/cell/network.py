# SPDX-License-Identifier: MIT
"""The boundaries between grains, or layers, of a distributed mesh."""

from __future__ import annotations

from collections.abc import Mapping

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np

from dolfinx import fem

from meshes.discrete import BOUNDARIES
from solver.base import compat
from solver.cell.band import Network
from solver.cell.domain import Domain

BETWEEN = "|"
"""Stands between the names of two layers in that of the interface between them."""


def density(domain: Domain, width: float) -> fem.Function:
    """Mean over every triangle of the density g of bands along all boundaries. Collective.

    Args:
        domain: The mesh; the pieces of the boundaries are its tagged edges.
        width: Width of the bands [m].

    Returns:
        DG0 function, right on ghosts too [1/m].
    """
    network = Network(_segments(domain), width)
    field = fem.Function(fem.functionspace(domain.mesh, ("DG", 0)), name="band")
    corners = domain.mesh.geometry.x[compat.geometry_dofmap(domain.mesh)][:, :, :2]
    field.x.array[field.function_space.dofmap.list[:, 0]] = network.means(corners)
    return field


def boundary_tags(tags: Mapping[str, int]) -> list[int]:
    """Tags of the edges that are boundaries between grains or layers."""
    return [tag for name, tag in tags.items() if name == BOUNDARIES or BETWEEN in name]


def _segments(domain: Domain) -> np.ndarray:
    """Ends of the pieces of boundaries on all ranks, shape (pieces, 2, 2) [m]."""
    named = boundary_tags(domain.tags)
    facets = np.concatenate([domain.facet_tags.find(tag) for tag in named] or [[]])
    own = domain.mesh.geometry.x[compat.edge_nodes(domain.mesh, facets)][:, :, :2]
    return np.concatenate(domain.comm.allgather(own))
