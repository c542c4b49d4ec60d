# SPDX-License-Identifier: MIT
"""The only module that knows DOLFINx versions (0.9, 0.10, 0.11)."""

from __future__ import annotations

import inspect
from typing import NamedTuple

import basix.ufl
import numpy as np
import ufl
from mpi4py import MPI

import dolfinx
from dolfinx import fem, mesh

from solver.base.errors import InputError


class TaggedMesh(NamedTuple):
    """A mesh, its cell and facet tags, and physical names -> (dimension, tag)."""

    mesh: mesh.Mesh
    cell_tags: mesh.MeshTags
    facet_tags: mesh.MeshTags
    names: dict[str, tuple[int, int]]


def require_real() -> None:
    """Refuse a PETSc of complex numbers.

    Raises:
        InputError: Its scalars are not real.
    """
    if not np.issubdtype(dolfinx.default_scalar_type, np.floating):
        raise InputError(
            "PETSc and DOLFINx of this Python are built for complex numbers; use their real build."
        )


def gmsh_to_mesh(model) -> TaggedMesh:
    """Turn a gmsh model into a two-dimensional mesh on this rank alone."""
    try:
        from dolfinx.io import gmsh as gmsh_io
    except ImportError:  # 0.9
        from dolfinx.io import gmshio as gmsh_io
    groups = model.getPhysicalGroups()
    names = {model.getPhysicalName(dim, tag): (dim, tag) for dim, tag in groups}
    result = gmsh_io.model_to_mesh(model, MPI.COMM_SELF, 0, gdim=2)
    return TaggedMesh(result[0], result[1], result[2], names)


def create_mesh(
    comm: MPI.Comm,
    triangles: np.ndarray,
    points: np.ndarray,
    ranks_of_cells: tuple[np.ndarray, np.ndarray],
) -> mesh.Mesh:
    """Distribute a triangle mesh; every rank gives its share of the cells and points.

    Args:
        comm: All ranks.
        triangles: Nodes of this rank's share of the cells.
        points: This rank's share of the nodes.
        ranks_of_cells: For these cells the ranks they go to, owner first, and where each one's
            ranks begin.
    """

    def partitioner(*_):
        return dolfinx.cpp.graph.AdjacencyList_int32(*ranks_of_cells)

    element = ufl.Mesh(basix.ufl.element("Lagrange", "triangle", 1, shape=(points.shape[1],)))
    # The order of these two arguments changed in 0.10, their names too.
    points_first = list(inspect.signature(mesh.create_mesh).parameters)[2] == "x"
    pair = (points, element) if points_first else (element, points)
    return mesh.create_mesh(comm, triangles, *pair, partitioner)


def geometry_dofmap(msh: mesh.Mesh) -> np.ndarray:
    """Cells -> geometry nodes, shape (cells, nodes per cell)."""
    geometry = msh.geometry
    return geometry.dofmaps[0] if hasattr(geometry, "dofmaps") else geometry.dofmap


def interpolation_points(V: fem.FunctionSpace) -> np.ndarray:
    """Points of the reference cell at which functions of `V` are interpolated."""
    points = V.element.interpolation_points
    return points() if callable(points) else points  # a method in 0.9, then a property
